"""The network of a large slot: wishes one by one, unlisted places through one hub per class of equal people."""

import numpy as np

from solver.flow.exact import shut
from solver.flow.frame import Frame, add_frame
from solver.flow.hand_out import hand_out
from solver.flow.network import Arcs
from solver.flow.numbers import NOBODY, Flags, Numbers, among
from solver.flow.prices import cost_of, drawn, pull_of
from solver.flow.slot import SlotProblem

ATTEMPTS = 5
"""So often a slot is solved again without hubs for those whom the hand-out left without a place."""


def doors_through_hubs(frame: Frame) -> Numbers | None:
    """n: the door that each person to be seated takes, -1 for none; None if there is no flow.

    A hub's flow is exact but for people who cannot take what it leaves them (they were there before): those are
    priced one by one in the next attempt.
    """
    alone, found, question = drawn(frame.question), None, frame.question
    for _ in range(ATTEMPTS):
        solved = _solved(frame, alone)
        if solved is None:
            return None
        found, failed = solved
        if not len(failed):
            break
        alone = alone.copy()
        alone[question.rows[failed]] = True
    return found


def _solved(frame: Frame, alone: Flags) -> tuple[Numbers, Numbers] | None:
    """Doors (n) and the people (their places in `rows`) for whom the hub's places were of no use."""
    question, arrays = frame.question, frame.question.arrays
    arcs = Arcs()
    person, door, points, planned = _listed(frame)
    cost = cost_of(question, person, points) - pull_of(question, person, frame.meeting[door])
    cost = cost - planned * question.weights.planned
    wishes = arcs.add(question.local[person], frame.entry[arrays.of_class[person], door], 1, cost)
    through = question.rows[~alone[question.rows]]
    of_class = arrays.of_class[through]
    hubs = arcs.add(question.local[through], frame.hub + of_class, 1, cost_of(question, through, arrays.rest[through]))
    classes, out = np.nonzero(frame.entry >= 0)
    rest = arcs.add(frame.hub + classes, frame.entry[classes, out], len(question.rows), 0)
    single, single_door = _singles(frame, np.flatnonzero(alone))
    cost = cost_of(question, single, arrays.rest[single]) - pull_of(question, single, frame.meeting[single_door])
    singles = arcs.add(question.local[single], frame.entry[arrays.of_class[single], single_door], 1, cost)
    add_frame(arcs, frame)
    flow = arcs.solve(frame.supply())
    if flow is None:
        return None
    found = np.full(len(question.rows), NOBODY)
    for people, doors, used in ((person, door, flow[wishes] > 0), (single, single_door, flow[singles] > 0)):
        found[question.local[people[used]]] = doors[used]
    waiting = through[flow[hubs] > 0]
    return found, hand_out(frame, waiting, classes, out, flow[rest], found)


def _listed(frame: Frame) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    """Person, door, points of each listed wish that can come true here; 1 where a plan over all slots chose it."""
    question, arrays = frame.question, frame.question.arrays
    person, session = arrays.pair_person, arrays.pair_session
    j = question.place[session]
    fine = (question.local[person] >= 0) & (j >= 0)
    fine[fine] = ~among(question.closed, person[fine], session[fine])
    fine[fine] = ~(question.visited[person[fine]] == session[fine][:, None]).any(axis=1)
    pairs = np.flatnonzero(fine)
    pairs, doors = _by_door(frame, pairs, j[pairs], arrays.of_class[person[pairs]])
    planned = np.zeros(len(pairs), dtype=np.int64) if question.bonus is None else question.bonus[pairs].astype(np.int64)
    return person[pairs], doors, arrays.pair_points[pairs], planned


def _by_door(frame: Frame, pairs: Numbers, j: Numbers, of_class: Numbers) -> tuple[Numbers, Numbers]:
    """Each pair once for every door of its meeting that is open to its class."""
    kept, doors = [pairs[(fine := frame.entry[of_class, j] >= 0)]], [j[fine]]
    for d in range(frame.k, len(frame.meeting)):
        fine = (j == frame.meeting[d]) & (frame.entry[of_class, d] >= 0)
        kept.append(pairs[fine])
        doors.append(np.full(int(fine.sum()), d))
    return np.concatenate(kept), np.concatenate(doors)


def _singles(frame: Frame, people: Numbers) -> tuple[Numbers, Numbers]:
    """Person and door of every place for those who go without a hub, listed or not."""
    question: SlotProblem = frame.question
    fine = (frame.entry[question.arrays.of_class[people]] >= 0) & ~shut(question, people)[:, frame.meeting]
    i, d = np.nonzero(fine)
    return people[i], d
