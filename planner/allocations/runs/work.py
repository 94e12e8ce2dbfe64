"""A worker's turn at a run: claim it, solve it apart, store what came out."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from planner.allocations.runs import life
from planner.allocations.runs.close import by_hand
from planner.allocations.runs.snapshot import Contradiction
from planner.allocations.runs.store import settings_of
from planner.clock import Clock
from planner.models import Allocation
from solver import (
    Fault,
    Problem,
    ProblemError,
    Progress,
    Settings,
    Solution,
    Status,
    most_seconds,
    nearest,
    solve_apart,
)

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
    answered, solution = _answered(row, worker, problem, settings, now, keep)
    if answered is not problem:
        life.asked_instead(row, worker, problem, answered)
        keep()  # the end counts for a while, and holds nobody off meanwhile
    ours = life.finish(id, worker, answered, solution, now())
    keep()
    return solution.status.value if ours else None


def _answered(
    row: Allocation, worker: str, problem: Problem, settings: Settings, now: Clock, keep: Callable[[], None]
) -> tuple[Problem, Solution]:
    """As close to what is published as the solver's repair; all searches together end when people are told."""
    id, enough, ends = row.id, life.missing_before(row), now() + timedelta(seconds=most_seconds(settings.time_limit))
    keep()
    searched = 0

    def search(question: Problem, _following: int) -> Solution:
        nonlocal searched
        searched += 1
        if searched == 1:
            return _solve(id, worker, question, settings, now, keep)
        wanted = life.wish_of(id, worker)
        keep()
        if wanted:  # the best is what there is by now
            return Solution(Status.UNKNOWN, reason="stopped")
        # Half of what is left: the other half is for what comes after a search, and for the next one.
        left = (ends - now()).total_seconds() / 2
        shorter = replace(settings, time_limit=max(1.0, min(settings.time_limit, left)))
        return _solve(id, worker, question, shorter, now, keep, ends)

    decided = by_hand(problem)
    return nearest(problem, problem.meetings if decided is None else decided, enough, search)


def _in_vain(row: Allocation, code: str, fault: Fault, now: Clock, keep: Callable[[], None]) -> str:
    """What was asked makes no question; no second attempt could read it either."""
    life.fail(row, code, _without_names(fault), now())
    keep()
    return row.state.value


def _without_names(fault: Fault) -> dict[str, object]:
    """Its code and what it concerns, but not whom: erasing somebody does not look into a run that was never frozen."""
    return {"fault": fault.code, "about": {name: id for name, id in fault.facts.items() if name != "participant"}}


def _solve(
    id: int,
    worker: str,
    problem: Problem,
    settings: Settings,
    now: Clock,
    keep: Callable[[], None],
    ends: datetime | None = None,
) -> Solution:
    """At `ends` it is given up, whatever it has; without, `solve_apart` keeps the end itself."""
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
        if ends and instant >= ends:
            wanted = "cancel"
        keep()
        return wanted

    return solve_apart(problem, settings, note, wish)
