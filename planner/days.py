"""Where somebody is in each round of a plan, as her page shows it, and what differs between two of her days."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Protocol

from flask_babel import gettext as _
from sqlalchemy import Select, select

from planner import languages, working_language
from planner.extensions import db
from planner.models import (
    COMING,
    Allocation,
    Assignment,
    AssignmentRole,
    Conference,
    Meeting,
    Participant,
    Session,
    SessionState,
)
from planner.words import PLACES

ATTENDS = "attendee"


@dataclass(frozen=True)
class Place:
    """Where somebody is in one round, by numbers; of a session that is not held any more nothing else is told."""

    session: int
    room: int = 0
    languages: tuple[str, ...] = ()
    duty: str = ATTENDS
    voices: str = ""  # where an interpreter works
    listens: str = ""  # the channel that she hears, if she does not follow what is spoken
    heard: bool = False  # somebody works in it
    held: bool = True


Day = Mapping[int, Place | None]
"""By the round's number; None where there is no place for her. A round of which the plan says nothing is missing."""


def of(run: Allocation, person: Participant) -> Day:
    """Her day: what her page shows, and what she is told when it changes."""
    places = _places(run).where(Assignment.participant_id == person.id)
    return _days(run, places, {person.key: person.id}).get(person.id, {})


def of_everybody(run: Allocation, keys: Mapping[str, int] | None = None) -> dict[int, Day]:
    """The same by person, for everybody of whom the plan says something; `keys` by key their numbers, if at hand."""
    if keys is None and run.without_place:
        rows = select(Participant.key, Participant.id).filter_by(conference_id=run.conference_id)
        keys = {row.key: row.id for row in db.session.execute(rows)}
    return _days(run, _places(run), keys or {})


def _places(run: Allocation) -> Select[Any]:
    return (
        select(Assignment.participant_id, Assignment.slot_id, Assignment.role, Assignment.voices)
        .add_columns(Assignment.meeting_id, Assignment.listens_in)
        .add_columns(Meeting.session_id, Meeting.room_id, Meeting.language, Meeting.second_language, Session.state)
        .join(Meeting, Meeting.id == Assignment.meeting_id)
        .join(Session, Session.id == Meeting.session_id)
        .where(Assignment.allocation_id == run.id, Assignment.participant_id.is_not(None))
    )


def _days(run: Allocation, places: Select[Any], keys: Mapping[str, int]) -> dict[int, Day]:
    found: dict[int, dict[int, Place | None]] = {}
    for key, slots in (run.without_place or {}).items():
        if key in keys:
            found[keys[key]] = {int(slot): None for slot in slots}
    rows = db.session.execute(places).all()
    at_work = _at_work(run) if any(row.listens_in for row in rows) else set()
    for row in rows:
        spoken = tuple(code for code in (row.language, row.second_language) if code)
        place = Place(row.session_id, row.room_id, spoken, row.role.value, row.voices or "")
        if row.listens_in:
            place = replace(place, listens=row.listens_in, heard=(row.meeting_id, row.listens_in) in at_work)
        if row.state is not SessionState.OPEN:
            place = Place(row.session_id, held=False)
        found.setdefault(row.participant_id, {})[row.slot_id] = place
    return dict(found)


def _at_work(run: Allocation) -> set[tuple[int, str | None]]:
    """The meetings and channels in which somebody interprets; who cancelled since does not."""
    rows = (
        select(Assignment.meeting_id, Assignment.voices)
        .join(Participant, Participant.id == Assignment.participant_id)
        .where(Assignment.allocation_id == run.id, Assignment.role == AssignmentRole.INTERPRETER)
        .where(Participant.state.in_(COMING))
    )
    return {(row.meeting_id, row.voices) for row in db.session.execute(rows)}


def written(day: Day) -> dict[str, Any]:
    """Fit to be kept with a message."""
    return {str(slot): place and asdict(place) for slot, place in day.items()}


def read(kept: Mapping[str, Any]) -> Day:
    """What `written` made, also after it was kept as JSON."""
    return {
        int(slot): place and replace(Place(**place), languages=tuple(place["languages"]))
        for slot, place in kept.items()
    }


@dataclass(frozen=True)
class Change:
    """One round in words; `before` is empty where nobody told her anything before, or where nothing changes."""

    round: str
    before: str
    now: str


class Words:
    """The conference's names for rounds, sessions and rooms, in the language that is spoken now."""

    def __init__(self, conference: Conference):
        here = languages.current()
        self.slots = {slot.id: languages.pick(slot.title, here) for slot in conference.slots}
        self.sessions = {each.id: languages.pick(each.title, here) for each in conference.sessions}
        self.rooms = {room.id: room.name for room in conference.rooms}

    def changes(self, before: Day | None, now: Day, *, whole: bool = False) -> Sequence[Change]:
        """Each round that differs, in the order of the day; all of them where she was told nothing, or if `whole`."""
        found = []
        for slot, title in self.slots.items():
            old, new = (day.get(slot, Place(0)) for day in (before or {}, now))
            if old == new and not (whole and slot in now):
                continue
            plain = {place.duty for place in (old, new) if place} == {ATTENDS}
            then = self._place(old, plain) if before is not None and old != new else ""
            found.append(Change(title, then, self._place(new, plain)))
        return found

    def _place(self, place: Place | None, plain: bool) -> str:
        """`plain` where it need not be said that she takes part."""
        if place is None:
            return _("no place in this round")
        if not place.session:
            return _("nothing in this round")
        title = self.sessions.get(place.session, _("A session that is gone"))
        if not place.held:
            return _("“%(title)s” is not held", title=title)
        names = [languages.name_of(code) for code in place.languages]
        parts = [title, self.rooms.get(place.room, ""), languages.in_a_row(names), _heard(place)]
        where = ", ".join(filter(None, parts))
        return where if plain else f"{where}. {_duty(place)}"


def _duty(place: Place) -> str:
    """What she does there; of an interpreter also the channel, which may be all that changes."""
    if place.voices:
        return _("You interpret: %(languages)s.", languages=working_language.channel_name(place.voices))
    return str(PLACES[place.duty])


def _heard(place: Place) -> str:
    """Nobody's name: a message is kept, also after who interprets has been erased."""
    if not place.listens:
        return ""
    if "-" in place.listens:  # between the two that are spoken
        return _("interpreted between them") if place.heard else _("nobody interprets between them yet")
    into = languages.into(place.listens)
    if place.heard:
        return _("interpreted into %(language)s", language=into)
    return _("nobody interprets into %(language)s yet", language=into)


class Kept(Protocol):
    """A message, or a row of a list of them."""

    @property
    def facts(self) -> Any: ...


def told(message: Kept, words: Words) -> Sequence[Change]:
    """What a message says, round by round, in the language of these words; nothing where it is not known any more."""
    facts = message.facts
    if "day" not in facts:
        return ()
    before = read(facts["before"]) if "before" in facts else None
    return words.changes(before, read(facts["day"]), whole=bool(facts.get("whole")))


def in_a_line(row: Kept, words: Words) -> str:
    """The same in one line, for a list."""
    found = []
    for each in told(row, words):
        now = _("%(before)s, now %(now)s", before=each.before, now=each.now) if each.before else each.now
        found.append(f"{each.round}: {now}")
    return "; ".join(found)


def lacks(message: Kept) -> int:
    """In how many rounds there is no place for her, as this message tells it."""
    return sum(place is None for place in message.facts.get("day", {}).values())
