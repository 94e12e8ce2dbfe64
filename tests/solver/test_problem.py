"""Problems read and write themselves; bad input is named with its place."""

import json
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solver import Given, Preset, Problem, ProblemError, Settings, Status, diagnose, solve, verify
from solver.bench.families import rep
from tests.solver.makers import problem


def test_a_problem_survives_its_file_with_the_same_hash() -> None:
    large = rep(60)

    again = Problem.from_json(large.to_json())

    assert again == large
    assert again.hash == large.hash


@pytest.mark.parametrize(
    ("change", "place"),
    [
        (lambda data: data.pop("rooms"), "$.rooms is missing"),
        (lambda data: data["sessions"][0].update(minimum="many"), "$.sessions[0].minimum is 'many'"),
        (lambda data: data["sessions"][0].update(maximum=-1), "$.sessions[0].maximum is below the minimum"),
        (lambda data: data["participants"][1].update(favourites=["s9"]), "$.participants[1].favourites names"),
        (lambda data: data.update(colour="red"), "$.colour is not known"),
        (lambda data: data["rooms"].append(data["rooms"][0]), "$.rooms[2].id 'r0' stands twice"),
        (lambda data: data.update(slots={}), "$.slots is not a list"),
    ],
)
def test_a_fault_is_named_with_its_place_and_a_remedy(change, place: str) -> None:  # type: ignore[no-untyped-def]
    data = json.loads(problem().to_json())
    change(data)

    with pytest.raises(ProblemError) as caught:
        Problem.from_json(json.dumps(data))

    assert place in str(caught.value)
    assert all(fault.remedy for fault in caught.value.faults)


def test_a_cut_off_file_is_named() -> None:
    with pytest.raises(ProblemError, match="is not JSON"):
        Problem.from_json(problem().to_json()[:-9])


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_any_problem_is_infeasible_or_its_answer_verifies(seed: int) -> None:
    dice = random.Random(seed)
    small = problem(dice.randint(1, 7), dice.randint(1, 3), dice.randint(1, 2), rooms=dice.randint(1, 3))
    sessions = tuple(
        replace(session, minimum=dice.randint(0, 4), may_be_cancelled=dice.random() < 0.5) for session in small.sessions
    )
    small = replace(small, sessions=sessions)

    found = solve(small, Settings(preset=Preset.WISHES_FIRST, time_limit=5, workers=1))

    if found.status.has_answer:
        assert verify(small, found) == []
    else:
        assert found.status is Status.INFEASIBLE


def test_an_impossible_problem_names_a_minimal_set_of_rules() -> None:
    base = problem(people=4, sessions=2, rooms=1)

    found = diagnose(base)

    assert found.status is Status.INFEASIBLE
    assert set(found.rules) == {"size_at_least", "rooms_hold_one_meeting"}


def test_meetings_fixed_by_hand_are_kept() -> None:
    base = replace(problem(sessions=2), meetings=(Given("s1", "t0", "r1"),))

    found = solve(base, Settings(time_limit=5, workers=1))

    assert ("s1", "t0", "r1") in {(m.session, m.slot, m.room) for m in found.meetings}
