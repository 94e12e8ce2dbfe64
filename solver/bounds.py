"""What no allocation can beat: upper bounds on wishes and lower bounds on unplaced, mix and encounters.

All are relaxations that forget which slot is which: one min-cost flow over the merged slots in which everybody has
as many places as free slots, and each session as many as all its meetings together. The LP relaxation of these
models equals the integer optimum on every instance that was measured, so the bound is close.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solver import measure
from solver.arrays import Arrays, Flags, Numbers
from solver.flows import Arcs, Floor
from solver.problem import Problem


@dataclass(frozen=True)
class Merged:
    """`wishes` at most, `unplaced` at least; `picks` (L) are the listed pairs of a best merged day."""

    wishes: int
    unplaced: int
    picks: Flags
    degree: Numbers  # S: how many people a best merged day puts into each session
    day: Numbers  # P: points of each person's merged day


def merged(
    arrays: Arrays, floor: Floor | None = None, weight: Numbers | None = None, unplaced_cost: int = 10**7
) -> Merged | None:
    """The best day if slots did not matter; with a `floor` the sizes are those of its meetings.

    `weight` (P, whole numbers) multiplies each person's points; None counts everybody once.
    """
    weight = np.ones(len(arrays.people), dtype=np.int64) if weight is None else weight
    problem, people, sessions = arrays.problem, len(arrays.people), len(arrays.column)
    supply = _free_slots(arrays, floor)
    nested = bool(problem.quotas) and problem.quotas[0].attribute == arrays.nest
    groups = len(arrays.values) + 1
    hub, group = people, people + len(arrays.examples)
    door = group + (sessions * groups if nested else 0)
    sink = door + sessions
    may = _may_attend(arrays, floor)
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
    most, times = _sizes(arrays, floor)
    least = _least(arrays, floor, most)
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
    return Merged(int(day.sum()), left if problem.full_day else 0, picks, degree, day)


@dataclass
class Duals:
    """Prices that make the worst-off goal a matter of each person alone (Lagrangian relaxation, Geoffrion, 1974).

    A person's shortfall is a falling step function of her day's points d; a line c - b d below it for a price b
    turns it into weights on her points. Any prices give a valid bound; subgradient steps make it close.
    """

    arrays: Arrays
    floor: Floor | None
    full: bool  # everybody is placed: nobody's day is worth less than its least places

    def __post_init__(self) -> None:
        """`days` P x D: the points that somebody's day can be worth at all, rising; `costs` her shortfall then."""
        arrays, table = self.arrays, self.arrays.problem.rank_points
        supply = _free_slots(arrays, self.floor)
        busy = {id for s in arrays.problem.sessions for id in s.staff}
        busy |= {interpreter.participant for interpreter in arrays.problem.interpreters}
        short = all(session.duration == 1 for session in arrays.problem.sessions)
        known: dict[tuple[int, int, bool], list[int]] = {}
        rows: list[list[int]] = []
        for at, person in enumerate(arrays.people):
            # Whoever works in some slots, or sits in one meeting for two, may attend less than she is there.
            key = (len(person.favourites), int(supply[at]), self.full and short and person.id not in busy)
            if key not in known:
                known[key] = possible_days(table, *key)
            rows.append(known[key])
        width = max(map(len, rows), default=1)
        self.days = np.array([row + [row[-1]] * (width - len(row)) for row in rows], dtype=np.int64)
        cost = np.zeros(self.days.shape, dtype=np.int64)
        for step, price in enumerate(arrays.step_cost):
            cost += (self.days < arrays.need[:, step : step + 1]) * price
        self.costs = np.where(arrays.counted[:, None], cost, 0)

    def _step(self, price: NDArray[np.float64], off: Numbers, step: int) -> NDArray[np.float64]:
        """Dearer where the merged day falls short of the day that the line touches, cheaper where it exceeds it."""
        pace = 0.3 / (1 + step / 4)
        found: NDArray[np.float64] = np.where(
            self.arrays.counted, np.maximum(0.0, price * (1 + pace * np.sign(off)) + 0.002 * pace * (off > 0)), 0.0
        )
        return found

    def slope(self, day: Numbers) -> NDArray[np.float64]:
        """P: how steep the shortfall falls from a person's day on: what a point more is worth to her at most."""
        rows = np.arange(len(day))
        now = (day[:, None] < self.arrays.need) @ self.arrays.step_cost
        further = np.maximum(1, self.days - day[:, None])
        gain = np.where(self.days > day[:, None], (now[:, None] - self.costs) / further, 0.0)
        found: NDArray[np.float64] = np.where(self.arrays.counted, gain[rows, gain.argmax(axis=1)], 0.0)
        return found

    def line(self, price: NDArray[np.float64]) -> tuple[NDArray[np.float64], Numbers, Numbers]:
        """P each: the height c of the line, and the day and shortfall at which it touches."""
        value = self.costs + price[:, None] * self.days
        touch = value.argmin(axis=1)
        rows = np.arange(len(value))
        return value[rows, touch], self.days[rows, touch], self.costs[rows, touch]

    def worst_off(self, known: Numbers, ended: Callable[[], bool], rounds: int = 40) -> tuple[float, Merged | None]:
        """A bound that no allocation's worst-off value falls below, and the merged day at its prices."""
        scale, best, plan = 4096, 0.0, None
        price = self.slope(known)
        for step in range(rounds):
            weight = np.round(price * scale).astype(np.int64)
            found = merged(self.arrays, self.floor, weight, 10**9)
            if found is None:
                return best, plan
            height, day, _short = self.line(weight / scale)
            value = float(height.sum() - (weight * found.day).sum() / scale)
            if value > best or plan is None:
                best, plan = max(best, value), found
            if ended():
                break
            price = self._step(price, day - found.day, step)
        return best, plan

    def wishes(
        self, limit: float, known: Numbers, much: float, ended: Callable[[], bool], rounds: int = 40
    ) -> tuple[float, Merged | None]:
        """A bound on wishes among all allocations whose worst-off value is at most `limit`; and its merged day."""
        scale, best, plan = 64, float("inf"), None
        price = self.slope(known)
        for step in range(rounds):
            extra = np.round(price * much * scale).astype(np.int64)
            found = merged(self.arrays, self.floor, extra + scale, 10**9)
            if found is None:
                return best, plan
            height, day, short = self.line(extra / (scale * much))
            value = ((extra + scale) * found.day).sum() / scale + much * (limit - height.sum())
            if value < best:
                best, plan = float(value), found
            if ended():
                break
            pace = 1 / (1 + step / 6)
            price = self._step(price, day - found.day, step)
            much = max(0.1, much * (1 + 0.2 * pace * np.sign(short.sum() - limit)))
        return best, plan


