"""The forecast counts what will be missing, before anybody has wished for anything; never more than a run must lack."""

from dataclasses import replace
from typing import Any

import pytest

from solver import (
    Given,
    Interpreter,
    Level,
    Mode,
    Participant,
    Preset,
    Problem,
    Room,
    Session,
    Settings,
    forecast,
    solve,
)
from solver.bounds.places import missing_places
from solver.flow.arrays import Arrays
from tests.solver.makers import person, problem
from tests.solver.oracle.exact import Exact
from tests.solver.oracle.generator import conference
from tests.solver.twins import talkative


def _codes(conference: Problem, **no_show: float) -> dict[str, int]:
    return {shortfall.code: shortfall.lacking for shortfall in forecast(conference, no_show).shortfalls}


def crowded() -> Problem:
    base = problem(people=12, sessions=1, rooms=1)
    return replace(base, rooms=(Room("r0", 8),), sessions=(replace(base.sessions[0], facilitators=("p0",)),))


def test_seats_are_counted_with_those_who_lead_and_come() -> None:
    """Eight chairs for twelve people, one of whom leads: four stand. Who only leads takes a chair from the others."""
    guest = replace(crowded(), participants=(*crowded().participants, person("guest", attends=False)))
    led = replace(guest, sessions=(replace(guest.sessions[0], facilitators=("guest",)),))

    assert forecast(crowded()).seats == {"t0": 8}
    assert _codes(crowded())["seats"] == 4
    assert forecast(led).seats == {"t0": 7}
    assert _codes(led)["seats"] == 5


def test_people_expected_are_the_same_in_a_sentence_and_in_the_table() -> None:
    """ "10 people are expected", it said, and in the table by round there were 12."""
    base = crowded()
    helped = replace(base, interpreters=tuple(Interpreter(f"p{at}", frozenset({"ar-de"})) for at in (1, 2)))

    found = forecast(helped)
    told = {shortfall.code: shortfall.facts for shortfall in found.shortfalls}

    assert told["seats"]["people"] == found.expected["t0"] == 12
    assert told["seats_of_the_day"]["people"] == sum(found.expected.values())
    assert _codes(helped)["seats"] == 2


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


def test_who_understands_nothing_is_counted_once() -> None:
    """She is no German and no Arab: she was counted among both."""
    base = problem(people=1)
    people = (*base.participants, person("a0", languages={"ar": Level.SPEAKS}), person("x", languages={}))
    english = tuple(replace(session, languages=frozenset({"en"})) for session in base.sessions)

    assert _codes(replace(base, sessions=english, participants=people))["interpreters"] == 3


def test_who_may_interpret_then_needs_no_interpreter_herself() -> None:
    """One Arab among Germans who may be interpreting is not among those who must listen."""
    base = problem(people=2, sessions=1)
    people = (*base.participants, person("a0", languages={"ar": Level.SPEAKS}))
    helping = replace(base, participants=people, interpreters=(Interpreter("a0", frozenset({"ar-en"})),))

    assert _codes(replace(base, participants=people))["interpreters"] == 1
    assert "interpreters" not in _codes(helping)
    assert "interpreters" not in _codes(replace(base, participants=people, flexible={"everybody_understands": 1}))


def test_too_few_seats_are_no_lack_of_interpreters() -> None:
    few = replace(_spoken("de-ar", "de-ar"), rooms=(Room("r0", 2), Room("r1", 2)))

    assert "interpreters" not in _codes(few)
    assert _codes(few)["seats"] == 8


def test_in_a_two_language_session_who_does_not_share_the_language_of_the_others_needs_the_bridge() -> None:
    """Six seats can be filled with people of one language; twelve cannot."""
    few = replace(_spoken("de-ar"), sessions=(replace(_spoken("de-ar").sessions[0], two_language=True),))
    wide = replace(few.sessions[0], maximum=12)
    both = replace(few, sessions=(wide,), rooms=(Room("r0", 13),))
    helper = person("i0", attends=False)
    bridged = replace(
        both,
        participants=(*both.participants, helper),
        interpreters=(Interpreter("i0", frozenset({"de-ar"}), 12),),
    )

    assert "interpreters" not in _codes(few)
    assert _codes(both)["interpreters"] == 6
    assert "interpreters" not in _codes(bridged)


