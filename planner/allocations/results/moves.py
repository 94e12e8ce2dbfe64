"""Who sits elsewhere than in the published result."""

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Text, cast, select

from planner import languages
from planner.extensions import db
from planner.models import Allocation, Assignment, Meeting, Participant, Room, Session, Slot


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
    named: dict[int, str] = {}
    slots: dict[int, str] = {}
    places: defaultdict[tuple[str, int, int], dict[int, Row[Any]]] = defaultdict(dict)
    for place in _places([old, new]):
        places[place.name, place.participant_id, place.slot_id][place.allocation_id] = place
        if place.meeting_id not in named:  # what the page calls it
            named[place.meeting_id] = f"{_picked(place.session)} ({place.room})"
            slots[place.slot_id] = _picked(place.slot)
    return [
        Moved(
            name,
            slots[slot],
            named[of[old].meeting_id] if old in of else "",
            named[of[new].meeting_id] if new in of else "",
            len(of) == 2 and len({(place.session_id, place.role) for place in of.values()}) == 1,
        )
        for (name, _id, slot), of in sorted(places.items())
        if len(of) == 1 or len({(place.session_id, place.room_id, place.role) for place in of.values()}) == 2
    ]


def _picked(texts: str) -> str:
    return languages.pick(json.loads(texts), languages.current())


def _places(runs: list[int]) -> list[Row[Any]]:
    """Of everybody who has not been erased since; the texts as JSON, as each of them comes once for everybody in it."""
    session, slot = (
        cast(column, Text).label(name) for column, name in ((Session.title, "session"), (Slot.title, "slot"))
    )
    query = (
        select(Assignment.allocation_id, Assignment.participant_id, Participant.name)
        .add_columns(Assignment.slot_id, Assignment.meeting_id, Assignment.role)
        .add_columns(Meeting.session_id, Meeting.room_id, session, slot, Room.name.label("room"))
        .join(Participant, Participant.id == Assignment.participant_id)
        .join(Meeting, Meeting.id == Assignment.meeting_id)
        .join(Session, Session.id == Meeting.session_id)
        .join(Slot, Slot.id == Meeting.slot_id)
        .join(Room, Room.id == Meeting.room_id)
        .where(Assignment.allocation_id.in_(runs))
    )
    return list(db.session.execute(query))
