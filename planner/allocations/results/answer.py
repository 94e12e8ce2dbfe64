"""A stored run as the solver knows it: what was asked and what came out."""

from dataclasses import replace
from functools import lru_cache

from sqlalchemy import select

from planner.allocations.runs.store import stored
from planner.extensions import db
from planner.models import Allocation, Assignment, Participant
from solver import Fairness, Problem, ProblemError, Solution, fairness, read

READY = 4  # questions, as pages ask for the same few again and again


def question(allocation: Allocation) -> Problem | None:
    """What was asked; None where what is stored of it cannot be read any more."""
    return _unpacked(allocation.snapshot)


@lru_cache(maxsize=READY)
def _unpacked(snapshot: str) -> Problem | None:
    """A snapshot names people by random keys only, and erasing somebody writes another one."""
    try:
        return Problem.unpacked(snapshot)
    except ProblemError:
        return None


def is_readable(allocation: Allocation) -> bool:
    """Whether anything of it can still be counted and explained; where people sit is stored all the same."""
    return question(allocation) is not None


def knows(allocation: Allocation, participant: Participant) -> bool:
    """Whether it has a place for her, or was asked for one; not whoever came, or came back, after it was asked for."""
    seats = select(Assignment.id).filter_by(allocation_id=allocation.id, participant_id=participant.id)
    if allocation.lacks(participant.key) or db.session.scalar(seats.limit(1)):
        return True
    problem = question(allocation)  # a large one takes a moment to read
    return problem is not None and participant.key in problem.participant


def with_answer(allocation: Allocation, plan: Solution | None = None) -> tuple[Problem, Solution] | None:
    """What was asked and what is stored; None where the question cannot be read any more.

    `plan` are its meetings and seats, where they are at hand.
    """
    problem = question(allocation)
    if problem is None:
        return None
    result = read(Solution, allocation.result or {"status": "feasible"})
    kept = plan or stored(allocation)
    return problem, replace(result, meetings=kept.meetings, seats=kept.seats)


def note(allocation: Allocation) -> Fairness | None:
    """The fairness note; None where the run has no result that can be read.

    It is fit to be published, so groups that show religion or origin are not in it, nor can their size be worked out.
    """
    known = with_answer(allocation)
    if known is None:
        return None
    sensitive = frozenset(str(group.id) for group in allocation.conference.groups if group.is_sensitive)
    return fairness(*known, unnamed=sensitive)
