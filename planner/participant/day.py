"""My day: agenda items and my meetings in order, why I am there, as page, calendar and paper."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, Response, g, render_template
from flask_babel import gettext as _

from planner import allocations, clock, dates, exports, languages, participants, working_language
from planner.models import AgendaItem, Assignment, AssignmentRole

blueprint = Blueprint("day", __name__, url_prefix="/day")


@dataclass(frozen=True)
class Entry:
    """One line of a day: what everybody shares, or one's own meeting with the reason for it."""

    key: str  # stable, for calendars
    starts: datetime
    ends: datetime
    title: str
    place: str
    why: str = ""
    spoken: str = ""  # which language, and who interprets
    assignment: Assignment | None = None


@blueprint.get("/")
def show() -> str:
    return render_template(
        "participant/day.html", conference=g.conference, person=g.actor, entries=entries(), now=clock.now(g.conference)
    )


@blueprint.get("/why")
def explained() -> str:
    """Why I am where I am, and what stood against my other wishes."""
    run = g.conference.published
    places = participants.assignments_of(g.actor)
    return render_template(
        "participant/why.html",
        conference=g.conference,
        person=g.actor,
        day=allocations.day_of(run, g.actor) if run else [],
        places={place.slot_id: place.meeting for place in places},
        spoken=working_language.for_herself(places),
        here=allocations.here_sentence,
        now=clock.now(g.conference),
    )


@blueprint.get("/calendar.ics")
def calendar() -> Response:
    now = clock.now(g.conference)
    events = [
        exports.Event(
            uid=f"{entry.key}@{g.conference.slug}",
            starts=entry.starts,
            ends=entry.ends,
            title=entry.title,
            place=entry.place,
            text=entry.spoken,
        )
        for entry in entries()
    ]
    name = languages.pick(g.conference.title, languages.current())
    return exports.download(exports.to_ics(events, name, now), [g.conference.slug, _("my-day")], "ics")


@blueprint.get("/my-day.pdf")
def paper() -> Response:
    """A page to carry in a pocket."""
    data = {
        "title": _("My day"),
        "conference": languages.pick(g.conference.title, languages.current()),
        "name": g.actor.name,
        "day": ", ".join(filter(None, (dates.long_day(g.conference.day_starts, g.conference), g.conference.place))),
        "foot": g.actor.name,
        "entries": [_row(entry) for entry in entries()],
        "labels": {
            "kind": _("My day"),
            "page": _("Page %(page)s of %(pages)s", page="{page}", pages="{pages}"),
            "time": _("Time"),
            "what": _("What"),
            "where": _("Where"),
        },
    }
    content = exports.to_pdf("my_day", data, languages.current())
    return exports.download(content, [g.conference.slug, _("my-day")], "pdf")


def _row(entry: Entry) -> dict[str, object]:
    times = (dates.clock(instant, g.conference) for instant in (entry.starts, entry.ends))
    return {
        "time": "–".join(times),
        "title": entry.title,
        "place": entry.place,
        "why": " ".join(filter(None, [entry.why, entry.spoken])),
        "own": entry.assignment is not None,
    }


def entries() -> list[Entry]:
    here = languages.current()
    shared = [_shared(item, here) for item in g.conference.agenda]
    places = participants.assignments_of(g.actor)
    spoken = working_language.for_herself(places)
    own = [_own(place, spoken[place.slot_id], here) for place in places]
    return sorted(shared + own, key=lambda entry: entry.starts + timedelta(seconds=bool(entry.assignment)))


def _shared(item: AgendaItem, here: str) -> Entry:
    title, place = languages.pick(item.title, here), languages.pick(item.place, here)
    return Entry(f"agenda-{item.id}", item.starts, item.ends, title, place)


def _own(place: Assignment, spoken: str, here: str) -> Entry:
    meeting = place.meeting
    return Entry(
        meeting.key,
        meeting.slot.starts,
        meeting.slot.ends,
        languages.pick(meeting.session.title, here),
        meeting.room.name,
        why(place),
        spoken,
        place,
    )


def why(place: Assignment) -> str:
    """One true sentence, about this person's own list only."""
    if place.role is AssignmentRole.FACILITATOR:
        return _("You lead this session.")
    if place.role is AssignmentRole.NOTE_TAKER:
        return _("You take the notes in this session.")
    if place.role is AssignmentRole.INTERPRETER:
        return "" if place.voices else _("You interpret here.")
    rank = next((p.rank for p in g.actor.preferences if p.session_id == place.meeting.session_id), None)
    if rank:
        return _("You are here because it was your wish number %(rank)s.", rank=rank)
    if not g.actor.preferences:
        return _("You named no wishes, so we chose a session with free seats for you.")
    return _("None of your wishes was possible in this round. Here was a seat.")
