"""Rooms for the meetings of an earlier allocation: their own, or where one has lost its room those that cost least.

In such a slot rooms and meetings are matched anew (assignment by min-cost flow, Kuhn, 1955), so that a meeting that
needs few chairs may make room for one that needs many.
"""

from collections.abc import Collection

import numpy as np

from solver.flow.earlier import Earlier, Start
from solver.flow.languages import as_before, as_most_wished
from solver.flow.network import Arcs
from solver.flow.numbers import NOBODY, Numbers
from solver.flow.timetable import Timetable
from solver.problem import Meeting, Room

DECIDED = 10**6
"""What it costs that a meeting that is decided has no room: more than everything else in its slot."""


def is_possible(earlier: Earlier) -> bool:
    """Whether what is decided can be held at all: with who leads it, and each slot has a room for every meeting."""
    problem = earlier.problem
    for slot in problem.slots:
        starts = [start for start in earlier.decided if slot.id in earlier.span(start)]
        without = np.full(len(starts), DECIDED, dtype=np.int64)
        if starts and len(_matched(_costs(earlier, starts, list(problem.rooms), 0), without)[0]) < len(starts):
            return False
    return all(earlier.can_be(each) for each in problem.meetings)


def housed_again(
    earlier: Earlier, person: int, out: Collection[Start] = (), more: tuple[Meeting, ...] = ()
) -> Timetable:
    """The meetings in their rooms, in the languages of before, with the interpreters of before.

    person: what it counts that somebody must leave a meeting, where a meeting that changes its room counts one.
    out: meetings that are left out whatever it costs. A meeting without any room is left out, too.
    more: meetings that are held besides.
    """
    housed: dict[Start, str] = {}
    kept = {start: room for start, room in earlier.meetings.items() if start not in out}
    for slot in earlier.problem.slots:
        here = {start: room for start, room in kept.items() if start[1] == slot.id}
        taken = {
            room for start, room in kept.items() if room and start[1] != slot.id and slot.id in earlier.span(start)
        }
        taken |= {room for start, room in housed.items() if slot.id in earlier.span(start)}
        taken |= {each.room for each in more if slot.id in earlier.span((each.session, each.slot))}
        housed |= _housed(earlier, here, taken, person)
    meetings = tuple(
        Meeting(f"{session}@{slot}", session, slot, housed[session, slot])
        for session, slot in earlier.meetings
        if (session, slot) in housed
    )
    return as_before(as_most_wished(Timetable(earlier.arrays, (*meetings, *more))))


def _housed(earlier: Earlier, here: dict[Start, str | None], taken: Collection[str], person: int) -> dict[Start, str]:
    """Start -> room in one slot; whoever has none is left out, the smallest meetings first."""
    rooms = earlier.problem.room
    settled = {start: room for start, room in here.items() if room and room not in taken}
    if len(set(settled.values())) == len(here) and not any(earlier.lost(s, rooms[r]) for s, r in settled.items()):
        return settled
    stays = {s: r for s, r in settled.items() if s in earlier.fixed or len(earlier.span(s)) > 1}
    starts = [start for start in here if start not in stays]
    left = [room for room in earlier.problem.rooms if room.id not in {*taken, *stays.values()}]
    # What is decided has a room whatever it costs, if there is one.
    without = [DECIDED if start in earlier.decided else person * earlier.people[start] + 1 for start in starts]
    chosen, _ = _matched(_costs(earlier, starts, left, person), np.array(without, dtype=np.int64))
    return stays | {starts[i]: left[j].id for i, j in chosen.items()}


def _costs(earlier: Earlier, starts: list[Start], rooms: list[Room], person: int) -> Numbers:
    """What it costs to hold each meeting in each room, -1 where it cannot be."""
    own = {(each.session, each.slot): each.room for each in earlier.before}
    cost = np.full((len(starts), len(rooms)), NOBODY, dtype=np.int64)
    for i, start in enumerate(starts):
        for j, room in enumerate(rooms):
            if earlier.holds(start, room):
                cost[i, j] = person * earlier.lost(start, room) + (own.get(start) not in {None, room.id})
    return cost


def fewest_changes(earlier: Earlier) -> int:
    """So many changes at least has every allocation: each slot for itself, its meetings in any of its rooms."""
    before = {(each.session, each.slot): earlier.can_be(each) for each in earlier.before}
    found = sum(earlier.people[start] + 1 for start, possible in before.items() if not possible)
    for slot in earlier.problem.slots:
        starts = [s for s, possible in before.items() if possible and s[1] == slot.id and len(earlier.span(s)) == 1]
        without = np.array([earlier.people[start] + 1 for start in starts], dtype=np.int64)
        if starts:
            found += _matched(_costs(earlier, starts, list(earlier.problem.rooms), 1), without)[1]
    return found


def _matched(cost: Numbers, without: Numbers) -> tuple[dict[int, int], int]:
    """Row -> column at least cost, and that cost; -1 forbids, and a row may do without a column, at its price."""
    rows, columns = cost.shape
    arcs = Arcs()
    i, j = np.nonzero(cost >= 0)
    used = arcs.add(i, rows + j, 1, cost[i, j])
    arcs.add(rows + np.arange(columns), np.int64(rows + columns), 1, 0)
    arcs.add(np.arange(rows), np.int64(rows + columns), 1, without)
    flow = arcs.solve(np.array([1] * rows + [0] * columns + [-rows]))
    if flow is None:
        return {}, 0
    taken = flow[used] > 0
    return dict(zip(i[taken].tolist(), j[taken].tolist(), strict=True)), arcs.cost_of(flow)
