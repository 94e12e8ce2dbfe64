"""Every code of the solver has its sentence, and a remedy says what it leads to."""

import re
from math import ceil
from types import SimpleNamespace

import pytest
from flask import Flask

from planner.allocations.runs.snapshot import without_needs
from planner.allocations.words import explaining, parts
from planner.allocations.words.endings import ending, kept, waiting
from planner.allocations.words.names import Names
from planner.allocations.words.remedies import remedy
from planner.allocations.words.shortfalls import REMEDIES, sentence_of, told_once
from planner.allocations.words.summary import shortage, summary
from planner.models import Allocation, AllocationState
from planner.words import GOAL_NOTES, GOALS, percent
from solver import (
    Explanation,
    Interpreters,
    PersonsDay,
    Satisfaction,
    Shortage,
    Shortfall,
    Whole,
    WhyNot,
    expected_seconds,
    forecast,
    most_seconds,
    satisfaction,
)
from solver.cli.sentences import RELAXATIONS, SHORTFALLS
from solver.judge.scores import STEPS, worst_off
from tests import factories as make
from tests.solver.makers import person, problem, solution


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_remedy_has_a_sentence(app: Flask, language: str) -> None:
    with app.test_request_context(headers={"Accept-Language": language}):
        said = {kind: remedy(kind, {"by": 1}) for kind in RELAXATIONS}

    assert [kind for kind, sentence in said.items() if not sentence] == []
    assert len(set(said.values())) == len(said)


def test_a_remedy_that_leaves_people_without_a_place_says_so(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert remedy("minimums", {"by": 6}, 360) == "Lower all minimum sizes by 6. …but then 360 places are missing."
        assert remedy("minimums", {"by": 6}, 0) == "Lower all minimum sizes by 6."


def test_the_points_of_the_least_satisfied_are_told_as_the_judge_counts_them(app: Flask) -> None:
    """It spoke of the share that stands above it, where what is not listed counts nothing: 33 percent for 3 points."""
    told = [round(number) for share, cost in reversed(STEPS) for number in (100 * share, cost)]
    for language in ("en", "de"):
        with app.test_request_context(headers={"Accept-Language": language}):
            assert [int(number) for number in re.findall(r"\d+", str(GOAL_NOTES["worst_off"]))] == told

    given = problem(people=1, sessions=3, participants=(person("p0", favourites=("s0",)),))
    other, none = solution(given, [("s1", "t0", "r0")], {("p0", "t0"): "s1"}), solution(given, [], {})
    [day] = satisfaction(given, other).days
    assert (day.share, worst_off(given, other)) == (0, 1)  # 80 of 100
    assert worst_off(given, none) == sum(cost for _share, cost in STEPS)


def test_a_page_says_how_long_a_run_really_takes(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        told = waiting(Allocation(settings={"time_limit": 8}))

    assert f"about {ceil(expected_seconds(8))} seconds" in told
    assert f"After {ceil(most_seconds(8))} seconds at most" in told


def test_a_page_says_that_a_repair_may_search_more_than_once(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "en"}):
        told = waiting(Allocation(settings={"time_limit": 8, "preset": "repair"}))

    assert "up to three times" in told
    assert f"After {ceil(most_seconds(8))} seconds at most" in told


def test_a_plan_that_was_kept_says_why(app: Flask) -> None:
    run = Allocation(result={"reason": "stopped_at_limit"})
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert kept(run).startswith("The search did not come to its end in time.")
        assert kept(Allocation(result={})) == ""
        left = Allocation(result={"facts": {"mix_left_out": True}})
        assert kept(left).startswith("The time ended before the search could better the mix.")


def test_every_shortfall_has_a_sentence(app: Flask) -> None:
    conference = make.conference()
    with app.test_request_context(headers={"Accept-Language": "en"}):
        names = Names(conference)
        said = {code: sentence_of(Shortfall(code, {}, 1), names) for code in SHORTFALLS}

    assert [code for code, sentence in said.items() if not sentence] == []
    assert set(REMEDIES) == set(SHORTFALLS)


def said_of(*found: Shortfall) -> list[str]:
    names = Names(make.conference())
    return [sentence_of(each, names) for each in told_once(found)]


def test_missing_places_are_told_once_and_their_parts_as_parts(app: Flask) -> None:
    """ "3 places will be missing", then the same three again: the reader adds up six."""
    few = Shortfall("few_sessions", {"people": 1, "places": 3}, 3)
    deaf = Shortfall("places_by_language", {"places": 3, "languages": ["uk"]}, 3)
    places = [Shortfall("places", {"places": count}, count) for count in (3, 8)]
    with app.test_request_context(headers={"Accept-Language": "en"}):
        alone, spoken = said_of(places[0], few), said_of(places[0], deaf)
        whole = said_of(places[1], deaf, few)

    assert alone == [
        "1 person is there in more rounds than she can attend sessions. She can attend what is open to her, held in "
        "what she understands, fit for her needs and not ruled out by her. Places missing because of that: 3."
    ]
    assert spoken == [
        "Over the day 3 places will be missing because of languages: there are too few meetings in Ukrainian, and too "
        "few people who interpret."
    ]
    assert whole[0].startswith("Over the day at least 8 places will be missing")
    assert whole[1].startswith("3 of these 8 places will be missing because of languages: there are too few")
    assert whole[2].startswith("A part of these 8 places: 1 person is there in more rounds")


def test_a_round_without_a_wish_claims_nothing_that_was_not_counted(app: Flask) -> None:
    """Where she has the session in another round, a free chair in this one was told, though she could not sit there."""
    conference = make.conference()
    session, slot = make.session(conference), make.slot(conference)
    first = WhyNot(str(session.id), 1, "elsewhere", {"slot": str(slot.id)})
    second = WhyNot("gone", 2, "not_now", {"slots": []})
    told = Explanation("p", "t", "other", "other", None, (first, second))
    with app.test_request_context(headers={"Accept-Language": "de"}):
        here = explaining._here(told, None)
        facts = explaining._Words(conference, needs=True).why_not(first)

    assert here == "Diese Arbeitsgruppe haben Sie sich nicht gewünscht. Hier war ein Platz frei."
    assert facts.endswith(f": Dort sind Sie in „{slot.title['de']}“.")


def test_one_person_who_needs_an_interpreter_is_one_person(app: Flask) -> None:
    found = Shortfall("interpreters", {"slot": "t0", "language": "ar", "people": 1, "places": 0}, 1)
    with app.test_request_context(headers={"Accept-Language": "de"}):
        said = sentence_of(found, Names(make.conference()))

    assert "braucht mindestens 1 Mensch jemanden, der dolmetscht (Arabisch)" in said


def test_the_wishes_of_the_look_ahead_are_fewer_than_the_lists_have_and_say_so(app: Flask) -> None:
    """ "bisher 20 Wünsche" stood there, and 25 at the sessions: a list counts as far as somebody has rounds."""
    conference = make.conference()
    make.slot(conference)
    sessions = [make.session(conference, maximum=2, minimum=1) for _ in range(2)]
    for _ in range(3):
        make.wishes(make.participant(conference), *sessions)
    with app.test_request_context(headers={"Accept-Language": "de"}):
        (found,) = (each for each in forecast(without_needs(conference)).shortfalls if each.code == "theme")
        said = sentence_of(found, Names(conference))

    assert "bisher 3 Wünsche, 2 Plätze. Von jeder Liste zählen nur so viele Wünsche, wie jemand Runden hat." in said


def test_one_more_room_and_one_more_chair_are_one(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "de"}):
        assert remedy("rooms", {"by": 1}) == "1 weiteren Raum finden."
        assert remedy("rooms", {"by": 2}) == "2 weitere Räume finden."
        assert remedy("capacity", {"room": "Aula", "by": 1}) == "Aula bräuchte 1 Stuhl mehr."


