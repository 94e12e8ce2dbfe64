"""Everything in one CP-SAT model, goal after goal, the earlier ones held: where rules couple, and for proof."""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from math import ceil, floor, isfinite
from typing import Protocol

from ortools.sat.python import cp_model

from solver.model import constraints, cpsat, objectives, variables
from solver.model.answers import read_out, values_of
from solver.model.cpsat import Effort, Outcome
from solver.model.goal import Goal
from solver.model.hints import Hints
from solver.model.variables import Linear, Variables
from solver.problem import Problem, Solution, Status, Violation

log = logging.getLogger(__name__)

SOURCE = "cp_sat"
"""The code of bounds that come from here."""
SHARES = {
    "unplaced": 2.0,
    "exceptions": 2.0,
    "worst_off": 4.0,
    "wishes": 4.0,
    "mix": 3.0,
    "encounters": 0.7,
    "even_sizes": 0.7,
    "stability": 4.0,
    "native": 1.0,
    "worst_pair": 2.0,
    "cubes": 2.0,
}
"""How the time that is left is shared among the goals that are left."""
LEAST = 0.3
"""Seconds that a goal gets at least, if there are so many."""
MATCHING = 5.0
"""Seconds at most in which the model finds its own values for an answer that is there already."""
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


def build(
    problem: Problem, without: frozenset[str] = frozenset(), ended: Callable[[], bool] = lambda: False
) -> tuple[cp_model.CpModel, Variables] | None:
    """The model with all its rules but those left out by name; None where time ran out on the way."""
    model = cp_model.CpModel()
    x = variables.create(model, problem)
    for rule in constraints.ALL:
        if ended():
            return None
        if rule.__name__ not in without:
            rule(model, problem, x)
    return model, x


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

        limit = self.whole.left if patient else seconds
        outcome = cpsat.run(model, replace(self.effort, seconds=limit, fix_hints=fix_hints), stop, told)
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


@dataclass
class Lexicographic:
    """One model whose goals are optimised in order (Ehrgott, Multicriteria Optimization, 2005, ch. 5).

    problem, order: what is asked, with each goal's slack.
    known: takes what is found and proven; what it holds already is where the search begins.
    time: what may be spent, asked before each step.
    effort: workers, seed, memory; its seconds are ignored.
    without: rules that are left out, by name.
    told: hears of (goal, value, bound) as they come.
    start: an answer that breaks a rule perhaps, to begin with where there is no better one.
    reason: what the engine said where it failed.
    """

    problem: Problem
    order: tuple[Goal, ...]
    known: Holder
    time: Time
    effort: Effort
    without: frozenset[str] = frozenset()
    told: Callable[[str, float | None, float | None], None] = lambda name, value, bound: None
    start: Solution | None = None
    reason: str = ""
    made: tuple[cp_model.CpModel, Variables] | None = None

    def pursue(self, share: float = 1.0) -> Status:
        """Goal after goal, in a share of the time that is left once the model is built.

        Returns FEASIBLE once there is an answer, INFEASIBLE where the engine says that there is none, UNKNOWN where
        time ran out before either, FAILED, with `reason`, where the engine broke down before either. It may be called
        again as long as there is no answer.
        """
        self.made = self.made or build(self.problem, self.without, lambda: self.time.over)
        if self.made is None:
            return self._so_far()
        time = self.time.part(share)
        asking = Asking(self.problem, *self.made, self.known, time, self.time, self.effort, not self.without, self.told)
        self._begin(asking)
        for at, goal in enumerate(self.order):
            if time.over:
                break
            ended = self._optimise(asking, goal, self.order[at:])
            if ended is not None:
                return ended
        return self._so_far()

    def _so_far(self) -> Status:
        return Status.FEASIBLE if self.known.best else Status.UNKNOWN

    def _begin(self, asking: Asking) -> None:
        """The model's own values for the answer that is there already; without them it starts afresh."""
        first = self.known.best or self.start
        if first is None:
            return
        asking.model.clear_hints()
        for literal, value in values_of(asking.x, first):
            asking.model.add_hint(literal, value)
        if self.known.best:
            outcome = asking.ask(asking.model, self.order[0], MATCHING, fix_hints=True)
            if outcome.status.has_answer:
                asking.hints = Hints(outcome)

    def _optimise(self, asking: Asking, goal: Goal, left: tuple[Goal, ...]) -> Status | None:
        """Solve for one goal and hold what it reached; a status where the search ends here."""
        time = asking.time
        expression = goal.express(asking.model, self.problem, asking.x)
        if expression is None:
            log.info("%s is not modelled: too large", goal.name)
            return None
        share = SHARES[goal.name] / sum(SHARES[each.name] for each in left)
        ends = time.left * (1 - share)
        if goal.name == objectives.UNPLACED.name and asking.x.unplaced and not self.known.proven(goal.name):
            self._try_everybody(asking, time.left * max(share, 0.5))
        if not self.known.proven(goal.name):
            (asking.model.maximize if goal.maximise else asking.model.minimize)(expression)
            if asking.hints and not goal.first:
                self._with_placement_held(asking, goal, (time.left - ends) * 0.5)
            asking.hint()
            patient = self.known.best is None and not self.effort.deterministic
            outcome = asking.ask(asking.model, goal, time.left - ends, patient=patient)
            asking.take(outcome, goal)
            asking.learn(outcome, goal)
            if not outcome.status.has_answer:
                ended = self._without_answer(outcome)
                if ended is not None:
                    return ended
        asking.hold(goal, expression)
        return None

    def _try_everybody(self, asking: Asking, seconds: float) -> None:
        """First ask whether everybody can be placed at all: as a question without a goal it is quick."""
        model = asking.model.clone()
        model.clear_hints()
        for gap in asking.x.unplaced.values():
            model.add(model.get_bool_var_from_proto_index(gap.index) == 0)
        asking.take(asking.ask(model, objectives.UNPLACED, seconds), objectives.UNPLACED)

    def _with_placement_held(self, asking: Asking, goal: Goal, seconds: float) -> None:
        """A pass with meetings and interpreters where they are: a small problem, improved quickly."""
        asking.hint()
        model, x, known = asking.model.clone(), asking.x, asking.hints
        places = [*x.held.values()]
        for rooms in x.room.values():
            places += rooms.values()
        for works in x.works.values():
            places += works.values()
        for literal in places:
            same = model.get_bool_var_from_proto_index(literal.index)
            model.add(same == (known.value(literal) if known else 0))
        asking.take(asking.ask(model, goal, seconds), goal)

    def _without_answer(self, outcome: Outcome) -> Status | None:
        """What follows from none: nothing where an answer is in hand, else how the search ends."""
        self.reason = outcome.reason or self.reason
        if self.known.best is None:
            return outcome.status
        if outcome.status is Status.INFEASIBLE and not self.without:
            self.known.doubt("the model has no answer, but one was verified", SOURCE)
        return None if outcome.status is Status.UNKNOWN else Status.FEASIBLE