def test_who_leads_is_not_asked_what_she_understands_where_another_language_may_be_spoken() -> None:
    """A German leads for two Arabs: the meeting is held in Arabic, and nobody listens."""
    for two_language in (False, True):
        base = problem(people=1, sessions=1, rooms=1)
        german = replace(base.participants[0], languages={"de": Level.SPEAKS})
        arabs = (person(f"a{at}", languages={"ar": Level.SPEAKS}) for at in range(2))
        led = replace(
            base.sessions[0],
            facilitators=(german.id,),
            languages=frozenset({"ar", "de"}),
            two_language=two_language,
        )

        assert "interpreters" not in _codes(replace(base, sessions=(led,), participants=(german, *arabs)))


def test_who_leads_in_one_round_is_asked_what_she_understands_in_the_others() -> None:
    """Six Germans and six who lead in the first round only sit in German meetings: in the second those listen."""
    base = _spoken("de", "de")
    lead = tuple(p.id for p in base.participants if p.id.startswith("a"))
    own = Session("own", languages=frozenset({"de"}), facilitators=lead, slots=frozenset({"t0"}), maximum=12)
    led = replace(base, slots=problem(slots=2).slots, sessions=(*base.sessions, own))
    needing = {each.facts["slot"]: each.lacking for each in forecast(led, {}).shortfalls if each.code == "interpreters"}

    assert needing == {"t1": 6}


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


def _turks(many: int) -> tuple[Participant, ...]:
    return tuple(person(f"t{at}", languages={"tr": Level.SPEAKS}) for at in range(many))


def _with_interpreter(listeners: int, **changes: Any) -> Problem:
    """Six Germans and three Turks in two German sessions, twice each."""
    base = problem(people=6, slots=2)
    people = (*base.participants, *_turks(3), person("i0", attends=False))
    helper = Interpreter("i0", frozenset({"de-tr"}), listeners, **changes)
    return replace(base, participants=people, interpreters=(helper,))


def _offered(*times: int, most: int = 6) -> Problem:
    base = problem(people=6, sessions=len(times), slots=2)
    return replace(
        base,
        sessions=tuple(replace(s, maximum=most, offered=n) for s, n in zip(base.sessions, times, strict=True)),
    )


def _open_to_some() -> Problem:
    """Six people may enter only the first of two sessions in two rounds, four may enter both."""
    base = problem(people=6, slots=2, rooms=2)
    first, second = base.sessions
    others = tuple(person(f"w{at}", attributes={"group": "b"}) for at in range(4))
    return replace(
        base,
        participants=(*base.participants, *others),
        sessions=(first, replace(second, admits={"group": ("b",)})),
    )


def _vetoed() -> Problem:
    base = problem(people=6, slots=2)
    some = [replace(p, vetoes=frozenset({"s1"})) if p.id in {"p0", "p1"} else p for p in base.participants]
    return replace(base, participants=tuple(some))


def _understood_too_seldom() -> Problem:
    """Three rounds, three sessions, one of them in English only: who knows no English misses a round."""
    base = problem(people=4, sessions=3, slots=3, rooms=3)
    english = replace(base.sessions[2], languages=frozenset({"en"}))
    both = {"de": Level.SPEAKS, "en": Level.SPEAKS}
    some = [replace(p, languages=both) if p.id != "p0" else p for p in base.participants]
    return replace(base, sessions=(*base.sessions[:2], english), participants=tuple(some))


MISSING = {
    "the second round of one session needs other people": (_offered(2, 1, most=3), 3),
    "one session twice, and nobody twice": (_offered(2), 6),
    "closed to some": (_open_to_some(), 6),
    "not wanted by some": (_vetoed(), 2),
    "no interpreter": (replace(problem(people=6, slots=2), participants=_turks(2)), 4),
    "an interpreter for too few": (_with_interpreter(2), 2),
    "an interpreter in one round only": (_with_interpreter(12, slots=frozenset({"t0"})), 3),
    "fewer sessions understood than rounds": (_understood_too_seldom(), 1),
    "fewer sessions than rounds": (problem(people=4, sessions=2, slots=3), 4),
}


