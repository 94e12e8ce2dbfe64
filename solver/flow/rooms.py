"""Which meeting of a slot gets which room: as many chairs and features as the people who want it need.

People are first seated as if every meeting had the best room (a relaxation); an assignment of meetings to kinds of
rooms by min-cost flow then loses as few of them as possible (Kuhn, 1955; rooms alike are one kind with a count).
"""

from collections import defaultdict
from copy import copy
from dataclasses import replace

import numpy as np

from solver.flow.arrays import Arrays, Numbers
from solver.flow.network import Arcs
from solver.flow.slot import SlotProblem
from solver.flow.timetable import Timetable
from solver.problem import Room

Kind = tuple[int | None, frozenset[str]]


LOST = 100


def with_better_rooms(timetable: Timetable, work: SlotProblem) -> Timetable | None:
    """The timetable with the rooms of one slot dealt anew for the people who would come; None where nothing changes."""
    movable = [int(m) for m in timetable.here[work.t] if _movable(timetable, int(m))]
    if len(movable) < 2:
        return None
    relaxed = _relaxed(timetable, movable)
    column = replace(work, timetable=relaxed).assign()
    if column is None:
        return None
    rooms = _deal(timetable, movable, column, work.t)
    if rooms is None or all(timetable.meetings[m].room == room for m, room in rooms.items()):
        return None
    meetings = [replace(m, room=rooms.get(at, m.room)) for at, m in enumerate(timetable.meetings)]
    return Timetable(timetable.arrays, meetings, timetable.voices, timetable.banned, timetable.pulled)


def _movable(timetable: Timetable, m: int) -> bool:
    meeting = timetable.meetings[m]
    return len(timetable.spans[m]) == 1 and (meeting.session, meeting.slot) not in timetable.arrays.room_given


def _relaxed(timetable: Timetable, movable: list[int]) -> Timetable:
    """The same timetable as if each movable meeting had all features and the most chairs."""
    arrays, problem = timetable.arrays, timetable.arrays.problem
    rooms = {timetable.meetings[m].room for m in movable}
    best = max((problem.room[id].capacity or 10**6 for id in rooms), default=0)
    features = frozenset().union(*(problem.room[id].features for id in rooms))
    can = np.array([person.needs <= features for person in arrays.examples])
    found = copy(timetable)
    found.enters, found.most = timetable.enters.copy(), timetable.most.copy()
    sessions = timetable.session[movable]
    found.enters[:, movable] = arrays.admitted[:, sessions] & timetable.follows[:, movable] & can[:, None]
    for m in movable:
        session = problem.session[timetable.meetings[m].session]
        most = len(arrays.people) if session.maximum is None else session.maximum
        found.most[m] = max(0, min(most, best - len(session.staff)))
    return found


def _deal(timetable: Timetable, movable: list[int], column: Numbers, t: int) -> dict[int, str] | None:
    problem, arrays = timetable.arrays.problem, timetable.arrays
    kinds: dict[Kind, list[str]] = defaultdict(list)
    for room in _free_rooms(timetable, movable, t):
        kinds[room.capacity, room.features].append(room.id)
    names = sorted(kinds, key=lambda kind: (-(kind[0] or 10**6), sorted(kind[1])))
    cost = np.zeros((len(movable), len(names)), dtype=np.int64)
    for i, m in enumerate(movable):
        inside = np.flatnonzero(column == m)
        needs = [arrays.people[p].needs for p in inside if arrays.people[p].needs]
        session = problem.session[timetable.meetings[m].session]
        required = session.features.union(*(problem.participant[id].needs for id in session.staff))
        chairs = len(inside) + len(session.staff) + sum(v.meeting == timetable.meetings[m].id for v in timetable.voices)
        own = problem.room[timetable.meetings[m].room]
        for j, (capacity, features) in enumerate(names):
            if not required <= features or (
                capacity is not None and capacity < timetable.least[m] + len(session.staff)
            ):
                cost[i, j] = -1
                continue
            lost = sum(not need <= features for need in needs) * 2
            lost += 0 if capacity is None else max(0, chairs - capacity)
            cost[i, j] = (
                lost * LOST + (0 if (own.capacity, own.features) == (capacity, features) else 1) + len(features)
            )
    chosen = _match(cost, [len(kinds[name]) for name in names])
    if chosen is None:
        return None
    return _named(timetable, movable, chosen, names, kinds)


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
    timetable: Timetable, movable: list[int], chosen: Numbers, names: list[Kind], kinds: dict[Kind, list[str]]
) -> dict[int, str]:
    """Rooms by name; who keeps the kind keeps the room."""
    problem = timetable.arrays.problem
    left = {kind: list(ids) for kind, ids in kinds.items()}
    found: dict[int, str] = {}
    for m, j in zip(movable, chosen, strict=True):
        own = problem.room[timetable.meetings[m].room]
        if (own.capacity, own.features) == names[j]:
            found[m] = own.id
            left[names[j]].remove(own.id)
    for m, j in zip(movable, chosen, strict=True):
        if m not in found:
            found[m] = left[names[j]].pop(0)
    return found


def _free_rooms(timetable: Timetable, movable: list[int], t: int) -> list[Room]:
    problem = timetable.arrays.problem
    mine = set(movable)
    taken = {m.room for at, m in enumerate(timetable.meetings) if t in timetable.spans[at] and at not in mine}
    slot = problem.slots[t].id
    return [r for r in problem.rooms if r.id not in taken and (r.slots is None or slot in r.slots)]


def matters(arrays: Arrays) -> bool:
    """Whether rooms differ in anything that somebody could need."""
    kinds = {(room.capacity, room.features) for room in arrays.problem.rooms}
    return len(kinds) > 1 and len(arrays.room_given) < sum(s.offered for s in arrays.problem.sessions)
