"""What changes on the day, and the problem that it leads to: people, rooms, leaders, interpreters, meetings."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from solver.problem import (
    Given,
    Interpreting,
    Lock,
    Participant,
    Place,
    Previous,
    Problem,
    Role,
    Session,
    Solution,
)


@dataclass(frozen=True)
class Absent:
    """Somebody stays away, from some slots or from all (None).

    Who interprets or leads as well: her channels are then somebody else's, or the listeners sit elsewhere; a session
    whose only leader is away cannot be held in these slots.
    """

    participant: str
    slots: frozenset[str] | None = None


@dataclass(frozen=True)
class WalkIn:
    participant: Participant


@dataclass(frozen=True)
class Instead:
    """`new` leads or takes notes in a session instead of `old`."""

    session: str
    old: str
    new: str


@dataclass(frozen=True)
class RoomLost:
    room: str
    slots: frozenset[str] | None = None


@dataclass(frozen=True)
class Merged:
    """The meeting of `session` in a slot joins that of `into`, which takes the people of both."""

    session: str
    into: str
    slot: str


@dataclass(frozen=True)
class Locked:
    lock: Lock


Change = Absent | WalkIn | Instead | RoomLost | Merged | Locked


def apply(problem: Problem, earlier: Solution, changes: Sequence[Change]) -> Problem:
    """The problem after the changes, close to the earlier allocation: its meetings given, its places remembered.

    Given are slot, room and working language; what a two-language session speaks follows from who comes. Raises
    ProblemError where a change names nobody known.
    """
    slot = {meeting.id: meeting.slot for meeting in earlier.meetings}
    session = {meeting.id: meeting.session for meeting in earlier.meetings}
    places = tuple(
        Place(seat.participant, session[seat.meeting], seat.slot)
        for seat in earlier.seats
        if seat.role is Role.ATTENDEE and seat.slot == slot[seat.meeting]
    )
    working = tuple(
        Interpreting(seat.participant, session[seat.meeting], seat.slot, seat.listens_in or "")
        for seat in earlier.seats
        if seat.role is Role.INTERPRETER and seat.slot == slot[seat.meeting]
    )
    held = tuple(Given(m.session, m.slot, m.room, m.language) for m in earlier.meetings)
    given = tuple(replace(m, language=None) if problem.session[m.session].two_language else m for m in held)
    changed = replace(problem, meetings=given, previous=Previous(held, places, working))
    for change in changes:
        changed = _CHANGES[type(change)](changed, change)  # type: ignore[operator]
    return changed


def _absent(problem: Problem, change: Absent) -> Problem:
    everything = frozenset(slot.id for slot in problem.slots)

    def away(slots: frozenset[str] | None) -> frozenset[str]:
        return (everything if slots is None else slots) - (everything if change.slots is None else change.slots)

    people = tuple(
        replace(person, slots=away(person.slots)) if person.id == change.participant else person
        for person in problem.participants
    )
    return replace(problem, participants=people)


def _walk_in(problem: Problem, change: WalkIn) -> Problem:
    return replace(problem, participants=(*problem.participants, change.participant))


def _instead(problem: Problem, change: Instead) -> Problem:
    def swapped(ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(change.new if id == change.old else id for id in ids)

    return _sessions(
        problem,
        {change.session},
        lambda s: replace(s, facilitators=swapped(s.facilitators), note_takers=swapped(s.note_takers)),
    )


def _room_lost(problem: Problem, change: RoomLost) -> Problem:
    everything = frozenset(slot.id for slot in problem.slots)
    gone = everything if change.slots is None else change.slots
    rooms = tuple(
        replace(room, slots=(everything if room.slots is None else room.slots) - gone)
        if room.id == change.room
        else room
        for room in problem.rooms
    )
    given = tuple(
        replace(each, room=None)
        if each.room == change.room and set(problem.span(each.session, each.slot) or ()) & gone
        else each
        for each in problem.meetings
    )
    return replace(problem, rooms=rooms, meetings=given)


def _merged(problem: Problem, change: Merged) -> Problem:
    given = tuple(g for g in problem.meetings if (g.session, g.slot) != (change.session, change.slot))
    assert problem.previous is not None  # noqa: S101 - set by apply
    moved = tuple(
        replace(place, session=change.into) if (place.session, place.slot) == (change.session, change.slot) else place
        for place in problem.previous.places
    )
    size = sum((p.session, p.slot) == (change.into, change.slot) for p in moved)
    meetings = tuple(g for g in problem.previous.meetings if (g.session, g.slot) != (change.session, change.slot))
    smaller = _sessions(
        replace(problem, meetings=given, previous=replace(problem.previous, meetings=meetings, places=moved)),
        {change.session},
        lambda s: (
            replace(s, offered=s.offered - 1) if s.offered > 1 else replace(s, may_be_cancelled=True, slots=frozenset())
        ),
    )
    return _sessions(
        smaller, {change.into}, lambda s: replace(s, maximum=None if s.maximum is None else max(s.maximum, size))
    )


def _locked(problem: Problem, change: Locked) -> Problem:
    return replace(problem, locks=(*problem.locks, change.lock))


def _sessions(problem: Problem, ids: set[str], changed: Callable[[Session], Session]) -> Problem:
    return replace(
        problem,
        sessions=tuple(changed(session) if session.id in ids else session for session in problem.sessions),
    )


_CHANGES = {
    Absent: _absent,
    WalkIn: _walk_in,
    Instead: _instead,
    RoomLost: _room_lost,
    Merged: _merged,
    Locked: _locked,
}
