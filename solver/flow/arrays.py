"""A problem as numpy arrays: people by row, sessions by column, equal people in one class."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solver.judge import scores
from solver.problem import Meeting, Participant, Problem
from solver.problem.eligibility import admitted, follows_one, voiced

Numbers = NDArray[np.int64]


Flags = NDArray[np.bool_]


NOBODY = -1


@dataclass
class Arrays:
    """P people, S sessions, T slots, C classes of people whom no rule tells apart, L listed (person, session) pairs."""

    problem: Problem

    def __post_init__(self) -> None:
        problem = self.problem
        self.people = problem.participants
        self.row = {person.id: at for at, person in enumerate(self.people)}
        self.column = {session.id: at for at, session in enumerate(problem.sessions)}
        self.slot = problem.slot_at
        self.nest = _nest(problem)
        self.room_given = {(given.session, given.slot) for given in problem.meetings if given.room}
        self._classes()
        self._wishes()

    def _classes(self) -> None:
        problem = self.problem
        names = {name for session in problem.sessions for name in session.admits}
        names |= {company.attribute for company in problem.company} | ({self.nest} if self.nest else set())
        known: dict[Any, int] = {}
        self.examples: list[Participant] = []
        self.of_class = np.zeros(len(self.people), dtype=np.int64)
        ordered = sorted(names)
        for at, person in enumerate(self.people):
            key = (person.understood, person.needs, tuple(person.attributes.get(name) for name in ordered))
            if key not in known:
                known[key] = len(known)
                self.examples.append(person)
            self.of_class[at] = known[key]
        values = (
            sorted({p.attributes[self.nest] for p in self.people if self.nest in p.attributes}) if self.nest else []
        )
        self.values = values
        of_value = {value: at for at, value in enumerate(values)}
        none = len(values)
        self.class_group = np.array(
            [of_value.get(p.attributes.get(self.nest or "", ""), none) for p in self.examples], dtype=np.int64
        )
        self.group = self.class_group[self.of_class]

    def _wishes(self) -> None:
        """`pair_*` arrays of length L; `need` P x 4 points that reach each step of the worst-off goal."""
        problem, table = self.problem, np.array(self.problem.rank_points, dtype=np.int64)
        persons, sessions, ranks = [], [], []
        for at, person in enumerate(self.people):
            for rank, session in enumerate(person.favourites):
                persons.append(at)
                sessions.append(self.column[session])
                ranks.append(rank)
        self.pair_person = np.array(persons, dtype=np.int64)
        self.pair_session = np.array(sessions, dtype=np.int64)
        self.pair_points = table[np.minimum(np.array(ranks, dtype=np.int64), len(table) - 1)]
        length = np.array([len(person.favourites) for person in self.people], dtype=np.int64)
        self.wishes = length > 0
        self.rest = np.where(self.wishes, table[np.minimum(length, len(table) - 1)], 0)
        self.counted = self.wishes & np.array([person.attends for person in self.people])
        self.need = np.zeros((len(self.people), len(scores.STEPS)), dtype=np.int64)
        for at, person in enumerate(self.people):
            if self.counted[at]:
                self.need[at] = [points for points, _ in scores.needed(problem, person)]
        self.step_cost = np.array([cost for _, cost in scores.STEPS], dtype=np.int64)
        self.barred = _barred(self)

    @cached_property
    def present(self) -> Flags:
        """P x T: attends the conference and is there."""
        found = np.zeros((len(self.people), len(self.slot)), dtype=bool)
        for at, person in enumerate(self.people):
            if person.attends:
                found[at] = [self.problem.present(person, slot.id) for slot in self.problem.slots]
        return found

    @cached_property
    def worth_of(self) -> tuple[Numbers, Numbers]:
        """Sorted codes person x (S + 1) + session of the listed pairs, and their points."""
        codes = self.pair_person * (len(self.column) + 1) + self.pair_session
        order = np.argsort(codes)
        return codes[order], self.pair_points[order]

    @cached_property
    def earlier(self) -> Numbers:
        """P x T: the session of the previous allocation, -1 for none."""
        found = np.full((len(self.people), len(self.slot)), NOBODY, dtype=np.int64)
        for place in self.problem.previous.places if self.problem.previous else ():
            if place.participant in self.row:
                found[self.row[place.participant], self.slot[place.slot]] = self.column[place.session]
        return found

    @cached_property
    def class_size(self) -> Numbers:
        return np.bincount(self.of_class, minlength=len(self.examples))

    @cached_property
    def wanting(self) -> Numbers:
        """C x S: how many people of a class listed a session."""
        width = len(self.column)
        flat = self.of_class[self.pair_person] * width + self.pair_session
        return np.bincount(flat, minlength=len(self.examples) * width).reshape(-1, width)

    @cached_property
    def understood(self) -> Flags:
        """C x S: this class understands a working language of the session."""
        return self._by_session("languages", lambda person, session: follows_one(person, session.languages))

    @cached_property
    def admitted(self) -> Flags:
        """C x S: the session is open to this class."""
        key = [tuple(sorted(session.admits.items())) for session in self.problem.sessions]
        if not any(key):
            return np.ones((len(self.examples), len(key)), dtype=bool)
        return np.array([[admitted(s.admits, person) for s in self.problem.sessions] for person in self.examples])

    @cached_property
    def bridged(self) -> Flags:
        """C x S: some interpreter of this conference could make it understood."""
        pairs = frozenset(pair for i in self.problem.interpreters for pair in i.pairs)
        return self._by_session(
            "languages", lambda person, session: bool(voiced(pairs, session.languages) & person.understood)
        )

    def _by_session(self, name: str, judge: Any) -> Flags:
        """Sessions alike in `name` are judged once."""
        distinct: dict[Any, list[int]] = {}
        for at, session in enumerate(self.problem.sessions):
            distinct.setdefault(getattr(session, name), []).append(at)
        found = np.zeros((len(self.examples), len(self.problem.sessions)), dtype=bool)
        for columns in distinct.values():
            session = self.problem.sessions[columns[0]]
            found[:, columns] = np.array([judge(person, session) for person in self.examples])[:, None]
        return found

    @cached_property
    def share(self) -> NDArray[np.float64]:
        """Share of each value of the nest attribute among those who attend; nobody for those without one."""
        whole: Counter[str] = scores.shares(self.problem, self.nest) if self.nest else Counter()
        everybody = max(1, sum(whole.values()))
        return np.array([*(whole[value] / everybody for value in self.values), 0.0])

    def staffed(self, meetings: list[Meeting]) -> Flags:
        """P x T: leads or takes notes in one of these meetings."""
        found = np.zeros((len(self.people), len(self.slot)), dtype=bool)
        for meeting in meetings:
            for slot in self.problem.span(meeting.session, meeting.slot) or ():
                for id in self.problem.session[meeting.session].staff:
                    found[self.row[id], self.slot[slot]] = True
        return found


def _nest(problem: Problem) -> str | None:
    """The attribute whose counts a flow can bound: that of the quotas, else the first to be balanced."""
    names = [*(quota.attribute for quota in problem.quotas), *problem.balance]
    return names[0] if names else None


def _barred(arrays: Arrays) -> set[tuple[int, int]]:
    """(person, session) that a veto, a role or a lock rules out for good."""
    problem = arrays.problem
    found = {(at, arrays.column[session]) for at, person in enumerate(arrays.people) for session in person.vetoes}
    for session in problem.sessions:
        found |= {(arrays.row[id], arrays.column[session.id]) for id in session.staff}
    found |= {
        (arrays.row[lock.participant], arrays.column[lock.session])
        for lock in problem.locks
        if lock.never and lock.slot is None
    }
    return found
