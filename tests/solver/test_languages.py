"""Rule 8: a meeting is held in one language, which everybody there understands or hears interpreted."""

from dataclasses import replace
from typing import Any

import pytest

from solver import (
    Given,
    Interpreter,
    Level,
    Meeting,
    Mode,
    Preset,
    Problem,
    Role,
    Seat,
    Session,
    Settings,
    Slot,
    Solution,
    Status,
    solve,
    verify,
)
from solver.judge.verify import breaches
from solver.model import constraints
from tests.solver.makers import person, problem
from tests.solver.twins import Fixed, talkative

FAST = Settings(preset=Preset.WISHES_FIRST, time_limit=5, workers=1)
DE, AR = {"de": Level.SPEAKS}, {"ar": Level.SPEAKS}
BOTH = {**DE, **AR}


def room(session: Session | None = None, **changes: Any) -> Problem:
    """Two who speak German, two who speak Arabic, one who speaks both, and two interpreters; one meeting in r0."""
    people = tuple(person(id, languages=DE) for id in ("dora", "dirk"))
    people += tuple(person(id, languages=AR) for id in ("amal", "adil"))
    people += (person("both", languages=BOTH),)
    people += tuple(person(id, languages=BOTH, attends=False) for id in ("ina", "ivo"))
    working = tuple(Interpreter(id, frozenset({"ar-de"}), listeners=2) for id in ("ina", "ivo"))
    its = session or Session("s0", languages=frozenset({"ar", "de"}))
    return replace(problem(sessions=1), sessions=(its,), participants=people, interpreters=working, **changes)


def held(language: str | None, *seats: Seat) -> Solution:
    return Solution(Status.FEASIBLE, (Meeting("m", "s0", "t0", "r0", language),), seats)


def sits(id: str, listens_in: str | None = None, role: Role = Role.ATTENDEE) -> Seat:
    return Seat(id, "t0", "m", role, listens_in)


def works(id: str, channel: str = "ar") -> Seat:
    return sits(id, channel, Role.INTERPRETER)


def told(given: Problem, found: Solution) -> list[tuple[int, dict[str, Any]]]:
    """The breaches of rule 8; the model refuses exactly what has one."""
    broken = [each for each in breaches(given, found) if each.rule == "everybody_understands"]
    model = Fixed(given, constraints.everybody_understands)
    values = model.values(found)
    says_all = set(map(_told, model.solution(values).seats)) == set(map(_told, found.seats))
    assert (says_all and model.accepts(values)) is (broken == [])
    return [(each.amount, {key: value for key, value in each.facts.items() if key != "meeting"}) for each in broken]


def _told(seat: Seat) -> tuple[str, Role, str | None]:
    return seat.participant, seat.role, seat.listens_in


TWO = Session("s0", languages=frozenset({"ar", "de"}), two_language=True)
INTERPRETED = (sits("dora"), sits("both"), sits("amal", "ar"), works("ina"))


def test_a_listener_and_an_interpreter_are_lawful() -> None:
    assert told(room(), held("de", *INTERPRETED)) == []


def test_understanding_one_of_the_languages_of_a_session_is_not_enough() -> None:
    found = held("de", sits("dora"), sits("amal"))

    assert told(room(), found) == [(1, {"participant": "amal"})]


@pytest.mark.parametrize(
    ("session", "language", "lawful"),
    [
        (Session("s0", languages=frozenset({"ar", "de"})), None, False),
        (Session("s0", languages=frozenset({"ar", "de"})), "en", False),
        (Session("s0", languages=frozenset({"ar", "de"})), "ar", True),
        (Session("s0", languages=frozenset({"ar", "de"}), two_language=True), "en", False),
        (Session("s0", languages=frozenset({"ar", "de"}), two_language=True), "de", True),
        (Session("s0", languages=frozenset({"ar", "de"}), two_language=True), None, True),
        (Session("s0"), "de", False),
        (Session("s0"), None, True),
    ],
)
def test_a_meeting_is_held_in_a_language_of_its_session(session: Session, language: str | None, lawful: bool) -> None:
    broken = [each.rule for each in breaches(room(session), held(language))]

    assert ("everybody_understands" not in broken) is lawful


@pytest.mark.parametrize(
    ("seat", "facts"),
    [
        (sits("both", "ar"), {"participant": "both", "language": "ar"}),
        (sits("dirk", "ar"), {"participant": "dirk", "language": "ar"}),
        (sits("adil", "de"), {"participant": "adil", "language": "de"}),
        (sits("adil", "en"), {"participant": "adil", "language": "en"}),
    ],
)
def test_a_listeners_place_is_for_those_it_serves_at_any_price(seat: Seat, facts: dict[str, str]) -> None:
    given = replace(room(), flexible={"everybody_understands": 1})

    assert told(given, held("de", *INTERPRETED, seat)) == [(0, facts)]
    assert verify(given, held("de", *INTERPRETED, seat)) != []


def test_nobody_listens_where_nobody_interprets() -> None:
    found = held("de", sits("amal", "ar"))

    assert told(room(), found) == [(0, {"language": "ar", "listeners": 1, "places": 0})]


