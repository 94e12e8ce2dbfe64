"""Everything that differs between two allocations of a day, each with the change that caused it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from solver.problem import Meeting, Role, Seat, Solution
from solver.questions.day_changes import Absent, Change, Instead, Locked, Merged, RoomLost, WalkIn


@dataclass(frozen=True)
class Move:
    """Who goes where else and why; `participant` None means that a whole meeting changes.

    `before` and `after` are sessions; of a whole meeting its rooms, or with the reason *language* its working
    languages, and `session` is whose. `role` and `channel` say how she is there afterwards: a channel is what she
    interprets into, or listens to. Reasons: absent, walk_in, instead, room_lost, merged, locked, cancelled, language,
    interpreter_lost (nobody interprets for her any more), interprets (she takes over a channel), not_needed (nobody
    listens to her any more), made_room (others needed the place).
    """

    reason: str
    slot: str
    participant: str | None = None
    before: str | None = None
    after: str | None = None
    session: str | None = None
    role: Role = Role.ATTENDEE
    channel: str | None = None


Place = tuple[str, str]
"""A participant and a slot, or a session and a slot."""


def moves(earlier: Solution, later: Solution, changes: Sequence[Change]) -> tuple[Move, ...]:
    """Meetings first, then people; nothing where the later allocation is none."""
    if not later.status.has_answer:
        return ()
    return (*_meetings(earlier, later, changes), *_people(earlier, later, changes))


def _meetings(earlier: Solution, later: Solution, changes: Sequence[Change]) -> Iterator[Move]:
    old = {(m.session, m.slot): m for m in earlier.meetings}
    new = {(m.session, m.slot): m for m in later.meetings}
    lost = {change.room for change in changes if isinstance(change, RoomLost)}
    merged = {(change.session, change.slot) for change in changes if isinstance(change, Merged)}
    for key in sorted(old.keys() | new.keys()):
        one: Meeting | None = old.get(key)
        two: Meeting | None = new.get(key)
        if one and two and one.language != two.language:
            yield Move("language", key[1], None, one.language, two.language, key[0])
        if one and two and one.room == two.room:
            continue
        reason = "room_lost" if one and one.room in lost else "merged" if key in merged else "made_room"
        yield Move(reason, key[1], None, one.room if one else None, two.room if two else None, key[0])


def _people(earlier: Solution, later: Solution, changes: Sequence[Change]) -> Iterator[Move]:
    before, after = _where(earlier), _where(later)
    why = _Reasons(earlier, later, changes)
    for key in sorted(before.keys() | after.keys()):
        one, two = before.get(key), after.get(key)
        if one is None or two is None or _how(one) != _how(two):
            participant, slot = key
            seat = two[1] if two else None
            role, channel = (seat.role, seat.listens_in) if seat else (Role.ATTENDEE, None)
            sessions = (one[0] if one else None, two[0] if two else None)
            yield Move(why.of(key, one, two), slot, participant, *sessions, role=role, channel=channel)


def _where(solution: Solution) -> dict[Place, tuple[str, Seat]]:
    session = {meeting.id: meeting.session for meeting in solution.meetings}
    return {(seat.participant, seat.slot): (session[seat.meeting], seat) for seat in solution.seats}


def _how(place: tuple[str, Seat]) -> tuple[str, Role, str | None]:
    session, seat = place
    return session, seat.role, seat.listens_in


class _Reasons:
    """Why somebody moves: what a change says of her, else of her meeting, else of those who interpret there."""

    def __init__(self, earlier: Solution, later: Solution, changes: Sequence[Change]):
        self.direct = _direct(changes)
        self.merged = {(c.session, c.slot) for c in changes if isinstance(c, Merged)}
        self.gone = {(m.session, m.slot) for m in earlier.meetings} - {(m.session, m.slot) for m in later.meetings}
        self.silent = {
            (seat.meeting, seat.listens_in)
            for seat in earlier.seats
            if seat.role is Role.INTERPRETER and self._named(seat.participant, seat.slot)
        }

    def _named(self, participant: str, slot: str) -> str | None:
        return self.direct.get((participant, slot)) or self.direct.get((participant, None))

    def of(self, key: Place, one: tuple[str, Seat] | None, two: tuple[str, Seat] | None) -> str:
        participant, slot = key
        named = self._named(participant, slot)
        if named:
            return named
        if one and (one[0], slot) in self.gone:
            return "merged" if (one[0], slot) in self.merged else "cancelled"
        if two and two[1].role is Role.INTERPRETER:
            return "interprets"
        if one and one[1].role is Role.INTERPRETER:
            return "not_needed"
        if one and one[1].listens_in and (one[1].meeting, one[1].listens_in) in self.silent:
            return "interpreter_lost"
        return "made_room"


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
