"""A plan for other programs: the schedule as frab, pretalx and their apps read it; no person's name."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from planner import dates, languages
from planner.extensions import db
from planner.models import Allocation, Conference, Meeting, Room

Held = tuple[Meeting, datetime, datetime]
SCHEMA = "https://c3voc.de/schedule/schema.json"


def schedule(run: Allocation, home: str, language: str) -> dict[str, Any]:
    """All meetings of a run by day and room, with texts in this language; `home` is the conference's public address."""
    conference, meetings = run.conference, _meetings(run)
    days = _days(conference, meetings)
    return {
        "$schema": SCHEMA,
        "generator": {"name": "Stuhlkreis"},
        "schedule": {
            "url": home,
            "version": str(run.number),
            "conference": {
                "acronym": conference.slug,
                "title": languages.pick(conference.title, language),
                "start": min(days, default=""),
                "end": max(days, default=""),
                "daysCount": len(days),
                "time_zone_name": conference.zone,
                "rooms": [_room(room, home, language) for room in conference.rooms],
                "tracks": [
                    {"name": languages.pick(theme.title, language), "slug": theme.key} for theme in conference.themes
                ],
                "days": [
                    {
                        "index": number,
                        "date": day,
                        "rooms": {
                            name: [_talk(*each, home, language) for each in held]
                            for name, held in sorted(rooms.items())
                        },
                    }
                    for number, (day, rooms) in enumerate(sorted(days.items()), 1)
                ],
            },
        },
    }


def _meetings(run: Allocation) -> Sequence[Meeting]:
    query = select(Meeting).filter_by(allocation_id=run.id)
    found = db.session.scalars(
        query.options(joinedload(Meeting.session), joinedload(Meeting.room), joinedload(Meeting.slot))
    ).all()
    return sorted((each for each in found if each.session.is_held), key=lambda each: each.slot.starts)


def _days(conference: Conference, meetings: Sequence[Meeting]) -> dict[str, dict[str, list[Held]]]:
    """By day and room what is held there, with its hours; a meeting over several days on each of them."""
    found: dict[str, dict[str, list[Held]]] = defaultdict(lambda: defaultdict(list))
    for each in meetings:
        for starts, ends in dates.times(each, conference):
            day = dates.local(starts, conference).date().isoformat()
            found[day][each.room.name].append((each, starts, ends))
    return found


def _room(room: Room, home: str, language: str) -> dict[str, Any]:
    way = languages.pick(room.directions, language)
    guid = str(uuid5(NAMESPACE_URL, f"{home}rooms/{room.id}"))
    return {
        "name": room.name,
        "slug": str(room.id),
        "guid": guid,
        "description": way or None,
        "capacity": room.capacity,
    }


def _talk(meeting: Meeting, begins: datetime, ends: datetime, home: str, language: str) -> dict[str, Any]:
    session, conference = meeting.session, meeting.session.conference
    starts = dates.local(begins, conference)
    guid = uuid5(NAMESPACE_URL, f"{home}meetings/{meeting.key}/{starts:%F}")
    return {
        "guid": str(guid),
        "code": str(session.number),
        "id": int(guid.hex[:12], 16),
        "meeting": meeting.key,
        "date": starts.isoformat(),
        "start": f"{starts:%H:%M}",
        "duration": _lasting(begins, ends),
        "room": meeting.room.name,
        "slug": f"{conference.slug}-{session.number}-{meeting.slot_id}-{starts:%d}",
        "url": home,
        "title": languages.pick(session.title, language),
        "subtitle": "",
        "track": languages.pick(session.theme.title, language) if session.theme else None,
        "type": "workshop",
        "language": meeting.language or "",
        "abstract": languages.pick(session.sentence, language),
        "description": None,
        "persons": [],
        "links": [],
        "attachments": [],
    }


def _lasting(starts: datetime, ends: datetime) -> str:
    hours, minutes = divmod(round((ends - starts).total_seconds()) // 60, 60)
    return f"{hours:02}:{minutes:02}"
