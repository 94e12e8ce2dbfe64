"""States a conference as a solver problem: people only under their random keys."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel.speaklater import LazyString

import solver
from planner import dates, participants, programme, roster, rules
from planner.allocations.runs.ruled import asked_of_people, attributes, of_session, ruled
from planner.allocations.words.faults import contradiction
from planner.errors import PlannerError
from planner.models import (
    Conference,
    Duty,
    InterpretingMode,
    NeedKind,
    Placement,
    Room,
    Session,
    Slot,
)
from planner.roster import Entry
from solver import Problem, ProblemError

FROM_A_ROOM = {NeedKind.STEP_FREE, NeedKind.HEARING_LOOP, NeedKind.QUIET}
"""Needs that a room can fulfil; the others are for the organisers to arrange."""


class Contradiction(PlannerError):
    """What is set cannot be stated as a question; `fault` says what is wrong where, `endpoint` where to look."""

    status = 409

    def __init__(self, fault: solver.Fault, conference: Conference):
        super().__init__(LazyString(contradiction, fault.code, fault.facts, conference))
        self.fault = fault
        part = fault.path.removeprefix("$.").split("[")[0]
        self.endpoint = ENDPOINTS.get(part, "organiser.settings.edit")


ENDPOINTS = {
    "slots": "organiser.slots.index",
    "rooms": "organiser.rooms.index",
    "sessions": "organiser.sessions.index",
    "participants": "organiser.people.index",
    "interpreters": "organiser.people.index",
    "meetings": "organiser.programme.index",
    "locks": "organiser.programme.index",
    **dict.fromkeys(("quotas", "company", "spread", "together", "apart", "flexible"), "organiser.rules.index"),
}


def problem_of(conference: Conference, reader: str, now: datetime) -> Problem:
    """Everything the solver may know; raises Contradiction. Reading the needs leaves a trace with the reader's name."""
    everybody, sessions = roster.everybody(conference), programme.offered(conference)
    return needing(conference, Today(everybody, sessions, programme.rooms_of(conference), None), reader, now)


def needing(conference: Conference, today: "Today", reader: str, now: datetime) -> Problem:
    """The same of what has been read already."""
    people = counted(today.everybody)
    needs = participants.needs_of(people, reader, now, calculates=True)
    return _stated(conference, people, today.sessions, today.rooms, needs)


def without_needs(conference: Conference, people: Sequence[Entry] | None = None) -> Problem:
    """The same but for what people need: it is not read, so this leaves no trace.

    Everybody may be handed over by who has read them already.
    """
    everybody = roster.everybody(conference) if people is None else people
    return _stated(conference, counted(everybody), programme.offered(conference), programme.rooms_of(conference), {})


@dataclass(frozen=True)
class Today:
    """A conference as it is set now, read once for a page; `problem` without needs, or the contradiction in it."""

    everybody: Sequence[Entry]
    sessions: Sequence[Session]
    rooms: Sequence[Room]
    problem: Problem | None
    contradiction: Contradiction | None = None


def today(conference: Conference) -> Today:
    """Reading needs would leave a trace, and pages are opened often."""
    everybody, sessions = roster.everybody(conference), programme.offered(conference)
    rooms = programme.rooms_of(conference)
    try:
        return Today(everybody, sessions, rooms, _stated(conference, counted(everybody), sessions, rooms, {}))
    except Contradiction as error:
        return Today(everybody, sessions, rooms, None, error)


def who_counts(conference: Conference, people: Sequence[Entry] | None = None) -> solver.Whole:
    """Whom every page counts, in the parts that a run's pages have too; raises Contradiction."""
    return solver.who_counts(without_needs(conference, people))


def counted(people: Iterable[Entry]) -> list[Entry]:
    return [person for person in people if person.counts]


