"""ALG-5: whatever the size and the limit, a valid allocation or a named conflict is there in time."""

import random
import time
from collections.abc import Iterator
from dataclasses import replace

from solver import Company, Problem, Settings, Solution, Status, solve_apart, verify
from solver.bench.families import Family, build

LIMITS = (0.1, 0.5, 2.0, 5.0, 10.0, 30.0, 60.0)
LATE = 10.0
"""Seconds after the limit within which the answer must be there."""
SIZES = (12, 40, 120, 300, 700, 1200, 2000)


def instance(number: int) -> tuple[Problem, float]:
    """Up to 2,000 people, 100 sessions and 5 rounds; every third with rules that couple; and a limit."""
    dice = random.Random(number)
    people = SIZES[number % len(SIZES)]
    family = Family(
        ("rep", "norep", "single")[number % 3],
        rounds=dice.randint(1, 5),
        herding=dice.choice((0.0, 0.3)),
        away=dice.choice((0.0, 0.1)),
        locks=dice.choice((0.0, 0.02)),
        interpreters=dice.choice((0, 0, 4)),
    )
    problem = build(people, number, family)
    if number % 4 == 3:
        problem = replace(problem, company=(Company("group", "g5", 2),))
    if number % 10 == 9:
        # More must be held than there are rooms for.
        problem = replace(problem, rooms=problem.rooms[: max(1, len(problem.rooms) // 3)])
    return problem, LIMITS[number // 2 % len(LIMITS)]


def punctual(first: int, many: int, most: float = 60.0) -> Iterator[str]:
    """A line per run; a limit above `most` is cut to it."""
    late = without = false = 0
    for number in range(first, first + many):
        problem, limit = instance(number)
        limit = min(limit, most)
        began = time.monotonic()
        found = solve_apart(problem, Settings(time_limit=limit, workers=2, seed=number))
        seconds = time.monotonic() - began
        faults = list(faults_of(problem, found))
        false += bool(faults)
        late += seconds > limit + LATE
        answered = found.status.has_answer or (found.status is Status.INFEASIBLE and bool(found.facts.get("rules")))
        without += not answered
        yield (
            f"{number}: {len(problem.participants)} x {len(problem.sessions)} x {len(problem.slots)}, "
            f"limit {limit:g} s: {found.status} {found.reason} after {seconds:.1f} s; {_gaps(found)}"
            + "".join(f"; FALSE: {fault}" for fault in faults)
        )
    yield f"punctual: {without} of {many} without an answer, {late} late, {false} false"


def faults_of(problem: Problem, found: Solution) -> Iterator[str]:
    """What is wrong about an answer, as far as it can be told at this size."""
    if found.status is Status.FAILED:
        yield f"failed {found.reason}"
    if found.status.has_answer:
        if verify(problem, found):
            yield "breaks a rule"
        for result in found.goals:
            if (result.bound is None) != (result.gap is None):
                yield f"{result.name}: a gap without a bound"
            reached = result.value if result.reached is None else result.reached
            open_ = result.bound is None or abs(result.bound - reached) > 1e-6
            if found.status is Status.OPTIMAL and open_:
                yield f"optimal with {result.name} {reached:g} of {result.bound}"
            if result.gap == 0 and open_:
                yield f"gap 0 with {result.name} {reached:g} of {result.bound}"


def _gaps(found: Solution) -> str:
    shown = (f"{each.name} {each.value:g} ({'-' if each.gap is None else f'{each.gap:.1%}'})" for each in found.goals)
    return ", ".join(shown)
