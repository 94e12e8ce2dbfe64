"""Which places the people of protected groups may take in a slot, and what each costs."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from solver.flow.arrays import Arrays
from solver.flow.day import Day
from solver.flow.exact import points_here, shut
from solver.flow.numbers import CODE, Numbers
from solver.flow.prices import cost_of, draws, pull_of
from solver.flow.slot import SlotProblem
from solver.flow.vacating import leave
from solver.flow.weights import SHORTFALL, Weights

PRICE = 8
"""Points that a unit of the worst-off value is worth while these people are placed."""


@dataclass(frozen=True)
class Places:
    """Where n people of protected groups may sit in a slot of k meetings.

    people: n, their rows. i, j, cost: parallel, for each place the person, the meeting and what it costs; all costs
        are below 0, which is that of no place at all.
    chairs: k, those that nobody else is bound to.
    """

    question: SlotProblem
    people: Numbers
    i: Numbers
    j: Numbers
    cost: Numbers
    chairs: Numbers

    @cached_property
    def groups(self) -> list[tuple[int, Numbers]]:
        """Of each protected group the least that belong into a meeting, and its people, by number."""
        return [(each.least, self._with(each.attribute, each.value)) for each in self.question.arrays.problem.company]

    def _with(self, attribute: str, value: str) -> Numbers:
        everybody = self.question.arrays.people
        has = [everybody[int(person)].attributes.get(attribute) == value for person in self.people]
        return np.flatnonzero(has)


def concerned(arrays: Arrays) -> Numbers:
    """The rows of all who are of a protected group, or belong together with somebody who is."""
    problem, row = arrays.problem, arrays.row
    pairs = {(each.attribute, each.value) for each in problem.company}
    marked = {person.id for person in problem.participants if pairs & person.attributes.items()}
    bound = {id for bond in problem.together if bond & marked for id in bond}
    return np.array(sorted(row[id] for id in marked | bound), dtype=np.int64)


def asked(day: Day, t: int, weights: Weights) -> SlotProblem:
    """The subproblem of a slot, at prices that a model can add up, in which nothing holds these people."""
    rows, timetable, free = concerned(day.arrays), day.timetable, day.copy()
    for person in map(int, rows):
        m = int(free.at[person, t])
        if m in timetable.long and timetable.slot[m] == t:
            leave(free, person, m)
    free.timetable = timetable.with_bans(timetable.bans, drawn_elsewhere(day, t, rows))
    one = max(day.arrays.problem.rank_points) + PRICE * SHORTFALL
    out, kept = one * len(rows) + 1, one if weights.kept else 0
    return free.question(t, replace(weights, minimum=2 * out, unplaced=out, kept=kept, worst=PRICE, points=1, mix=0))


def drawn_elsewhere(day: Day, t: int, rows: Numbers) -> set[tuple[int, str]]:
    """The day's pulls but for those of these people in slot t."""
    here = {day.timetable.meetings[m].id for m in day.timetable.here[t]}
    mine = set(map(int, rows))
    return {(person, meeting) for person, meeting in day.timetable.pulls if person not in mine or meeting not in here}


def places(question: SlotProblem, gatherings: int) -> Places:
    """What each listed, where (s)he is, and some of the meetings that most of them want, dealt out evenly."""
    rows = concerned(question.arrays)
    people = rows[question.local[rows] >= 0]
    points, rest = points_here(question, people), question.arrays.rest[people]
    may = question.timetable.may_attend[:, question.meetings][question.arrays.of_class[people]] & ~shut(
        question, people
    )
    now = question.at[people, question.t][:, None] == question.meetings[None, :]
    offered = may & (now | (points > rest[:, None]))
    chairs = np.maximum(0, question.room_left[1] - _taken(question, people))
    order = np.argsort(-offered.sum(axis=0), kind="stable")
    enough = int(np.searchsorted(np.cumsum(chairs[order]), 2 * len(people))) + gatherings
    for number in range(len(people)):
        most_wanted = order[may[number, order]][:enough]
        offered[number, np.roll(most_wanted, -number * gatherings)[:gatherings]] = True
    i, j = np.nonzero(offered)
    cost = cost_of(question, people[i], points[i, j]) - pull_of(question, people[i], j) - question.weights.unplaced
    return Places(question, people, i, j, cost, chairs)


def _taken(question: SlotProblem, people: Numbers) -> Numbers:
    """k: chairs of others whom a lock or a pull puts there."""
    codes = np.array(sorted(draws(question)), dtype=np.int64)
    return np.bincount(codes[~np.isin(codes // CODE, people)] % CODE, minlength=len(question.meetings))
