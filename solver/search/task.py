"""One search as all its routes see it: what is asked, what may be spent, what is known, and who hears of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from solver.model.cpsat import Effort
from solver.model.goal import Goal
from solver.model.lexicographic import Lexicographic
from solver.model.nearby import nearby
from solver.problem import Preset, Problem, Progress, Settings, Solution, Status
from solver.search.budget import Budget
from solver.search.incumbent import Incumbent

BUILT_PER_SECOND = 8_000
"""How many (person, start) pairs go into a joint model in a second, measured on 2 cores."""

NEARBY = 0.8
"""The share of what is left in which a joint model looks near an earlier allocation, before everything may move."""
FIRST_ANSWER = 3.0
"""Seconds, or units, that a model may search for a first answer however short the limit is."""
MIX_LEFT_OUT = "mix_left_out"
"""In a solution's facts: the time ended before the search could better the mix, which is not proven."""


@dataclass
class Task:
    """One search.

    incumbent: what was found and proven; budget: what may still be spent of the whole limit.
    route: the ways that were gone, in words; reason: what an engine said where it failed.
    start: an answer that breaks a rule perhaps: a hint. mix_left_out: see MIX_LEFT_OUT.
    """

    problem: Problem
    settings: Settings
    incumbent: Incumbent
    budget: Budget
    listener: Callable[[Progress], None]
    without: frozenset[str] = frozenset()
    route: list[str] = field(default_factory=list)
    reason: str = ""
    start: Solution | None = None
    mix_left_out: bool = False

    @property
    def order(self) -> tuple[Goal, ...]:
        return self.incumbent.order

    def told(self, name: str, value: float | None, bound: float | None) -> None:
        """Hand on how a goal stands; what is not known now is what was known before."""
        if value is None:
            value = self.incumbent.reached(name)
        if bound is None:
            known = self.incumbent.bound(name)
            bound = known.value if known else None
        self.listener(Progress(self.budget.elapsed, name, value, bound))

    @property
    def is_near(self) -> bool:
        """Whether it is to stay close to an earlier allocation."""
        return self.settings.preset is Preset.REPAIR and self.problem.previous is not None

    @property
    def pairs(self) -> int:
        """How many (person, start) pairs a joint model would have."""
        problem = self.problem
        if problem.only_wanted:
            wanted = sum(len(person.ratings.keys() | person.required) for person in problem.participants)
            return wanted * len(problem.slots)
        starts = sum(min(s.offered, len(problem.slots)) for s in problem.sessions)
        if not problem.meetings:
            starts = len(problem.sessions) * len(problem.slots)
        return starts * len(problem.participants)

    @property
    def worth_building(self) -> bool:
        """Whether there is time to build a joint model and to search in it a little."""
        return self.budget.fits(self.pairs / BUILT_PER_SECOND + 1)

    def model(self, order: tuple[Goal, ...]) -> Lexicographic:
        """Everything in one model, to be pursued goal after goal."""
        settings = self.settings
        effort = Effort(
            seconds=self.budget.left,
            workers=settings.workers,
            seed=settings.seed,
            memory_mb=settings.memory_mb,
            deterministic=settings.deterministic,
            linear=2 if order[0].name == "native" else 1,
        )
        return Lexicographic(
            self.problem, order, self.incumbent, self.budget, effort, self.without, self.told, self.start
        )

    def stay_near(self, model: Lexicographic) -> None:
        """Where an earlier allocation is to be kept: fewest changes first, within a reach that grows."""
        if self.is_near:
            self.route.append("CP-SAT near what was")
            model.time = self.budget
            missing = self.incumbent.bound("unplaced")
            nearby(model, NEARBY, int(missing.value) if missing else 0)

    def pursue(self, model: Lexicographic, way: str, share: float = 1.0) -> Status:
        """Search in a share of what is left; see Lexicographic.pursue for what is returned.

        As long as there is no answer FIRST_ANSWER is left, whatever the limit says: none at all helps nobody.
        """
        self.route.append(way)
        model.time = self.budget if self.incumbent.best else self.budget.at_least(FIRST_ANSWER)
        ended = model.pursue(share)
        self.reason = model.reason or self.reason
        return ended

    @property
    def facts(self) -> dict[str, Any]:
        engine = {"engine": self.reason} if self.reason else {}
        return {**engine, MIX_LEFT_OUT: True} if self.mix_left_out else engine