@pytest.mark.parametrize("case", MISSING)
def test_what_a_run_must_leave_out_is_told_before_it(case: str) -> None:
    """Of these the look ahead said that everything will be enough, or counted less."""
    asked, lacking = MISSING[case]
    run = solve(asked, Settings(time_limit=5, preset=Preset.BALANCED))

    assert _codes(asked)["places"] == lacking
    assert {goal.name: (goal.value, goal.bound) for goal in run.goals}["unplaced"] == (lacking, lacking)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (MISSING["no interpreter"][0], {"places": 4, "languages": ["tr"]}),
        (_with_interpreter(2), {"places": 2, "languages": ["tr"]}),
        (_understood_too_seldom(), {"places": 1, "languages": ["de"]}),
        (_offered(2), None),
        (replace(_with_interpreter(2), flexible={"everybody_understands": 9}), None),
    ],
)
def test_places_that_languages_cost_are_told_with_the_language(asked: Problem, told: dict[str, Any] | None) -> None:
    """ "Raise maximum sizes", it said of people whom nobody would interpret for."""
    facts = {shortfall.code: shortfall.facts for shortfall in forecast(asked).shortfalls}

    assert facts.get("places_by_language") == told
    assert told is None or "few_sessions" not in facts


def test_what_languages_cost_is_told_apart_from_what_else_is_missing() -> None:
    """Two of three rounds have a session for the six; of the two Turks, each misses all three."""
    base = problem(people=6, sessions=2, slots=3)
    asked = replace(base, participants=(*base.participants, *_turks(2)))

    told = {shortfall.code: shortfall.lacking for shortfall in forecast(asked).shortfalls}

    assert (told["places"], told["places_by_language"], told["few_sessions"]) == (12, 4, 8)


def test_who_can_attend_fewer_sessions_than_rounds_is_counted_by_heads_and_places() -> None:
    facts = {s.code: s.facts for s in forecast(problem(people=4, sessions=1, slots=3)).shortfalls}

    assert facts["few_sessions"] == {"people": 4, "places": 8}
    assert "few_sessions" not in _codes(_offered(2, 2, most=1))


@pytest.mark.parametrize("percent", range(1, 100, 3))
@pytest.mark.parametrize("slots", [2, 3, 4])
def test_of_people_who_may_stay_away_none_misses_more_than_her_rounds(percent: int, slots: int) -> None:
    """ "1 person can attend fewer sessions ... Places missing because of that: 4", it said of three rounds."""
    asked = problem(people=4, sessions=1, slots=slots)
    told = forecast(asked, {"a": percent / 100}).shortfalls
    facts = next((each.facts for each in told if each.code == "few_sessions"), {"people": 0, "places": 0})

    assert facts["people"] <= facts["places"] <= facts["people"] * (slots - 1)
    assert bool(facts["places"]) == (round(4 * (1 - percent / 100) * (slots - 1)) > 0)


def test_leading_and_interpreting_fill_a_round() -> None:
    """One session for two rounds: who leads it twice misses nothing, who may interpret neither."""
    base = problem(people=3, sessions=1, slots=2)
    led = replace(base, sessions=(replace(base.sessions[0], facilitators=("p0",)),))
    helped = replace(led, interpreters=(Interpreter("p1", frozenset({"de-tr"})),))

    assert _codes(base)["places"] == 3
    assert _codes(led)["places"] == 2
    assert _codes(helped)["places"] == 1


def test_of_people_who_may_stay_away_the_average_is_told() -> None:
    asked = _offered(2)

    assert _codes(asked, a=0.5)["places_on_average"] == 3
    assert "places" not in _codes(asked, a=0.5)
    assert _codes(asked, a=0.9)["places_on_average"] == 1  # 0.6
    assert "places_on_average" not in _codes(asked, a=0.95)  # 0.3: "about 1 place" was told
    assert "few_sessions" not in _codes(asked, a=0.95)


