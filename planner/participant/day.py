"""My day: agenda items and my meetings in order, why I am there, as page, calendar and paper."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, Response, g, render_template
from flask_babel import gettext as _

from planner import (
    allocations,
    clock,
    commitments,
    dates,
    days,
    exports,
    languages,
    participants,
    programme,
    working_language,
)
from planner.models import AgendaItem, Assignment, Slot

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
    kind: str = "shared"  # or as an explanation calls it: wish, duty, unplaced, absent, ...

    @property
    def is_held(self) -> bool:
        return self.assignment is None or self.assignment.meeting.session.is_held


@blueprint.get("/")
def show() -> str:
    now = clock.now(g.conference)
    return render_template(
        "participant/day.html",
        conference=g.conference,
        person=g.actor,
        entries=entries(),
        asked=bool(commitments.of(g.conference, g.actor)),
        unknown=not_in_the_plan(),
        unreadable=reasons_are_lost(),
        provisional=allocations.provisional(g.conference.published, now),
        published=allocations.published_on(g.conference.published),
        now=now,
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
        day=allocations.day_of(run, g.actor, to_herself=True) if run else [],
        unreadable=reasons_are_lost(),
        provisional=allocations.provisional(run, clock.now(g.conference)),
        places={place.slot_id: place.meeting for place in places},
        spoken=working_language.for_herself(places),
        not_held={place.slot_id: programme.not_held(place.meeting.session) for place in places},
        now=clock.now(g.conference),
    )


@blueprint.get("/calendar.ics")
def calendar() -> Response:
    now = clock.now(g.conference)
    published = allocations.published_on(g.conference.published)
    events = [
        exports.Event(
            uid=f"{entry.key}{f'-{day}' if day else ''}@{g.conference.slug}",  # the first day's stays the meeting's
            starts=starts,
            ends=ends,
            title=_title(entry),
            place=entry.place,
            text="\n".join(
                filter(None, [entry.spoken, "" if entry.is_held else entry.why, published if entry.assignment else ""])
            ),
            cancelled=not entry.is_held,
        )
        for entry in entries()
        for day, (starts, ends) in enumerate(dates.times(entry, g.conference))
        if entry.kind not in {"absent", "unplaced"}
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
        "day": ", ".join(filter(None, (dates.long_days(g.conference), g.conference.place))),
        "foot": " · ".join(filter(None, [g.actor.name, allocations.published_on(g.conference.published)])),
        "note": allocations.provisional(g.conference.published, clock.now(g.conference)),
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
    return {
        "time": dates.hours(entry, g.conference),
        "title": _title(entry),
        "place": entry.place,
        "why": " ".join(filter(None, [entry.spoken, entry.why])),
        "own": entry.kind != "shared",
    }


def _title(entry: Entry) -> str:
    return programme.title_of(entry.assignment.meeting.session) if entry.assignment else entry.title


def entries() -> list[Entry]:
    here = languages.current()
    shared = [_shared(item, here) for item in g.conference.agenda]
    run = g.conference.published
    hers = days.of(run, g.actor) if run else {}
    places = participants.assignments_of(g.actor)
    spoken = working_language.for_herself(places)
    told = {each.slot.id: each for each in (allocations.day_of(run, g.actor, to_herself=True) if run else [])}
    own = [
        _own(place, hers.get(place.slot_id), told.get(place.slot_id), spoken[place.slot_id], here)
        for place in places
        if place.slot_id == place.meeting.slot_id
    ]
    taken = {slot for slot, place in hers.items() if place}
    own += [
        _without(slot, told.get(slot.id), here, is_missing=slot.id in hers)
        for slot in g.conference.slots
        if slot.id not in taken and (slot.id in hers or slot.id in told)
    ]
    return sorted(shared + own, key=lambda entry: entry.starts + timedelta(seconds=entry.kind != "shared"))


def not_in_the_plan() -> tuple[str, str] | None:
    """What to say, and how it goes on, where the published plan has nothing of her; the same on every page."""
    run = g.conference.published
    if run is None or allocations.knows(run, g.actor):
        return None
    if not reasons_are_lost():
        head = _("This plan does not know you yet")
        return head, _("It was made without you. The organisers will tell you where you are.")
    head = _("Your rooms are not known here")
    told = _("The published plan cannot be read completely any more. The organisers will tell you where you are.")
    return head, told


def reasons_are_lost() -> bool:
    """Where she is still holds, but why cannot be told any more."""
    run = g.conference.published
    return run is not None and not allocations.is_readable(run)


def _shared(item: AgendaItem, here: str) -> Entry:
    title, place = languages.pick(item.title, here), languages.pick(item.place, here)
    return Entry(f"agenda-{item.id}", item.starts, item.ends, title, place)


def _without(slot: Slot, told: allocations.Told | None, here: str, *, is_missing: bool) -> Entry:
    """A round in which she has no meeting: there was no place, which is told also without reasons, or she is away."""
    is_missing = is_missing or (told is not None and told.kind == "unplaced")
    title = _("No place in this round") if is_missing else _("You are not there")
    why = told.here if told and is_missing else ""
    kind = "unplaced" if is_missing else "absent"
    return Entry(f"round-{slot.id}", slot.starts, slot.ends, title, languages.pick(slot.title, here), why, kind=kind)


def _own(place: Assignment, known: days.Place | None, told: allocations.Told | None, spoken: str, here: str) -> Entry:
    """Of a cancelled one neither the room nor the reason for it is told."""
    meeting = place.meeting
    held = known is not None and known.held
    return Entry(
        meeting.key,
        meeting.slot.starts,
        meeting.ends,
        languages.pick(meeting.session.title, here),
        meeting.room.name if held else "",
        (told.here if told else "") if held else programme.not_held(meeting.session),
        spoken if held else "",
        place,
        told.kind if told else "wish",
    )
