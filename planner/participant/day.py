"""My day: agenda items and my meetings in order, why I am there, as page, calendar and paper."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, Response, g, render_template
from flask_babel import gettext as _

from planner import clock, exports, languages, participants
from planner.models import AgendaItem, Assignment, AssignmentRole

blueprint = Blueprint("day", __name__, url_prefix="/day")


@dataclass(frozen=True)
class Entry:
    """One line of a day: what everybody shares, or one's own meeting with the reason for it."""

    starts: datetime
    ends: datetime
    title: str
    place: str
    why: str = ""
    assignment: Assignment | None = None


@blueprint.get("/")
def show() -> str:
    return render_template(
        "participant/day.html", conference=g.conference, person=g.actor, entries=entries(), now=clock.now(g.conference)
    )


@blueprint.get("/calendar.ics")
def calendar() -> Response:
    now = clock.now(g.conference)
    events = [
        exports.Event(
            uid=f"{entry.assignment.meeting.key if entry.assignment else f'agenda-{at}'}@{g.conference.slug}",
            starts=entry.starts,
            ends=entry.ends,
            title=entry.title,
            place=entry.place,
        )
        for at, entry in enumerate(entries())
    ]
    name = languages.pick(g.conference.title, languages.current())
    return exports.download(exports.to_ics(events, name, now), [g.conference.slug, _("my-day")], "ics")


def entries() -> list[Entry]:
    here = languages.current()
    shared = [_shared(item, here) for item in g.conference.agenda]
    own = [_own(place, here) for place in participants.assignments_of(g.actor)]
    return sorted(shared + own, key=lambda entry: entry.starts + timedelta(seconds=bool(entry.assignment)))


def _shared(item: AgendaItem, here: str) -> Entry:
    return Entry(item.starts, item.ends, languages.pick(item.title, here), languages.pick(item.place, here))


def _own(place: Assignment, here: str) -> Entry:
    meeting = place.meeting
    return Entry(
        meeting.slot.starts,
        meeting.slot.ends,
        languages.pick(meeting.session.title, here),
        meeting.room.name,
        why(place),
        place,
    )


def why(place: Assignment) -> str:
    """One true sentence, about this person's own list only."""
    if place.role is AssignmentRole.FACILITATOR:
        return _("You lead this session.")
    if place.role is AssignmentRole.NOTE_TAKER:
        return _("You take the notes in this session.")
    if place.role is AssignmentRole.INTERPRETER:
        return _("You interpret here.")
    rank = next((p.rank for p in g.actor.preferences if p.session_id == place.meeting.session_id), None)
    if rank:
        return _("You are here because it was your wish number %(rank)s.", rank=rank)
    if not g.actor.preferences:
        return _("You named no wishes, so we chose a session with free seats for you.")
    return _("None of your wishes had a seat left in this round. Here was one, and you had not been here yet.")
