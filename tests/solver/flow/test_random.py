"""On random tiny conferences of every shape what the flows give keeps the rules that flows can say."""

import random

import pytest

from solver import Problem
from solver.flow.day import Day
from solver.flow.solutions import from_solution, read_out, solution_of
from solver.flow.timetable import Timetable
from solver.search.feasibility import without_empty
from solver.search.local_moves import moved
from tests.solver.flow.days import broken, seated, weights
from tests.solver.oracle.generator import Size, conference

SEEDS = [
    seed
    for seed in range(120)
    if conference(seed, Size(8, 5, 3, 4))[0].objective == "ranked" and conference(seed, Size(8, 5, 3, 4))[0].full_day
]
ALWAYS = {"everybody_understands", "size_at_most", "vetoes_respected", "never_the_same_session_twice"}
"""Kept by every day; the others may ask for what no timetable gives, or are mended afterwards."""


def drawn(seed: int) -> Problem:
    return conference(seed, Size(8, 5, 3, 4))[0]


@pytest.mark.parametrize("seed", SEEDS)
def test_days_keep_what_flows_can_say_however_they_are_changed(seed: int) -> None:
    given, dice = drawn(seed), random.Random(seed)
    day = seated(given)
    assert not broken(day) & ALWAYS
    day = without_empty(day, weights(given, worst=0))
    day.sweep(weights(given), lambda: False)
    assert not broken(day) & ALWAYS

    for _ in range(12):
        day = moved(day, dice, weights(given)) or day
        assert not broken(day) & ALWAYS
        assert _idle(day) == []
    assert _kept(given, day.timetable)


@pytest.mark.parametrize("seed", SEEDS[::3])
def test_a_day_comes_back_from_its_solution(seed: int) -> None:
    day = seated(drawn(seed))
    found = solution_of(day)

    again = from_solution(day.arrays, found)

    assert set(again.timetable.interpreters) == set(day.timetable.interpreters)
    assert (again.at == day.at).all()
    assert (again.channel == day.channel).all()
    assert read_out(again)[0] == found.meetings
    assert set(read_out(again)[1]) == set(found.seats)


def _idle(day: Day) -> list[str]:
    """Interpreters in a channel to which nobody listens."""
    names, slots = day.arrays.channels, day.timetable.slot
    return [
        each.participant
        for each in day.timetable.interpreters
        for m in [day.timetable.index[each.meeting]]
        if not ((day.at[:, slots[m]] == m) & (day.channel[:, slots[m]] == names.index(each.channel))).any()
    ]


def _kept(given: Problem, timetable: Timetable) -> bool:
    held = {(meeting.session, meeting.slot): meeting for meeting in timetable.meetings}
    return all(
        (found := held.get((each.session, each.slot))) is None
        or (each.room in (None, found.room) and each.language in (None, found.language))
        for each in given.meetings
    )
