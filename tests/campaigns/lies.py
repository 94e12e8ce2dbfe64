"""The control arms of the mixed campaign: solvers that lie in known ways, so that the campaign shows it can fail."""

import random
from collections.abc import Callable
from dataclasses import replace

from solver import GoalResult, Preset, Problem, Role, Solution, Status
from tests.solver.oracle import counting, laws
from tests.solver.oracle.exact import RULES, Exact, Truth

Lie = Callable[[Problem, Preset, Solution, Truth, random.Random], Solution | None]
"""The answer with something false in it, whatever the dice choose; None where this lie cannot be told of it."""


def _proven(found: Solution, truth: Truth) -> list[GoalResult]:
    """Goals whose reached value is their bound: the smallest change of either is false."""
    return [each for each in found.goals if truth.feasible and each.gap == 0 and each.bound is not None]


def _with(found: Solution, result: GoalResult) -> Solution:
    return replace(found, goals=tuple(result if each.name == result.name else each for each in found.goals))


def bound(problem: Problem, preset: Preset, found: Solution, truth: Truth, dice: random.Random) -> Solution | None:
    """A bound one too good."""
    proven = _proven(found, truth)
    if not proven:
        return None
    result = dice.choice(proven)
    step = -1 if result.sense == "maximise" else 1
    return _with(found, replace(result, bound=(result.bound or 0) + step))


def reached(problem: Problem, preset: Preset, found: Solution, truth: Truth, dice: random.Random) -> Solution | None:
    """A reached value one too good."""
    proven = _proven(found, truth)
    if not proven:
        return None
    result = dice.choice(proven)
    step = 1 if result.sense == "maximise" else -1
    best = (result.value if result.reached is None else result.reached) + step
    return _with(found, replace(result, reached=best, bound=best))


def value(problem: Problem, preset: Preset, found: Solution, truth: Truth, dice: random.Random) -> Solution | None:
    """A value that the allocation does not have."""
    if not found.goals or not truth.feasible:
        return None
    result = dice.choice(found.goals)
    return _with(found, replace(result, value=result.value + 1))


def impossible(problem: Problem, preset: Preset, found: Solution, truth: Truth, dice: random.Random) -> Solution | None:
    """What can be done is called impossible."""
    return Solution(Status.INFEASIBLE) if truth.feasible else None


def possible(problem: Problem, preset: Preset, found: Solution, truth: Truth, dice: random.Random) -> Solution | None:
    """What cannot be done is called done."""
    return None if truth.feasible else Solution(Status.OPTIMAL)


def optimal(problem: Problem, preset: Preset, found: Solution, truth: Truth, dice: random.Random) -> Solution | None:
    """A lawful allocation that is not the best is called the optimum."""
    if not truth.feasible:
        return None
    exact = Exact(problem, preset)
    first = exact.aims[0]
    worse = truth.best[first.name] + (-1 if first.maximise else 1)
    poor = exact.with_value(first.name, worse, {})
    if poor is None or counting.values(problem, poor, preset)[first.name] != worse:
        return None
    return _as_if_proven(problem, preset, found, poor)


def rule(problem: Problem, preset: Preset, found: Solution, truth: Truth, dice: random.Random) -> Solution | None:
    """One rule is missing in the model, and what it finds so is called the optimum."""
    for left_out in dice.sample(RULES, len(RULES)):
        lax = Exact(problem, preset, without=frozenset({left_out.__name__})).truth()
        if lax.allocation is not None and counting.values(problem, lax.allocation, preset) != truth.best:
            return _as_if_proven(problem, preset, found, lax.allocation)
    return None


def _as_if_proven(problem: Problem, preset: Preset, found: Solution, other: Solution) -> Solution:
    goals = []
    for name, whole in counting.values(problem, other, preset).items():
        said = whole / laws.unit(problem, name)
        known = next((each for each in found.goals if each.name == name), GoalResult(name, 0, None, None))
        goals.append(replace(known, value=said, reached=said, bound=said, gap=0.0))
    return replace(found, status=Status.OPTIMAL, meetings=other.meetings, seats=other.seats, goals=tuple(goals))


def seat(problem: Problem, preset: Preset, found: Solution, truth: Truth, dice: random.Random) -> Solution | None:
    """One person sits in two meetings of the same slot."""
    attending = [each for each in found.seats if each.role is Role.ATTENDEE]
    if not attending or not truth.feasible:
        return None
    taken = dice.choice(attending)
    others = [m for m in found.meetings if m.slot == taken.slot and m.id != taken.meeting]
    if not others:
        return None
    return replace(found, seats=(*found.seats, replace(taken, meeting=dice.choice(others).id)))


LIES: dict[str, Lie] = {
    each.__name__: each for each in (bound, reached, value, impossible, possible, optimal, rule, seat)
}