def test_an_interpreter_has_so_many_listeners_and_no_more() -> None:
    one = replace(room(), interpreters=(replace(room().interpreters[0], listeners=1),))
    found = held("de", sits("amal", "ar"), sits("adil", "ar"), works("ina"))

    assert told(room(), found) == []
    assert told(one, found) == [(0, {"language": "ar", "listeners": 2, "places": 1})]


def test_nobody_interprets_for_nobody() -> None:
    idle = held("de", sits("dora"), works("ina"))
    too_many = held("de", sits("amal", "ar"), works("ina"), works("ivo"))

    assert told(room(), idle) == [(0, {"language": "ar", "listeners": 0, "interpreters": 1})]
    assert told(room(), too_many) == [(0, {"language": "ar", "listeners": 1, "interpreters": 2})]


def booth(*listeners: int) -> Problem:
    names = [f"i{at}" for at in range(len(listeners))]
    base = room()
    people = base.participants + tuple(person(id, languages=BOTH, attends=False) for id in names)
    twos = tuple(
        Interpreter(id, frozenset({"ar-de"}), most, mode=Mode.SIMULTANEOUS)
        for id, most in zip(names, listeners, strict=True)
    )
    return replace(base, participants=people, interpreters=twos)


def test_simultaneous_interpreters_work_in_twos() -> None:
    listening = (sits("amal", "ar"), sits("adil", "ar"))

    assert told(booth(5, 5), held("de", *listening, works("i0"), works("i1"))) == []
    assert (0, {"language": "ar", "booth": 1}) in told(booth(5, 5), held("de", *listening, works("i0")))


def test_two_serve_as_many_as_the_one_of_those_present_who_can_serve_fewest() -> None:
    listening = (sits("amal", "ar"), sits("adil", "ar"))

    assert told(booth(2, 2, 1), held("de", *listening, works("i0"), works("i1"))) == []
    crowded = told(booth(2, 2, 1), held("de", *listening, works("i0"), works("i2")))
    assert crowded == [(0, {"language": "ar", "listeners": 2, "places": 1})]


def test_one_who_serves_few_elsewhere_makes_no_conference_impossible() -> None:
    given = replace(booth(2, 2, 1), unplaced_allowed=False)

    found = solve(given, FAST)

    assert found.status is Status.OPTIMAL
    assert verify(given, found) == []


def test_twos_for_whom_nobody_can_listen_stay_away() -> None:
    base = booth(5)
    given = replace(base, participants=tuple(p for p in base.participants if "de" in p.understood))
    given = replace(given, sessions=(replace(given.sessions[0], languages=frozenset({"de"})),))

    found = solve(given, FAST)

    assert found.status is Status.OPTIMAL
    assert [seat for seat in found.seats if seat.role is Role.INTERPRETER] == []


@pytest.mark.parametrize(
    "changes",
    [
        {"slots": frozenset({"t1"})},
        {"pairs": frozenset({"ar-en"})},
        {"participant": "ivo"},
    ],
)
def test_an_interpreter_who_is_not_free_or_not_able_does_not_work(changes: dict[str, Any]) -> None:
    base = room(slots=(Slot("t0"), Slot("t1")))
    given = replace(base, interpreters=(replace(base.interpreters[0], **changes),))

    assert (0, {"interpreter": "ina"}) in told(given, held("de", *INTERPRETED))


def test_an_interpreter_who_leads_does_not_work_meanwhile() -> None:
    base = room()
    given = replace(base, sessions=(replace(base.sessions[0], facilitators=("ina",)),))
    found = held("de", *INTERPRETED, sits("ina", role=Role.FACILITATOR))

    assert (0, {"interpreter": "ina"}) in told(given, found)


def test_in_a_two_language_meeting_one_channel_bridges() -> None:
    given = room(Session("s0", languages=frozenset({"de", "ar"}), two_language=True))
    bridged = held(None, sits("dora", "ar-de"), sits("amal", "ar-de"), sits("both"), works("ina", "ar-de"))

    assert told(given, bridged) == []
    assert told(given, held(None, sits("dora"), sits("both"))) == [(1, {"participant": "dora"})]
    both_listens = held(None, *bridged.seats[:2], sits("both", "ar-de"), works("ina", "ar-de"))
    assert told(given, both_listens) == [(0, {"participant": "both", "language": "ar-de"})]
    one_way = held(None, sits("amal", "ar"), works("ina", "ar"))
    assert (0, {"interpreter": "ina"}) in told(given, one_way)


@pytest.mark.parametrize(("one", "nobody_of"), [("dora", "ar"), ("amal", "de")])
def test_between_two_languages_nobody_interprets_where_everybody_shares_one(one: str, nobody_of: str) -> None:
    given = room(TWO)
    idle = held(None, sits(one, "ar-de"), sits("both"), works("ina", "ar-de"))

    assert told(given, idle) == [(0, {"language": "ar-de", "interpreters": 1, "alone": nobody_of})]


