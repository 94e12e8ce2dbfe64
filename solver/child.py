"""Solves in a child process, so that no crash, hang or hunger of the engine reaches the caller."""

import multiprocessing
import resource
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from multiprocessing.connection import Connection
from typing import Any

from solver.judge.verify import verify
from solver.problem import Problem, Progress, Settings, Solution, Status
from solver.problem.codec import plain

GRACE = 8.0
"""Seconds that the engine may overrun its limit (presolve does not look at the clock) before it is ended."""
Target = Callable[[Connection, Any, str, str], None]


def solve_apart(
    problem: Problem,
    settings: Settings,
    progress: Callable[[Progress], None] = lambda _: None,
    wish: Callable[[], str] = lambda: "",
    target: "Target | None" = None,
) -> Solution:
    """The child's answer, verified here; a status *failed* with the reason if it died, hung or lied.

    `wish` is asked a few times a second: "stop" ends with the best so far, "cancel" ends at once.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    stop = context.Event()
    arguments = (theirs, stop, problem.to_json(), packed(settings))
    process = context.Process(target=target or work, args=arguments, daemon=True)
    began = time.monotonic()
    process.start()
    theirs.close()
    try:
        answer = _listen(ours, process, stop, began + settings.time_limit + GRACE, progress, wish)
    finally:
        _end(process)
        ours.close()
    return checked(problem, answer, settings)


def packed(settings: Settings) -> str:
    return Solution(Status.UNKNOWN, settings=settings).to_json()


def work(pipe: Connection, stop: Any, problem: str, settings: str) -> None:
    """In the child: read the problem, solve it, send progress and the answer."""
    from solver.questions.diagnosis import diagnose
    from solver.search.routes import solve

    given = Solution.from_json(settings).settings
    limit = given.memory_mb * 1024 * 1024
    # Address space, not resident memory: threads reserve a lot of it, so the cap is generous.
    resource.setrlimit(resource.RLIMIT_AS, (limit * 4, limit * 4))
    asked = threading.Event()
    threading.Thread(target=_relay, args=(stop, asked), daemon=True).start()
    last = 0.0

    def tell(progress: Progress) -> None:
        nonlocal last
        if progress.seconds - last >= 0.2:
            last = progress.seconds
            with suppress(OSError):
                pipe.send(progress)

    question = Problem.from_json(problem)
    answer = solve(question, given, tell, asked)
    if answer.status is Status.INFEASIBLE:
        found = diagnose(question, GRACE - 1)
        facts = {
            "rules": list(found.rules),
            "parts": [plain(part) for part in found.parts[:10]],
            "relaxations": [plain(each) for each in found.relaxations],
        }
        answer = replace(answer, reason="rules_conflict", facts=facts)
    pipe.send(answer.to_json())


def _relay(stop: Any, asked: threading.Event) -> None:
    stop.wait()
    asked.set()


def _listen(
    pipe: Connection,
    process: Any,
    stop: Any,
    ends: float,
    progress: Callable[[Progress], None],
    wish: Callable[[], str],
) -> Solution:
    while time.monotonic() < ends:
        wanted = wish()
        if wanted == "cancel":
            return Solution(Status.UNKNOWN, reason="cancelled")
        if wanted == "stop" and not stop.is_set():
            stop.set()
            ends = min(ends, time.monotonic() + GRACE)
        try:
            if not pipe.poll(0.25):
                continue
            message = pipe.recv()
        except (EOFError, OSError):
            process.join(1)
            return Solution(Status.FAILED, reason="crashed", facts={"exit_code": process.exitcode})
        if isinstance(message, Progress):
            progress(message)
        else:
            return read_answer(message)
    return Solution(Status.FAILED, reason="hung", facts={"seconds": round(GRACE)})


def read_answer(message: object) -> Solution:
    try:
        return Solution.from_json(str(message))
    except ValueError:
        return Solution(Status.FAILED, reason="unreadable")


def checked(problem: Problem, solution: Solution, settings: Settings) -> Solution:
    """The answer, if counting confirms it; nothing else is ever handed on."""
    solution = replace(solution, settings=settings, problem_hash=problem.hash)
    if not solution.status.has_answer:
        return replace(solution, meetings=(), seats=())
    broken = verify(problem, solution)
    if broken:
        facts = {"rule": broken[0].rule, **broken[0].facts, "count": len(broken)}
        return Solution(Status.FAILED, reason="not_verified", facts=facts, settings=settings)
    return solution


def _end(process: Any) -> None:
    process.join(0.5)
    if process.is_alive():
        process.kill()
        process.join(5)