def possible_days(table: tuple[int, ...], listed: int, slots: int, full: bool) -> list[int]:
    """What a day of so many slots can be worth to somebody with so long a list: some of it, the rest unlisted.

    With `full` every slot is filled; without, some may be empty.
    """
    points = [table[min(rank, len(table) - 1)] for rank in range(listed)]
    rest = table[min(listed, len(table) - 1)] if listed else 0
    sums: list[set[int]] = [{0}] + [set() for _ in range(slots)]
    for value in points:
        for taken in range(slots, 0, -1):
            sums[taken] |= {day + value for day in sums[taken - 1]}
    fewest = [slots] if full else list(range(slots + 1))
    days = {day + (many - taken) * rest for many in fewest for taken in range(many + 1) for day in sums[taken]}
    return sorted(days)


def _balance(supply: Numbers, sink: int) -> Numbers:
    nodes = np.zeros(sink + 1, dtype=np.int64)
    nodes[: len(supply)] = supply
    nodes[sink] = -supply.sum()
    return nodes


def _free_slots(arrays: Arrays, floor: Floor | None) -> Numbers:
    """P: in how many slots somebody can attend at most."""
    if floor is not None:
        return floor.free.sum(axis=1).astype(np.int64)
    supply = arrays.present.sum(axis=1).astype(np.int64)
    for session in arrays.problem.sessions:
        if not session.may_be_cancelled:
            for id in session.staff:
                supply[arrays.row[id]] -= session.offered * session.duration
    return np.maximum(0, supply)


