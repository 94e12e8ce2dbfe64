"""States a conference as a solver problem: people only under their random keys."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

import solver
from planner import participants, programme
from planner.extensions import db
from planner.models import Conference, Duty, NeedKind, Participant, ParticipantState, Quota, Session
from solver import Problem

COUNTED = (ParticipantState.REGISTERED, ParticipantState.CONFIRMED)
FROM_A_ROOM = {NeedKind.STEP_FREE, NeedKind.HEARING_LOOP, NeedKind.QUIET}
"""Needs that a room can fulfil; the others are for the organisers to arrange."""


def problem_of(conference: Conference, reader: str, now: datetime) -> Problem:
    """Everything the solver may know. Reading the needs leaves a trace with the reader's name."""
    people = counted(conference)
    return _stated(conference, people, participants.needs_of(people, reader, now))


def without_needs(conference: Conference) -> Problem:
    """The same but for what people need: it is not read, so this leaves no trace."""
    return _stated(conference, counted(conference), {})


def counted(conference: Conference) -> list[Participant]:
    """Who is there to attend, to lead or to interpret."""
    people = [person for person in participants.listed(conference) if person.state in COUNTED]
    return [person for person in people if person.attends or person.interprets or person.roles]


def _stated(conference: Conference, people: Sequence[Participant], needs: Mapping[int, list[NeedKind]]) -> Problem:
    sessions = programme.open_sessions(conference)
    slots = [slot.id for slot in conference.slots]
    known = {session.id for session in sessions}
    return Problem(
        slots=tuple(
            solver.Slot(str(slot.id), slot.starts.isoformat(), slot.ends.isoformat()) for slot in conference.slots
        ),
        rooms=tuple(
            solver.Room(
                str(room.id),
                room.capacity,
                frozenset(room.features),
                frozenset(str(id) for id in slots if id not in {closure.slot_id for closure in room.closures}),
            )
            for room in conference.rooms
        ),
        sessions=tuple(_session(session, {person.id for person in people}) for session in sessions),
        participants=tuple(_person(person, slots, known, needs.get(person.id, [])) for person in people),
        meetings=tuple(
            solver.Given(str(row.session_id), str(row.slot_id), str(row.room_id) if row.room_id else None, row.language)
            for row in programme.placements(conference)
            if row.session_id in known
        ),
        interpreters=tuple(
            solver.Interpreter(
                person.key,
                frozenset(f"{pair.source}-{pair.target}" for pair in person.interprets),
                min(pair.listeners for pair in person.interprets),
                None,
                min(pair.most_slots_in_a_row for pair in person.interprets),
            )
            for person in people
            if person.interprets
        ),
        quotas=tuple(
            solver.Quota(
                "group",
                str(row.group_id),
                row.minimum,
                row.maximum,
                str(row.session_id) if row.session_id else None,
            )
            for row in db.session.scalars(select(Quota).filter_by(conference_id=conference.id))
        ),
        info=_presumed(conference, people),
    )


def _presumed(conference: Conference, people: Sequence[Participant]) -> dict[str, Any]:
    """Whose language is a guess, so that whoever reads the snapshot can tell what was said from what was taken."""
    silent = [person.key for person in people if conference.understands_by_default(person)]
    return {"presumed_language": {"language": conference.language, "people": silent}} if silent else {}


def _session(session: Session, there: set[int]) -> solver.Session:
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
    )


def _person(person: Participant, slots: list[int], known: set[int], needs: list[NeedKind]) -> solver.Participant:
    absent = {absence.slot_id for absence in person.absences}
    return solver.Participant(
        person.key,
        attributes={"group": str(person.group_id)} if person.group_id else {},
        slots=frozenset(str(id) for id in slots if id not in absent) if absent else None,
        languages=_languages(person),
        needs=frozenset(need.value for need in needs if need in FROM_A_ROOM),
        favourites=tuple(str(p.session_id) for p in person.preferences if p.session_id in known),
        vetoes=frozenset(str(veto.session_id) for veto in person.vetoes if veto.session_id in known),
        attends=person.attends,
    )


def _languages(person: Participant) -> dict[str, solver.Level]:
    if person.conference.understands_by_default(person):
        return {person.conference.language: solver.Level.UNDERSTANDS}
    return {row.language: solver.Level(row.level.value) for row in person.languages}
