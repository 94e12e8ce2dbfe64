"""What a search may still spend, by the clock or in units, and that stopping ends it."""

import threading
import time

import pytest

from solver.search.budget import Budget, Meter, Steps


def test_units_count_where_the_clock_does_not() -> None:
    budget = Budget.of(2.0, deterministic=True)

    budget.spend(1.5)

    assert budget.left == 0.5
    assert budget.fits(0.4)
    assert not budget.fits(0.5)


def test_a_part_ends_with_its_share_and_spends_of_the_whole() -> None:
    budget = Budget.of(10.0, deterministic=True)
    budget.spend(2.0)
    part = budget.part(0.5)

    part.spend(4.0)

    assert part.over
    assert budget.left == 4.0
    assert budget.until(0.5, 10.0).over


def test_a_part_never_outlasts_the_whole() -> None:
    budget = Budget.of(10.0, deterministic=True)

    assert budget.part(3.0).left == 10.0
    assert budget.until(3.0, 10.0).left == 10.0


def test_stopping_ends_all_its_parts() -> None:
    stop = threading.Event()
    budget = Budget.of(10.0, stop)
    part = budget.part(0.5)

    stop.set()

    assert budget.over
    assert part.over
    assert not part.fits(0.0)


def test_a_step_that_would_not_fit_is_not_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    ended = Steps(Budget(Meter(began=100.0), 10.0), units=1)
    clock[0] += 4.0
    assert not ended()

    clock[0] += 4.0

    assert ended()


def test_deterministic_steps_spend_units() -> None:
    ended = Steps(Budget.of(2.5, deterministic=True), units=1)

    assert [ended() for _ in range(3)] == [False, False, True]


def test_a_first_answer_may_take_a_little_more() -> None:
    budget = Budget.of(0.5, deterministic=True)
    budget.spend(0.75)

    assert budget.over
    assert budget.at_least(1.0).left == 1.0
    assert Budget.of(5.0, deterministic=True).at_least(1.0).left == 5.0
