"""The incumbent: reached is only what was verified, slack never adds up, more answers never make it worse."""

import itertools
import logging
import random

import pytest

from solver import Problem, Solution, Status
from solver.bounds.bound import Contradiction
from solver.model.goal import Goal
from solver.search.incumbent import Incumbent
from tests.solver.makers import problem, solution

Values = tuple[float, ...]
EMPTY = Problem((), (), (), ())


def goal(name: str, at: int, table: list[Values], slack: float = 0.0, maximise: bool = False) -> Goal:
    """Reads its value from a table, by the solution's seed."""
    return Goal(name, lambda *_: 0, lambda _, found: table[found.seed][at], lambda _: 1.0, maximise, slack=slack)


def known(table: list[Values], *slacks: float) -> Incumbent:
    """One goal for each slack, all to be minimised."""
    goals = tuple(goal("abc"[at], at, table, slack) for at, slack in enumerate(slacks))
    return Incumbent(EMPTY, goals)


def numbered(seed: int) -> Solution:
    return Solution(Status.FEASIBLE, seed=seed)


def offered(table: list[Values], *slacks: float) -> Incumbent:
    found = known(table, *slacks)
    for seed in range(len(table)):
        found.offer(numbered(seed))
    return found


def row(found: Incumbent) -> list[float | None]:
    return [found.reached(goal.name) for goal in found.order]


def test_an_answer_that_breaks_a_rule_is_not_reached() -> None:
    conference = problem(people=2, sessions=1)
    twice = solution(conference, [("s0", "t0", "r0"), ("s0", "t0", "r1")], {})
    found = Incumbent(conference, (goal("a", 0, [(0.0,)]),))

    assert not found.offer(twice)
    assert (found.best, found.reached("a"), found.results()) == (None, None, ())


def test_what_a_goal_reached_was_reached_with_the_earlier_goals_within_their_limits() -> None:
    found = offered([(10, 5), (20, 0)], 0.5, 0.0)

    assert row(found) == [10, 5]
    assert found.best == numbered(0)


def test_a_later_goal_uses_the_slack_of_an_earlier_one_and_no_more() -> None:
    found = offered([(10, 5), (15, 3), (16, 0)], 0.5, 0.0)

    assert found.limit("a") == 15
    assert (row(found), found.value("a"), found.value("b")) == ([10, 3], 15, 3)


def test_small_losses_in_a_row_do_not_add_up() -> None:
    # Each is within a tenth of the one before in the first goal, and better in the second.
    found = offered([(100, 50), (110, 40), (120, 30), (130, 20)], 0.1, 0.0)

    assert (found.value("a"), found.value("b")) == (110, 40)


def test_an_answer_comes_back_when_what_kept_it_out_is_beyond_a_limit() -> None:
    # The second is kept out by the third's b until a better a puts that one beyond its limit.
    table = [(100.0, 90.0, 0.0), (103.0, 50.0, 9.0), (97.5, 95.0, 1.0)]
    found = offered(table, 0.03, 0.0, 0.0)

    assert row(found) == [97.5, 90.0, 0.0]
    assert found.best == numbered(0)


@pytest.mark.parametrize("seed", range(20))
def test_more_answers_never_make_it_worse_in_whatever_order_they_come(seed: int) -> None:
    dice = random.Random(seed)
    table = [tuple(float(dice.randint(0, 30)) for _ in range(3)) for _ in range(25)]
    ends = set()

    for _ in range(4):
        found, rows = known(table, 0.2, 0.1, 0.0), []
        for number in dice.sample(range(len(table)), len(table)):
            found.offer(numbered(number))
            rows.append(row(found))
        # Lower is better in each goal, so the rows may only fall, goal by goal.
        assert all(later <= earlier for earlier, later in itertools.pairwise(rows))
        ends.add((*rows[-1], *(found.value(name) for name in "abc")))

    assert len(ends) == 1


def test_a_bound_that_presumes_what_is_held_proves() -> None:
    found = offered([(10, 5)], 0.5, 0.0)

    found.learn("a", 10, "test")
    found.learn("b", 5, "test", {"a": 15})

    assert found.settled
    assert [(each.gap, each.given, each.source) for each in found.results()] == [
        (0, {}, "test"),
        (0, {"a": 15}, "test"),
    ]


def test_a_bound_that_presumes_more_than_is_held_proves_nothing() -> None:
    found = offered([(10, 5)], 0.5, 0.0)

    found.learn("a", 10, "test")
    found.learn("b", 5, "test", {"a": 14})

    assert not found.settled
    assert found.results()[1].bound == 0
    assert found.results()[1].source == "nothing_below"


def test_a_gap_follows_from_the_numbers_that_are_shown() -> None:
    found = offered([(10, 5)], 0.0, 0.0)

    found.learn("a", 8, "test")

    result = found.results()[0]
    assert result.reached is not None
    assert result.bound is not None
    assert result.gap == abs(result.reached - result.bound) / max(abs(result.reached), result.scale)


def test_what_is_to_be_maximised_has_no_bound_unless_one_is_known() -> None:
    found = Incumbent(EMPTY, (goal("a", 0, [(3.0,)], maximise=True),))

    found.offer(numbered(0))

    assert [(each.bound, each.gap) for each in found.results()] == [(None, None)]


def test_a_bound_beyond_what_was_verified_is_an_error_here() -> None:
    found = offered([(10, 5)], 0.0, 0.0)

    with pytest.raises(Contradiction):
        found.learn("a", 11, "test")


def test_an_answer_beyond_what_was_proven_is_an_error_here() -> None:
    found = known([(10, 5)], 0.0, 0.0)
    found.learn("b", 6, "test", {"a": 10})

    with pytest.raises(Contradiction):
        found.offer(numbered(0))


def test_in_production_such_a_bound_is_not_known_and_the_log_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("STUHLKREIS_STRICT", "0")
    caplog.set_level(logging.ERROR)
    early, late = known([(10, 5)], 0.0, 0.0), offered([(10, 5)], 0.0, 0.0)

    early.learn("a", 11, "test")
    early.offer(numbered(0))
    late.learn("a", 11, "test")

    for found in (early, late):
        assert (found.results()[0].bound, found.results()[0].source) == (0, "nothing_below")
    assert len(caplog.records) == 2


def test_what_a_doubted_program_proved_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STUHLKREIS_STRICT", "0")
    found = offered([(10, 5)], 0.0, 0.0)
    found.learn("a", 9, "test")

    found.doubt("it was caught out", "test")
    found.learn("a", 10, "test")

    assert found.results()[0].bound == 0
