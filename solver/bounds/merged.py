"""What no allocation can beat when slots are forgotten: one min-cost flow over the merged day.

Everybody has as many places as free slots, each session as many as all its meetings together. What it leaves out only
helps, so its optimum is a bound: which slot is which, rooms beyond the largest, languages beyond what could be spoken,
listeners' places, whatever couples people. Sizes and group quotas of one attribute nest, so the flow is exact for
them (Ahuja, Magnanti, Orlin, Network Flows, 1993, ch. 14); its LP relaxation equals the integer optimum on every
instance that was measured.

A long meeting takes one unit of flow for each of its slots; its points come with the first unit (which only helps).
"""

from dataclasses import dataclass

import numpy as np

from solver.bounds.chairs import largest
from solver.bounds.eligible import closed, eligible
from solver.flow.arrays import Arrays, Numbers
from solver.flow.network import Arcs
from solver.problem import Session


@dataclass(frozen=True)
class MergedFlow:
    """wishes: points of the merged day in all. day: P, those of each person, as counted in the flow."""

    wishes: int
    day: Numbers


class Merged:
    """The network of a problem, for all prices: people, hubs of classes, groups within sessions, sessions, and out.

    arrays: the problem. `supply` P: slots in which somebody attends, works or stays without a place. `idle` P: those of
    them in which she may be busy with something that the flow does not show, so that nothing is missing then.
    """

    def __init__(self, arrays: Arrays):
        self.arrays = arrays
        self.supply, self.idle = free_slots(arrays), maybe_busy(arrays)
        self.long = np.array([session.duration for session in arrays.problem.sessions], dtype=np.int64)
        self.may = eligible(arrays)
        self._nodes()
        self._listed()

    def _nodes(self) -> None:
        arrays, people, sessions = self.arrays, len(self.arrays.people), len(self.arrays.column)
        self.groups = len(arrays.values) + 1
        self.nested = bool(arrays.problem.quotas) and arrays.problem.quotas[0].attribute == arrays.grouping
        self.hub = people
        self.group = self.hub + len(arrays.examples)
        self.door = self.group + (sessions * self.groups if self.nested else 0)
        self.gap = self.door + sessions
        self.sink = self.gap + 1
        columns = np.arange(sessions)[None, :]
        self.inside = self.door + columns + np.zeros((len(arrays.examples), 1), dtype=np.int64)
        if self.nested:
            self.inside = self.group + columns * self.groups + arrays.class_group[:, None]

    def _listed(self) -> None:
        """The listed pairs that can be: their persons, sessions and points."""
        arrays = self.arrays
        of, person, session = arrays.of_class, arrays.pair_person, arrays.pair_session
        open_ = self.may[of[person], session] & (self.supply[person] > 0)
        width = len(arrays.column)
        never = np.array([row * width + column for row, column in closed(arrays)], dtype=np.int64)
        open_ &= ~np.isin(person * width + session, never)
        self.person, self.session, self.points = person[open_], session[open_], arrays.pair_points[open_]

    def fewest_unplaced(self) -> int | None:
        """No allocation has fewer (person, slot) pairs without a place; None where sizes cannot be met at all."""
        if not self.arrays.problem.full_day:
            return 0
        arcs = Arcs()
        self._people(arcs, np.zeros(len(self.arrays.people), dtype=np.int64))
        gaps = arcs.add(np.arange(len(self.supply)), np.int64(self.gap), self.supply, 1)
        flow = self._solved(arcs, int(self.supply.sum()))
        return None if flow is None else int(flow[gaps].sum())

    def most_wishes(self, weight: Numbers | None = None, unplaced: int | None = None) -> MergedFlow | None:
        """The merged day of most points, each person's multiplied by her `weight` (P, whole numbers; None: once).

        At most `unplaced` (person, slot) pairs go without a place; None: any number. None where no flow exists.
        """
        weight = np.ones(len(self.supply), dtype=np.int64) if weight is None else weight
        arcs = Arcs()
        listed, hubs = self._people(arcs, weight)
        arcs.add(np.arange(len(self.supply)), np.int64(self.gap), self.supply, 0)
        everybody = int(self.supply.sum())
        free = unplaced is None or not self.arrays.problem.full_day
        flow = self._solved(arcs, everybody if free else min(everybody, unplaced or 0))
        if flow is None:
            return None
        day = flow[hubs] * self.arrays.rest
        np.add.at(day, self.person, flow[listed] * self.points)
        return MergedFlow(int(day.sum()), day)

    def _people(self, arcs: Arcs, weight: Numbers) -> tuple[slice, slice]:
        """From people into sessions: the listed pairs' first units, the hubs of all other places, other duties."""
        arrays, people = self.arrays, len(self.supply)
        of = arrays.of_class
        into = self.inside[of[self.person], self.session]
        listed = arcs.add(self.person, into, 1, -(self.points * weight[self.person]))
        more = self.long[self.session] > 1
        arcs.add(self.person[more], into[more], self.long[self.session[more]] - 1, 0)
        # Nobody attends a session twice: so many places as there are other sessions, each class once through.
        taken = np.bincount(self.person, weights=self.long[self.session], minlength=people).astype(np.int64)
        others = (self.may @ self.long)[of] - taken
        hubs = arcs.add(np.arange(people), self.hub + of, np.clip(others, 0, self.supply), -arrays.rest * weight)
        classes, columns = np.nonzero(self.may)
        size = np.bincount(of, minlength=len(self.may))
        arcs.add(self.hub + classes, self.inside[classes, columns], size[classes] * self.long[columns], 0)
        arcs.add(np.arange(people), np.int64(self.sink), self.idle, 0)
        return listed, hubs

    def _solved(self, arcs: Arcs, gaps: int) -> Numbers | None:
        """With sizes and quotas, whose minima must be met, and at most so many gaps."""
        sessions = len(self.arrays.column)
        most, least = sizes(self.arrays)
        doors = self.door + np.arange(sessions)
        if self.nested:
            nodes = self.group + np.arange(sessions * self.groups).reshape(sessions, self.groups)
            to = np.repeat(doors[:, None], self.groups, axis=1)
            arcs.add(nodes, to, quotas(self.arrays), 0)
        arcs.add(doors, np.int64(self.sink), most - least, 0)
        arcs.add(np.int64(self.gap), np.int64(self.sink), gaps, 0)
        balance = np.zeros(self.sink + 1, dtype=np.int64)
        balance[: len(self.supply)] = self.supply
        balance[doors] = -least
        balance[self.sink] = -self.supply.sum() + least.sum()
        return arcs.solve(balance)