def test_somebody_of_the_other_language_who_does_not_listen_needs_no_interpreter_either() -> None:
    given = replace(room(TWO), flexible={"everybody_understands": 1})
    idle = held(None, sits("dora", "ar-de"), sits("amal"), works("ina", "ar-de"))

    assert verify(given, idle) != []


def test_a_two_language_meeting_is_held_in_a_language_that_everybody_shares() -> None:
    given = room(TWO)

    assert told(given, held("de", sits("dora"), sits("dirk"), sits("both"))) == []
    assert told(given, held("de", sits("dora"), sits("amal"))) == [(1, {"participant": "amal"})]
    bridged = held("de", sits("dora"), sits("amal", "ar-de"), works("ina", "ar-de"))
    assert (0, {"interpreter": "ina"}) in told(given, bridged)
    assert (0, {"interpreter": "ina"}) in told(given, held("de", sits("dora"), sits("amal", "ar"), works("ina", "ar")))


def test_a_two_language_session_whose_people_share_a_language_needs_no_interpreter() -> None:
    base = room(TWO, unplaced_allowed=False)
    given = replace(base, participants=tuple(each for each in base.participants if each.id not in ("amal", "adil")))

    for asked in (given, replace(given, interpreters=())):
        found = solve(asked, FAST)

        assert found.status is Status.OPTIMAL
        assert [meeting.language for meeting in found.meetings] == ["de"]
        assert {seat.role for seat in found.seats} == {Role.ATTENDEE}


def test_somebody_who_understands_neither_is_named_in_a_two_language_meeting() -> None:
    base = room(Session("s0", languages=frozenset({"de", "ar"}), two_language=True))
    given = replace(base, participants=(*base.participants, person("emil", languages={"en": Level.SPEAKS})))

    assert told(given, held(None, sits("emil"))) == [(1, {"participant": "emil"})]


def test_staff_and_working_interpreters_need_not_understand() -> None:
    base = room()
    given = replace(base, sessions=(replace(base.sessions[0], facilitators=("amal",)),))

    assert told(given, held("de", sits("dora"), sits("amal", role=Role.FACILITATOR))) == []


def test_a_meeting_given_with_a_language_is_held_in_it() -> None:
    given = room(meetings=(Given("s0", "t0", language="ar"),))

    assert [each.rule for each in verify(given, held("de", sits("dora")))] == ["locks_hold"]
    found = solve(given, FAST)
    assert [meeting.language for meeting in found.meetings] == ["ar"]
    assert verify(given, found) == []


def test_a_two_language_meeting_given_in_one_language_is_held_in_it_and_nobody_interprets() -> None:
    given = room(TWO, meetings=(Given("s0", "t0", language="ar"),))

    found = solve(given, FAST)

    assert verify(given, found) == []
    assert [meeting.language for meeting in found.meetings] == ["ar"]
    assert {seat.participant for seat in found.seats} == {"amal", "adil", "both"}


@pytest.mark.parametrize("number", [0, 1, 3, 8, 13])
def test_an_answer_can_be_given_back_as_meetings(number: int) -> None:
    """In whatever its meetings are held: of a two-language session in one of the two, too."""
    asked = replace(talkative(number), meetings=())
    found = solve(asked, FAST)
    assert found.meetings
    held_so = tuple(Given(each.session, each.slot, each.room, each.language) for each in found.meetings)

    again = Problem.from_json(replace(asked, meetings=held_so).to_json())

    assert verify(again, found) == []
    answer = solve(again, FAST)
    assert verify(again, answer) == []
    spoken = {(each.session, each.slot): each.language for each in found.meetings if each.language}
    assert spoken.items() <= {(each.session, each.slot): each.language for each in answer.meetings}.items()


def test_the_language_is_chosen_that_serves_most() -> None:
    base = room()
    fewer = tuple(each for each in base.participants if each.id != "dirk")
    given = replace(base, participants=fewer, interpreters=())

    found = solve(given, FAST)

    assert [meeting.language for meeting in found.meetings] == ["ar"]
    assert {seat.participant for seat in found.seats} == {"amal", "adil", "both"}


def test_a_two_language_session_is_solved_with_an_interpreter_between() -> None:
    given = room(Session("s0", languages=frozenset({"de", "ar"}), two_language=True), unplaced_allowed=False)

    found = solve(given, FAST)

    assert found.status is Status.OPTIMAL
    assert verify(given, found) == []
    assert {s.listens_in for s in found.seats if s.participant in ("dora", "dirk", "amal", "adil")} == {"ar-de"}


def test_a_channel_does_not_change_in_the_middle_of_a_meeting() -> None:
    base = room(slots=(Slot("t0"), Slot("t1")))
    given = replace(base, sessions=(replace(base.sessions[0], duration=2),))
    found = held("de", *INTERPRETED)
    later = tuple(replace(seat, slot="t1") for seat in found.seats)
    changed = tuple(replace(seat, listens_in=None) if seat.participant == "amal" else seat for seat in later)

    assert verify(given, replace(found, seats=found.seats + later)) == []
    broken = verify(given, replace(found, seats=found.seats + changed))
    assert [each.rule for each in broken] == ["one_meeting_per_slot", "one_meeting_per_slot"]
