"""Whether anything keeps some of the rules, and at what harm: the questions behind a diagnosis, put to the model.

People who are equal to all rules are counted as crowds, so that the model stays small; where a session lasts several
slots, crowds lose something and everybody is asked about by herself.
"""

import time
from dataclasses import dataclass

from ortools.sat.python import cp_model

from solver.model import constraints, variables
from solver.model.cpsat import Effort, Outcome, run
from solver.model.variables import Linear, Variables
from solver.problem import Problem, Status

NOTHING: frozenset[str] = frozenset()
MOST_SECONDS = 4.0
"""For one question."""
COUNTING_SECONDS = 1.5
"""For finding the least harm, before any harm is taken."""


@dataclass(frozen=True)
class Harm:
    """What the best that is possible costs: places `missing`, and the prices of breaches (`exceptions`).

    `least` says that there is proof that fewer places cannot be missing.
    """

    missing: int
    exceptions: int
    least: bool


@dataclass
class Questions:
    """Asks about `problem`, in which a participant may stand for `crowd` people, until the clock shows `ends`."""

    problem: Problem
    crowd: dict[str, int]
    ends: float
    workers: int = 2

    @property
    def over(self) -> bool:
        return time.monotonic() >= self.ends

    def possible(self, without: frozenset[str] = NOTHING, problem: Problem | None = None) -> Status:
        """Whether anything keeps all rules but those named; a rule with a price may be broken. UNKNOWN if no time."""
        model, _ = self._model(problem or self.problem, without)
        found = self._ask(model, MOST_SECONDS).status
        return Status.FEASIBLE if found.has_answer else found

    def harm(self, problem: Problem, most: int | None = None) -> Harm | None:
        """The least harm in which this problem can be solved (with at most so many missing); None where it is not."""
        model, x = self._model(problem, NOTHING)
        missing = sum(x.unplaced.values())
        exceptions = sum(price * excess for excess, price in x.exceptions)
        if most is not None:
            model.add(missing <= most)
        if isinstance(missing, int) and isinstance(exceptions, int):
            return Harm(0, 0, True) if self._ask(model, MOST_SECONDS).status.has_answer else None
        model.minimize(missing * _above(x) + exceptions)
        found = self._ask(model, COUNTING_SECONDS)
        if found.status is Status.UNKNOWN:
            model.clear_objective()
            found = self._ask(model, MOST_SECONDS)
        if not found.status.has_answer:
            return None
        return Harm(_value(found, missing), _value(found, exceptions), found.status is Status.OPTIMAL)

    def _model(self, problem: Problem, without: frozenset[str]) -> tuple[cp_model.CpModel, Variables]:
        model = cp_model.CpModel()
        x = variables.create(model, problem, self.crowd)
        for rule in constraints.ALL:
            if rule.__name__ not in without:
                rule(model, problem, x)
        return model, x

    def _ask(self, model: cp_model.CpModel, most: float) -> Outcome:
        left = max(0.1, min(most, self.ends - time.monotonic()))
        return run(model, Effort(left, self.workers))


def _above(x: Variables) -> int:
    """More than all exceptions together can cost: one missing place outweighs them."""
    return 1 + sum(price * _most(excess) for excess, price in x.exceptions)


def _most(variable: cp_model.IntVar) -> int:
    return int(variable.proto.domain[-1])


def _value(found: Outcome, expression: Linear) -> int:
    return expression if isinstance(expression, int) else found.value(expression)
