"""A second program says "impossible" only of what is, and proves "possible" by an answer that counting accepts."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from solver import (
    Given,
    Interpreter,
    Level,
    Lock,
    Mode,
    Problem,
    Room,
)
from solver.bench.families import rep
from solver.bounds.confirmation import RULES, confirmed_impossible, second_opinion
from solver.judge.checks import CHECKS
from tests.solver import witnesses
from tests.solver.makers import person, problem
from tests.solver.oracle.exact import Exact
from tests.solver.oracle.generator import conference
from tests.solver.test_diagnose import KINDS

SECONDS = 30.0


def test_it_knows_every_rule_of_the_judge_by_name() -> None:
    assert [rule.__name__ for rule in RULES] == [check.__name__ for check in CHECKS]


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_impossible_is_confirmed(kind: Callable[[], Problem]) -> None:
    assert confirmed_impossible(kind(), SECONDS) is True


@pytest.mark.parametrize("rule", sorted(witnesses.ALL))
def test_what_is_possible_is_proven_by_a_verified_answer(rule: str) -> None:
    found = second_opinion(witnesses.ALL[rule](), SECONDS)

    assert found.impossible is False
    assert found.witness is not None


def test_a_conference_of_300_without_rooms_is_confirmed() -> None:
    large = rep(300)

    assert confirmed_impossible(replace(large, rooms=large.rooms[:20]), SECONDS) is True


def test_beyond_its_size_or_time_it_cannot_tell() -> None:
    small = problem(people=4, sessions=2, rooms=1)

    assert second_opinion(small, SECONDS, most=3).reason == "too_large"
    assert second_opinion(small, 0.0).reason == "no_time"


def test_rules_left_out_bind_nobody() -> None:
    few = replace(problem(people=4, sessions=1, rooms=1), rooms=(Room("r0", 2),), unplaced_allowed=False)

    assert confirmed_impossible(few, SECONDS) is True
    assert confirmed_impossible(few, SECONDS, frozenset({"size_at_most"})) is False


def test_a_rule_with_a_price_forbids_nothing() -> None:
    base = problem(people=4, sessions=1)
    small = replace(base, sessions=(replace(base.sessions[0], maximum=2),), unplaced_allowed=False)

    assert confirmed_impossible(small, SECONDS) is True
    assert confirmed_impossible(replace(small, flexible={"size_at_most": 5}), SECONDS) is False


def test_a_leader_locked_to_a_session_offered_twice_is_possible() -> None:
    base = problem(people=3, sessions=1, slots=2)
    led = replace(base.sessions[0], facilitators=("p0",))

    assert confirmed_impossible(replace(base, sessions=(led,), locks=(Lock("p0", "s0"),)), SECONDS) is False


def _booth(*listeners: int, people: int = 3) -> Problem:
    base = problem(people=1, sessions=1)
    deaf = tuple(person(f"a{at}", languages={"ar": Level.SPEAKS}) for at in range(people))
    names = [f"i{at}" for at in range(len(listeners))]
    both = {"ar": Level.SPEAKS, "de": Level.SPEAKS}
    helpers = tuple(person(name, languages=both, attends=False) for name in names)
    pairs = frozenset({"ar-de"})
    return replace(
        base,
        participants=(*base.participants, *deaf, *helpers),
        interpreters=tuple(
            Interpreter(name, pairs, many, mode=Mode.SIMULTANEOUS) for name, many in zip(names, listeners, strict=True)
        ),
        unplaced_allowed=False,
    )


def test_a_booth_serves_what_the_weaker_of_those_present_can() -> None:
    assert confirmed_impossible(_booth(12, 1), SECONDS) is True
    assert confirmed_impossible(_booth(12, 1, 12), SECONDS) is False
    assert confirmed_impossible(_booth(12), SECONDS) is True


def test_nobody_interprets_for_nobody() -> None:
    base = _booth(12, 12, people=1)
    told = replace(base, locks=(Lock("i0", "s0"), Lock("i1", "s0")))

    assert confirmed_impossible(told, SECONDS) is False
    nobody = replace(told, participants=tuple(p for p in told.participants if p.id != "a0"))
    assert confirmed_impossible(nobody, SECONDS) is True


def test_a_meeting_has_one_working_language() -> None:
    base = problem(people=0, sessions=1)
    people = (person("d"), person("e", languages={"en": Level.SPEAKS}))
    either = replace(base.sessions[0], languages=frozenset({"de", "en"}))
    mixed = replace(base, sessions=(either,), participants=people, unplaced_allowed=False)
    third = replace(mixed, participants=(*people, person("b", languages={"de": Level.SPEAKS, "en": Level.SPEAKS})))
    bridge = (Interpreter("b", frozenset({"de-en"})),)

    assert confirmed_impossible(mixed, SECONDS) is True
    assert confirmed_impossible(replace(third, interpreters=bridge), SECONDS) is False
    assert confirmed_impossible(replace(third, meetings=(Given("s0", "t0", "r0", "de"),)), SECONDS) is True


def test_in_a_two_language_session_everybody_understands_one_and_is_bridged() -> None:
    base = problem(people=0, sessions=1)
    both = replace(base.sessions[0], languages=frozenset({"de", "ar"}), two_language=True)
    people = (
        person("d"),
        person("a", languages={"ar": Level.SPEAKS}),
        person("i", languages={"ar": Level.SPEAKS, "de": Level.SPEAKS}, attends=False),
    )
    bridged = replace(
        base,
        sessions=(both,),
        participants=people,
        interpreters=(Interpreter("i", frozenset({"de-ar"}), 2),),
        unplaced_allowed=False,
    )

    assert confirmed_impossible(bridged, SECONDS) is False
    assert confirmed_impossible(replace(bridged, interpreters=()), SECONDS) is True
    stranger = person("t", languages={"tr": Level.SPEAKS})
    assert confirmed_impossible(replace(bridged, participants=(*people, stranger)), SECONDS) is True


@pytest.mark.parametrize("seed", range(80))
def test_its_verdict_is_the_truth_of_a_conference_that_mixes_all_rules(seed: int) -> None:
    mixed, preset = conference(seed)

    found = second_opinion(mixed, SECONDS)

    assert found.reason == ""
    assert found.impossible is not Exact(mixed, preset).possible()
