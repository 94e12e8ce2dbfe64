"""From an earlier allocation to one for a changed day, with the fewest moves, and the list of moves with reasons.

Minimal perturbation (El Sakkout and Wallace, Constraints 5, 2000): what was decided stays given where it can, and the
goal *stability* comes before all wishes. Meetings keep slot and room unless a change touches them; if no answer exists
like that, everything may move and stability alone holds it together.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from solver.problem import (
    Given,
    Interpreting,
    Lock,
    Meeting,
    Participant,
    Place,
    Preset,
    Previous,
    Problem,
    Role,
    Session,
    Settings,
    Solution,
)
from solver.search.routes import solve


@dataclass(frozen=True)
class Absent:
    """Somebody stays away, from some slots or from all (None); an interpreter or facilitator as well."""

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


@dataclass(frozen=True)
class Move:
    """Who goes where else and why; `participant` None means that a whole meeting changes its room or slot.

    Reasons: absent, walk_in, instead, room_lost, merged, locked, cancelled, made_room (others needed the place).
    """

    reason: str
    slot: str
    participant: str | None = None
    before: str | None = None
    after: str | None = None
    session: str | None = None


@dataclass(frozen=True)
class Repair:
    problem: Problem
    solution: Solution
    moves: tuple[Move, ...]


def repair(problem: Problem, earlier: Solution, changes: Sequence[Change], settings: Settings | None = None) -> Repair:
    """The changed problem, its solution and the moves; raises ProblemError where a change names nobody known."""
    settings = replace(settings or Settings(time_limit=10), preset=Preset.REPAIR)
    changed = apply(problem, earlier, changes)
    found = solve(changed, settings)
    if not found.status.has_answer:
        found = solve(replace(changed, meetings=problem.meetings), settings)
    return Repair(changed, found, moves(changed, earlier, found, changes))


def apply(problem: Problem, earlier: Solution, changes: Sequence[Change]) -> Problem:
    """The problem after the changes, close to the earlier allocation: its meetings given, its places remembered."""
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
    given = tuple(Given(m.session, m.slot, m.room, m.language) for m in earlier.meetings)
    changed = replace(problem, meetings=given, previous=Previous(given, places, working))
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
        Given(each.session, each.slot)
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


def moves(problem: Problem, earlier: Solution, later: Solution, changes: Sequence[Change]) -> tuple[Move, ...]:
    """Everything that differs, meetings first; each with the change that caused it, or *made_room*."""
    if not later.status.has_answer:
        return ()
    found = [*_meetings_moved(earlier, later, changes)]
    before, after = _where(earlier), _where(later)
    direct = _direct(changes)
    gone = {(m.session, m.slot) for m in earlier.meetings} - {(m.session, m.slot) for m in later.meetings}
    for key in sorted(before.keys() | after.keys()):
        participant, slot = key
        if before.get(key) == after.get(key):
            continue
        reason = direct.get((participant, slot)) or direct.get((participant, None))
        if reason is None and (before.get(key), slot) in gone:
            merged = {(c.session, c.slot) for c in changes if isinstance(c, Merged)}
            reason = "merged" if (before.get(key), slot) in merged else "cancelled"
        found.append(Move(reason or "made_room", slot, participant, before.get(key), after.get(key)))
    return tuple(found)


def _where(solution: Solution) -> dict[tuple[str, str], str]:
    session = {meeting.id: meeting.session for meeting in solution.meetings}
    return {(seat.participant, seat.slot): session[seat.meeting] for seat in solution.seats}


def _meetings_moved(earlier: Solution, later: Solution, changes: Sequence[Change]) -> list[Move]:
    old = {(m.session, m.slot): m for m in earlier.meetings}
    new = {(m.session, m.slot): m for m in later.meetings}
    lost = {change.room for change in changes if isinstance(change, RoomLost)}
    merged = {(change.session, change.slot) for change in changes if isinstance(change, Merged)}
    found = []
    for key in sorted(old.keys() | new.keys()):
        one: Meeting | None = old.get(key)
        two: Meeting | None = new.get(key)
        if one and two and one.room == two.room:
            continue
        reason = "room_lost" if one and one.room in lost else "merged" if key in merged else "made_room"
        found.append(Move(reason, key[1], None, one.room if one else None, two.room if two else None, key[0]))
    return found


def _direct(changes: Sequence[Change]) -> dict[tuple[str, str | None], str]:
    """Whom a change names, in a slot or (None) in all."""
    found: dict[tuple[str, str | None], str] = {}
    for change in changes:
        if isinstance(change, Absent):
            for slot in change.slots or (None,):
                found[change.participant, slot] = "absent"
        elif isinstance(change, WalkIn):
            found[change.participant.id, None] = "walk_in"
        elif isinstance(change, Instead):
            found[change.old, None] = found[change.new, None] = "instead"
        elif isinstance(change, Locked):
            found[change.lock.participant, change.lock.slot] = "locked"
    return found
