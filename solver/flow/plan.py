"""What a best day looks like when slots do not matter: which wishes it takes, how full it makes each session.

One min-cost flow over the merged slots of a timetable. A minimum that cannot be met only costs: this plans, it proves
nothing (see solver.bounds.merged for what does).
"""

from dataclasses import dataclass

import numpy as np

from solver.flow.arrays import Arrays, Flags, Numbers
from solver.flow.network import Arcs
from solver.flow.timetable import Timetable


@dataclass(frozen=True)
class MergedDay:
    """`picks` (L) are the listed pairs of a best merged day, `degree` (S) how many people it puts into each session."""

    picks: Flags
    degree: Numbers


def plan(timetable: Timetable) -> MergedDay | None:
    """The merged day that first meets the minima, then places all it can, then has most wishes; None without a flow."""
    arrays = timetable.arrays
    people, sessions = len(arrays.people), len(arrays.column)
    supply = timetable.free.sum(axis=1).astype(np.int64)
    nested = bool(arrays.problem.quotas) and arrays.problem.quotas[0].attribute == arrays.grouping
    groups = len(arrays.values) + 1
    hub, group = people, people + len(arrays.examples)
    door = group + (sessions * groups if nested else 0)
    sink = door + sessions
    may = _may_attend(timetable)
    inside = door + np.arange(sessions)[None, :] + np.zeros((len(arrays.examples), 1), dtype=np.int64)
    if nested:
        inside = group + np.arange(sessions)[None, :] * groups + arrays.class_group[:, None]
    unplaced, minimum = _prices(arrays, sessions * (groups if nested else 1))
    of = arrays.of_class
    person, session = arrays.pair_person, arrays.pair_session
    pairs = np.flatnonzero(may[of[person], session] & (supply[person] > 0))
    arcs = Arcs()
    listed = arcs.add(person[pairs], inside[of[person[pairs]], session[pairs]], 1, -arrays.pair_points[pairs])
    # Nobody attends a session twice: so many places as there are other sessions, each class once through.
    others = may.sum(axis=1)[of] - np.bincount(person[pairs], minlength=people)
    arcs.add(np.arange(people), hub + of, np.clip(others, 0, supply), -arrays.rest)
    classes, columns = np.nonzero(may)
    arcs.add(hub + classes, inside[classes, columns], arrays.class_size[classes], 0)
    arcs.add(np.arange(people), np.int64(sink), supply, unplaced)
    times = np.bincount(timetable.session, minlength=sessions)
    most = np.bincount(timetable.session, weights=timetable.most, minlength=sessions).astype(np.int64)
    least = np.bincount(timetable.session, weights=timetable.least, minlength=sessions).astype(np.int64)
    if nested:
        nodes = group + np.arange(sessions * groups).reshape(sessions, groups)
        to = np.repeat((door + np.arange(sessions))[:, None], groups, axis=1)
        arcs.add(nodes, to, _quotas(arrays, times), 0)
    doors = door + np.arange(sessions)
    must = arcs.add(doors, np.int64(sink), np.minimum(least, most), -minimum)
    into = arcs.add(doors, np.int64(sink), most - np.minimum(least, most), 0)
    balance = np.zeros(sink + 1, dtype=np.int64)
    balance[:people], balance[sink] = supply, -supply.sum()
    flow = arcs.solve(balance)
    if flow is None:
        return None
    picks = np.zeros(len(person), dtype=bool)
    picks[pairs] = flow[listed] > 0
    return MergedDay(picks, flow[must] + flow[into])


def _prices(arrays: Arrays, doors: int) -> tuple[int, int]:
    """Of a place that lacks, and of a minimum missed by one: see solver.flow.weights for why this is in order."""
    chain = min(len(arrays.people), doors + len(arrays.examples) + 1)
    unplaced = chain * max(arrays.problem.rank_points) + 1
    return unplaced, 3 * unplaced


def _may_attend(timetable: Timetable) -> Flags:
    """C x S: whether a class can attend some meeting of a session."""
    arrays = timetable.arrays
    found = np.zeros((len(arrays.examples), len(arrays.column)), dtype=bool)
    for m, s in enumerate(timetable.session):
        found[:, s] |= timetable.may_attend[:, m]
    return found


def _quotas(arrays: Arrays, times: Numbers) -> Numbers:
    """S x (values + 1): at most so many of a value in all meetings of a session."""
    problem, everybody = arrays.problem, len(arrays.people) * len(arrays.slot)
    most = np.full((len(arrays.column), len(arrays.values) + 1), everybody, dtype=np.int64)
    for quota in problem.quotas:
        known = quota.maximum is not None and quota.value in arrays.values and quota.attribute == arrays.grouping
        if known and "quotas_hold" not in problem.flexible:
            rows = [arrays.column[quota.session]] if quota.session else list(range(len(arrays.column)))
            column = arrays.values.index(quota.value)
            most[rows, column] = np.minimum(most[rows, column], (quota.maximum or 0) * times[rows])
    return most
