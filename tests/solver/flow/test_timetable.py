"""A timetable is a value: who derives one from it changes nothing of it."""

from dataclasses import FrozenInstanceError, replace

import pytest

from solver import Given, Interpreter, Session
from solver.flow.interpreters import chairs_left
from solver.flow.timetable import Timetable
from tests.solver.flow.days import in_languages, seated, speaking
from tests.solver.makers import person, problem


def interpreted() -> Timetable:
    people = [speaking("p0", "de"), speaking("guest", "ar"), speaking("helper", "ar", "de", attends=False)]
    day = seated(in_languages(people, "de", interpreters=(Interpreter("helper", frozenset({"ar-de"})),)))
    return day.timetable


def test_bans_and_pulls_are_those_of_the_new_timetable_alone() -> None:
    first = interpreted()

    one = first.with_bans({(0, "s0@t0")})
    other = first.with_bans({(1, "s0@t0")}, {(0, "s0@t0")})

    assert (first.bans, first.pulls) == (frozenset(), frozenset())
    assert (one.bans, one.pulls) == ({(0, "s0@t0")}, frozenset())
    assert (other.bans, other.pulls) == ({(1, "s0@t0")}, {(0, "s0@t0")})


def test_nothing_can_be_put_into_a_timetable() -> None:
    with pytest.raises(FrozenInstanceError):
        interpreted().meetings = ()  # type: ignore[misc]


def test_a_meeting_leaves_with_its_interpreters() -> None:
    first = interpreted()

    rest = first.without("s0@t0")

    assert (rest.meetings, rest.interpreters) == ((), ())
    assert len(first.meetings) == len(first.interpreters) == 1


def test_who_interprets_takes_a_chair_and_wants_no_place() -> None:
    timetable = interpreted()
    alone = timetable.with_interpreters(())

    assert chairs_left(alone, 0) - chairs_left(timetable, 0) == 1
    assert not timetable.free[timetable.arrays.row["helper"]].any()
    assert timetable.listening.places.tolist() == [12]
    assert timetable.listening.units.tolist() == [1]


def test_a_long_meeting_is_attended_from_its_first_slot_to_its_last() -> None:
    base = problem(people=4, sessions=2, slots=2, rooms=2)
    long = Session("s0", languages=frozenset({"de"}), duration=2)
    slots = (base.slots[0], replace(base.slots[1], joined=True))
    day = seated(
        replace(
            base,
            slots=slots,
            sessions=(long, replace(base.sessions[1], offered=2)),
            participants=(
                person("there", favourites=("s0",)),
                person("leaving", favourites=("s0",), slots=frozenset({"t0"})),
            ),
            meetings=(Given("s0", "t0"), Given("s1", "t0"), Given("s1", "t1")),
        )
    )
    sessions = [[day.timetable.meetings[m].session for m in row if m >= 0] for row in day.at.tolist()]

    assert sessions == [["s0", "s0"], ["s1"]]
