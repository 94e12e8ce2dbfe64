"""Who sits elsewhere than in the published result."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import joinedload

from planner import languages
from planner.extensions import db
from planner.models import Allocation, Assignment, Meeting, Participant


@dataclass(frozen=True)
class Moved:
    """Somebody who sits elsewhere: her name, the round, and her session with its room, empty for nowhere.

    `only_room`: in the same session with the same task.
    """

    name: str
    slot: str
    before: str
    after: str
    only_room: bool


def moves_against(allocation: Allocation, published_id: int | None) -> list[Moved]:
    """Everybody whose place differs from the published allocation, in the order of names."""
    if published_id is None or published_id == allocation.id:
        return []
    old, new = published_id, allocation.id
    meetings = _meetings([old, new])
    where = {meeting.id: (meeting.session_id, meeting.room_id) for meeting in meetings}
    named, slots = _named(meetings)
    places: defaultdict[tuple[str, int, int], dict[int, Row[Any]]] = defaultdict(dict)
    for place in _places([old, new]):
        places[place.name, place.participant_id, place.slot_id][place.allocation_id] = place
    return [
        Moved(
            name,
            slots[slot],
            named[of[old].meeting_id] if old in of else "",
            named[of[new].meeting_id] if new in of else "",
            len(of) == 2 and len({(where[place.meeting_id][0], place.role) for place in of.values()}) == 1,
        )
        for (name, _id, slot), of in sorted(places.items())
        if len(of) == 1 or len({(*where[place.meeting_id], place.role) for place in of.values()}) == 2
    ]


def _named(meetings: Iterable[Meeting]) -> tuple[dict[int, str], dict[int, str]]:
    """What the page calls meetings and rounds, by id."""
    here = languages.current()
    return (
        {each.id: f"{languages.pick(each.session.title, here)} ({each.room.name})" for each in meetings},
        {each.slot_id: languages.pick(each.slot.title, here) for each in meetings},
    )


def _meetings(runs: list[int]) -> list[Meeting]:
    query = select(Meeting).where(Meeting.allocation_id.in_(runs))
    facts = (joinedload(Meeting.session), joinedload(Meeting.room), joinedload(Meeting.slot))
    return list(db.session.scalars(query.options(*facts)))


def _places(runs: list[int]) -> list[Row[Any]]:
    """Of everybody who has not been erased since."""
    query = (
        select(Assignment.allocation_id, Assignment.participant_id, Participant.name)
        .add_columns(Assignment.slot_id, Assignment.meeting_id, Assignment.role)
        .join(Participant, Participant.id == Assignment.participant_id)
        .where(Assignment.allocation_id.in_(runs))
    )
    return list(db.session.execute(query))
