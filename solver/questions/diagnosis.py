"""Why no solution can exist: the smallest set of rules that conflict, where, and what would make it possible."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from ortools.sat.python import cp_model

from solver.model import constraints, variables
from solver.problem import Problem, Status
from solver.problem.equal import condensed, exact
from solver.questions.remedies import Option, options

EVERYTHING: frozenset[str] = frozenset()


MOST_FOR_A_SECOND_LOOK = 40_000
"""Up to so many (person, start) pairs the conflict is confirmed person by person, without presolve."""


@dataclass(frozen=True)
class Part:
    """A concrete piece of a rule that the conflict cannot do without: a session's minimum, a lock, a quota, ..."""

    rule: str
    facts: dict[str, Any]


@dataclass(frozen=True)
class Relaxation:
    """One change that makes the conference possible, tried out; `cost` orders them, the cheapest first."""

    kind: str
    facts: dict[str, Any]
    cost: int


@dataclass(frozen=True)
class Diagnosis:
    """`rules` conflict with each other, and none of them can be spared; `minimal` is False if time ran out.

    `confirmed` says that a second search of another kind came to the same verdict.
    """

    status: Status
    rules: tuple[str, ...] = ()
    minimal: bool = True
    confirmed: bool = False
    parts: tuple[Part, ...] = ()
    relaxations: tuple[Relaxation, ...] = ()


def diagnose(problem: Problem, time_limit: float = 10, most: int = 5) -> Diagnosis:
    """Deletion filter (Chinneck, Feasibility and Infeasibility in Optimization, 2008, ch. 6), then trials.

    People who are equal to all rules are counted as crowds, so the model stays small; `most` limits the relaxations.
    """
    ends = time.monotonic() + time_limit
    search = _Search(*condensed(problem), ends)
    status = search.possible(EVERYTHING)
    if status.has_answer and not exact(problem):
        search = _Search(problem, {}, ends)
        status = search.possible(EVERYTHING)
    if status is not Status.INFEASIBLE:
        return Diagnosis(status)
    spared, minimal = search.spared()
    named = tuple(rule.__name__ for rule in constraints.ALL if rule.__name__ not in spared)
    confirmed = _confirmed(problem, spared, ends)
    if confirmed is Status.FEASIBLE:
        # The two searches disagree: nobody is told "impossible".
        return Diagnosis(Status.UNKNOWN)
    search.ends = time.monotonic() + (ends - time.monotonic()) / 2
    parts = search.parts(spared, named)
    search.ends = ends
    found = tuple(search.relaxations(most, named, parts))
    return Diagnosis(Status.INFEASIBLE, named, minimal, confirmed is Status.INFEASIBLE, tuple(parts), found)


@dataclass
class _Search:
    problem: Problem
    crowd: dict[str, int]
    ends: float

    @property
    def over(self) -> bool:
        return time.monotonic() >= self.ends

    def possible(self, without: frozenset[str], problem: Problem | None = None) -> Status:
        return _possible(problem or self.problem, self.crowd, without, self.ends)

    def spared(self) -> tuple[frozenset[str], bool]:
        """The rules that the conflict does not need, and whether each of the others was shown to be needed."""
        spared, minimal = EVERYTHING, True
        for rule in constraints.ALL:
            answer = self.possible(spared | {rule.__name__})
            if answer is Status.INFEASIBLE:
                spared |= {rule.__name__}
            elif not answer.has_answer:
                minimal = False
        return spared, minimal

    def parts(self, spared: frozenset[str], named: tuple[str, ...]) -> list[Part]:
        """The concrete pieces of these rules without which there is no conflict (QuickXplain, Junker, 2004)."""
        choices = [option for option in options(self.problem, self.crowd) if option.rule in named and option.drops]

        def conflicts(kept: list[Option]) -> bool:
            problem = self.problem
            for option in choices:
                if option not in kept:
                    problem = option.change(problem)
            return self.possible(spared, problem) is Status.INFEASIBLE

        if not choices or conflicts([]):
            return []
        needed = self._explain(conflicts, [], False, choices)
        return [] if self.over else [Part(option.rule, option.facts) for option in needed]

    def _explain(
        self, conflicts: Callable[[list[Option]], bool], kept: list[Option], grown: bool, left: list[Option]
    ) -> list[Option]:
        if grown and conflicts(kept):
            return []
        if len(left) == 1 or self.over:
            return left
        half = len(left) // 2
        first, second = left[:half], left[half:]
        later = self._explain(conflicts, kept + first, True, second)
        return self._explain(conflicts, kept + later, bool(later), first) + later

    def relaxations(self, most: int, named: tuple[str, ...], parts: list[Part]) -> list[Relaxation]:
        """Single changes that make everything possible: what touches the conflict first, then the cheapest."""
        touched = {str(value) for part in parts for value in part.facts.values()}

        def order(option: Option) -> tuple[bool, bool, int]:
            near = bool(touched & {str(value) for value in option.facts.values()}) or not option.facts
            return (not near, option.rule not in named, option.cost)

        found: list[Relaxation] = []
        for option in sorted(options(self.problem, self.crowd), key=order):
            if self.over or len(found) == most:
                break
            if self.possible(EVERYTHING, option.change(self.problem)).has_answer:
                found.append(self._gentler(option))
        return sorted(found, key=lambda each: each.cost)

    def _gentler(self, option: Option) -> Relaxation:
        """Numbers are not loosened further than it needs."""
        low, high = 0, option.most
        while option.partly and high - low > 1 and not self.over:
            middle = (low + high) // 2
            if self.possible(EVERYTHING, option.partly(self.problem, middle)).has_answer:
                high = middle
            else:
                low = middle
        facts = {**option.facts, "by": high} if option.partly else option.facts
        return Relaxation(option.kind, facts, option.cost)


def _confirmed(problem: Problem, spared: frozenset[str], ends: float) -> Status:
    """Ask again person by person and without presolve; UNKNOWN where there is no time for it."""
    starts = len(problem.sessions) * len(problem.slots)
    if starts * len(problem.participants) > MOST_FOR_A_SECOND_LOOK or time.monotonic() > ends:
        small, crowd = condensed(problem)
        return _possible(small, crowd, spared, ends, presolve=False)
    return _possible(problem, {}, spared, ends, presolve=False)


def _possible(
    problem: Problem, crowd: dict[str, int], without: frozenset[str], ends: float, presolve: bool = True
) -> Status:
    """Whether anything satisfies the other rules, without asking how good it is."""
    model = cp_model.CpModel()
    x = variables.create(model, replace(problem, flexible={}) if problem.flexible else problem, crowd)
    for rule in constraints.ALL:
        if rule.__name__ not in without:
            rule(model, x.problem, x)
    engine = cp_model.CpSolver()
    engine.parameters.max_time_in_seconds = max(0.1, min(4.0, ends - time.monotonic()))
    engine.parameters.num_workers = 2 if presolve else 1
    engine.parameters.cp_model_presolve = presolve
    # Measured on 300 people: 0.07 s instead of 0.5 s.
    engine.parameters.cp_model_probing_level = 0
    engine.parameters.symmetry_level = 0
    engine.parameters.max_presolve_iterations = 1
    names = {
        cp_model.OPTIMAL: Status.FEASIBLE,
        cp_model.FEASIBLE: Status.FEASIBLE,
        cp_model.INFEASIBLE: Status.INFEASIBLE,
    }
    return names.get(engine.solve(model), Status.UNKNOWN)
