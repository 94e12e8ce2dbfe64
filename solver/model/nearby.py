"""The fewest changes against an earlier allocation, sought within a reach that is widened step by step.

Local branching (Fischetti and Lodi, Mathematical Programming 98, 2003): whoever may change only so much finds the best
there in a moment, where the whole space takes hours: first the fewest missing places, as questions without a goal,
then the fewest changes. What is best within a reach is the best of all as soon as no
allocation can have fewer places missing.
"""

from dataclasses import replace

from ortools.sat.python import cp_model

from solver.model.asking import SOURCE, Asking, Holder
from solver.model.cpsat import Outcome
from solver.model.lexicographic import Lexicographic
from solver.model.objectives import EXCEPTIONS, STABILITY, UNPLACED
from solver.problem import Problem, Status

BEFORE = (UNPLACED, EXCEPTIONS)
"""What a repair counts before changes."""
PATIENCE = 0.4
"""The share of what is left in which a question without a goal is to be answered."""
FIRST = 8
"""Changes that are allowed beyond twice those of the reach before."""


def nearby(search: Lexicographic, share: float, least: int = 0) -> None:
    """Offer what is best within so many changes, then within twice as many, until that is the best of all.

    share: of the time that is left. least: so many places are missing whatever is done.
    """
    asking = search.asking(share)
    if asking is None:
        return
    asking = replace(asking, told=lambda *_: None, complete=False)  # what is asked is no goal's value
    reach, most = _first(search.known), _most(search.problem)
    while not asking.time.over and not _Within(asking, min(reach, most)).is_settled(least) and reach < most:
        reach = 2 * reach + FIRST


def _first(known: Holder) -> int:
    """What the best answer changes, and more where fewer places may be missing then."""
    if known.best is None:
        return FIRST
    value = int(known.value(STABILITY.name))
    return value if all(known.proven(goal.name) for goal in BEFORE) else 2 * value + FIRST


def _most(problem: Problem) -> int:
    previous = problem.previous
    return len(previous.places) + len(previous.meetings) if previous else 0


class _Within:
    """What is possible within so many changes."""

    def __init__(self, asking: Asking, reach: int):
        self.asking, self.reach = asking, reach
        expressions = (goal.express(asking.model, asking.problem, asking.x) for goal in (STABILITY, *BEFORE))
        self.changes, self.missing, self.exceptions = expressions

    def is_settled(self, least: int) -> bool:
        """Offer the best; whether nothing better is to be found, or no time to find it in."""
        known = self.asking.known
        missing = self._fewest_missing(least)
        model = self._model(missing)
        model.minimize(self.changes + (self.reach + 1) * self.exceptions)
        outcome = self._ask(model, 1.0)
        if outcome.status is not Status.OPTIMAL:
            return outcome.status is not Status.INFEASIBLE
        if not all(known.proven(goal.name) for goal in BEFORE):
            return False
        given = {goal.name: known.value(goal.name) for goal in BEFORE}
        known.learn(STABILITY.name, outcome.value(self.changes), SOURCE, given)
        return True

    def _fewest_missing(self, least: int) -> int:
        """By bisection: whether so few can be missing is answered in a moment where it is so, the fewest are not."""
        asking, low = self.asking, least
        high = len(asking.x.unplaced)
        if asking.known.best:
            high = int(asking.known.value(UNPLACED.name))
        tried = low
        while low < high and not asking.time.over:
            outcome = self._ask(self._model(tried), PATIENCE)
            if outcome.status.has_answer:
                high = outcome.value(self.missing)
            else:
                low = tried + 1
            tried = (low + high) // 2
        return high

    def _model(self, missing: int) -> cp_model.CpModel:
        self.asking.hint()
        model = self.asking.model.clone()
        model.add(self.changes <= self.reach)
        model.add(self.missing <= missing)
        return model

    def _ask(self, model: cp_model.CpModel, share: float) -> Outcome:
        outcome = self.asking.ask(model, STABILITY, self.asking.time.left * share)
        self.asking.take(outcome, STABILITY)
        return outcome
