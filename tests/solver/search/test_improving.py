"""What the search by flows makes of an answer: mix takes what the earlier goals give, and no more."""

from dataclasses import replace

import pytest

from solver import Preset, Problem, Room, Settings, Status, solve
from solver.bench.families import rep
from solver.model.objectives import order_of
from solver.search import by_flows
from solver.search.budget import Budget
from solver.search.by_flows import begin
from solver.search.flow_search import FlowSearch
from solver.search.improving import improve
from solver.search.incumbent import Incumbent
from solver.search.task import Task
from tests.solver.makers import person, problem


def parted() -> Problem:
    """Each group wishes for a meeting of its own, and one person of each would nearly as gladly be at the other's."""
    lists = {"a": ("s0", "s2", "s3", "s4"), "b": ("s1", "s2", "s3", "s4")}
    people = [person(f"{g}{at}", attributes={"group": g}, favourites=lists[g]) for g in "ab" for at in range(9)]
    people += [person("a9", attributes={"group": "a"}, favourites=("s0", "s1"))]
    people += [person("b9", attributes={"group": "b"}, favourites=("s1", "s0"))]
    rooms = tuple(Room(f"r{at}", 10) for at in range(5))
    base = problem(sessions=5, participants=tuple(people))
    return replace(base, rooms=rooms, rank_points=(100, 90, 20, 20, 0))


def improved(given: Problem, preset: Preset) -> Incumbent:
    known = Incumbent(given, order_of(given, preset))
    flows, budget = FlowSearch(given, preset, known), Budget.of(1000, deterministic=True)
    assert begin(flows, budget)
    improve(flows, flows.steps(budget))
    return known


def test_mix_takes_what_wishes_may_give_for_it() -> None:
    """Two who change places cost 20 of 2,000 points, and make four people fewer too many or too few."""
    known = improved(parted(), Preset.BALANCED)

    assert known.reached("wishes") == 2000
    assert (known.value("wishes"), known.value("mix")) == (1980, 16)


def test_mix_takes_nothing_where_wishes_give_nothing() -> None:
    known = improved(parted(), Preset.WISHES_FIRST)

    assert (known.value("wishes"), known.value("mix")) == (2000, 20)


@pytest.mark.parametrize(("seconds", "left_out"), [(0.02, True), (6, False)])
def test_an_answer_says_whether_the_time_ended_before_the_mix(seconds: float, left_out: bool) -> None:
    """Until then all presets go nearly the same way, and "balanced" gave what "wishes first" did."""
    found = solve(rep(60, rounds=3), Settings(time_limit=seconds, workers=1, deterministic=True))

    assert found.status.has_answer
    assert found.facts.get("mix_left_out", False) is left_out


@pytest.mark.parametrize("seconds", [0.02, 2])
def test_one_group_alone_is_not_told_that_more_time_mixes_better(seconds: float) -> None:
    made = rep(60, rounds=3)
    alike = tuple(replace(each, attributes={**each.attributes, "group": "a"}) for each in made.participants)
    found = solve(replace(made, participants=alike), Settings(time_limit=seconds, workers=1, deterministic=True))

    assert found.status.has_answer
    assert "mix_left_out" not in found.facts


def test_what_flows_cannot_count_is_no_lack_of_time(monkeypatch: pytest.MonkeyPatch) -> None:
    def overflows(*_: object) -> None:
        raise OverflowError("too large")

    monkeypatch.setattr(by_flows, "improve", overflows)
    monkeypatch.setattr(by_flows.by_model, "fits", lambda _: False)
    found = solve(rep(60, rounds=3), Settings(time_limit=6, workers=1, deterministic=True))

    assert found.status.has_answer
    assert found.facts == {"engine": "too large"}


def test_a_small_conference_too_says_that_the_time_ended_before_the_mix(monkeypatch: pytest.MonkeyPatch) -> None:
    def takes_all(task: Task, *_: object) -> Status:
        task.budget.spend(task.settings.time_limit)
        return Status.FEASIBLE

    monkeypatch.setattr(Task, "pursue", takes_all)
    found = solve(rep(20, rounds=1), Settings(time_limit=1, workers=1, deterministic=True))

    assert found.status.has_answer
    assert found.facts["mix_left_out"]
