"""Solves in a child process, so that no crash, hang or hunger of the engine reaches the caller."""

import multiprocessing
import time
from collections.abc import Callable
from multiprocessing.process import BaseProcess

from solver.child.answers import checked, kept
from solver.child.listening import Listener, Wish
from solver.child.work import Target, packed, work
from solver.problem import Problem, Progress, Settings, Solution

__all__ = ["solve_apart"]


def solve_apart(
    problem: Problem,
    settings: Settings,
    progress: Callable[[Progress], None] = lambda _: None,
    wish: Wish = lambda: "",
    target: Target | None = None,
) -> Solution:
    """The child's answer, verified here; the best it had sent where it died, hung or lied at the end.

    Parameters: `progress` hears value and bound of a goal a few times a second, with the seconds after which the answer
    is to be expected; `wish` is asked a few times a second: "stop" ends with the best so far, "cancel" ends at once,
    "" goes on. `target` takes the child's place in tests.
    Returns a verified answer, or a status without one and the `reason`: crashed, hung, unreadable, not_verified,
    cancelled. An answer that was kept although the child did not end well is *feasible* with the reason
    "stopped_at_limit" or the failure's own. Raises nothing that the child does wrong.
    Example: `solve_apart(problem, Settings(time_limit=10), wish=lambda: "stop" if asked() else "")`.
    The child has ended after `most_seconds(settings.time_limit)` at the latest, on any machine.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    stop = context.Event()
    arguments = (theirs, stop, problem.to_json(), packed(settings))
    process = context.Process(target=target or work, args=arguments, daemon=True)
    began = time.monotonic()
    process.start()
    theirs.close()
    listener = Listener(ours, process, stop, settings.time_limit, progress, wish, began)
    try:
        answer = listener.listen()
    finally:
        _end(process)
        ours.close()
    found = checked(problem, answer, settings)
    if found.status.has_answer or found.reason == "cancelled":
        return found
    return kept(problem, found, listener.kept, settings, time.monotonic() - began)


def _end(process: BaseProcess) -> None:
    process.join(0.5)
    if process.is_alive():
        process.kill()
        process.join(5)
