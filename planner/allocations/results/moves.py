"""Who sits elsewhere than in the published result."""

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Text, cast, select

from planner import languages
from planner.extensions import db
from planner.models import Allocation, Assignment, Meeting, Participant, Room, Session, Slot
from planner.working_language import languages_of


@dataclass(frozen=True)
class Moved:
    """Somebody who sits elsewhere: her name, the round, and her session with its room, empty for nowhere.

    With the room stands what is spoken there, where that differs. `only_room`: all the rest is the same.
    """

    name: str
    slot: str
    before: str
    after: str
    only_room: bool


def moves_against(allocation: Allocation, published_id: int | None) -> list[Moved]:
    """Everybody whose place differs from the published allocation, in the order of names: as her own day does."""
    if published_id is None or published_id == allocation.id:
        return []
    old, new = published_id, allocation.id
    named: dict[int, tuple[str, str]] = {}
    slots: dict[int, str] = {}
    places: defaultdict[tuple[str, int, int], dict[int, Row[Any]]] = defaultdict(dict)
    for place in _places([old, new]):
        places[place.name, place.participant_id, place.slot_id][place.allocation_id] = place
        if place.meeting_id not in named:  # what the page calls it
            named[place.meeting_id] = _picked(place.session), place.room
        if place.slot_id not in slots:
            slots[place.slot_id] = _picked(place.slot)
    return [
        Moved(
            name,
            slots[slot],
            _called(named, of.get(old), of.get(new)),
            _called(named, of.get(new), of.get(old)),
            len(of) == 2 and len({_but_for_the_room(place) for place in of.values()}) == 1,
        )
        for (name, _id, slot), of in sorted(places.items())
        if len(of) == 1 or len({(place.room_id, *_but_for_the_room(place)) for place in of.values()}) == 2
    ]


def _but_for_the_room(place: Row[Any]) -> tuple[Any, ...]:
    return place.session_id, place.role, place.language, place.second_language, place.voices


def _called(named: Mapping[int, tuple[str, str]], place: Row[Any] | None, other: Row[Any] | None) -> str:
    if place is None:
        return ""
    title, room = named[place.meeting_id]
    spoken = languages_of(place)
    return f"{title} ({room}, {spoken})" if other and spoken and spoken != languages_of(other) else f"{title} ({room})"


def _picked(texts: str) -> str:
    return languages.pick(json.loads(texts), languages.current())


def _places(runs: list[int]) -> list[Row[Any]]:
    """Of everybody who has not been erased since; the texts as JSON, as each of them comes once for everybody in it."""
    session, slot = (
        cast(column, Text).label(name) for column, name in ((Session.title, "session"), (Slot.title, "slot"))
    )
    query = (
        select(Assignment.allocation_id, Assignment.participant_id, Participant.name)
        .add_columns(Assignment.slot_id, Assignment.meeting_id, Assignment.role, Assignment.voices)
        .add_columns(Meeting.language, Meeting.second_language)
        .add_columns(Meeting.session_id, Meeting.room_id, session, slot, Room.name.label("room"))
        .join(Participant, Participant.id == Assignment.participant_id)
        .join(Meeting, Meeting.id == Assignment.meeting_id)
        .join(Session, Session.id == Meeting.session_id)
        .join(Slot, Slot.id == Assignment.slot_id)
        .join(Room, Room.id == Meeting.room_id)
        .where(Assignment.allocation_id.in_(runs))
    )
    return list(db.session.execute(query))