def test_a_long_session_fills_several_rounds_and_a_small_given_room_counts() -> None:
    base = problem(people=6, sessions=1, slots=2, rooms=2)
    joined = (base.slots[0], replace(base.slots[1], joined=True))
    long = replace(base, slots=joined, sessions=(replace(base.sessions[0], offered=1, duration=2),))
    small = replace(long, rooms=(Room("r0", 2), Room("r1", 9)), meetings=(Given("s0", "t0", "r0"),))

    assert "places" not in _codes(long)
    assert _codes(small)["places"] == 8


def test_a_session_fills_no_round_in_which_it_may_not_run() -> None:
    base = problem(people=6, sessions=3, slots=2)
    late = tuple(replace(s, offered=1, slots=frozenset({"t1"})) for s in base.sessions)
    given = replace(base, meetings=tuple(Given(f"s{at}", "t1") for at in range(3)))

    assert _codes(replace(base, sessions=late))["places"] == 6
    assert _codes(replace(given, sessions=tuple(replace(s, offered=1) for s in base.sessions)))["places"] == 6


@pytest.mark.parametrize("without", ["slots", "rooms", "sessions", "participants"])
def test_a_conference_that_is_not_set_up_yet_is_counted_too(without: str) -> None:
    """The look ahead is open from the first day on."""
    base = problem(people=3, sessions=2, slots=2)
    base = replace(base, participants=(*base.participants[:2], person("p2", needs=frozenset({"step_free"}))))
    none = replace(base, **{without: ()})

    assert _codes(none).get("places", 0) == {"rooms": 6, "sessions": 6}.get(without, 0)


PLACES = {"places", "few_sessions", "seats", "seats_of_the_day", "interpreters"}
"""Shortfalls that count places: an allocation lacks at least so many."""


def _in_either(**changes: Any) -> Problem:
    """One session in either language for six Germans and six Arabs, with chairs for all of them at once."""
    base = replace(_spoken("de-ar"), rooms=(Room("r0", 12),))
    return replace(base, sessions=(replace(base.sessions[0], maximum=12, **changes),))


def test_one_meeting_serves_those_of_one_language() -> None:
    """Twelve chairs seemed enough for twelve people, of whom six would understand nothing, whatever is spoken."""
    asked = _in_either()
    more = replace(asked, participants=(*asked.participants, person("i0", attends=False)))

    assert _codes(asked)["places"] == 6
    assert _codes(_in_either(two_language=True))["places"] == 6
    assert "places" not in _codes(replace(more, interpreters=(Interpreter("i0", frozenset({"ar-de"}), 6),)))
    assert "places" not in _codes(replace(asked, flexible={"everybody_understands": 9}))


def test_two_meetings_can_be_held_in_one_language_each() -> None:
    base = _in_either(offered=2)
    slots = problem(slots=2).slots
    once = tuple(replace(p, slots=frozenset({"t0" if p.id.startswith("p") else "t1"})) for p in base.participants)

    assert missing_places(Arrays(replace(base, slots=slots, participants=once))).places == 0


def test_who_may_stay_away_may_leave_the_meeting_to_the_others() -> None:
    """One of each language, each there half the time: a quarter of a place is missing on average, no half."""
    asked = _in_either()
    few = tuple(p for p in asked.participants if p.id in {"p0", "a0"})

    assert missing_places(Arrays(replace(asked, participants=few)), {"p0": 0.5, "a0": 0.5}).places <= 0.25


def test_never_more_is_told_missing_than_the_best_allocation_lacks() -> None:
    found = 0
    drawn = [conference(number) for number in (*range(120), 1076, 1517, 1931, 2453)]
    # Many meetings could be held in either of two languages; in half of them somebody interprets.
    spoken = [talkative(number) for number in range(100)]
    drawn += [
        (replace(each, interpreters=each.interpreters[: at % 2]), Preset.WISHES_FIRST) for at, each in enumerate(spoken)
    ]
    for number, (asked, preset) in enumerate(drawn):
        exact = Exact(asked, preset)
        best = exact.best("unplaced", {}) if asked.full_day and "unplaced" in exact.goal else None
        if best is None:
            continue
        told = {s.code: s.lacking for s in forecast(asked).shortfalls if s.code in PLACES}
        assert max(told.values(), default=0) <= best[0], number
        assert missing_places(Arrays(asked)).places <= best[0], number
        found += told.get("places") == best[0]
    assert found >= 15
