"""People into the meetings of one slot, at least cost: an exact min-cost flow, with places alike not told apart.

person -> (meeting, value of one attribute) -> meeting -> sink nest, so sizes, quotas of one attribute and convex
costs (mix, even sizes) stay a flow and its optimum is integral (Ahuja, Magnanti, Orlin, Network Flows, 1993, ch. 14).
A minimum that cannot be met only costs: the flow is never infeasible, it tells what is missing. Places that nobody
listed are not modelled person by person but through one hub per class, and handed out afterwards.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from solver.flow.arrays import NOBODY, Flags, Numbers
from solver.flow.network import Arcs
from solver.flow.timetable import Timetable, points_of
from solver.flow.weights import PERCENT, Weights

INDIVIDUAL = 20_000
"""Up to so many (person, meeting) pairs each is an arc of its own; beyond, unlisted places are aggregated."""


@dataclass
class SlotProblem:
    """One slot of a timetable, everybody else's places given: `at` is P x T with meeting numbers, -1 for nobody."""

    timetable: Timetable
    t: int
    at: Numbers
    weights: Weights
    sizes: Numbers  # what mix and even sizes take as each meeting's size
    wanted_least: Numbers | None = None  # M: soft lower bounds beyond the minima
    bonus: Flags | None = None  # L: listed pairs that a plan over all slots chose

    def assign(self) -> Numbers | None:
        """P numbers of meetings for slot t; people who sit in a long meeting stay there. None if no flow was found."""
        timetable, arrays = self.timetable, self.timetable.arrays
        self.meetings = timetable.here[self.t]
        long = np.zeros(len(arrays.people), dtype=bool)
        for m in np.flatnonzero([len(span) > 1 for span in timetable.spans]):
            long |= self.at[:, self.t] == m
        self.rows = np.flatnonzero(timetable.free[:, self.t] & ~long)
        self.taken = np.bincount(self.at[long, self.t], minlength=len(timetable.meetings))
        found = self.at[:, self.t].copy()
        found[self.rows] = NOBODY
        if not len(self.rows) or not len(self.meetings):
            return found
        single = len(self.rows) * len(self.meetings) <= INDIVIDUAL
        placed = self._one_by_one() if single else self._through_hubs(self._special())
        if placed is None:
            return None
        found[self.rows] = placed
        return found

    def _nodes(self) -> None:
        arrays = self.timetable.arrays
        self.n, self.k = len(self.rows), len(self.meetings)
        self.g = len(arrays.values) + 1
        self.nested = self.timetable.bounded or self.weights.mix > 0
        self.hub = self.n
        self.group = self.hub + len(arrays.examples)
        self.door = self.group + (self.k * self.g if self.nested else 0)
        self.listen = self.door + self.k
        self.spots = self._spots()
        self.sink = self.listen + len(self.spots)

    def _spots(self) -> dict[tuple[int, str, int], int]:
        """Listeners' nodes by (meeting here, language, group): the places are shared out by demand."""
        keys: dict[tuple[int, str, int], int] = {}
        for j, m in enumerate(self.meetings):
            for language in sorted({key[1] for key in self.timetable.places if key[0] == m}):
                for group in range(self.g if self.nested else 1):
                    keys[j, language, group] = len(keys)
        return keys

    def _entry(self) -> Numbers:
        """C x k: the node through which a class enters a meeting here, -1 where it may not."""
        arrays, timetable = self.timetable.arrays, self.timetable
        columns = np.arange(self.k)
        inside = self.door + columns[None, :] + np.zeros((len(arrays.examples), 1), dtype=np.int64)
        if self.nested:
            inside = self.group + columns[None, :] * self.g + arrays.class_group[:, None]
        entry = np.where(timetable.enters[:, self.meetings], inside, NOBODY)
        for c, j in zip(*np.nonzero(timetable.hears[:, self.meetings] != ""), strict=True):
            group = int(arrays.class_group[c]) if self.nested else 0
            entry[c, j] = self.listen + self.spots[j, timetable.hears[c, self.meetings[j]], group]
        return entry

    def _frame(self, arcs: Arcs) -> None:
        """What every flow has: listeners' places, quotas and mix by group, sizes, and the way of the unplaced."""
        timetable, weights = self.timetable, self.weights
        doors = self.door + np.arange(self.k)
        self._listeners(arcs)
        if self.nested:
            self._groups(arcs, doors)
        most = np.maximum(0, timetable.most[self.meetings] - self.taken[self.meetings])
        least = np.minimum(timetable.least[self.meetings], most)
        arcs.add(doors, np.int64(self.sink), least, -weights.minimum)
        rest = most - least
        if self.wanted_least is not None:
            more = np.clip(self.wanted_least[self.meetings] - least, 0, rest)
            arcs.add(doors, np.int64(self.sink), more, -weights.points * 200)
            rest = rest - more
        if weights.even:
            middle = np.clip(int(self.n // max(1, self.k)) - (most - rest), 0, rest)
            arcs.add(doors, np.int64(self.sink), middle, -weights.even)
            rest = rest - middle
            for step in range(1, 4):
                some = np.minimum(rest, 2)
                arcs.add(doors, np.int64(self.sink), some, weights.even * step)
                rest = rest - some
        arcs.add(doors, np.int64(self.sink), rest, weights.even * 4)
        arcs.add(
            np.arange(self.n), np.int64(self.sink), 1, weights.unplaced if timetable.arrays.problem.full_day else 0
        )

    def _listeners(self, arcs: Arcs) -> None:
        timetable = self.timetable
        for (j, language), places in {
            (j, language): timetable.places[int(self.meetings[j]), language] for j, language, _ in self.spots
        }.items():
            keys = [key for key in self.spots if key[:2] == (j, language)]
            demand = [1e-9 + self._demand(int(self.meetings[j]), language, key[2]) for key in keys]
            shares = _shared_out(places, demand)
            for key, share in zip(keys, shares, strict=True):
                node = self.listen + self.spots[key]
                to = self.group + j * self.g + key[2] if self.nested else self.door + j
                arcs.add(np.int64(node), np.int64(to), share, 0)

    def _demand(self, m: int, language: str, group: int) -> float:
        arrays = self.timetable.arrays
        classes = self.timetable.hears[:, m] == language
        if self.nested:
            classes = classes & (arrays.class_group == group)
        wanting = arrays.wanting[classes, self.timetable.session[m]].sum()
        return float(wanting) + 0.1 * float(arrays.class_size[classes].sum())

    def _groups(self, arcs: Arcs, doors: Numbers) -> None:
        timetable, weights, share = self.timetable, self.weights, self.timetable.arrays.share
        nodes = self.group + np.arange(self.k * self.g).reshape(self.k, self.g)
        to = np.repeat(doors[:, None], self.g, axis=1)
        least, most = timetable.quota_least[self.meetings], timetable.quota_most[self.meetings]
        target = share[None, :] * self.sizes[self.meetings][:, None]
        if not weights.mix:
            arcs.add(nodes, to, least, -weights.minimum)
            arcs.add(nodes, to, most - least, 0)
            return
        whole = np.floor(target).astype(np.int64)
        part = np.round((1 - 2 * (target - whole)) * PERCENT).astype(np.int64) * weights.mix
        left = most.copy()
        bound = least.copy()
        for cap, cost in (
            (np.minimum(whole, left), np.int64(-PERCENT * weights.mix) + np.zeros_like(part)),
            (np.ones_like(left), part),
            (left, np.int64(PERCENT * weights.mix) + np.zeros_like(part)),
        ):
            here = np.minimum(cap, left)
            must = np.minimum(bound, here)
            arcs.add(nodes, to, must, cost - weights.minimum)
            arcs.add(nodes, to, here - must, cost)
            left, bound = left - here, bound - must

    def _cost(self, rows: Numbers, points: Numbers) -> Numbers:
        """What it costs to give these people so many points here, beside what they have in other slots."""
        arrays, weights = self.timetable.arrays, self.weights
        cost = -weights.points * points * PERCENT if weights.mix else -weights.points * points
        if weights.worst:
            day = self._elsewhere()[rows] + points
            short = ((day[:, None] < arrays.need[rows]) * arrays.step_cost).sum(axis=1)
            cost = cost + weights.worst * short
        return cost

    def _elsewhere(self) -> Numbers:
        if not hasattr(self, "_sum"):
            others = np.delete(self.at, self.t, axis=1)
            self._sum = points_of(self.timetable, others).sum(axis=1)
        return self._sum

    def _visited(self) -> Numbers:
        """P x (T-1): the sessions that people attend in the other slots, -1 for none."""
        others = np.delete(self.at, self.t, axis=1)
        return np.where(others >= 0, self.timetable.session[others], NOBODY)

    def _one_by_one(self) -> Numbers | None:
        """Each (person, meeting) an arc of its own: exact."""
        self._nodes()
        arrays, timetable = self.timetable.arrays, self.timetable
        place = np.full(len(arrays.column), NOBODY)
        place[timetable.session[self.meetings]] = np.arange(self.k)
        entry = self._entry()[arrays.of_class[self.rows]]
        local = np.full(len(arrays.people), NOBODY)
        local[self.rows] = np.arange(self.n)
        points = np.repeat(arrays.rest[self.rows][:, None], self.k, axis=1)
        i, j = local[arrays.pair_person], place[arrays.pair_session]
        listed = (i >= 0) & (j >= 0)
        points[i[listed], j[listed]] = arrays.pair_points[listed]
        for column in self._visited()[self.rows].T:
            j = np.where(column >= 0, place[column], NOBODY)
            entry[np.flatnonzero(j >= 0), j[j >= 0]] = NOBODY
        for person, session in arrays.barred:
            if local[person] >= 0 and place[session] >= 0:
                entry[local[person], place[session]] = NOBODY
        for person, meeting in timetable.banned:
            j = np.flatnonzero(self.meetings == timetable.index.get(meeting, NOBODY))
            if local[person] >= 0:
                entry[local[person], j] = NOBODY
        i, j = np.nonzero(entry >= 0)
        cost = self._cost(self.rows[i], points[i, j]) - self._pull(self.rows[i], j, local)
        arcs = Arcs()
        arcs.add(i, entry[i, j], 1, cost)
        self._frame(arcs)
        flow = arcs.solve(self._supply())
        if flow is None:
            return None
        placed = np.full(self.n, NOBODY)
        used = flow[: len(i)] > 0
        placed[i[used]] = self.meetings[j[used]]
        return placed

    def _pull(self, people: Numbers, j: Numbers, local: Numbers) -> Numbers:
        """What draws these people to these meetings here: locks, company, where they were before."""
        worth: dict[tuple[int, int], int] = {}
        for person, session, weight in self._pulls():
            for spot in np.flatnonzero(self.timetable.session[self.meetings] == session):
                key = (person, int(spot))
                worth[key] = worth.get(key, 0) + weight
        if not worth:
            return np.zeros(len(people), dtype=np.int64)
        codes = np.array([p * 2**32 + spot for p, spot in worth], dtype=np.int64)
        values = np.array(list(worth.values()), dtype=np.int64)[np.argsort(codes)]
        codes = np.sort(codes)
        wanted = people * 2**32 + j
        at = np.minimum(np.searchsorted(codes, wanted), len(codes) - 1)
        found: Numbers = np.where(codes[at] == wanted, values[at], 0)
        return found

    def _pulls(self) -> Iterator[tuple[int, int, int]]:
        """(person, session, weight) for this slot."""
        problem, arrays = self.timetable.arrays.problem, self.timetable.arrays
        slot, weights = problem.slots[self.t].id, self.weights
        for lock in problem.locks:
            if lock.slot in (None, slot):
                weight = -4 * weights.minimum if lock.never else weights.minimum
                yield arrays.row[lock.participant], arrays.column[lock.session], weight
        for person, meeting in self.timetable.pulled:
            m = self.timetable.index.get(meeting)
            if m is not None and self.timetable.slot[m] == self.t:
                yield person, int(self.timetable.session[m]), 2 * weights.minimum
        for place in problem.previous.places if problem.previous else ():
            if place.slot == slot and place.participant in arrays.row:
                yield arrays.row[place.participant], arrays.column[place.session], weights.kept

    def _supply(self) -> Numbers:
        supply = np.zeros(self.sink + 1, dtype=np.int64)
        supply[: self.n] = 1
        supply[self.sink] = -self.n
        return supply

    def _special(self) -> Flags:
        """P: people whose places are priced one by one, since something pulls them somewhere."""
        problem, arrays = self.timetable.arrays.problem, self.timetable.arrays
        alone = np.zeros(len(arrays.people), dtype=bool)
        pulled = {arrays.row[lock.participant] for lock in problem.locks} | {row for row, _ in self.timetable.pulled}
        if problem.previous:
            pulled |= {
                arrays.row[place.participant]
                for place in problem.previous.places
                if place.participant in arrays.row
                and place.session not in arrays.people[arrays.row[place.participant]].rank
            }
        alone[sorted(pulled)] = True
        return alone & self.timetable.free[:, self.t]

    def _through_hubs(self, alone: Flags, attempt: int = 0) -> Numbers | None:
        """Listed places one by one, all others through one hub per class; `alone` (P) go without a hub."""
        self._nodes()
        arrays, timetable = self.timetable.arrays, self.timetable
        place = np.full(len(arrays.column), NOBODY)
        place[timetable.session[self.meetings]] = np.arange(self.k)
        local = np.full(len(arrays.people), NOBODY)
        local[self.rows] = np.arange(self.n)
        entry, visited = self._entry(), self._visited()
        arcs = Arcs()
        person, j = arrays.pair_person, place[arrays.pair_session]
        open_ = (local[person] >= 0) & (j >= 0) & (entry[arrays.of_class[person], j] >= 0)
        open_ &= ~(visited[person] == arrays.pair_session[:, None]).any(axis=1)
        open_ &= ~_in(arrays.barred, person, arrays.pair_session)
        for row, meeting in timetable.banned:
            open_ &= ~(
                (person == row) & (place[arrays.pair_session] == place[timetable.session[timetable.index[meeting]]])
            )
        pairs = np.flatnonzero(open_)
        cost = self._cost(person[pairs], arrays.pair_points[pairs]) - self._pull(person[pairs], j[pairs], local)
        if self.bonus is not None:
            cost = cost - self.bonus[pairs] * self.weights.points * 400
        listed = arcs.add(local[person[pairs]], entry[arrays.of_class[person[pairs]], j[pairs]], 1, cost)
        through = self.rows[~alone[self.rows]]
        rest = self._cost(through, arrays.rest[through])
        hub = arcs.add(local[through], self.hub + arrays.of_class[through], 1, rest)
        classes, meetings = np.nonzero(entry >= 0)
        out = arcs.add(self.hub + classes, entry[classes, meetings], self.n, 0)
        singles = self._singles(np.flatnonzero(alone), place, visited, entry)
        cost = self._cost(singles[0], arrays.rest[singles[0]]) - self._pull(singles[0], singles[1], local)
        one = arcs.add(local[singles[0]], entry[arrays.of_class[singles[0]], singles[1]], 1, cost)
        self._frame(arcs)
        flow = arcs.solve(self._supply())
        if flow is None:
            return None
        placed = np.full(self.n, NOBODY)
        used = flow[listed] > 0
        placed[local[person[pairs]][used]] = self.meetings[j[pairs][used]]
        used = flow[one] > 0
        placed[local[singles[0]][used]] = self.meetings[singles[1][used]]
        waiting = through[flow[hub] > 0]
        failed = self._hand_out(waiting, classes, meetings, flow[out], visited, placed, local)
        if len(failed) and attempt < 4:
            alone = alone.copy()
            alone[failed] = True
            return self._through_hubs(alone, attempt + 1)
        return placed

    def _singles(self, people: Numbers, place: Numbers, visited: Numbers, entry: Numbers) -> tuple[Numbers, Numbers]:
        """(person, meeting here) pairs of those who go without a hub."""
        arrays = self.timetable.arrays
        people = people[self.timetable.free[people, self.t]]
        open_ = entry[arrays.of_class[people]] >= 0
        for column in visited[people].T:
            j = np.where(column >= 0, place[column], NOBODY)
            open_[np.flatnonzero(j >= 0), j[j >= 0]] = False
        for at, person in enumerate(people):
            for session in [s for p, s in arrays.barred if p == person]:
                if place[session] >= 0:
                    open_[at, place[session]] = False
        i, j = np.nonzero(open_)
        return people[i], j

    def _hand_out(
        self,
        waiting: Numbers,
        classes: Numbers,
        meetings: Numbers,
        counts: Numbers,
        visited: Numbers,
        placed: Numbers,
        local: Numbers,
    ) -> Numbers:
        """Give each hub's places to its people, nobody to where she was; returns those for whom none was left."""
        arrays = self.timetable.arrays
        failed: list[int] = []
        for c in np.unique(classes[counts > 0]):
            mine = (classes == c) & (counts > 0)
            offers = [int(m) for m in np.repeat(self.meetings[meetings[mine]], counts[mine])]
            given: dict[int, int] = {}
            for person in map(int, waiting[arrays.of_class[waiting] == c]):
                if not self._take(person, offers, given, visited):
                    failed.append(person)
            for person, meeting in given.items():
                placed[local[person]] = meeting
        return np.array(failed, dtype=np.int64)

    def _take(self, person: int, offers: list[int], given: dict[int, int], visited: Numbers) -> bool:
        """An offer for this person, if need be one that somebody gives up for another; False if there is none."""
        for at in reversed(range(len(offers))):
            if self._may(person, offers[at], visited):
                given[person] = offers[at]
                offers[at] = offers[-1]
                offers.pop()
                return True
        for other, meeting in given.items():
            if offers and self._may(person, meeting, visited) and self._may(other, offers[-1], visited):
                given[person], given[other] = meeting, offers.pop()
                return True
        return False

    def _may(self, person: int, meeting: int, visited: Numbers) -> bool:
        session = int(self.timetable.session[meeting])
        banned = (person, self.timetable.meetings[meeting].id) in self.timetable.banned
        been = session in visited[person]
        return not been and (person, session) not in self.timetable.arrays.barred and not banned


def _shared_out(places: int, demand: list[float]) -> list[int]:
    """Whole places in proportion to demand, by largest remainders."""
    whole = sum(demand)
    exact = [places * part / whole for part in demand]
    found = [int(part) for part in exact]
    by_rest = sorted(range(len(exact)), key=lambda at: found[at] - exact[at])
    for at in by_rest[: places - sum(found)]:
        found[at] += 1
    return found


def _in(barred: set[tuple[int, int]], people: Numbers, sessions: Numbers) -> Flags:
    if not barred:
        return np.zeros(len(people), dtype=bool)
    codes = np.array([p * 2**32 + s for p, s in barred], dtype=np.int64)
    return np.isin(people * 2**32 + sessions, codes)
