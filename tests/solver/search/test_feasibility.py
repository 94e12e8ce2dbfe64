"""What a flow cannot say is mended by bans and pulls on a new day; the one it came from stays as it was."""

from dataclasses import replace

from solver import Company, Room, Spread, verify
from solver.flow.arrays import Arrays
from solver.flow.day import Day
from solver.flow.timetable import Timetable
from solver.problem import Meeting, Problem
from solver.search.feasibility import mended, without_empty
from tests.solver.flow.days import seated, weights
from tests.solver.makers import person, problem


def scattered() -> Problem:
    """Two people of one organisation wish for the same full meeting, where only one of them may be."""
    people = tuple(person(f"p{at}", attributes={"org": "x"}, favourites=("s0",)) for at in range(2))
    return replace(problem(people=2, sessions=2), participants=people, spread=(Spread("org", 1),), balance=())


def test_a_day_is_mended_and_the_one_before_is_left_as_it_was() -> None:
    given = scattered()
    day = seated(given)
    places, timetable = day.at.copy(), day.timetable
    assert places.tolist() == [[0], [0]]

    found = mended(day, weights(given), lambda solution: verify(given, solution))

    assert found is not None
    better, solution = found
    assert verify(given, solution) == []
    assert sorted(better.at[:, 0].tolist()) == [0, 1]
    assert len(better.timetable.bans) == 1
    assert (day.at == places).all()
    assert day.timetable is timetable
    assert timetable.bans == frozenset()


def test_two_candidates_do_not_forbid_each_other_seats() -> None:
    given = scattered()
    one = seated(given)
    other = one.copy()

    mended(one, weights(given), lambda solution: verify(given, solution))

    assert other.timetable.bans == one.timetable.bans == frozenset()


def test_who_would_be_alone_is_joined_or_leaves() -> None:
    people = (
        person("p0", attributes={"marked": "yes"}, favourites=("s0",)),
        person("p1", attributes={"marked": "yes"}, favourites=("s1",)),
        person("p2", favourites=("s0",)),
        person("p3", favourites=("s1",)),
    )
    given = replace(problem(), participants=people, company=(Company("marked", "yes", 2),), balance=())
    day = seated(given)
    assert day.at[0, 0] != day.at[1, 0]

    found = mended(day, weights(given), lambda solution: verify(given, solution))

    assert found is not None
    assert found[0].at[0, 0] == found[0].at[1, 0] >= 0


def test_what_nobody_fills_is_cancelled_if_it_may_be() -> None:
    base = problem(people=3, sessions=2)
    sessions = (base.sessions[0], replace(base.sessions[1], minimum=2, may_be_cancelled=True))
    people = tuple(person(f"p{at}", favourites=("s0",), vetoes=frozenset({"s1"})) for at in range(3))
    given = replace(base, sessions=sessions, participants=people, rooms=(Room("r0", 10), Room("r1", 10)))
    held = (Meeting("s0@t0", "s0", "t0", "r0", "de"), Meeting("s1@t0", "s1", "t0", "r1", "de"))
    day = Day(Timetable(Arrays(given), held))
    assert day.fill(None, weights(given, worst=0))

    left = without_empty(day, weights(given, worst=0))

    assert [meeting.session for meeting in left.timetable.meetings] == ["s0"]
    assert len(day.timetable.meetings) == 2
