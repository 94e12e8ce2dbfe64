"""The forecast counts what will be missing, before anybody has wished for anything."""

from dataclasses import replace

import pytest

from solver import Interpreter, Level, Problem, Room, forecast
from tests.solver.makers import person, problem


def _codes(conference: Problem, **no_show: float) -> dict[str, int]:
    return {shortfall.code: shortfall.lacking for shortfall in forecast(conference, no_show).shortfalls}


def crowded() -> Problem:
    base = problem(people=12, sessions=1, rooms=1)
    return replace(base, rooms=(Room("r0", 8),), sessions=(replace(base.sessions[0], facilitators=("p0",)),))


def test_seats_are_counted_without_those_who_lead() -> None:
    found = forecast(crowded())

    assert found.seats == {"t0": 7}
    assert {s.code: s.lacking for s in found.shortfalls}["seats"] == 5


def test_who_stays_away_needs_no_seat() -> None:
    assert _codes(crowded(), a=0.5).get("seats") is None


def test_sessions_without_staff_are_named() -> None:
    assert {"facilitator", "note_taker"} <= _codes(problem()).keys()


def test_staff_must_be_there_as_often_as_their_sessions() -> None:
    base = problem(people=2, sessions=1, slots=2)
    led = replace(
        base,
        sessions=(replace(base.sessions[0], facilitators=("p0",)),),
        participants=(person("p0", slots=frozenset({"t0"})), person("p1")),
    )

    assert _codes(led)["staff_presence"] == 1


@pytest.mark.parametrize(("listeners", "lacking"), [(1, 2), (2, 1), (3, None)])
def test_listeners_are_counted_by_slot_and_language(listeners: int, lacking: int | None) -> None:
    people = tuple(person(f"p{at}", languages={"ar": Level.SPEAKS}) for at in range(3))
    helper = person("i0", attends=False)
    base = replace(
        problem(),
        participants=(*people, helper),
        interpreters=(Interpreter("i0", frozenset({"ar-de"}), listeners),),
    )

    assert _codes(base).get("interpreters") == lacking


def test_step_free_chairs_are_counted() -> None:
    base = problem(people=3, sessions=1)
    people = tuple(replace(p, needs=frozenset({"step_free"})) for p in base.participants)
    rooms = (Room("r0", 2, frozenset({"step_free"})), Room("r1", 9))

    assert _codes(replace(base, participants=people, rooms=rooms))["feature"] == 1


def test_a_theme_that_will_overflow_is_named() -> None:
    base = problem(people=6, sessions=2)
    sessions = tuple(replace(session, theme="housing", maximum=2) for session in base.sessions)
    people = tuple(replace(p, favourites=("s0",)) for p in base.participants)

    assert _codes(replace(base, sessions=sessions, participants=people))["theme"] == 2
