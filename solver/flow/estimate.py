"""How well a slot would seat people, by one small flow over kinds of people: a judge of languages and interpreters."""

from dataclasses import dataclass

import numpy as np

from solver.flow.doors import open_to
from solver.flow.network import Arcs
from solver.flow.numbers import Flags, Numbers
from solver.flow.timetable import Timetable

UNPLACED = 1_000
"""Points that a place is worth beside a wish; what a meeting lacks to its minimum counts ten times."""
EARLIER = 300
"""Points that somebody's earlier place is worth where an allocation is to be kept."""


@dataclass(frozen=True, eq=False)
class Kinds:
    """Q kinds of people: classes that understand the same, and may enter the same meetings of a slot if they do.

    of_class: C. wishing, points: Q x k, how many would choose a meeting here, and what it gives each on average.
    demand: C x k, what each meeting here would give to those of a class who want it, together.
    """

    of_class: Numbers
    wishing: Numbers
    points: Numbers
    demand: Numbers


@dataclass(frozen=True, eq=False)
class Estimate:
    """cost: what `seated` minimises. left: C, people of each class without a place, shared out within their kind."""

    cost: int
    left: Numbers


def kinds_of(timetable: Timetable, t: int) -> Kinds:
    """The kinds of people for slot t; they do not depend on languages and interpreters."""
    arrays, here = timetable.arrays, timetable.here[t]
    may = open_to(timetable)[:, here]
    number: dict[object, int] = {}
    of_class = np.array(
        [number.setdefault((p.understood, may[c].tobytes()), len(number)) for c, p in enumerate(arrays.examples)],
        dtype=np.int64,
    )
    wanting, demand = _wanted(timetable, t)
    wishing, points = (np.zeros((len(number), len(here)), dtype=np.int64) for _ in range(2))
    np.add.at(wishing, of_class, wanting)
    np.add.at(points, of_class, demand)
    return Kinds(of_class, wishing, points // np.maximum(1, wishing), demand)


def _wanted(timetable: Timetable, t: int) -> tuple[Numbers, Numbers]:
    """C x k: how many of a class want each meeting here, and their points together.

    Who wishes for a session divides over its meetings. Where an earlier allocation is to be kept, who attended a
    meeting wants it most of all.
    """
    arrays, sessions = timetable.arrays, timetable.session[timetable.here[t]]
    held = np.bincount(timetable.session, minlength=len(arrays.column))[sessions]
    wanting, demand = -(-arrays.wanting[:, sessions] // held), -(-arrays.demand[:, sessions] // held)
    if arrays.problem.previous:
        earlier = arrays.earlier[:, t]
        was = np.zeros((len(arrays.examples), len(arrays.column) + 1), dtype=np.int64)
        np.add.at(was, (arrays.of_class, earlier), 1)
        wanting, demand = wanting + was[:, sessions], demand + EARLIER * was[:, sessions]
    return wanting, demand


def estimate(timetable: Timetable, t: int, kinds: Kinds) -> Estimate:
    """The cost of slot t if people of a kind were all alike, and if each wished for one of the meetings here only."""
    arrays, here = timetable.arrays, timetable.here[t]
    q, k = kinds.wishing.shape
    number = np.zeros(q, dtype=np.int64)
    there = np.bincount(arrays.of_class[timetable.free[:, t]], minlength=len(arrays.examples))
    np.add.at(number, kinds.of_class, there)
    first = np.zeros(q, dtype=np.int64)
    first[kinds.of_class] = np.arange(len(kinds.of_class))
    heard = timetable.listening
    place = np.full(len(timetable.meetings), -1)
    place[here] = np.arange(k)
    channels = np.flatnonzero(place[heard.meeting] >= 0)
    listen, sink = q + k, q + k + len(channels)
    arcs = Arcs()
    for may, node, j in (
        (timetable.enters[first][:, here], q + np.arange(k), np.arange(k)),
        (heard.may[first][:, channels], listen + np.arange(len(channels)), place[heard.meeting[channels]]),
    ):
        _ways(arcs, may, node, j, kinds)
    arcs.add(listen + np.arange(len(channels)), q + place[heard.meeting[channels]], heard.places[channels], 0)
    least, most = timetable.least[here], timetable.most[here]
    arcs.add(q + np.arange(k), np.int64(sink), least, -10 * UNPLACED)
    arcs.add(q + np.arange(k), np.int64(sink), most - least, 0)
    out = arcs.add(np.arange(q), np.int64(sink), number, UNPLACED)
    supply = np.zeros(sink + 1, dtype=np.int64)
    supply[:q], supply[sink] = number, -number.sum()
    flow = arcs.solve(supply)
    if flow is None:
        return Estimate(int(number.sum()) * 20 * UNPLACED, there)
    left = flow[out][kinds.of_class] * there // np.maximum(1, number[kinds.of_class])
    return Estimate(arcs.cost_of(flow) + 10 * UNPLACED * int(least.sum()), left)


def _ways(arcs: Arcs, may: Flags, node: Numbers, j: Numbers, kinds: Kinds) -> None:
    """kind -> door: as many as wish at their points, all others at none."""
    i, d = np.nonzero(may)
    arcs.add(i, node[d], kinds.wishing[i, j[d]], -kinds.points[i, j[d]])
    arcs.add(i, node[d], 2**30, 0)
