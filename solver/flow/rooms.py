"""Which meeting of a slot gets which room: as many chairs and features as the people who want it need.

People are first seated as if every meeting had the best room (a relaxation); an assignment of meetings to kinds of
rooms by min-cost flow then loses as few of them as possible (Kuhn, 1955; rooms alike are one kind with a count).
"""

from collections import defaultdict
from dataclasses import dataclass, replace

import numpy as np

from solver.flow.arrays import Arrays
from solver.flow.network import Arcs
from solver.flow.numbers import Numbers
from solver.flow.seating import seat
from solver.flow.slot import SlotProblem
from solver.flow.timetable import Timetable
from solver.problem import Room

Kind = tuple[int | None, frozenset[str]]
"""Rooms alike: chairs (None is unbounded, 0 is none) and features."""

LOST = 100
"""What somebody without a chair costs against a meeting that changes its room, or features that nobody needs."""


def size(chairs: int | None) -> float:
    """Chairs as a number that compares: None is unbounded, 0 is 0."""
    return float("inf") if chairs is None else chairs


def matters(arrays: Arrays) -> bool:
    """Whether rooms differ in anything that somebody could need, and any meeting may choose."""
    problem = arrays.problem
    kinds = {(room.capacity, room.features) for room in problem.rooms}
    given = {(given.session, given.slot) for given in problem.meetings if given.room}
    return len(kinds) > 1 and len(given) < sum(session.offered for session in problem.sessions)


def with_better_rooms(question: SlotProblem) -> Timetable | None:
    """The timetable with the rooms of one slot dealt for the people who would come; None where nothing changes."""
    timetable = question.timetable
    given = {(given.session, given.slot) for given in timetable.arrays.problem.meetings if given.room}
    movable = [
        int(m)
        for m in question.meetings
        if m not in timetable.long and (timetable.meetings[m].session, timetable.meetings[m].slot) not in given
    ]
    if len(movable) < 2:
        return None
    seated = seat(replace(question, timetable=_relaxed(timetable, movable)))
    if seated is None:
        return None
    rooms = _dealt(timetable, movable, seated.at, question.t)
    if rooms is None or all(timetable.meetings[m].room == room for m, room in rooms.items()):
        return None
    meetings = (replace(each, room=rooms.get(m, each.room)) for m, each in enumerate(timetable.meetings))
    return replace(timetable, meetings=tuple(meetings))


def _relaxed(timetable: Timetable, movable: list[int]) -> Timetable:
    """The same timetable as if each movable meeting had all features and the most chairs."""
    rooms = [timetable.room_of(m) for m in movable]
    most = max((room.capacity for room in rooms), key=size)
    best = Room("", most, frozenset().union(*(room.features for room in rooms)))
    return replace(timetable, as_if=dict.fromkeys(movable, best))


@dataclass(frozen=True)
class Wants:
    """What a meeting asks of its room: so many chairs for all who come, those for its minimum, features."""

    chairs: int
    least: int
    features: frozenset[str]
    needs: list[frozenset[str]]  # of those who come


def _wants(timetable: Timetable, m: int, column: Numbers) -> Wants:
    problem, meeting = timetable.arrays.problem, timetable.meetings[m]
    session = problem.session[meeting.session]
    duties = [*session.staff, *(each.participant for each in timetable.interpreters if each.meeting == meeting.id)]
    inside = [timetable.arrays.people[p].needs for p in np.flatnonzero(column == m)]
    return Wants(
        len(inside) + len(duties),
        int(timetable.least[m]) + len(duties),
        session.features.union(*(problem.participant[id].needs for id in duties)),
        [needs for needs in inside if needs],
    )


def _dealt(timetable: Timetable, movable: list[int], column: Numbers, t: int) -> dict[int, str] | None:
    """Meeting -> room, by the kinds of rooms that are free; None if there is no such assignment."""
    kinds: dict[Kind, list[str]] = defaultdict(list)
    for room in _free_rooms(timetable, movable, t):
        kinds[room.capacity, room.features].append(room.id)
    names = sorted(kinds, key=lambda kind: (-size(kind[0]), sorted(kind[1])))
    cost = np.zeros((len(movable), len(names)), dtype=np.int64)
    for i, m in enumerate(movable):
        wants, own = _wants(timetable, m, column), timetable.room_of(m)
        for j, (chairs, features) in enumerate(names):
            if not wants.features <= features or size(chairs) < wants.least:
                cost[i, j] = -1
                continue
            lost = 2 * sum(not need <= features for need in wants.needs)
            lost += 0 if chairs is None else max(0, wants.chairs - chairs)
            cost[i, j] = lost * LOST + ((own.capacity, own.features) != (chairs, features)) + len(features)
    chosen = _match(cost, [len(kinds[name]) for name in names])
    return None if chosen is None else _named(timetable, movable, [names[j] for j in chosen], kinds)


def _match(cost: Numbers, counts: list[int]) -> Numbers | None:
    """The cheapest kind for each row, -1 in `cost` forbids; None if there are too few."""
    rows, columns = cost.shape
    arcs = Arcs()
    i, j = np.nonzero(cost >= 0)
    used = arcs.add(i, rows + j, 1, cost[i, j])
    arcs.add(rows + np.arange(columns), np.int64(rows + columns), np.array(counts), 0)
    supply = np.array([1] * rows + [0] * columns + [-rows])
    flow = arcs.solve(supply)
    if flow is None:
        return None
    found = np.zeros(rows, dtype=np.int64)
    taken = flow[used] > 0
    found[i[taken]] = j[taken]
    return found


def _named(
    timetable: Timetable, movable: list[int], chosen: list[Kind], kinds: dict[Kind, list[str]]
) -> dict[int, str]:
    """Rooms by name; who keeps the kind keeps the room."""
    left = {kind: list(ids) for kind, ids in kinds.items()}
    found: dict[int, str] = {}
    for m, kind in zip(movable, chosen, strict=True):
        own = timetable.room_of(m)
        if (own.capacity, own.features) == kind:
            found[m] = own.id
            left[kind].remove(own.id)
    for m, kind in zip(movable, chosen, strict=True):
        if m not in found:
            found[m] = left[kind].pop(0)
    return found


def _free_rooms(timetable: Timetable, movable: list[int], t: int) -> list[Room]:
    problem, mine = timetable.arrays.problem, set(movable)
    taken = {each.room for m, each in enumerate(timetable.meetings) if t in timetable.spans[m] and m not in mine}
    slot = problem.slots[t].id
    return [r for r in problem.rooms if r.id not in taken and (r.slots is None or slot in r.slots)]
