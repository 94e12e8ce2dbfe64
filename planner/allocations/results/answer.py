"""A stored run as the solver knows it: what was asked and what came out."""

from dataclasses import replace

from planner.allocations.runs.store import stored
from planner.models import Allocation
from solver import Fairness, Problem, ProblemError, Solution, fairness, read


def with_answer(allocation: Allocation) -> tuple[Problem, Solution] | None:
    """What was asked and what is stored; None for a snapshot of an older version that cannot be read any more."""
    try:
        problem = Problem.unpacked(allocation.snapshot)
    except ProblemError:
        return None
    result = read(Solution, allocation.result or {"status": "feasible"})
    kept = stored(allocation)
    return problem, replace(result, meetings=kept.meetings, seats=kept.seats)


def note(allocation: Allocation) -> Fairness | None:
    """The fairness note; None where the run has no result that can be read.

    It is fit to be published, so groups that show religion or origin are not in it.
    """
    known = with_answer(allocation)
    if known is None:
        return None
    told = fairness(*known)
    hidden = {str(group.id) for group in allocation.conference.groups if group.is_sensitive}
    return replace(told, groups={id: cell for id, cell in told.groups.items() if id not in hidden})
