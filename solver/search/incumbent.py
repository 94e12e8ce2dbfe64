"""The best verified answer, what each goal reached, and what is proven: written by `offer` and `learn` alone.

The goals stand in order g1, g2, ...; each has a slack that later goals may use of it. Of all verified answers A:

    A1 = A           reached(g1) = the best g1 in A1     limit(g1) = reached(g1) spoiled by its allowance
    A2 = those of A1 whose g1 is within limit(g1)         reached(g2) = the best g2 in A2
    A3 = those of A2 whose g2 is within limit(g2)         ... and so on; the answer is one of those within all limits,
                                                          of these the one whose values are best in order.

The allowance is round(|reached| * slack) + extra, counted in the goal's whole parts. So *reached* is only ever a value
that a verified allocation has, together with earlier values that are within their limits.

Why sets and not pairs: "better by more than its slack" between two answers is not transitive (a row of small losses
would add up). Here a further answer can only improve the row (reached(g1), reached(g2), ...) at the first place where
it changes it: A1 grows, so reached(g1) gets no worse; where it stays, so does limit(g1), A2 grows, and so on. The row
is compared goal by goal without slack, which is a total order: more time never gives a worse answer.

An answer is forgotten once another is at least as good in every goal, or once it is beyond limit(g1), which only
tightens; beyond limit(g2) it may come back when a better g1 is found, so it stays as long as there is room
(MOST_KEPT, MOST_SEATS).
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from solver.bounds.bound import Bound, Bounds, contradiction
from solver.judge.verify import agreed, breaches
from solver.model.goal import Goal
from solver.problem import GoalResult, Problem, Solution, Violation

log = logging.getLogger(__name__)

MOST_KEPT = 24
"""So many answers are remembered beside those that are needed, ..."""
MOST_SEATS = 200_000
"""... and so many seats in all of them together: a large conference's answers are some megabytes each."""


@dataclass(frozen=True)
class Answer:
    """A verified solution, its value of each goal, and the breaches of flexible rules that were agreed to."""

    solution: Solution
    values: Mapping[str, float]
    exceptions: tuple[Violation, ...]


class Answers:
    """The verified answers that still matter, and what they say of each goal: `reached`, `limits`, the `chosen` one."""

    def __init__(self, problem: Problem, order: tuple[Goal, ...]):
        self.problem, self.order = problem, order
        self.held: list[Answer] = []
        self.chosen: Answer | None = None
        self.reached: dict[str, float] = {}
        self.limits: dict[str, float] = {}

    def add(self, answer: Answer) -> None:
        """Take it in, unless one that is held is as good in every goal."""
        if any(self._as_good(other, answer) for other in self.held):
            return
        self.held = [other for other in self.held if not self._as_good(answer, other)] + [answer]
        left, needed = list(self.held), []
        for goal in self.order:
            values = [each.values[goal.name] for each in left]
            top = max(values) if goal.maximise else min(values)
            needed.append(left[values.index(top)])
            self.reached[goal.name], self.limits[goal.name] = top, goal.limit(self.problem, top)
            left = [each for each in left if goal.within(each.values[goal.name], self.limits[goal.name])]
        self.chosen = min(left, key=self._in_order)
        self._forget([*needed, self.chosen])

    def _as_good(self, one: Answer, other: Answer) -> bool:
        """At least as good in every goal."""
        return not any(goal.better(other.values[goal.name], one.values[goal.name]) for goal in self.order)

    def _in_order(self, answer: Answer) -> tuple[float, ...]:
        return tuple(answer.values[goal.name] * (-1 if goal.maximise else 1) for goal in self.order)

    def _forget(self, needed: list[Answer]) -> None:
        first, seats = self.order[0], 0
        kept: list[Answer] = []
        for answer in reversed(self.held):
            seats += len(answer.solution.seats)
            hopeful = first.within(answer.values[first.name], self.limits[first.name])
            room = len(kept) < MOST_KEPT and seats <= MOST_SEATS
            if any(answer is each for each in needed) or (room and hopeful):
                kept.append(answer)
        self.held = kept[::-1]


class Judged:
    """Solutions as the judge finds them, rules that are left out aside; each is judged once.

    A solution is recognised by being the same object, so ask for one after the other.
    """

    def __init__(self, problem: Problem, order: tuple[Goal, ...], without: frozenset[str]):
        self.problem, self.order, self.without = problem, order, without
        self._last: tuple[Solution, list[Violation]] | None = None

    def broken(self, solution: Solution) -> list[Violation]:
        """What the judge finds in it, agreed exceptions aside."""
        return [violation for violation in self._breaches(solution) if not agreed(self.problem, violation)]

    def answer(self, solution: Solution) -> Answer:
        """With the value of every goal.

        Exceptions are priced from what the judge has found already: judging twice takes twice as long.
        """
        exceptions = tuple(v for v in self._breaches(solution) if agreed(self.problem, v))
        price = sum(v.amount * self.problem.flexible[v.rule] for v in exceptions)
        values = {
            goal.name: price if goal.name == "exceptions" else goal.count(self.problem, solution) for goal in self.order
        }
        return Answer(solution, values, exceptions)

    def _breaches(self, solution: Solution) -> list[Violation]:
        if self._last is None or self._last[0] is not solution:
            self._last = solution, [v for v in breaches(self.problem, solution) if v.rule not in self.without]
        return self._last[1]


