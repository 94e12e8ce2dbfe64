"""Each rule does its work: leave it out, and the independent count names it."""

import pytest

from solver import Preset, Settings, solve, verify
from solver.judge.checks import CHECKS
from solver.model import constraints
from tests.solver import witnesses

FAST = Settings(preset=Preset.WISHES_FIRST, time_limit=5, workers=1)


@pytest.mark.parametrize("rule", [rule.__name__ for rule in constraints.ALL])
def test_a_rule_left_out_is_named_by_the_verifier(rule: str) -> None:
    problem = witnesses.ALL[rule]()

    found = solve(problem, FAST, without=frozenset({rule}))

    assert rule in {violation.rule for violation in verify(problem, found)}


@pytest.mark.parametrize("rule", [rule.__name__ for rule in constraints.ALL])
def test_with_all_rules_the_same_witness_is_answered_without_a_breach(rule: str) -> None:
    problem = witnesses.ALL[rule]()

    found = solve(problem, FAST)

    assert found.status.has_answer
    assert verify(problem, found) == []


def test_model_and_verifier_have_the_same_rules() -> None:
    assert [rule.__name__ for rule in constraints.ALL] == [check.__name__ for check in CHECKS]


def test_every_rule_states_its_law_in_one_sentence() -> None:
    assert all((rule.__doc__ or "").count("\n") == 0 and (rule.__doc__ or "").endswith(".") for rule in constraints.ALL)
