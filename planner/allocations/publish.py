"""Publishing: one pointer moves, and only to a solved run."""

from datetime import datetime

from flask_babel import lazy_gettext as _l

from planner.errors import PlannerError
from planner.extensions import db
from planner.models import Allocation, AllocationState, AuditEntry, User


class NotSolved(PlannerError):
    sentence = _l("Only an allocation with a result can be published.")


def publish(allocation: Allocation, actor: User, now: datetime) -> None:
    """Everybody sees this allocation from now on; readers see the old one or this one, never a mixture."""
    conference = allocation.conference
    db.session.refresh(conference, with_for_update=True)
    if allocation.state is not AllocationState.SOLVED:
        raise NotSolved
    conference.published_id = allocation.id
    allocation.published_at = now
    db.session.add(
        AuditEntry(
            conference_id=conference.id,
            happened_at=now,
            actor=f"organiser:{actor.id}",
            action="allocation.published",
            subject=f"allocation:{allocation.id}",
        )
    )