class Incumbent:
    """What one search knows.

    problem, order: the goals in their order, with their slacks.
    without: rules that are left out and so not judged either (for diagnosis and tests).
    on_better: called with every new best solution, at once.
    """

    def __init__(
        self,
        problem: Problem,
        order: tuple[Goal, ...],
        without: frozenset[str] = frozenset(),
        on_better: Callable[[Solution], None] = lambda _: None,
    ):
        self.problem, self.order, self.on_better = problem, order, on_better
        self.goals = {goal.name: goal for goal in order}
        self.bounds = Bounds(order)
        self.distrusted: set[str] = set()
        self._answers = Answers(problem, order)
        self._judged = Judged(problem, order, without)

    @property
    def best(self) -> Solution | None:
        return self._answers.chosen.solution if self._answers.chosen else None

    @property
    def exceptions(self) -> tuple[Violation, ...]:
        return self._answers.chosen.exceptions if self._answers.chosen else ()

    def value(self, name: str) -> float:
        """The answer's value of a goal; KeyError while there is no answer."""
        return (self._answers.chosen.values if self._answers.chosen else {})[name]

    def reached(self, name: str) -> float | None:
        return self._answers.reached.get(name)

    def limit(self, name: str) -> float | None:
        """The worst value of a goal that later goals may leave."""
        return self._answers.limits.get(name)

    def earlier_limits(self, name: str) -> dict[str, float]:
        """What the goals before this one keep, by name, in order."""
        found: dict[str, float] = {}
        for goal in self.order:
            if goal.name == name:
                return found
            if goal.name in self._answers.limits:
                found[goal.name] = self._answers.limits[goal.name]
        raise KeyError(name)

    def broken(self, solution: Solution) -> list[Violation]:
        """What the judge finds in it, agreed exceptions and rules that are left out aside."""
        return self._judged.broken(solution)

    def offer(self, solution: Solution) -> bool:
        """Take up a solution if the judge accepts it; True if it is the best answer now.

        Raises Contradiction, where that is wanted, if it beats what was taken as proven.
        """
        first = self.order[0]
        if first.name in self._answers.limits and not first.within(
            first.count(self.problem, solution), self._answers.limits[first.name]
        ):
            return False
        if self.broken(solution):
            return False
        answer = self._judged.answer(solution)
        for name, bound in self.bounds.beaten_by(answer.values):
            contradiction(f"{name} {answer.values[name]} was found, {bound} says that there is none")
            self.bounds.drop(name, bound)
        before = self._answers.chosen
        self._answers.add(answer)
        if self._answers.chosen is before:
            return False
        self.on_better(solution)
        return True

    def learn(self, name: str, value: float, source: str, given: Mapping[str, float] | None = None) -> None:
        """Remember a proven bound of a goal; see Bound for what is given.

        Raises Contradiction, where that is wanted, if an answer that is held beats it; else it is not remembered.
        """
        if source in self.distrusted:
            return
        bound, goal = Bound(value, given or {}, source), self.goals[name]
        for answer in self._answers.held:
            if goal.better(answer.values[name], value) and bound.holds_within(answer.values, self.goals):
                contradiction(f"{name}: {bound}, but {answer.values[name]} was verified")
                return
        self.bounds.add(name, bound)

    def doubt(self, sentence: str, source: str) -> None:
        """A program was caught out: what it proved is dropped, and nothing more is learnt from it.

        Raises Contradiction where that is wanted.
        """
        contradiction(sentence)
        self.bounds.forget(source)
        self.distrusted.add(source)

    def bound(self, name: str) -> Bound | None:
        """What is proven of a goal where the earlier ones keep their limits."""
        return self.bounds.tightest(name, self.earlier_limits(name))

    def proven(self, name: str) -> bool:
        """Whether what this goal reached is the best there is within the earlier goals' limits."""
        reached, bound = self._answers.reached.get(name), self.bound(name)
        if reached is None or bound is None:
            return False
        return self.goals[name].gap(self.problem, reached, bound.value) == 0

    @property
    def settled(self) -> bool:
        """Whether every goal is proven, in order: the answer is optimal."""
        return self.best is not None and all(self.proven(goal.name) for goal in self.order)

    def results(self) -> tuple[GoalResult, ...]:
        """One for each goal, in order; empty while there is no answer."""
        return tuple(_result(self, goal) for goal in self.order) if self.best else ()


def _result(known: Incumbent, goal: Goal) -> GoalResult:
    value, reached, bound = known.value(goal.name), known.reached(goal.name), known.bound(goal.name)
    best = value if reached is None else reached
    return GoalResult(
        goal.name,
        value,
        bound.value if bound else None,
        goal.gap(known.problem, best, bound.value if bound else None),
        goal.sense,
        best,
        goal.scale(known.problem),
        dict(bound.given) if bound else {},
        bound.source if bound else "",
    )
