"""The common ground of the search by flows: people seated by min-cost flows, mended, and put before the judge."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from solver.bounds.merged import Merged
from solver.flow.arrays import Arrays
from solver.flow.day import Day
from solver.flow.solutions import from_solution
from solver.flow.weights import Weights, chain_of, weights_for
from solver.problem import Preset, Problem, Solution
from solver.search import feasibility
from solver.search.budget import Budget, Steps
from solver.search.incumbent import Incumbent

UNITS_PER_PERSON = 2e-5
"""What a flow over one slot takes of a deterministic budget: about as many seconds as it takes on 2 cores."""
SMALL_MODELS = 0.1
"""The share of the time limit that small models of all slots may take to mend one day."""


@dataclass(frozen=True)
class State:
    """A day and its values by counting, not judged yet."""

    day: Day
    unplaced: int
    worst_off: int
    wishes: int
    mix: float


@dataclass
class FlowSearch:
    """What all steps of this search share.

    known: judges what is found, and holds it. time_limit: of the whole search, in seconds.
    mended: the last answer that was taken up, and the day behind it with what it took to mend it.
    sought_mix: whether there was time to better the mix.
    """

    problem: Problem
    preset: Preset
    known: Incumbent
    seed: int = 0
    time_limit: float = 60.0
    arrays: Arrays = field(init=False)
    merged: Merged = field(init=False)
    dice: random.Random = field(init=False)
    mended: tuple[Solution, Day] | None = None
    sought_mix: bool = False

    def __post_init__(self) -> None:
        self.arrays = Arrays(self.problem)
        self.merged = Merged(self.arrays)
        self.dice = random.Random(self.seed)

    @property
    def stable(self) -> bool:
        """Whether people keep their earlier places where they can."""
        return self.preset is Preset.REPAIR

    @property
    def seeks_mix(self) -> bool:
        """Whether mix is a goal that flows can better here."""
        return not self.stable and bool(self.arrays.grouping) and "mix" in self.known.goals

    def steps(self, budget: Budget) -> Steps:
        """Flows over one slot, one after the other."""
        return Steps(budget, UNITS_PER_PERSON * len(self.arrays.people))

    def weights(self, worst: int | None = None, points: int = 1, mix: int = 0) -> Weights:
        """What flows minimise; `worst`: what a unit of the worst-off value costs in points, None: more than all."""
        arrays, sessions = self.arrays, max(1, len(self.problem.sessions))
        people, groups, classes = len(arrays.people), len(arrays.values) + 1, len(arrays.examples)
        chain = chain_of(people, sessions, groups, classes)
        nodes = people + sessions * (groups + 2) + classes + 1
        return weights_for(chain, nodes, max(self.problem.rank_points), points, mix, worst=worst, kept=self.stable)

    def state(self, day: Day) -> State:
        return State(day, day.unplaced(), day.worst_off(), day.wishes(), day.mix())

    def best(self) -> Day:
        """The day of the best answer."""
        solution = self.known.best
        if self.mended and self.mended[0] is solution:
            return self.mended[1]
        if solution is None:
            raise LookupError("there is no answer yet")
        return from_solution(self.arrays, solution)

    def offer(self, day: Day) -> bool:
        """Mend it until counting finds no breach, and offer it; whether it is the best answer now."""
        found = feasibility.mended(day, self.weights(), self.known.broken, self._units)
        if found is None or not self.known.offer(found[1]):
            return False
        self.mended = found[1], found[0]
        return True

    def gathered(self, day: Day, ended: Callable[[], bool]) -> Day:
        """The same with the places of protected groups chosen anew, by what everybody has in the other slots now.

        The day as it was where that is no better.
        """
        other = day
        for t in day.slots:
            if ended():
                break
            other = feasibility.in_company(other, {t}, self.weights(), self._units)
        return min(day, other, key=lambda each: (each.unplaced(), each.worst_off(), -each.wishes()))

    @property
    def _units(self) -> float:
        """Deterministic time for the small model of one slot."""
        return min(feasibility.UNITS, SMALL_MODELS * self.time_limit / max(1, len(self.arrays.slot)))
