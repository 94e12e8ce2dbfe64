"""Small changes reach what the start does not: another language, an interpreter elsewhere, a free room."""

import random
from collections.abc import Callable
from dataclasses import replace

from solver import Given, Interpreter, Mode, Problem
from solver.flow.arrays import Arrays
from solver.flow.day import Day
from solver.flow.timetable import InterpreterAt, Timetable
from solver.problem import Meeting
from solver.search.local_moves import can_move, moved
from tests.solver.flow.days import broken, in_languages, seated, speaking, weights


def after(day: Day, given: Problem, wanted: Callable[[Day], bool], tries: int = 60) -> Day | None:
    """A day with what is wanted after one move, of so many that are tried."""
    dice = random.Random(1)
    found = (moved(day, dice, weights(given)) for _ in range(tries))
    return next((other for other in found if other is not None and wanted(other)), None)


def in_german(given: Problem, *interpreters: InterpreterAt) -> Day:
    day = Day(Timetable(Arrays(given), (Meeting("s0@t0", "s0", "t0", "r0", "de"),), interpreters))
    assert day.reoptimise(0, weights(given))
    return day


def test_a_meeting_may_speak_another_language_and_people_follow() -> None:
    given = in_languages([speaking("p0", "ar"), speaking("p1", "ar"), speaking("p2", "de")], "ar", "de")
    day = in_german(given)
    assert day.unplaced() == 2

    other = after(day, given, lambda each: each.unplaced() == 1)

    assert other is not None
    assert [meeting.language for meeting in other.timetable.meetings] == ["ar"]
    assert broken(other) == set()
    assert [meeting.language for meeting in day.timetable.meetings] == ["de"]


def test_an_interpreter_goes_on_into_the_language_that_was_spoken_before() -> None:
    people = [speaking("p0", "ar"), speaking("p1", "de"), speaking("helper", "ar", "de", attends=False)]
    given = in_languages(people, "ar", "de", interpreters=(Interpreter("helper", frozenset({"ar-de"})),))
    day = in_german(given, InterpreterAt("helper", "s0@t0", "ar"))

    other = after(day, given, lambda each: each.timetable.meetings[0].language == "ar")

    assert other is not None
    assert other.timetable.interpreters == (InterpreterAt("helper", "s0@t0", "de"),)
    assert other.unplaced() == 0
    assert broken(other) == set()


def test_a_given_language_never_moves() -> None:
    people = [speaking("p0", "ar"), speaking("p1", "ar"), speaking("p2", "de")]
    given = in_languages(people, "ar", "de", meetings=(Given("s0", "t0", "r0", "de"),))
    day = in_german(given)

    assert not can_move(day.timetable)
    assert after(day, given, lambda each: True) is None


def test_an_interpreter_comes_for_who_has_no_place() -> None:
    people = [speaking("p0", "de"), speaking("guest", "ar"), speaking("helper", "ar", "de", attends=False)]
    given = in_languages(people, "de", interpreters=(Interpreter("helper", frozenset({"ar-de"})),))
    day = in_german(given)
    assert day.unplaced() == 1

    other = after(day, given, lambda each: each.unplaced() == 0)

    assert other is not None
    assert other.timetable.interpreters == (InterpreterAt("helper", "s0@t0", "ar"),)
    assert broken(other) == set()


def test_an_interpreter_who_is_not_needed_attends() -> None:
    people = [speaking("p0", "de"), speaking("helper", "ar", "de")]
    given = in_languages(people, "de", interpreters=(Interpreter("helper", frozenset({"ar-de"})),))

    day = in_german(given, InterpreterAt("helper", "s0@t0", "ar"))

    assert day.timetable.interpreters == ()
    assert day.unplaced() == 0


def test_simultaneous_interpreters_move_in_twos() -> None:
    helpers = [speaking(f"h{at}", "ar", "de", attends=False) for at in range(2)]
    people = [speaking("p0", "de"), speaking("guest", "ar"), *helpers]
    interpreters = tuple(Interpreter(h.id, frozenset({"ar-de"}), mode=Mode.SIMULTANEOUS) for h in helpers)
    given = in_languages(people, "de", interpreters=interpreters)
    day, dice = seated(given), random.Random(2)
    seen = set()

    for _ in range(40):
        day = moved(day, dice, weights(given)) or day
        seen.add(len(day.timetable.interpreters))
        assert broken(day) == set()

    assert seen == {0, 2}


def test_two_meetings_of_different_slots_trade_places() -> None:
    base = in_languages([speaking("p0", "de"), speaking("p1", "de")], "de")
    sessions = (base.sessions[0], replace(base.sessions[0], id="s1"))
    given = replace(base, slots=(*base.slots, replace(base.slots[0], id="t1")), sessions=sessions)
    day = seated(given)
    before = {meeting.session: meeting.slot for meeting in day.timetable.meetings}

    other = after(day, given, lambda each: {m.session: m.slot for m in each.timetable.meetings} != before)

    assert other is not None
    assert {m.session: m.slot for m in other.timetable.meetings} == {"s0": before["s1"], "s1": before["s0"]}
    assert other.unplaced() == 0
