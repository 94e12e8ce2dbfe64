"""Equal people as one class: what each class understands, may enter, and could have interpreted."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from solver.flow.numbers import Flags, Numbers
from solver.problem import Participant, Problem, Session
from solver.problem.eligibility import admitted, may_listen


@dataclass(frozen=True, eq=False)
class Classes:
    """C classes of people whom no rule about a place tells apart; wishes, vetoes and presence may differ.

    of_person: P, the class of each person. examples: one person of each class.
    """

    problem: Problem
    of_person: Numbers
    examples: list[Participant]

    @cached_property
    def size(self) -> Numbers:
        """C: how many people."""
        return np.bincount(self.of_person, minlength=len(self.examples))

    def follow(self, languages: frozenset[str]) -> Flags:
        """C: understands all of these languages."""
        if languages not in self._understood:
            known = [languages <= person.understood for person in self.examples]
            self._understood[languages] = np.array(known, dtype=bool)
        return self._understood[languages]

    def fit(self, features: frozenset[str]) -> Flags:
        """C: has what she needs in a room with these features."""
        if features not in self._fitting:
            fitting = [person.needs <= features for person in self.examples]
            self._fitting[features] = np.array(fitting, dtype=bool)
        return self._fitting[features]

    def listen(self, session: Session, working: str | None, channel: str) -> Flags:
        """C: needs this channel of a meeting of this session held in `working`, and is served by it."""
        key = (session.languages if session.two_language else None, working, channel)
        if key not in self._served:
            served = [may_listen(person, session, working, channel) for person in self.examples]
            self._served[key] = np.array(served, dtype=bool)
        return self._served[key]

    @cached_property
    def _understood(self) -> dict[frozenset[str], Flags]:
        """What `follow` has answered before."""
        return {}

    @cached_property
    def _fitting(self) -> dict[frozenset[str], Flags]:
        """What `fit` has answered before."""
        return {}

    @cached_property
    def _served(self) -> dict[Any, Flags]:
        """What `listen` has answered before."""
        return {}

    @cached_property
    def admitted(self) -> Flags:
        """C x S: the session is open to this class."""
        sessions = self.problem.sessions
        if not any(session.admits for session in sessions):
            return np.ones((len(self.examples), len(sessions)), dtype=bool)
        return np.array([[admitted(session.admits, person) for session in sessions] for person in self.examples])


def classes_of(problem: Problem, grouping: str | None) -> Classes:
    """People are alike who understand and need the same and have the same values of every attribute that a rule reads.

    grouping: the attribute whose counts flows bound; it parts classes too.
    """
    names = {name for session in problem.sessions for name in session.admits}
    names |= {company.attribute for company in problem.company} | ({grouping} if grouping else set())
    ordered, known = sorted(names), dict[Any, int]()
    examples: list[Participant] = []
    of_person = np.zeros(len(problem.participants), dtype=np.int64)
    for at, person in enumerate(problem.participants):
        key = (person.understood, person.needs, tuple(person.attributes.get(name) for name in ordered))
        if key not in known:
            known[key] = len(examples)
            examples.append(person)
        of_person[at] = known[key]
    return Classes(problem, of_person, examples)