def test_what_a_repair_changes_has_a_name_of_its_own(app: Flask) -> None:
    """ "Menschen und Termine, die wechseln: 0, bewiesen" stood beside eight places in another room."""
    with app.test_request_context(headers={"Accept-Language": "de"}):
        assert str(GOALS["stability"]) == "Plätze in anderer Arbeitsgruppe, verlegte Termine (ohne weggefallene Räume)"
        assert str(GOAL_NOTES["stability"]).startswith("Räume zählen extra:")


def test_nobody_reads_penalty_points_as_percent(app: Flask) -> None:
    """ "The least satisfied: 33" stood beside "Whoever got least has 0 %"."""
    with app.test_request_context(headers={"Accept-Language": "de"}):
        assert str(GOALS["worst_off"]) == "Strafpunkte für die am wenigsten Zufriedenen"


def test_what_counts_rounds_without_a_place_is_not_called_people(app: Flask) -> None:
    with app.test_request_context(headers={"Accept-Language": "de"}):
        assert str(GOALS["unplaced"]) == "Fehlende Plätze"


@pytest.mark.parametrize(
    ("share", "shown"), [(0, 0), (0.145, 15), (0.6849, 68), (0.685, 69), (0.996, 99), (0.9999, 99), (1, 100)]
)
def test_a_share_is_rounded_half_up_and_whole_only_where_nothing_is_missing(share: float, shown: int) -> None:
    assert percent(share) == shown


FIVE = ("a", "b", "c", "d", "e")


@pytest.mark.parametrize(
    ("bound_by", "helps"),
    [
        ({"room"}, "A larger room or one more meeting would help."),
        ({"maximum"}, "A higher maximum or one more meeting would help."),
        ({"both"}, "A larger room together with a higher maximum would help, or one more meeting."),
        ({"room", "maximum"}, "A larger room together with a higher maximum would help, or one more meeting."),
        (set(), "One more meeting in this round would help."),
    ],
)
def test_advice_on_missing_places_names_all_that_binds(app: Flask, bound_by: set[str], helps: str) -> None:
    """ "3 more places are needed" stood above five people, as two free places were none for them."""
    told = Shortage("1", FIVE, wanted=9, places=6, free=2, bound_by=frozenset(bound_by), reasons={"full": 5})

    with app.test_request_context(headers={"Accept-Language": "en"}):
        said = shortage(told)

    assert said[-2:] == ["At least 3 more places are needed here.", helps]