def _may_attend(arrays: Arrays, floor: Floor | None) -> Flags:
    """C x S: whether a class can attend a session in some room, at some time."""
    problem = arrays.problem
    if floor is not None:
        found = np.zeros((len(arrays.examples), len(arrays.column)), dtype=bool)
        for m, s in enumerate(floor.session):
            found[:, s] |= floor.enters[:, m] | (floor.hears[:, m] != "")
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


def _sizes(arrays: Arrays, floor: Floor | None) -> tuple[Numbers, Numbers]:
    """S: places of all meetings of a session together at most, and how many meetings."""
    problem = arrays.problem
    if floor is not None:
        places = np.bincount(floor.session, weights=floor.most, minlength=len(arrays.column)).astype(np.int64)
        return places, np.bincount(floor.session, minlength=len(arrays.column)).astype(np.int64)
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


def _least(arrays: Arrays, floor: Floor | None, most: Numbers) -> Numbers:
    """S: how many people all meetings of a session need together, where they must be held."""
    problem = arrays.problem
    if "size_at_least" in problem.flexible:
        return np.zeros(len(arrays.column), dtype=np.int64)
    if floor is not None:
        least = np.bincount(floor.session, weights=floor.least, minlength=len(arrays.column)).astype(np.int64)
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


def mix(problem: Problem, placed: int) -> float:
    """The rounding that no meeting of its size escapes: n seats cannot be shared out in fractions of a person.

    The least deviation at each size, its lower convex hull, taken at the average size: a bound by Jensen's inequality.
    """
    total, meetings = 0.0, sum(session.offered for session in problem.sessions)
    largest = max([1, *(_largest(problem, session.id) for session in problem.sessions)])
    least = min((0 if s.may_be_cancelled else s.minimum for s in problem.sessions), default=0)
    for attribute in problem.balance:
        whole_ = measure.shares(problem, attribute)
        if not whole_ or any(attribute not in p.attributes for p in problem.participants if p.attends):
            continue
        shares = np.array(sorted(whole_.values()), dtype=float) / sum(whole_.values())
        sizes = np.arange(min(least, largest), largest + 1)
        deviation = np.array([_least_deviation(shares * n, int(n)) for n in sizes])
        total += meetings * _hull_at(sizes, deviation, placed / max(1, meetings))
    return max(0.0, total - 1e-9)


def _largest(problem: Problem, session: str) -> int:
    limit = problem.session[session].maximum
    return min(len(problem.participants), 200) if limit is None else min(limit, 200)


def _least_deviation(target: np.ndarray, size: int) -> float:
    """Round the targets to whole people that add up to the size: largest remainders are closest."""
    down = np.floor(target + 1e-9)
    part = np.sort(target - down)[::-1]
    up = round(size - down.sum())
    return float((1 - part[:up]).sum() + part[up:].sum())


def _hull_at(x: np.ndarray, y: np.ndarray, at: float) -> float:
    """The lower convex hull of the points, at this place; the nearest end beyond them."""
    hull: list[int] = []
    for i in range(len(x)):
        while len(hull) > 1:
            a, b = hull[-2], hull[-1]
            if (y[b] - y[a]) * (x[i] - x[a]) < (y[i] - y[a]) * (x[b] - x[a]):
                break
            hull.pop()
        hull.append(i)
    if not x[0] <= at <= x[-1]:
        return 0.0
    return float(np.interp(at, x[hull], y[hull]))


def encounters(problem: Problem, placed: int) -> int:
    """More pairs in the meetings than there are pairs of people: the rest must meet again.

    Meetings of equal size have the fewest pairs (convexity).
    """
    people = sum(p.attends for p in problem.participants)
    meetings = max(1, sum(session.offered for session in problem.sessions))
    size = placed / meetings
    return max(0, math.floor(meetings * size * (size - 1) / 2) - people * (people - 1) // 2)
