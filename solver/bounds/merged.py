"""What no allocation can beat: upper bounds on wishes and lower bounds on unplaced, mix and encounters.

All are relaxations that forget which slot is which: one min-cost flow over the merged slots in which everybody has
as many places as free slots, and each session as many as all its meetings together. The LP relaxation of these
models equals the integer optimum on every instance that was measured, so the bound is close.
"""

import numpy as np

from solver.flow.arrays import Arrays, Flags, Numbers
from solver.flow.network import Arcs
from solver.flow.plan import MergedDay
from solver.flow.timetable import Timetable


def merged(
    arrays: Arrays, timetable: Timetable | None = None, weight: Numbers | None = None, unplaced_cost: int = 10**7
) -> MergedDay | None:
    """The best day if slots did not matter; with a `timetable` the sizes are those of its meetings.

    `weight` (P, whole numbers) multiplies each person's points; None counts everybody once.
    """
    weight = np.ones(len(arrays.people), dtype=np.int64) if weight is None else weight
    problem, people, sessions = arrays.problem, len(arrays.people), len(arrays.column)
    supply = free_slots(arrays, timetable)
    nested = bool(problem.quotas) and problem.quotas[0].attribute == arrays.nest
    groups = len(arrays.values) + 1
    hub, group = people, people + len(arrays.examples)
    door = group + (sessions * groups if nested else 0)
    sink = door + sessions
    may = _may_attend(arrays, timetable)
    arcs = Arcs()
    inside = door + np.arange(sessions)[None, :] + np.zeros((len(arrays.examples), 1), dtype=np.int64)
    if nested:
        inside = group + np.arange(sessions)[None, :] * groups + arrays.class_group[:, None]
    of = arrays.of_class
    person, session = arrays.pair_person, arrays.pair_session
    open_ = may[of[person], session] & (supply[person] > 0)
    pairs = np.flatnonzero(open_)
    listed = arcs.add(
        person[pairs], inside[of[person[pairs]], session[pairs]], 1, -(arrays.pair_points * weight[person])[pairs]
    )
    # Nobody attends a session twice: so many places as there are other sessions, each class once through.
    others = may.sum(axis=1)[of] - np.bincount(person[pairs], minlength=people)
    arcs.add(np.arange(people), hub + of, np.clip(others, 0, supply), -arrays.rest * weight)
    classes, columns = np.nonzero(may)
    arcs.add(hub + classes, inside[classes, columns], np.bincount(of, minlength=len(may))[classes], 0)
    arcs.add(np.arange(people), np.int64(sink), supply, unplaced_cost)
    most, times = _sizes(arrays, timetable)
    least = _least(arrays, timetable, most)
    if nested:
        nodes = group + np.arange(sessions * groups).reshape(sessions, groups)
        arcs.add(nodes, np.repeat((door + np.arange(sessions))[:, None], groups, axis=1), _quotas(arrays, times), 0)
    doors = door + np.arange(sessions)
    must = arcs.add(doors, np.int64(sink), least, -10 * unplaced_cost - 1)
    into = arcs.add(doors, np.int64(sink), most - least, 0)
    flow = arcs.solve(_balance(supply, sink))
    if flow is None:
        return None
    picks = np.zeros(len(person), dtype=bool)
    picks[pairs] = flow[listed] > 0
    degree = flow[must] + flow[into]
    left = int(supply.sum() - degree.sum())
    rest = slice(listed.stop, listed.stop + people)
    day = flow[rest] * arrays.rest
    np.add.at(day, person[pairs], flow[listed] * arrays.pair_points[pairs])
    return MergedDay(int(day.sum()), left if problem.full_day else 0, picks, degree, day)


def _balance(supply: Numbers, sink: int) -> Numbers:
    nodes = np.zeros(sink + 1, dtype=np.int64)
    nodes[: len(supply)] = supply
    nodes[sink] = -supply.sum()
    return nodes


