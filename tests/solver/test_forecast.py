"""The forecast counts what will be missing, before anybody has wished for anything."""

from dataclasses import replace

import pytest

from solver import Interpreter, Level, Mode, Problem, Room, forecast
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


def _spoken(*sessions: str, people: int = 6) -> Problem:
    """Arabs among whom nobody understands German, and as many Germans; a session may be held in "de", "ar" or both."""
    base = problem(people=people, sessions=len(sessions), rooms=len(sessions))
    arabs = tuple(person(f"a{at}", languages={"ar": Level.SPEAKS}) for at in range(people))
    held = tuple(
        replace(session, languages=frozenset(spoken.split("-")), maximum=people)
        for session, spoken in zip(base.sessions, sessions, strict=True)
    )
    return replace(base, sessions=held, participants=(*base.participants, *arabs))


def _with_two_arabs(given: Problem) -> Problem:
    germans = tuple(p for p in given.participants if p.id.startswith("p"))
    return replace(given, participants=(*germans, *(p for p in given.participants if p.id in {"a0", "a1"})))


def test_seats_in_meetings_that_can_be_held_in_their_language_need_no_interpreter() -> None:
    assert _codes(_spoken("de", "de"))["interpreters"] == 6
    assert "interpreters" not in _codes(_spoken("de", "ar"))
    assert "interpreters" not in _codes(_spoken("de-ar", "de"))


def test_one_meeting_cannot_be_held_in_two_languages_at_once() -> None:
    """One session in either language for twelve people: half of them must listen, whatever is spoken."""
    base = replace(_spoken("de-ar"), rooms=(Room("r0", 12),))
    wide = replace(base, sessions=(replace(base.sessions[0], maximum=12),))

    assert _codes(wide)["interpreters"] == 6
    assert "interpreters" not in _codes(_spoken("de-ar", "de-ar"))


def test_who_leads_needs_no_chair_of_the_other_language() -> None:
    """Ten Germans, three of whom lead, and two Arabs: three meetings of four beside the leader hold them all."""
    base = _with_two_arabs(_spoken("de-ar", "de", "de", people=10))
    led = tuple(replace(s, maximum=4, facilitators=(f"p{at}",)) for at, s in enumerate(base.sessions))

    assert "interpreters" not in _codes(replace(base, sessions=led))


def test_where_language_plays_no_part_people_of_all_languages_sit_together() -> None:
    """Two meetings of six hold two Arabs and ten Germans, if some Germans sit with the Arabs."""
    base = _with_two_arabs(_spoken("de", "de", people=10))
    free, german = (replace(s, maximum=6) for s in base.sessions)

    assert "interpreters" not in _codes(replace(base, sessions=(replace(free, languages=frozenset()), german)))
    assert _codes(replace(base, sessions=(free, german)))["interpreters"] == 2


def test_who_leads_without_understanding_needs_no_interpreter() -> None:
    base = problem(people=3, sessions=1, rooms=1)
    led = replace(base.sessions[0], facilitators=("a0",))
    arab = person("a0", languages={"ar": Level.SPEAKS})

    assert "interpreters" not in _codes(replace(base, sessions=(led,), participants=(*base.participants, arab)))


def test_too_few_seats_are_no_lack_of_interpreters() -> None:
    few = replace(_spoken("de-ar", "de-ar"), rooms=(Room("r0", 2), Room("r1", 2)))

    assert "interpreters" not in _codes(few)
    assert _codes(few)["seats"] == 8


def test_in_a_two_language_session_who_understands_one_needs_the_bridge() -> None:
    base = _spoken("de-ar")
    both = replace(base, sessions=(replace(base.sessions[0], two_language=True),))
    helper = person("i0", attends=False)
    bridged = replace(
        both,
        participants=(*both.participants, helper),
        interpreters=(Interpreter("i0", frozenset({"de-ar"}), 12),),
    )

    assert _codes(both)["interpreters"] == 6
    assert "interpreters" not in _codes(bridged)


def test_two_simultaneous_interpreters_serve_what_the_weaker_can() -> None:
    base = _spoken("de", "de")
    helpers = tuple(person(f"i{at}", attends=False) for at in range(2))
    pairs = frozenset({"ar-de"})
    booth = replace(
        base,
        participants=(*base.participants, *helpers),
        interpreters=tuple(
            Interpreter(f"i{at}", pairs, most, mode=Mode.SIMULTANEOUS) for at, most in enumerate((12, 4))
        ),
    )

    assert _codes(booth)["interpreters"] == 2


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
