"""What a goal is: how it is counted and modelled, how two of its values compare, and what later goals may use of it."""

from collections.abc import Callable
from dataclasses import dataclass

from ortools.sat.python import cp_model

from solver.model.variables import Linear, Variables
from solver.problem import Problem, Solution

TOLERANCE = 1e-9
"""Values closer than this are the same: mix and foreign objectives are fractions, added up in floating point.

All other goals are whole numbers, for which this is exact comparison.
"""


@dataclass(frozen=True)
class Goal:
    """One objective of a lexicographic order (Ehrgott, Multicriteria Optimization, 2005, ch. 5).

    name: its code.
    express: builds its value times `unit(problem)` as a linear expression of whole numbers; None where that would be
        too large a model.
    count: its value in a solution, by plain counting.
    scale: what a gap is measured against where the value is small, in the goal's own unit.
    maximise: whether more is better.
    unit: into how many whole parts one is divided, so that the expression is whole.
    slack, extra: later goals may spoil it by round(|reached| * slack) + extra, see `limit`.
    first: it places the meetings; later goals also try with the placement held.
    floor: what no solution's value is below, where something is known without any search.
    helpers: how many variables its expression makes, where they are so many that making them takes time.
    """

    name: str
    express: Callable[[cp_model.CpModel, Problem, Variables], Linear]
    count: Callable[[Problem, Solution], float]
    scale: Callable[[Problem], float]
    maximise: bool = False
    unit: Callable[[Problem], int] = lambda _: 1
    slack: float = 0.0
    extra: int = 0
    first: bool = False
    floor: float | None = 0.0
    helpers: Callable[[Problem, Variables], int] = lambda problem, x: 0

    @property
    def sense(self) -> str:
        return "maximise" if self.maximise else "minimise"

    def better(self, one: float, other: float) -> bool:
        """Whether `one` is truly better than `other`, beyond the tolerance."""
        return one > other + TOLERANCE if self.maximise else one < other - TOLERANCE

    def limit(self, problem: Problem, reached: float) -> float:
        """The worst value that later goals may leave of `reached`: its allowance is counted in whole parts."""
        unit = self.unit(problem)
        allowed = round(round(abs(reached) * unit) * self.slack) / unit + self.extra
        return reached - allowed if self.maximise else reached + allowed

    def within(self, value: float, limit: float) -> bool:
        return not self.better(limit, value)

    def gap(self, problem: Problem, value: float, bound: float | None) -> float | None:
        """|value - bound| / max(|value|, scale); 0 where they are the same, None while there is no bound."""
        if bound is None:
            return None
        off = abs(value - bound)
        return 0.0 if off <= TOLERANCE else off / max(abs(value), self.scale(problem))
