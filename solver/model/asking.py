"""One model put to the engine, what it answers put before the judge, and what it proved handed on."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from math import ceil, floor, isfinite
from typing import Protocol

from ortools.sat.python import cp_model

from solver.model import cpsat
from solver.model.answers import read_out
from solver.model.cpsat import Effort, Outcome
from solver.model.goal import Goal
from solver.model.hints import Hints
from solver.model.variables import Linear, Variables
from solver.problem import Problem, Solution, Status, Violation

SOURCE = "cp_sat"
"""The code of bounds that come from here."""
LEAST = 0.3
"""Seconds that a goal gets at least, if there are so many."""
ROUNDING = 1e-6
"""Bounds and limits are whole in the model; the engine reports them as floating point numbers."""


class Holder(Protocol):
    """What is known so far, and who judges: see solver.search.incumbent."""

    @property
    def best(self) -> Solution | None: ...
    def value(self, name: str) -> float: ...
    def limit(self, name: str) -> float | None: ...
    def proven(self, name: str) -> bool: ...
    def broken(self, solution: Solution) -> list[Violation]: ...
    def offer(self, solution: Solution) -> bool: ...
    def learn(self, name: str, value: float, source: str, given: Mapping[str, float] | None = None) -> None: ...
    def doubt(self, sentence: str, source: str) -> None: ...


class Time(Protocol):
    """What may still be spent: see solver.search.budget."""

    @property
    def left(self) -> float: ...
    @property
    def over(self) -> bool: ...
    @property
    def stopped(self) -> bool: ...
    def spend(self, units: float) -> None: ...
    def part(self, share: float) -> "Time": ...


@dataclass
class Asking:
    """One model put to the engine, and what it answers put before the judge.

    known: takes what is found and proven. time: what may be spent; whole: what may be spent as long as there is no
    answer. effort: workers, seed, memory; its seconds are ignored. told: hears of (goal, value, bound) as they come.
    given: goal -> the limit that the model holds it to.
    """

    problem: Problem
    model: cp_model.CpModel
    x: Variables
    known: Holder
    time: Time
    whole: Time
    effort: Effort
    complete: bool  # no rule is left out: what the judge refuses shows that model and judge differ
    told: Callable[[str, float | None, float | None], None]
    given: dict[str, float] = field(default_factory=dict)
    hints: Hints | None = None

    def ask(
        self, model: cp_model.CpModel, goal: Goal, seconds: float, fix_hints: bool = False, patient: bool = False
    ) -> Outcome:
        """For LEAST seconds at least, but never for longer than what is left.

        patient: beyond these seconds, as long as there is no answer at all.
        """
        unit, answered, began = goal.unit(self.problem), threading.Event(), self.whole.left
        seconds = min(max(LEAST, seconds), self.time.left)

        def told(value: float | None, bound: float | None) -> None:
            if value is not None:
                answered.set()
            self.told(goal.name, _part(value, unit), _part(bound, unit) if model is self.model else None)

        def stop() -> bool:
            return self.time.stopped or (patient and answered.is_set() and began - self.whole.left >= seconds)

        def found(outcome: Outcome) -> None:
            # A first answer is good to have at once; which one comes first depends on the clock.
            if self.known.best is None and not self.effort.deterministic:
                self.take(outcome, goal)

        limit = self.whole.left if patient else seconds
        outcome = cpsat.run(model, replace(self.effort, seconds=limit, fix_hints=fix_hints), stop, told, found)
        self.time.spend(outcome.units)
        return outcome

    def take(self, outcome: Outcome, goal: Goal) -> None:
        """Offer the engine's answer; where it becomes the best one the next search begins with it."""
        if not outcome.status.has_answer:
            return
        meetings, seats = read_out(self.problem, self.x, outcome.true)
        found = Solution(Status.FEASIBLE, meetings, seats)
        if self.known.offer(found):
            self.hints = Hints(outcome)
        if self.complete:
            self._compare(outcome, found, goal)

    def _compare(self, outcome: Outcome, found: Solution, goal: Goal) -> None:
        broken = self.known.broken(found)
        if broken:
            self.known.doubt(f"the model allows what breaks {broken[0].rule} {broken[0].facts}", SOURCE)
            return
        counted, said = goal.count(self.problem, found), (outcome.objective or 0.0) / goal.unit(self.problem)
        if goal.better(said, counted) and abs(said - counted) > ROUNDING * len(found.seats):
            self.known.doubt(f"the model counts {goal.name} {said}, the judge {counted}", SOURCE)

    def learn(self, outcome: Outcome, goal: Goal) -> None:
        """What the engine proved within the limits that the model holds."""
        if outcome.bound is not None and isfinite(outcome.bound):
            whole = floor(outcome.bound + ROUNDING) if goal.maximise else ceil(outcome.bound - ROUNDING)
            self.known.learn(goal.name, whole / goal.unit(self.problem), SOURCE, dict(self.given))

    def hold(self, goal: Goal, expression: Linear) -> None:
        """Later goals may not spoil what this one reached, but for its stated slack."""
        limit = self.known.limit(goal.name)
        if limit is None:
            return
        whole = limit * goal.unit(self.problem)
        if goal.maximise:
            self.model.add(expression >= ceil(whole - ROUNDING))
        else:
            self.model.add(expression <= floor(whole + ROUNDING))
        self.given[goal.name] = limit

    def hint(self) -> None:
        if self.hints is not None:
            self.hints.give(self.model, self.x)


def _part(value: float | None, unit: int) -> float | None:
    return None if value is None else value / unit
