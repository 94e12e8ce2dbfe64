"""What is wished and what is ruled out, as arrays: listed wishes by pairs, bars by code, earlier places by slot."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np

from solver.flow.numbers import NOBODY, Flags, Numbers, coded
from solver.flow.order import Order
from solver.flow.people import People
from solver.judge import scores


@dataclass(frozen=True, eq=False)
class Arrays(People):
    """A problem as numpy arrays: its people and, added here, L listed (person, session) pairs with their points."""

    @cached_property
    def listed(self) -> tuple[Numbers, Numbers, Numbers]:
        """Person, session and points of each listed wish: three arrays of length L."""
        table = np.array(self.problem.rank_points, dtype=np.int64)
        every = [
            (at, self.column[session], rank)
            for at, person in enumerate(self.people)
            for rank, session in enumerate(person.favourites)
        ]
        person, session, rank = np.array(every, dtype=np.int64).reshape(-1, 3).T
        return person.copy(), session.copy(), table[np.minimum(rank, len(table) - 1)]

    @property
    def pair_person(self) -> Numbers:
        return self.listed[0]

    @property
    def pair_session(self) -> Numbers:
        return self.listed[1]

    @property
    def pair_points(self) -> Numbers:
        return self.listed[2]

    @cached_property
    def worth_of(self) -> tuple[Numbers, Numbers]:
        """Sorted codes person x (S + 1) + session of the listed pairs, and their points."""
        codes = self.pair_person * (len(self.column) + 1) + self.pair_session
        order = np.argsort(codes)
        return codes[order], self.pair_points[order]

    @cached_property
    def rest(self) -> Numbers:
        """P: points of a session that is not on one's list; 0 for those who listed nothing."""
        table = np.array(self.problem.rank_points, dtype=np.int64)
        length = np.array([len(person.favourites) for person in self.people], dtype=np.int64)
        return np.where(length > 0, table[np.minimum(length, len(table) - 1)], 0)

    @cached_property
    def order(self) -> Order:
        return Order(self.problem)

    @cached_property
    def counted(self) -> Flags:
        """P: whose day the worst-off goal looks at: attends, and listed something."""
        return np.array([bool(person.attends and person.favourites) for person in self.people], dtype=bool)

    @cached_property
    def need(self) -> Numbers:
        """P x 4: points that reach each step of the worst-off goal; 0 for those who do not count."""
        best, problem = np.zeros(len(self.people), dtype=np.int64), self.problem
        days: dict[int, Numbers] = {}
        for at in np.flatnonzero(self.counted):
            person = self.people[at]
            if len(person.favourites) not in days:
                days[len(person.favourites)] = self._best_days(len(person.favourites))
            best[at] = days[len(person.favourites)][scores.free_slots(problem, person)]
        shares = [Fraction(str(share)) for share, _ in scores.STEPS]
        return np.stack([-(-best * share.numerator // share.denominator) for share in shares], axis=1)

    def _best_days(self, listed: int) -> Numbers:
        """T + 1: the most points that 0, 1, ... slots can give to somebody who listed so many sessions."""
        table, slots = self.problem.rank_points, len(self.slot)
        points = [table[min(rank, len(table) - 1)] for rank in range(listed)]
        points += [table[min(listed, len(table) - 1)]] * min(slots, len(self.column) - listed)
        best = (sorted(points, reverse=True) + [0] * slots)[:slots]
        return np.concatenate([[0], np.cumsum(best, dtype=np.int64)])

    @cached_property
    def step_cost(self) -> Numbers:
        return np.array([cost for _, cost in scores.STEPS], dtype=np.int64)

    @cached_property
    def wanting(self) -> Numbers:
        """C x S: how many people of a class listed a session."""
        return self._by_class(np.ones(len(self.pair_person), dtype=np.int64))

    @cached_property
    def demand(self) -> Numbers:
        """C x S: points that people of a class would get from a session together."""
        return self._by_class(self.pair_points)

    def _by_class(self, weights: Numbers) -> Numbers:
        shape = (len(self.examples), len(self.column))
        flat = self.of_class[self.pair_person] * shape[1] + self.pair_session
        return np.bincount(flat, weights=weights, minlength=shape[0] * shape[1]).reshape(shape).astype(np.int64)

    @cached_property
    def barred(self) -> Numbers:
        """Sorted codes of (person, session) that a veto, a role or a lock rules out for good."""
        return coded(set(self._bars()))

    def _bars(self) -> Iterator[tuple[int, int]]:
        for at, person in enumerate(self.people):
            yield from ((at, self.column[session]) for session in person.vetoes)
        for session in self.problem.sessions:
            yield from ((self.row[id], self.column[session.id]) for id in session.staff)
        for lock in self.problem.locks:
            if lock.never and lock.slot is None:
                yield self.row[lock.participant], self.column[lock.session]

    @cached_property
    def earlier(self) -> Numbers:
        """P x T: the session of the previous allocation, -1 for none."""
        found = np.full((len(self.people), len(self.slot)), NOBODY, dtype=np.int64)
        for place in self.problem.previous.places if self.problem.previous else ():
            if place.participant in self.row:
                found[self.row[place.participant], self.slot[place.slot]] = self.column[place.session]
        return found