def free_slots(arrays: Arrays, timetable: Timetable | None) -> Numbers:
    """P: in how many slots somebody can attend at most."""
    if timetable is not None:
        return timetable.free.sum(axis=1).astype(np.int64)
    supply = arrays.present.sum(axis=1).astype(np.int64)
    for session in arrays.problem.sessions:
        if not session.may_be_cancelled:
            for id in session.staff:
                supply[arrays.row[id]] -= session.offered * session.duration
    return np.maximum(0, supply)


def _may_attend(arrays: Arrays, timetable: Timetable | None) -> Flags:
    """C x S: whether a class can attend a session in some room, at some time."""
    problem = arrays.problem
    if timetable is not None:
        found = np.zeros((len(arrays.examples), len(arrays.column)), dtype=bool)
        for m, s in enumerate(timetable.session):
            found[:, s] |= timetable.enters[:, m] | (timetable.hears[:, m] != "")
        return found
    may = arrays.admitted & (arrays.understood | arrays.bridged)
    if "everybody_understands" in problem.flexible:
        may = arrays.admitted.copy()
    suitable = {
        features: [r for r in problem.rooms if features <= r.features]
        for features in {session.features for session in problem.sessions}
    }
    for c, person in enumerate(arrays.examples):
        if person.needs:
            may[c] &= np.array(
                [any(person.needs <= room.features for room in suitable[s.features]) for s in problem.sessions]
            )
    return may


def _sizes(arrays: Arrays, timetable: Timetable | None) -> tuple[Numbers, Numbers]:
    """S: places of all meetings of a session together at most, and how many meetings."""
    problem = arrays.problem
    if timetable is not None:
        places = np.bincount(timetable.session, weights=timetable.most, minlength=len(arrays.column)).astype(np.int64)
        return places, np.bincount(timetable.session, minlength=len(arrays.column)).astype(np.int64)
    largest: dict[frozenset[str], int] = {}
    for features in {session.features for session in problem.sessions}:
        rooms = [r.capacity for r in problem.rooms if features <= r.features]
        largest[features] = len(arrays.people) if None in rooms else max((r for r in rooms if r), default=0)
    most: list[int] = []
    for session in problem.sessions:
        limit = largest[session.features] - len(session.staff)
        if session.maximum is not None and "size_at_most" not in problem.flexible:
            limit = min(limit, session.maximum)
        most.append(max(0, limit) * session.offered)
    times = np.array([session.offered for session in problem.sessions], dtype=np.int64)
    return np.array(most, dtype=np.int64), times


def _least(arrays: Arrays, timetable: Timetable | None, most: Numbers) -> Numbers:
    """S: how many people all meetings of a session need together, where they must be held."""
    problem = arrays.problem
    if "size_at_least" in problem.flexible:
        return np.zeros(len(arrays.column), dtype=np.int64)
    if timetable is not None:
        least = np.bincount(timetable.session, weights=timetable.least, minlength=len(arrays.column)).astype(np.int64)
    else:
        least = np.array([0 if s.may_be_cancelled else s.minimum * s.offered for s in problem.sessions], dtype=np.int64)
    return np.minimum(least, most)


def _quotas(arrays: Arrays, times: Numbers) -> Numbers:
    """S x (values + 1): at most so many of a value in all meetings of a session."""
    problem, everybody = arrays.problem, len(arrays.people) * len(arrays.slot)
    most = np.full((len(arrays.column), len(arrays.values) + 1), everybody, dtype=np.int64)
    for quota in problem.quotas:
        if quota.maximum is None or quota.value not in arrays.values or quota.attribute != arrays.nest:
            continue
        if "quotas_hold" not in problem.flexible:
            rows = [arrays.column[quota.session]] if quota.session else list(range(len(arrays.column)))
            column = arrays.values.index(quota.value)
            most[rows, column] = np.minimum(most[rows, column], quota.maximum * times[rows])
    return most