def _stated(
    conference: Conference,
    people: Sequence[Entry],
    sessions: Sequence[Session],
    rooms: Sequence[Room],
    needs: Mapping[int, list[NeedKind]],
) -> Problem:
    slots = [slot.id for slot in conference.slots]
    # A cancelled session takes along whatever is set about it: places, wishes, bounds.
    known = {session.id for session in sessions}
    there = {person.id for person in people}
    stated = rules.stated(conference)
    marks = asked_of_people(sessions) | stated.marks
    is_long = any(session.duration > 1 for session in sessions)
    try:
        return Problem(
            slots=tuple(_slot(slot, before if is_long else None) for before, slot in _in_pairs(conference)),
            rooms=tuple(_room(room, slots) for room in rooms),
            sessions=tuple(_session(each, there, of_session(stated, each, slots, known)) for each in sessions),
            participants=tuple(
                _person(conference, person, attributes(conference, person, marks), known, needs.get(person.id, []))
                for person in people
            ),
            meetings=tuple(_given(row) for row in programme.placements(conference) if row.session_id in known),
            interpreters=tuple(_interpreter(person) for person in people if person.interprets),
            **ruled(conference, stated, people, known),
            info=_presumed(conference, people),
        )
    except ProblemError as error:
        raise Contradiction(error.faults[0], conference) from error


def _in_pairs(conference: Conference) -> Iterable[tuple[Slot | None, Slot]]:
    """Each round with the one before it."""
    return zip([None, *conference.slots], conference.slots, strict=False)


def _slot(slot: Slot, before: Slot | None) -> solver.Slot:
    """A session that is longer than a round runs on in the next one, but not into the next day."""
    joined = before is None or dates.joins(before, slot, slot.conference)
    return solver.Slot(str(slot.id), slot.starts.isoformat(), slot.ends.isoformat(), joined=joined)


def _room(room: Room, slots: Sequence[int]) -> solver.Room:
    closed = {closure.slot_id for closure in room.closures}
    free = frozenset(str(id) for id in slots if id not in closed)
    return solver.Room(str(room.id), room.capacity, frozenset(room.features), free)


def _given(row: Placement) -> solver.Given:
    return solver.Given(str(row.session_id), str(row.slot_id), str(row.room_id) if row.room_id else None, row.language)


def _interpreter(person: Entry) -> solver.Interpreter:
    """The solver knows one way of working per person.

    Who works alone in some languages and in a booth in others is asked for the former only: so nobody is promised
    who would lack a partner. Where the numbers differ the smallest counts.
    """
    alone = [pair for pair in person.interprets if pair.mode is not InterpretingMode.SIMULTANEOUS]
    pairs = alone or person.interprets
    narrowest = min(pairs, key=lambda pair: pair.listeners)
    return solver.Interpreter(
        person.key,
        frozenset(f"{pair.source}-{pair.target}" for pair in pairs),
        narrowest.listeners,
        None,
        min(pair.most_slots_in_a_row for pair in pairs),
        solver.Mode(narrowest.mode.value),
    )


def _presumed(conference: Conference, people: Sequence[Entry]) -> dict[str, Any]:
    """Whose language is a guess, so that whoever reads the snapshot can tell what was said from what was taken."""
    silent = [person.key for person in people if conference.understands_by_default(person)]
    return {"presumed_language": {"language": conference.language, "people": silent}} if silent else {}


def _session(session: Session, there: set[int], ruled: Mapping[str, Any]) -> solver.Session:
    staff = [role for role in session.roles if role.participant_id in there]
    return solver.Session(
        str(session.id),
        minimum=session.minimum,
        maximum=session.maximum,
        languages=frozenset(session.languages),
        two_language=session.two_language,
        features=frozenset(session.features),
        offered=session.offered,
        duration=session.duration,
        facilitators=tuple(role.participant.key for role in staff if role.duty is Duty.FACILITATOR),
        note_takers=tuple(role.participant.key for role in staff if role.duty is Duty.NOTE_TAKER),
        may_be_cancelled=session.may_be_cancelled,
        theme=str(session.theme_id) if session.theme_id else "",
        **ruled,
    )


def _person(
    conference: Conference,
    person: Entry,
    attributes: dict[str, str],
    known: set[int],
    needs: list[NeedKind],
) -> solver.Participant:
    absent = set(person.absences)
    return solver.Participant(
        person.key,
        attributes=attributes,
        slots=frozenset(str(slot.id) for slot in conference.slots if slot.id not in absent) if absent else None,
        languages=_languages(conference, person),
        needs=frozenset(need.value for need in needs if need in FROM_A_ROOM),
        favourites=tuple(str(id) for id in person.favourites if id in known),
        vetoes=frozenset(str(id) for id in person.vetoes if id in known),
        attends=person.attends,
    )


def _languages(conference: Conference, person: Entry) -> dict[str, solver.Level]:
    if conference.understands_by_default(person):
        return {conference.language: solver.Level.UNDERSTANDS}
    return {language: solver.Level(level.value) for language, level in person.languages.items()}
