"""Everything in one CP-SAT model, goal after goal, the earlier ones held: where rules couple, and for proof."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from math import inf

from ortools.sat.python import cp_model

from solver.model import constraints, objectives, variables
from solver.model.answers import values_of
from solver.model.asking import SOURCE, Asking, Holder, Time
from solver.model.cpsat import Effort, Outcome
from solver.model.goal import Goal
from solver.model.hints import Hints
from solver.model.variables import Linear, Variables
from solver.problem import Problem, Solution, Status

log = logging.getLogger(__name__)

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
WITH_HINTS = 3
"""So many times what a variable takes to make: its constraint, and its value in the answer that is there."""
MATCHING = 5.0
"""Seconds at most in which the model finds its own values for an answer that is there already."""


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
class Lexicographic:
    """One model whose goals are optimised in order (Ehrgott, Multicriteria Optimization, 2005, ch. 5).

    problem, order: what is asked, with each goal's slack.
    known: takes what is found and proven; what it holds already is where the search begins.
    time: what may be spent, asked before each step.
    effort: workers, seed, memory; its seconds are ignored.
    without: rules that are left out, by name.
    told: hears of (goal, value, bound) as they come.
    start: an answer that breaks a rule perhaps, to begin with where there is no better one.
    reason: what the engine said where it failed. made, per_second: the model, and how many variables went into it in a
        second.
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
    per_second: float = inf

    def pursue(self, share: float = 1.0) -> Status:
        """Goal after goal, in a share of the time that is left once the model is built.

        Returns FEASIBLE once there is an answer, INFEASIBLE where the engine says that there is none, UNKNOWN where
        time ran out before either, FAILED, with `reason`, where the engine broke down before either. It may be called
        again as long as there is no answer.
        """
        asking = self.asking(share)
        if asking is None:
            return self._so_far()
        for at, goal in enumerate(self.order):
            if asking.time.over:
                break
            ended = self._optimise(asking, goal, self.order[at:])
            if ended is not None:
                return ended
        return self._so_far()

    def asking(self, share: float = 1.0) -> Asking | None:
        """The model with what is known so far, for a share of the time that is left; None where none is left."""
        if self.made is None:
            self._build()
        if self.made is None:
            return None
        time = self.time.part(share)
        asking = Asking(self.problem, *self.made, self.known, time, self.time, self.effort, not self.without, self.told)
        self._begin(asking)
        return asking

    def _build(self) -> None:
        began = self.time.left
        self.made = build(self.problem, self.without, lambda: self.time.over)
        if self.made and began > self.time.left:
            self.per_second = max(1, len(self.made[0].proto.variables)) / (began - self.time.left)

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
        time, expression = asking.time, self._expression(asking, goal)
        if expression is None:
            log.info("%s is not modelled: too large, or no time for it", goal.name)
            return None
        share = SHARES[goal.name] / sum(SHARES[each.name] for each in left)
        ends = time.left * (1 - share)
        if goal.name == objectives.UNPLACED.name and asking.x.unplaced and not self.known.proven(goal.name):
            _try_everybody(asking, time.left * max(share, 0.5))
        if not self.known.proven(goal.name):
            (asking.model.maximize if goal.maximise else asking.model.minimize)(expression)
            if asking.hints and not goal.first:
                _with_placement_held(asking, goal, (time.left - ends) * 0.5)
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

    def _expression(self, asking: Asking, goal: Goal) -> Linear:
        """None where making it would take longer than what is left, going by how long the model itself took."""
        takes = goal.helpers(self.problem, asking.x) * WITH_HINTS / self.per_second
        return None if takes > asking.time.left else goal.express(asking.model, self.problem, asking.x)

    def _without_answer(self, outcome: Outcome) -> Status | None:
        """What follows from none: nothing where an answer is in hand, else how the search ends."""
        self.reason = outcome.reason or self.reason
        if self.known.best is None:
            return outcome.status
        if outcome.status is Status.INFEASIBLE and not self.without:
            self.known.doubt("the model has no answer, but one was verified", SOURCE)
        return None if outcome.status is Status.UNKNOWN else Status.FEASIBLE


def _try_everybody(asking: Asking, seconds: float) -> None:
    """First ask whether everybody can be placed at all: as a question without a goal it is quick."""
    model = asking.model.clone()
    model.clear_hints()
    for gap in asking.x.unplaced.values():
        model.add(model.get_bool_var_from_proto_index(gap.index) == 0)
    asking.take(asking.ask(model, objectives.UNPLACED, seconds), objectives.UNPLACED)


def _with_placement_held(asking: Asking, goal: Goal, seconds: float) -> None:
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
