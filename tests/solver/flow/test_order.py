"""What comes after, beside or over several slots is placed so from the start, and moves keep it."""

import random
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from solver import Problem, Session, Settings, Solution, Status, formats, solve, verify
from solver.flow.arrays import Arrays
from solver.flow.day import Day
from solver.judge.verify import breaches
from solver.problem import Slot
from solver.search.local_moves import moved
from solver.search.start import first_timetable, place
from tests.solver.flow.days import weights
from tests.solver.makers import person, problem

ORDER = "sessions_in_order"


def ordered(slots: int, rooms: int, *sessions: dict[str, Any]) -> Problem:
    """Sessions s0, s1, ... of these kinds, the last the most wanted, so that the start begins with it."""
    made = tuple(
        Session(f"s{at}", **{"languages": frozenset({"de"}), **{k: _names(k, v) for k, v in kind.items()}})
        for at, kind in enumerate(sessions)
    )
    wanted = tuple(person(f"p{at}", favourites=tuple(s.id for s in reversed(made))) for at in range(6))
    times = tuple(Slot(f"t{at}", joined=True) for at in range(slots))
    return replace(problem(rooms=rooms), sessions=made, slots=times, participants=wanted)


def _names(key: str, value: Any) -> Any:
    return frozenset(value) if key in ("after", "beside", "conflicts") else value


@pytest.mark.parametrize(
    ("slots", "rooms", "sessions"),
    [
        (2, 1, [{}, {"after": ["s0"]}]),
        (3, 1, [{}, {"after": ["s0"]}, {"after": ["s1"]}]),
        (3, 2, [{"duration": 2}, {"after": ["s0"]}, {"conflicts": ["s1"]}]),
        (4, 2, [{"offered": 2}, {"after": ["s0"], "offered": 2}]),
        (2, 3, [{"offered": 2}, {"beside": ["s0"], "offered": 2}, {"offered": 2}]),
        (3, 2, [{}, {"beside": ["s0"]}, {"after": ["s0"]}, {"after": ["s1"], "beside": ["s2"]}]),
    ],
)
def test_the_start_keeps_what_is_after_and_beside(slots: int, rooms: int, sessions: list[dict[str, Any]]) -> None:
    given = ordered(slots, rooms, *sessions)

    meetings = place(given)

    assert Counter(each.session for each in meetings) == {each.id: each.offered for each in given.sessions}
    found = Solution(Status.FEASIBLE, tuple(meetings))
    assert [each for each in breaches(given, found) if each.rule == ORDER] == []


def test_moves_keep_the_order_and_change_the_slots_of_ordered_sessions() -> None:
    given = ordered(4, 3, {}, {"after": ["s0"]}, {}, {"beside": ["s2"]})
    day, dice = Day(first_timetable(Arrays(given))), random.Random(1)
    starts = set()

    for _ in range(300):
        if (other := moved(day, dice, weights(given))) is not None:
            day = other
            held = Solution(Status.FEASIBLE, day.timetable.meetings)
            assert [each for each in breaches(given, held) if each.rule == ORDER] == []
            starts.add(next(each.slot for each in day.timetable.meetings if each.session == "s0"))

    assert len(starts) > 1


def test_a_conference_with_all_rules_has_a_place_for_everybody_from_the_first_answer() -> None:
    """Without any time for searching: where the order is not kept from the start, no answer of flows is lawful."""
    text = (Path(__file__).parent.parent / "instances" / "coupled" / "allrules120.json").read_text()
    given = formats.named("auto", text).read(text)

    found = solve(given, Settings(time_limit=0))

    assert verify(given, found) == []
    assert found.route == "min-cost flows"
    assert {each.name: each.value for each in found.goals}["unplaced"] == 0
