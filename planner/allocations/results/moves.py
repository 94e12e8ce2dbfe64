"""Who sits elsewhere than in the published result."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from planner.extensions import db
from planner.models import Allocation, Assignment, AssignmentRole, Meeting, Participant


@dataclass(frozen=True)
class Moved:
    """Somebody who sits elsewhere than in the published result."""

    participant: Participant
    before: Meeting | None
    after: Meeting | None


def moves_against(allocation: Allocation, published_id: int | None) -> list[Moved]:
    """Everybody whose place differs from the published allocation, in the order of names."""
    if published_id is None or published_id == allocation.id:
        return []
    old, new = _places(published_id), _places(allocation.id)
    found = [
        Moved((old.get(key) or new[key]).person, _meeting(old.get(key)), _meeting(new.get(key)))
        for key in old.keys() | new.keys()
        if _where(old.get(key)) != _where(new.get(key))
    ]
    return sorted(found, key=lambda each: (each.participant.name, each.participant.id, str(_slot(each))))


def _places(allocation: int) -> dict[tuple[int, int], Assignment]:
    meeting = joinedload(Assignment.meeting)
    """Of everybody who has not been erased since."""
    query = (
        select(Assignment)
        .where(Assignment.allocation_id == allocation, Assignment.participant_id.is_not(None))
        .options(
            joinedload(Assignment.participant),
            meeting.joinedload(Meeting.session),
            meeting.joinedload(Meeting.room),
            meeting.joinedload(Meeting.slot),
        )
    )
    return {(row.person.id, row.slot_id): row for row in db.session.scalars(query)}


def _meeting(row: Assignment | None) -> Meeting | None:
    return row.meeting if row else None


def _where(row: Assignment | None) -> tuple[int, int, AssignmentRole] | None:
    return (row.meeting.session_id, row.meeting.room_id, row.role) if row else None


def _slot(each: Moved) -> int:
    meeting = each.after or each.before
    return meeting.slot_id if meeting else 0
