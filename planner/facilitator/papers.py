"""The papers of one meeting: what lies in the room, what people sign, and what only the one who leads may read."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from planner import allocations, chairs, clock, dates, exports, languages, participants, programme, working_language
from planner.models import Assignment, AssignmentRole, Level, Meeting, NeedKind, Participant
from planner.rows import Untraced
from planner.words import NEEDS, ROLES, SESSION_STATES
from planner.working_language import Spoken

blueprint = Blueprint("papers", __name__, url_prefix="/meetings/<int:id>")
Row = list[exports.Cell]
LEVELS = {
    Level.SPEAKS: _l("speaks"),
    Level.UNDERSTANDS: _l("understands"),
    Level.NEEDS_HELP: _l("needs help"),
}


@blueprint.get("/brief.pdf")
def brief(id: int) -> Response:
    """The task for the table: no names but those who lead, no groups."""
    meeting = g.scope.meeting(id)
    people = participants.at([meeting])[meeting.id]
    ring = _ring(meeting, people)
    data = {**_facts(meeting, people), **_task(meeting), "ring": ring, "legend": _legend(people)}
    labels = _brief_labels(ring, is_held=meeting.session.is_held)
    return _paper("room_brief", {**data, "labels": labels}, meeting, _("brief"))


@blueprint.get("/names.<any(csv, xlsx, pdf):ending>")
def names(id: int, ending: str) -> Response:
    """The signature sheet: names only, because it lies open in the room."""
    meeting = g.scope.meeting(id)
    people = participants.at([meeting])[meeting.id]
    if ending == "pdf":
        listed = [{"name": place.name} for place in people]
        data = {**_facts(meeting, people), "people": listed, "labels": _list_labels()}
        return _paper("signature_sheet", data, meeting, _("names"))
    heads = [_("No."), _("Name"), _("Signature"), _("State of the plan")]
    stand = _stand(meeting, _standing(meeting))
    rows: list[Row] = [[number, place.name, "", stand] for number, place in enumerate(people, start=1)]
    return _table(heads, rows, meeting, _("names"), ending)


@blueprint.get("/confidential.<any(csv, xlsx, pdf):ending>")
def confidential(id: int, ending: str) -> Response:
    """What the one who leads must know; that she read it is written down."""
    meeting = g.scope.led_meeting(id)
    people = participants.at([meeting])[meeting.id]
    rows = _known(working_language.spoken(meeting, people), people)
    labels, file = _confidential_labels(), _named(meeting, _("confidential"))
    data = {**_facts(meeting, people), "people": rows, "labels": labels, "groups": g.conference.shows_groups_in_rooms}
    if ending == "pdf":
        return exports.download(exports.to_pdf("confidential_sheet", data, languages.current()), file, ending)
    columns = ["name", *(("organisation", "group") if g.conference.shows_groups_in_rooms else ()), "languages", "know"]
    table: list[Row] = [
        [number, *(row[column] for column in columns), data["stand"]] for number, row in enumerate(rows, start=1)
    ]
    heads = [_("No."), *(labels[key] for key in columns), _("State of the plan")]
    return exports.download(_written(data["title"], heads, table, ending), file, ending)


def _known(told: Spoken, people: Sequence[Assignment]) -> list[dict[str, str]]:
    everybody = [place.person for place in people]
    try:
        needs = participants.needs_of(everybody, f"participant:{g.actor.id}", clock.now())
    except Untraced:
        needs = None
    return [
        {
            "name": place.name,
            **_whom(place.person),
            "languages": _languages(place.person),
            "know": "; ".join(_to_know(told, place, needs[place.person.id] if needs is not None else None)),
        }
        for place in people
    ]


def _whom(person: Participant) -> dict[str, str]:
    """For whom she speaks; not asked where one group of the conference must not be shown."""
    if not g.conference.shows_groups_in_rooms:
        return {}
    return {
        "organisation": person.organisation.name if person.organisation else "",
        "group": languages.pick(person.group.title, languages.current()) if person.group else "",
    }


def _languages(person: Participant) -> str:
    said = [
        _("%(language)s: %(level)s", language=languages.name_of(row.language), level=LEVELS[row.level])
        for row in person.languages
    ]
    return "; ".join(said)


def _to_know(told: Spoken, place: Assignment, needs: Sequence[NeedKind] | None) -> list[str]:
    """Her task in the room, who interprets for her, what she needs; None where nobody may read that now."""
    known = [] if place.role is AssignmentRole.ATTENDEE else [str(ROLES[place.role.value])]
    if place.voices:
        known.append(working_language.work_of(place.voices, told).translate(exports.WITHOUT_ISOLATES))
    if place.listens_in:
        language = working_language.channel_name(place.listens_in)
        by = languages.in_a_row(told.names(place.listens_in)) or _("nobody yet")
        known.append(_("needs interpreting, %(language)s: %(names)s", language=language, names=by))
    if needs is None:
        return [*known, _("what this person needs cannot be shown now: please load this sheet again")]
    return known + [str(NEEDS[need.value]) for need in needs]


def _facts(meeting: Meeting, people: Sequence[Assignment]) -> dict[str, Any]:
    here = languages.current()
    slot = meeting.slot
    standing = _standing(meeting)
    stand = _stand(meeting, standing)
    return {
        "title": programme.title_of(meeting.session),
        "conference": languages.pick(g.conference.title, here),
        "slot": languages.pick(slot.title, here),
        "time": dates.hours(meeting, g.conference),
        "room": meeting.room.name,
        "foot": " · ".join(filter(None, [f"{languages.pick(slot.title, here)}, {meeting.room.name}", stand])),
        "stand": stand,
        "note": " ".join(filter(None, [programme.not_held(meeting.session), standing.whole])),
        "leads": _names(people, AssignmentRole.FACILITATOR),
        "notes": _names(people, AssignmentRole.NOTE_TAKER),
        "spoken": working_language.sentence(working_language.spoken(meeting, people)),
    }


def _standing(meeting: Meeting) -> allocations.Standing:
    return allocations.standing(meeting.allocation, clock.now(g.conference))


def _stand(meeting: Meeting, standing: allocations.Standing) -> str:
    """For the foot of each page and for the rows of a table."""
    held = "" if meeting.session.is_held else str(SESSION_STATES["cancelled"][0])
    return " · ".join(filter(None, [held, standing.brief]))


def _names(people: Sequence[Assignment], role: AssignmentRole) -> list[str]:
    return [place.name for place in people if place.role is role]


def _task(meeting: Meeting) -> dict[str, Any]:
    here, session = languages.current(), meeting.session
    return {
        "goal": languages.pick(session.goal, here) or languages.pick(session.sentence, here),
        "questions": _lines(session.questions),
        "minutes": _lines(session.minutes),
    }


def _lines(texts: dict[str, list[str]]) -> list[str]:
    return texts.get(languages.current()) or next(filter(None, texts.values()), [])


def _ring(meeting: Meeting, people: Sequence[Assignment]) -> dict[str, Any]:
    """This paper lies open, so a chair shows a task in the room and an interpreter's language, but nobody's group."""
    ring = chairs.ring(meeting, people, {}, allocations.bounds(meeting, people))
    places = [
        {"x": at.x, "y": at.y, "radius": at.radius, "role": at.chair.role, "language": at.chair.language}
        for at in ring.places
    ]
    return {"places": places, "notch": ring.notch, "taken": ring.taken}


def _legend(people: Sequence[Assignment]) -> list[list[str]]:
    """The kinds of chairs that the ring shows, each with its word."""
    present = {place.role for place in people}
    return [[role.value, str(ROLES[role.value])] for role in chairs.ORDER if role in present] + [["", _("free chair")]]


def _labels(kind: str) -> dict[str, str]:
    return {
        "kind": kind,
        "page": _("Page %(page)s of %(pages)s", page="{page}", pages="{pages}"),
        "room": _("Room"),
        "leads": _("Leads"),
        "notes": _("Takes notes"),
        "number": _("No."),
        "name": _("Name"),
    }


def _list_labels() -> dict[str, str]:
    return {**_labels(_("Signature sheet")), "signature": _("Signature")}


def _confidential_labels() -> dict[str, str]:
    return {
        **_labels(_("Confidential")),
        "rule": _("Only for those who lead this session. Do not leave it in the room; shred it afterwards."),
        "organisation": _("Organisation"),
        "group": _("Group"),
        "languages": _("Languages"),
        "know": _("Good to know"),
    }


def _brief_labels(ring: dict[str, Any], *, is_held: bool) -> dict[str, str]:
    return {
        **_labels(_("For the table")),
        "task": _("What we want to reach"),
        "questions": _("Questions"),
        "minutes": _("Minute plan"),
        "ring": _("Who is expected") if is_held else _("Who has a place"),
        "picture": _("A ring of chairs; %(taken)s of %(all)s are taken.", taken=ring["taken"], all=len(ring["places"])),
        "results": _("What we recommend"),
    }


def _paper(paper: str, data: dict[str, Any], meeting: Meeting, kind: str) -> Response:
    return exports.download(exports.to_pdf(paper, data, languages.current()), _named(meeting, kind), "pdf")


def _table(heads: list[str], rows: Sequence[Row], meeting: Meeting, kind: str, ending: str) -> Response:
    title = languages.pick(meeting.session.title, languages.current())
    return exports.download(_written(title, heads, rows, ending), _named(meeting, kind), ending)


def _written(title: str, heads: list[str], rows: Sequence[Row], ending: str) -> bytes:
    table = exports.Table(title, heads, rows)
    if ending == "csv":
        return exports.to_csv(table)
    return exports.to_xlsx(table, right_to_left=languages.direction(languages.current()) == "rtl")


def _named(meeting: Meeting, kind: str) -> list[str]:
    """The parts of the file's name."""
    here = languages.current()
    return [kind, languages.pick(meeting.slot.title, here), languages.pick(meeting.session.title, here)]
