"""Publishing: one pointer moves, and only to a solved run whose stored rows keep every rule."""

from datetime import datetime

from flask_babel import lazy_gettext as _l

from planner.allocations.runs.store import stored
from planner.errors import PlannerError
from planner.extensions import db
from planner.models import Allocation, AllocationState, AuditEntry, User
from solver import Problem, ProblemError, verify


class NotSolved(PlannerError):
    sentence = _l("Only an allocation with a result can be published.")


class NotVerified(PlannerError):
    sentence = _l("This result does not fit the conference any more. Please start a new run.")


def publish(allocation: Allocation, actor: User, now: datetime) -> None:
    """Everybody sees this allocation from now on; readers see the old one or this one, never a mixture."""
    conference = allocation.conference
    db.session.refresh(conference, with_for_update=True)
    if allocation.state is not AllocationState.SOLVED:
        raise NotSolved
    if not keeps_every_rule(allocation):
        raise NotVerified
    conference.published_id = allocation.id
    allocation.published_at = now
    _note(allocation, actor, "allocation.published", now)


def unpublish(allocation: Allocation, actor: User, now: datetime) -> None:
    """Nobody but organisers sees a result from now on; without effect if another run is published."""
    conference = allocation.conference
    db.session.refresh(conference, with_for_update=True)
    if conference.published_id == allocation.id:
        conference.published_id = None
        _note(allocation, actor, "allocation.unpublished", now)


def keeps_every_rule(allocation: Allocation) -> bool:
    """Counts what is stored, not what was once handed over: a lost or added row is found here."""
    try:
        problem = Problem.from_json(allocation.snapshot)
    except ProblemError:
        return False
    return not verify(problem, stored(allocation))


def _note(allocation: Allocation, actor: User, action: str, now: datetime) -> None:
    db.session.add(
        AuditEntry(
            conference_id=allocation.conference_id,
            happened_at=now,
            actor=f"organiser:{actor.id}",
            action=action,
            subject=f"allocation:{allocation.id}",
        )
    )
