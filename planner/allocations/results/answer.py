"""A stored run as the solver knows it: what was asked and what came out."""

from dataclasses import replace

from planner.allocations.runs.store import stored
from planner.models import Allocation
from solver import Fairness, Problem, ProblemError, Solution, fairness, read


def question(allocation: Allocation) -> Problem | None:
    """What was asked; None where what is stored of it cannot be read any more."""
    try:
        return Problem.unpacked(allocation.snapshot)
    except ProblemError:
        return None


def is_readable(allocation: Allocation) -> bool:
    """Whether anything of it can still be counted and explained; where people sit is stored all the same."""
    return question(allocation) is not None


def with_answer(allocation: Allocation) -> tuple[Problem, Solution] | None:
    """What was asked and what is stored; None where the question cannot be read any more."""
    problem = question(allocation)
    if problem is None:
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
