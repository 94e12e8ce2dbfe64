"""Who might attend what, at best: in some room, some slot, some language, with some interpreter there."""

import numpy as np

from solver.flow.arrays import Arrays, Flags
from solver.problem import Participant, Session
from solver.problem.eligibility import channels, may_listen, understands, working_languages


def eligible(arrays: Arrays) -> Flags:
    """C x S: whether people of a class can attend a session at all, taken alone.

    Optimistic, so that what is built on it stays a bound: the meeting may be held in any language that its session
    allows, every interpreter works there, and the room has all that she needs.
    """
    problem = arrays.problem
    may = arrays.admitted.copy()
    if "everybody_understands" not in problem.flexible:
        may &= _understood(arrays)
    rooms = {
        features: [room for room in problem.rooms if features <= room.features]
        for features in {session.features for session in problem.sessions}
    }
    for c, person in enumerate(arrays.examples):
        if person.needs:
            may[c] &= np.array(
                [any(person.needs <= room.features for room in rooms[s.features]) for s in problem.sessions], dtype=bool
            )
    return may


def closed(arrays: Arrays) -> set[tuple[int, int]]:
    """(row, column) of pairs that can never be: her own sessions, locks that forbid, and vetoes that nobody may buy."""
    problem = arrays.problem
    found = {(arrays.row[id], arrays.column[session.id]) for session in problem.sessions for id in session.staff}
    found |= {
        (arrays.row[lock.participant], arrays.column[lock.session])
        for lock in problem.locks
        if lock.never and lock.slot is None
    }
    if "vetoes_respected" not in problem.flexible:
        found |= {(at, arrays.column[session]) for at, person in enumerate(arrays.people) for session in person.vetoes}
    return found


def _understood(arrays: Arrays) -> Flags:
    """Sessions alike in their languages, and people alike in theirs, are judged once."""
    pairs = frozenset(pair for interpreter in arrays.problem.interpreters for pair in interpreter.pairs)
    alike: dict[object, list[int]] = {}
    for at, session in enumerate(arrays.problem.sessions):
        alike.setdefault((session.languages, session.two_language), []).append(at)
    found = np.zeros((len(arrays.examples), len(arrays.problem.sessions)), dtype=bool)
    for columns in alike.values():
        session, known = arrays.problem.sessions[columns[0]], dict[frozenset[str], bool]()
        for c, person in enumerate(arrays.examples):
            if person.understood not in known:
                known[person.understood] = bool(ways(person, session, pairs))
            found[c, columns] = known[person.understood]
    return found


def ways(person: Participant, session: Session, pairs: frozenset[str]) -> tuple[str | None, ...]:
    """The working languages in which she can follow a meeting of it at best, with whoever has one of these `pairs`."""
    return tuple(
        working
        for working in working_languages(session)
        if understands(person, session, working)
        or any(may_listen(person, session, working, channel) for channel in channels(pairs, session, working))
    )
