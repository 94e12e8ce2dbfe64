"""A worker's turn at a run: claim it, solve it apart, store what came out."""

from collections.abc import Callable

from planner.allocations.runs import life
from planner.allocations.runs.snapshot import Contradiction
from planner.allocations.runs.store import settings_of
from planner.clock import Clock
from planner.models import Allocation
from solver import Fault, Problem, ProblemError, Progress, Settings, Solution, Status, solve_apart

EVERY = 1.0
"""Seconds between two rows of progress, and between two heartbeats."""


def run(id: int, worker: str, now: Clock, keep: Callable[[], None]) -> str | None:
    """The status of what came out, or None if the run was not this worker's; safe to be called five times.

    `now` reads the clock. `keep` commits: after the claim, after each sign of life, after the end.
    """
    row = life.claim(id, worker, now())
    # The attempt counts from here on: whatever happens next, nothing is tried again for ever.
    keep()
    if row is None:
        return None
    try:
        life.freeze(row, now)
        keep()
        asked, settings = row.snapshot, settings_of(row)
        keep()  # reading opened a transaction, which would keep others from writing
        problem = Problem.unpacked(asked)
    except Contradiction as error:
        return _in_vain(row, "contradiction", error.fault, now, keep)
    except ProblemError as error:
        return _in_vain(row, "unreadable_question", error.faults[0], now, keep)
    solution = _solve(id, worker, problem, settings, now, keep)
    looser = life.loosen(row, worker) if _has_no_answer(solution) else None
    if looser is not None:
        keep()
        problem, solution = looser, _solve(id, worker, looser, settings, now, keep)
    ours = life.finish(id, worker, problem, solution, now())
    keep()
    return solution.status.value if ours else None


def _has_no_answer(solution: Solution) -> bool:
    """Not merely interrupted or broken: with what is given there is none, or none was found."""
    return solution.status in {Status.INFEASIBLE, Status.UNKNOWN} and solution.reason != "cancelled"


def _in_vain(row: Allocation, code: str, fault: Fault, now: Clock, keep: Callable[[], None]) -> str:
    """What was asked makes no question; no second attempt could read it either."""
    life.fail(row, code, {"fault": str(fault)}, now())
    keep()
    return row.state.value


def _solve(
    id: int,
    worker: str,
    problem: Problem,
    settings: Settings,
    now: Clock,
    keep: Callable[[], None],
) -> Solution:
    last = {"progress": -EVERY, "beat": 0.0}

    def note(progress: Progress) -> None:
        if progress.seconds - last["progress"] >= EVERY:
            last["progress"] = progress.seconds
            life.note_progress(id, progress)
            keep()

    def wish() -> str:
        wanted, instant = life.wish_of(id, worker), now()
        if instant.timestamp() - last["beat"] >= EVERY:
            last["beat"] = instant.timestamp()
            if not life.heartbeat(id, worker, instant):
                wanted = "cancel"
        keep()
        return wanted

    return solve_apart(problem, settings, note, wish)
