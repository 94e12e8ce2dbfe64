"""A search keeps what it found, whatever happens to it, and begins nothing when its time is over."""

import threading
from dataclasses import replace

import pytest

from solver import Preset, Settings, Solution, Status, goal, solve, verify
from solver.bench.families import rep
from solver.model import cpsat
from solver.model.cpsat import Outcome
from solver.search import by_flows
from tests.solver.makers import problem
from tests.solver.test_optimum import tiny

LITTLE = Settings(time_limit=5, workers=1)


def broken(*_: object) -> None:
    raise KeyError("an error of our own")


def test_a_search_without_time_gives_its_first_answer_and_begins_nothing_more() -> None:
    conference = rep(60, rounds=2)

    found = solve(conference, Settings(time_limit=0))

    assert found.route == "min-cost flows"
    assert found.status is Status.FEASIBLE
    assert verify(conference, found) == []


def test_an_error_of_our_own_keeps_the_answer_and_tells_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STUHLKREIS_STRICT", "0")
    monkeypatch.setattr(by_flows, "improve", broken)
    conference = rep(60, rounds=2)

    found = solve(conference, LITTLE)

    assert found.status is Status.FEASIBLE
    assert verify(conference, found) == []
    assert found.facts == {"engine": "KeyError: 'an error of our own'"}


def test_an_error_of_our_own_fails_where_it_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(by_flows, "improve", broken)

    with pytest.raises(KeyError):
        solve(rep(60, rounds=2), LITTLE)


def test_without_an_answer_it_fails_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STUHLKREIS_STRICT", "0")
    monkeypatch.setattr(by_flows, "begin", broken)

    found = solve(tiny(3), LITTLE)

    assert (found.status, found.reason) == (Status.FAILED, "engine")
    assert found.facts == {"engine": "KeyError: 'an error of our own'"}


def test_an_engine_that_fails_costs_nothing_that_was_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cpsat, "run", lambda *_, **__: Outcome(Status.FAILED, reason="it will not"))

    found = solve(tiny(3), LITTLE)

    assert found.status is Status.FEASIBLE
    assert found.facts == {"engine": "it will not"}


def test_numbers_that_flows_cannot_count_are_left_to_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    def too_large(*_: object) -> None:
        raise OverflowError("too large")

    monkeypatch.setattr(by_flows, "begin", too_large)

    found = solve(tiny(3), LITTLE)

    assert found.status.has_answer


def test_what_a_goal_reached_is_handed_on_at_once() -> None:
    kept: list[Solution] = []
    small = tiny(3)

    found = solve(small, LITTLE, keep=kept.append)

    assert kept
    assert all(verify(small, each) == [] and each.status is Status.FEASIBLE for each in kept)
    assert [each.value for each in kept[-1].goals] == [each.value for each in found.goals]


def test_stopping_ends_it_with_the_best_so_far() -> None:
    stop = threading.Event()
    stop.set()
    conference = rep(60, rounds=2)

    found = solve(conference, Settings(time_limit=600), stop=stop)

    assert verify(conference, found) == []


@pytest.mark.parametrize("preset", [Preset.WISHES_FIRST, Preset.BALANCED, Preset.MIX_FIRST, Preset.REPAIR])
def test_optimal_is_said_only_where_every_goal_is_proven(preset: Preset) -> None:
    found = solve(tiny(3), Settings(preset=preset, time_limit=5, workers=1))

    assert (found.status is Status.OPTIMAL) == all(each.gap == 0 for each in found.goals)


def test_each_bound_tells_what_it_presumes_and_where_it_comes_from() -> None:
    found = solve(rep(60, rounds=2), LITTLE)

    worst = goal(found, "worst_off")
    assert worst is not None
    assert worst.given.keys() <= {"unplaced", "exceptions"}
    assert all(each.source for each in found.goals if each.bound is not None)


def test_impossible_is_said_where_two_programs_say_so() -> None:
    conference = problem(people=1, sessions=2, rooms=1)

    assert solve(conference, LITTLE).status is Status.INFEASIBLE


@pytest.mark.parametrize("part", ["slots", "rooms", "sessions", "participants"])
def test_a_conference_without_one_of_its_parts_is_an_answer_or_impossible(part: str) -> None:
    """Without slots it broke down: their number was divided by."""
    given = problem(sessions=2, slots=1)
    found = solve(replace(given, **{part: ()}), Settings(time_limit=1, workers=1))

    assert found.status.has_answer or found.status is Status.INFEASIBLE
