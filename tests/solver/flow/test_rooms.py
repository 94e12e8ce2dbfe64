"""The largest rooms for those who come: without a number unbounded, with 0 chairs for nobody."""

from dataclasses import replace

from solver import Room
from solver.flow.arrays import Arrays
from solver.flow.day import Day
from solver.flow.timetable import Timetable
from solver.problem import Meeting
from solver.search.start import place
from tests.solver.flow.days import seated, weights
from tests.solver.makers import person, problem


def test_a_room_without_chairs_is_the_smallest() -> None:
    given = replace(problem(people=1, sessions=1), rooms=(Room("none", 0), Room("one", 1)))

    assert [meeting.room for meeting in place(given)] == ["one"]
    assert seated(given).unplaced() == 0


def test_a_room_without_a_number_is_the_largest() -> None:
    given = replace(problem(people=3, sessions=1), rooms=(Room("one", 1), Room("any"), Room("two", 2)))

    assert [meeting.room for meeting in place(given)] == ["any"]


def test_rooms_are_dealt_for_those_who_come_and_never_one_without_chairs() -> None:
    people = tuple(person(f"p{at}", favourites=("s0",)) for at in range(3))
    given = replace(
        problem(people=3, sessions=2), rooms=(Room("none", 0), Room("two", 2), Room("three", 3)), participants=people
    )
    meetings = (Meeting("s0@t0", "s0", "t0", "none", "de"), Meeting("s1@t0", "s1", "t0", "two", "de"))
    day = Day(Timetable(Arrays(given), meetings))

    assert day.fill(None, weights(given, worst=0))
    assert {meeting.session: meeting.room for meeting in day.timetable.meetings}["s0"] == "three"
    assert [day.timetable.meetings[m].session for m in day.at[:, 0]] == ["s0", "s0", "s0"]
