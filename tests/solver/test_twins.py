"""Model and judge are twins: each rule accepts, and each goal counts, the same on any allocation, good or bad."""

import random
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver import Problem, Solution
from solver.judge.checks import CHECKS
from solver.judge.facts import Facts
from solver.judge.verify import agreed, verify
from solver.model import constraints, objectives
from solver.model.goal import Goal
from solver.problem.validation import FLEXIBLE
from tests.solver.oracle.generator import Size, conference
from tests.solver.twins import Fixed, bridged, sheet, talkative

SHEETS = 8
"""Allocations of each conference: building a model takes longer than asking it."""
FIRST = range(28)
CONFERENCES = (lambda number: conference(number, Size(people=4, sessions=3, slots=3, rooms=2))[0], talkative, bridged)
RULES = {rule.__name__: rule for rule in constraints.ALL}
JUDGES = {check.__name__: check for check in CHECKS}
GOALS: dict[str, Goal] = {goal.name: goal for order in objectives.ORDER.values() for goal in order}
GOALS |= {goal.name: goal for goal in (objectives.WORST_PAIR, objectives.CUBES)}
COUNTED = {"unplaced": ["one_meeting_per_slot"], "exceptions": [*FLEXIBLE]}
"""What some goals count is what rules leave open: these stand in the model then."""


def drawn(number: int, kind: int) -> tuple[Problem, list[Solution]]:
    problem, dice = CONFERENCES[kind](number), random.Random(number)
    return problem, [sheet(problem, dice) for _ in range(SHEETS)]


def sayable(plain: Fixed, found: list[Solution]) -> Iterator[Solution]:
    """Those that the model's variables can say, each as they say it."""
    for solution in found:
        said = plain.solution(plain.values(solution))
        if plain.accepts(plain.values(said)):
            yield said


def verdicts(name: str, number: int, kind: int, rules: list[str]) -> Iterator[tuple[bool, bool]]:
    """What model and judge say of one rule, sheet by sheet; `rules` stand in the model."""
    problem, found = drawn(number, kind)
    model = Fixed(problem, *(RULES[rule] for rule in rules))
    for solution in sayable(Fixed(problem), found):
        kept = all(agreed(problem, broken) for broken in JUDGES[name](Facts(problem, solution)))
        yield model.accepts(model.values(solution)), kept


@pytest.mark.parametrize("name", RULES)
def test_a_rule_accepts_exactly_what_the_judge_accepts(name: str) -> None:
    seen = [pair for number in FIRST for pair in verdicts(name, number, number % 3, [name])]

    assert len(seen) >= 200
    assert [pair for pair in seen if pair[0] != pair[1]] == []


@pytest.mark.parametrize("name", RULES)
def test_a_rule_that_is_left_out_is_missed(name: str) -> None:
    seen = [pair for number in FIRST for pair in verdicts(name, number, number % 3, [])]

    assert [pair for pair in seen if pair[0] != pair[1]] != []


def test_some_sheets_are_refused_for_listeners_on_one_side_only() -> None:
    """The other rules of languages refuse so much that nobody noticed when this one was gone from the model."""
    refused = 0
    for number in FIRST:
        problem, found = drawn(number, number % 3)
        for solution in sayable(Fixed(problem), found):
            broken = list(JUDGES["everybody_understands"](Facts(problem, solution)))
            refused += broken != [] and all("alone" in each.facts for each in broken)

    assert refused >= 5


@settings(max_examples=12, deadline=None)
@given(st.integers(1000, 10**9), st.sampled_from([0, 1, 2]))
def test_every_rule_accepts_what_the_judge_accepts_on_any_conference(number: int, kind: int) -> None:
    for name in RULES:
        assert [pair for pair in verdicts(name, number, kind, [name]) if pair[0] != pair[1]] == [], name


@pytest.mark.parametrize("number", FIRST)
def test_what_the_model_cannot_say_the_judge_refuses(number: int) -> None:
    problem, found = drawn(number, number % 3)
    plain = Fixed(problem)

    for solution in found:
        values = plain.values(solution)
        said = plain.solution(values)
        if set(said.seats) != set(solution.seats) or not plain.accepts(values):
            assert verify(problem, solution) != [], solution


def values(name: str, number: int, kind: int, goal: Goal) -> Iterator[tuple[float, float]]:
    """What expression and counting say of a goal on each sheet that keeps what it needs."""
    problem, found = drawn(number, kind)
    if name == "exceptions":
        problem = replace(problem, flexible={rule: price for price, rule in enumerate(FLEXIBLE, start=2)})
    model = Fixed(problem, *(RULES[rule] for rule in COUNTED.get(name, ())))
    expression = goal.express(model.model, problem, model.x)
    for solution in sayable(Fixed(problem), found):
        value = model.value(model.values(solution), expression, goal.maximise)
        if value is not None:
            yield value / goal.unit(problem), goal.count(problem, solution)


@pytest.mark.parametrize("name", GOALS)
def test_a_goals_expression_is_what_counting_says(name: str) -> None:
    seen = [pair for number in FIRST for pair in values(name, number, number % 3, GOALS[name])]

    assert len(seen) >= (200 if name not in COUNTED else 50)
    assert [pair for pair in seen if pair[0] != pytest.approx(pair[1], abs=1e-6)] == []
    assert len({counted for _, counted in seen}) > 1
