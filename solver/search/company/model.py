"""The rules that couple the people of protected groups in a slot, as a small model that betters a first choice."""

from collections import defaultdict
from itertools import pairwise

import numpy as np
from ortools.sat.python import cp_model

from solver.flow.numbers import NOBODY, Numbers
from solver.model.cpsat import Effort, run
from solver.search.company.places import Places


def bettered(places: Places, first: Numbers, units: float) -> Numbers:
    """n: the meeting of each, by number, -1 for none: the best found in time, the first choice if nothing was.

    units: deterministic time, about as many seconds.
    """
    model = _Model(places, first)
    model.one_place_each()
    model.in_company()
    model.as_many_as_fit()
    model.together_or_apart()
    return model.solved(units)


class _Model:
    """A yes or no for each place; `inside` are those of each meeting by person."""

    def __init__(self, places: Places, first: Numbers):
        self.places, self.first, self.model = places, first, cp_model.CpModel()
        self.inside: dict[int, dict[int, cp_model.IntVar]] = defaultdict(dict)
        self.of: dict[int, list[cp_model.IntVar]] = defaultdict(list)
        self.seats = []
        for i, j in zip(places.i.tolist(), places.j.tolist(), strict=True):
            seat = self.model.new_bool_var(f"{i} at {j}")
            self.model.add_hint(seat, first[i] == j)
            self.inside[j][i] = seat
            self.of[i].append(seat)
            self.seats.append(seat)

    def one_place_each(self) -> None:
        """At the least cost; none at all costs more than everything else."""
        for seats in self.of.values():
            self.model.add_at_most_one(seats)
        self.model.minimize(cp_model.LinearExpr.weighted_sum(self.seats, self.places.cost.tolist()))

    def in_company(self) -> None:
        """Nobody of a group in a meeting, or enough."""
        for least, group in self.places.groups:
            members = set(group.tolist())
            for j, inside in self.inside.items():
                there = [seat for i, seat in inside.items() if i in members]
                some = self.model.new_bool_var(f"some {j}")
                self.model.add_hint(some, bool((self.first[group] == j).any()))
                self.model.add(sum(there) >= least * some)
                for seat in there:
                    self.model.add_implication(seat, some)

    def as_many_as_fit(self) -> None:
        """Into the chairs, the quotas of the grouping attribute, and the listeners' places."""
        places, question = self.places, self.places.question
        timetable, arrays = question.timetable, question.arrays
        group, of_class = arrays.group[places.people], arrays.of_class[places.people]
        most, heard = timetable.quotas[1], timetable.listening
        for j, inside in self.inside.items():
            m = question.meetings[j]
            self.model.add(sum(inside.values()) <= int(places.chairs[j]))
            listening = [seat for i, seat in inside.items() if not timetable.enters[of_class[i], m]]
            self.model.add(sum(listening) <= int(heard.places[heard.meeting == m].sum()))
            for g in np.unique(group[list(inside)]):
                self.model.add(sum(seat for i, seat in inside.items() if group[i] == g) <= int(most[m, g]))

    def together_or_apart(self) -> None:
        """Who belongs together goes to the same meeting; of those who must be apart one does."""
        arrays = self.places.question.arrays
        number = {arrays.people[int(person)].id: i for i, person in enumerate(self.places.people)}
        for bond in arrays.problem.together:
            members = sorted(number[id] for id in bond if id in number)
            for one, other in pairwise(members):
                for inside in self.inside.values():
                    self.model.add(inside.get(one, 0) == inside.get(other, 0))
        for bond in arrays.problem.apart:
            members = sorted(number[id] for id in bond if id in number)
            for inside in self.inside.values():
                self.model.add_at_most_one(inside[i] for i in members if i in inside)

    def solved(self, units: float) -> Numbers:
        found = run(self.model, Effort(units, workers=1, deterministic=True))
        if not found.status.has_answer:
            return self.first
        chosen = np.array([found.true(seat) for seat in self.seats], dtype=bool)
        seat = np.full(len(self.places.people), NOBODY)
        seat[self.places.i[chosen]] = self.places.j[chosen]
        return seat