def free_slots(arrays: Arrays) -> Numbers:
    """P: in how many slots somebody attends, works or lacks a place: all but her duties in sessions that must run."""
    supply = arrays.present.sum(axis=1).astype(np.int64)
    for session in arrays.problem.sessions:
        if not session.may_be_cancelled:
            for id in set(session.staff):
                supply[arrays.row[id]] -= session.offered * session.duration
    return np.maximum(0, supply)


def maybe_busy(arrays: Arrays) -> Numbers:
    """P: in how many of these somebody may interpret, or lead a session that may be cancelled."""
    found = np.zeros(len(arrays.people), dtype=np.int64)
    for session in arrays.problem.sessions:
        if session.may_be_cancelled:
            for id in set(session.staff):
                found[arrays.row[id]] += session.offered * session.duration
    for interpreter in arrays.problem.interpreters:
        slots = [s.id for s in arrays.problem.slots if interpreter.slots is None or s.id in interpreter.slots]
        found[arrays.row[interpreter.participant]] += len(slots)
    return np.minimum(found, free_slots(arrays))


def sizes(arrays: Arrays) -> tuple[Numbers, Numbers]:
    """S each: units of all meetings of a session together at most, and at least where it must run."""
    problem = arrays.problem
    most = np.array([largest(problem, session) * _units(session) for session in problem.sessions], dtype=np.int64)
    least = np.zeros(len(most), dtype=np.int64)
    if "size_at_least" not in problem.flexible:
        least += [0 if s.may_be_cancelled else s.minimum * _units(s) for s in problem.sessions]
    return most, np.minimum(least, most)


def _units(session: Session) -> int:
    return session.offered * session.duration


def quotas(arrays: Arrays) -> Numbers:
    """S x (values + 1): at most so many units of a value in all meetings of a session."""
    problem, everybody = arrays.problem, len(arrays.people) * len(arrays.slot)
    most = np.full((len(arrays.column), len(arrays.values) + 1), everybody, dtype=np.int64)
    for quota in problem.quotas:
        known = quota.maximum is not None and quota.value in arrays.values and quota.attribute == arrays.grouping
        if not known or "quotas_hold" in problem.flexible:
            continue
        rows = [arrays.column[quota.session]] if quota.session else list(range(len(arrays.column)))
        times = np.array([_units(problem.sessions[row]) for row in rows], dtype=np.int64)
        column = arrays.values.index(quota.value)
        most[rows, column] = np.minimum(most[rows, column], (quota.maximum or 0) * times)
    return most