def test_who_has_been_to_every_session_is_told_of_no_larger_room(app: Flask) -> None:
    told = Shortage("1", FIVE, wanted=9, places=6, free=2, reasons={"been": 5}, been_everywhere=5)

    with app.test_request_context(headers={"Accept-Language": "en"}):
        said = shortage(told)

    assert said[-1].endswith("One more such session would help them.")
    assert [sentence for sentence in said if "meeting would help" in sentence or "larger room" in sentence] == []


def test_who_understands_no_meeting_of_a_full_round_is_told_of_no_larger_room(app: Flask) -> None:
    told = Shortage("1", ("a",), 3, 2, 0, frozenset({"room"}), reasons={"unspoken": 1}, languages={"uk": 1}, in_vain=1)

    with app.test_request_context(headers={"Accept-Language": "de"}):
        said = shortage(told)
        hers = explaining._no_place("unspoken")

    assert said[1:] == [
        "Kein Termin dieser Runde ist in einer Sprache, die 1 Person versteht, und niemand dolmetscht dort für sie.",
        "Helfen würde jemand, der dolmetscht, oder ein Termin in einer dieser Sprachen: Ukrainisch.",
    ]
    assert hers.startswith("Kein Termin dieser Runde ist in einer Sprache, die Sie verstehen")


def test_an_empty_room_is_named_before_a_larger_one(app: Flask) -> None:
    """ "A larger room would help" stood where two rooms stood empty and two sessions were not held."""
    told = Shortage("1", FIVE, 9, 6, 0, frozenset({"room"}), reasons={"full": 5}, rooms_free=2, sessions_less=2)

    with app.test_request_context(headers={"Accept-Language": "en"}):
        said = shortage(told)

    assert said[-2:] == [
        "One more meeting would help: 2 rooms stand empty in this round.",
        "2 sessions are held less often than they are offered.",
    ]


def test_more_places_are_advised_to_nobody_who_may_not_sit_there(app: Flask) -> None:
    told = Shortage("1", FIVE, 9, 6, 0, frozenset({"room"}), reasons={"full": 5}, in_vain=5)

    with app.test_request_context(headers={"Accept-Language": "en"}):
        said = shortage(told)

    assert said[2:] == ["A meeting of a session that they understand and have not been to would help."]


def test_one_is_one_in_every_sentence_of_a_result(app: Flask) -> None:
    """ "1 von 20 Menschen haben", "wurden 1 erfüllt", "1 Menschen sind da"."""
    whole = Whole(("a",), ("b",), ("c",))
    day = PersonsDay("a", points=100, best=100, wished=1, possible=1, unwished=0, missing=0)
    told = Satisfaction(whole, Interpreters(("c",), (), ()), (day,), (), {})
    short = Shortage("1", ("a",), wanted=1, places=1, free=0, reasons={"full": 1})
    with app.test_request_context(headers={"Accept-Language": "de"}):
        said = [
            *summary(SimpleNamespace(told=told)),  # type: ignore[arg-type]
            parts.whole(whole),
            parts.interpreting(told.interpreters),
            *shortage(short),
            remedy("feature", {"room": "Aula", "people": 1, "feature": "step_free"}),
        ]

    assert said[0].startswith("1 von 1 Menschen, die wählen konnten, hat den besten Tag")
    assert "wurde 1 erfüllt" in said[1]
    assert "1 konnte wählen und hat es getan, 1 hat nichts aus dem Angebot gewählt, 1 leitet" in " ".join(said)
    assert "1 Mensch kann dolmetschen: 1 tut es in diesem Plan." in said
    assert "1 Mensch ist da und frei; die Termine haben 1 Platz." in said
    assert "was 1 Mensch braucht" in said[-1]


def test_nobody_interprets_is_said_of_whom_it_concerns(app: Flask) -> None:
    """ "Nobody interprets there", it said of a room in which somebody interprets into a third language."""
    why = WhyNot("gone", 1, "language", {"languages": ["de"]})
    with app.test_request_context(headers={"Accept-Language": "en"}):
        assert (
            explaining._Words(make.conference(), needs=True).why_not(why).endswith("nobody interprets there for you.")
        )


@pytest.mark.parametrize(
    ("state", "code"), [(AllocationState.UNKNOWN, "unknown"), (AllocationState.FAILED, "hung")], ids=str
)
def test_a_repair_that_found_nothing_says_what_was_tried_and_what_to_do(
    app: Flask, state: AllocationState, code: str
) -> None:
    run = Allocation(state=state, reason={"code": code}, settings={"time_limit": 8, "preset": "repair"})
    other = Allocation(state=state, reason={"code": code}, settings={"time_limit": 8})

    with app.test_request_context(headers={"Accept-Language": "en"}):
        said, usual = " ".join(ending(run).sentences), " ".join(ending(other).sentences)

    assert "It was tried to change as little as possible of what is published" in said
    assert "take back something that was changed since" in said
    assert "start again" not in said
    assert "It was tried" not in usual
