"""An impossible conference is told why: a minimal conflict, where it is, and changes that were tried and work."""

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from solver import (
    Company,
    Diagnosis,
    Given,
    Level,
    Lock,
    Problem,
    Quota,
    Room,
    Settings,
    Spread,
    Status,
    diagnose,
    solve,
)
from solver.bench.families import rep
from solver.bounds import confirmation
from solver.model import constraints
from solver.problem import allowances
from solver.problem.equal import condensed
from solver.problem.validation import faults_of
from solver.questions import tried
from solver.questions.asking import Harm
from solver.questions.remedies import Option, options
from tests.campaigns.planting import infeasible
from tests.solver import witnesses
from tests.solver.makers import person, problem

QUICK = Settings(time_limit=3, workers=1)


def too_few_rooms() -> Problem:
    return problem(people=4, sessions=2, rooms=1)


def too_few_people() -> Problem:
    base = problem(people=4, sessions=2)
    return replace(base, sessions=tuple(replace(session, minimum=3) for session in base.sessions))


def leader_away() -> Problem:
    base = problem(people=3, sessions=1, slots=2)
    leader = person("p0", slots=frozenset({"t0"}))
    session = replace(base.sessions[0], facilitators=("p0",), offered=2)
    return replace(base, sessions=(session,), participants=(leader, *base.participants[1:]))


def no_step_free_room() -> Problem:
    base = problem(people=3, sessions=1)
    needing = tuple(replace(p, needs=frozenset({"step_free"})) for p in base.participants)
    return replace(base, participants=needing, unplaced_allowed=False)


def nobody_understands() -> Problem:
    base = problem(people=2, sessions=1)
    people = tuple(person(f"p{at}", languages={"ar": Level.SPEAKS}) for at in range(2))
    return replace(base, participants=people, unplaced_allowed=False)


def locks_against_size() -> Problem:
    base = problem(people=3, sessions=2)
    locks = tuple(Lock(f"p{at}", "s0", "t0") for at in range(3))
    return replace(base, sessions=(replace(base.sessions[0], maximum=2), base.sessions[1]), locks=locks)


def quota_nobody_meets() -> Problem:
    base = problem(people=3, sessions=2)
    return replace(base, quotas=(Quota("group", "a", minimum=2),))


def lonely() -> Problem:
    base = problem(people=3, sessions=1)
    people = (person("p0", attributes={"group": "b"}), *base.participants[1:])
    return replace(base, participants=people, company=(Company("group", "b", 2),), unplaced_allowed=False)


def one_organisation() -> Problem:
    base = problem(people=4, sessions=1)
    people = tuple(person(f"p{at}", attributes={"organisation": "o"}) for at in range(4))
    return replace(base, participants=people, spread=(Spread("organisation", 2),), unplaced_allowed=False, balance=())


def apart_in_one_room() -> Problem:
    base = problem(people=3, sessions=1)
    return replace(base, apart=(frozenset({"p0", "p1"}),), unplaced_allowed=False)


KINDS: list[Callable[[], Problem]] = [
    too_few_rooms,
    too_few_people,
    leader_away,
    no_step_free_room,
    nobody_understands,
    locks_against_size,
    quota_nobody_meets,
    lonely,
    one_organisation,
    apart_in_one_room,
]


@pytest.mark.parametrize("kind", KINDS)
def test_the_conflict_is_minimal_and_confirmed(kind: Callable[[], Problem]) -> None:
    impossible = kind()

    found = diagnose(impossible)

    assert found.status is Status.INFEASIBLE
    assert found.confirmed
    assert found.rules
    for rule in found.rules:
        others = frozenset(each.__name__ for each in constraints.ALL if each.__name__ not in found.rules)
        alone = solve(impossible, QUICK, without=others)
        freed = solve(impossible, QUICK, without=others | {rule})
        assert alone.status is Status.INFEASIBLE
        assert freed.status.has_answer, rule


@pytest.mark.parametrize("kind", KINDS)
def test_each_relaxation_makes_it_possible(kind: Callable[[], Problem]) -> None:
    impossible = kind()

    found = diagnose(impossible)

    assert found.relaxations
    tried = {(option.kind, str(sorted(option.facts.items()))): option for option in options(impossible)}
    for relaxation in found.relaxations:
        facts = {name: value for name, value in relaxation.facts.items() if name != "by"}
        option = tried[relaxation.kind, str(sorted(facts.items()))]
        by = relaxation.facts.get("by")
        loosened = option.partly(impossible, by) if option.partly and by else option.change(impossible)
        assert solve(loosened, QUICK).status.has_answer


def _kinds(found: Diagnosis) -> set[str]:
    return {relaxation.kind for relaxation in found.relaxations}


def test_the_room_that_lacks_a_feature_is_named_with_the_number_of_people() -> None:
    found = diagnose(no_step_free_room())

    feature = next(each for each in found.relaxations if each.kind == "feature")
    assert feature.facts == {"room": "r0", "feature": "step_free", "people": 3}


def test_a_minimum_is_lowered_no_further_than_it_needs() -> None:
    base = problem(people=4, sessions=1)
    found = diagnose(replace(base, sessions=(replace(base.sessions[0], minimum=6),)))

    assert next(each for each in found.relaxations if each.kind == "minimum").facts["by"] == 2


def missing_after(found: Diagnosis) -> dict[str, int]:
    return {each.kind: each.missing for each in found.relaxations}


def test_each_remedy_says_how_many_places_are_missing_then_and_the_least_harmful_comes_first() -> None:
    # Both sessions must run, each with five people of eight: one of them could be cancelled, but then a room is short.
    base = problem(people=8, sessions=2)
    sessions = tuple(replace(session, minimum=5, maximum=6) for session in base.sessions)
    found = diagnose(replace(base, sessions=sessions))

    missing = missing_after(found)
    assert missing["minimums"] == 0
    assert missing["cancel"] == 2
    assert [each.missing for each in found.relaxations] == sorted(each.missing for each in found.relaxations)


def test_a_number_is_loosened_until_nobody_is_missing_who_need_not_be() -> None:
    # Two rooms of four chairs for twelve people: with one more room both sessions run, but four have no chair.
    base = problem(people=12, sessions=3)
    few = replace(base, rooms=(Room("r0", 4), Room("r1", 4)), unplaced_allowed=True)

    found = diagnose(few)

    rooms = next(each for each in found.relaxations if each.kind == "rooms")
    assert (rooms.facts, rooms.missing) == ({"by": 1}, 0)


def test_allowing_empty_hands_is_never_shown_as_clean() -> None:
    base = problem(people=3, sessions=1, unplaced_allowed=False)
    small = replace(base, sessions=(replace(base.sessions[0], maximum=2),))

    found = diagnose(small)

    assert missing_after(found)["unplaced"] == 1
    assert found.relaxations[-1].kind == "unplaced"


def test_what_is_possible_at_a_price_is_not_impossible() -> None:
    base = problem(people=4, sessions=1, unplaced_allowed=False)
    strict = replace(base, quotas=(Quota("group", "a", maximum=2),))

    assert diagnose(strict).status is Status.INFEASIBLE
    assert diagnose(replace(strict, flexible={"quotas_hold": 5})).status.has_answer


def test_a_leader_locked_to_a_session_offered_twice_is_possible() -> None:
    base = problem(people=3, sessions=1, slots=2)
    led = replace(base.sessions[0], facilitators=("p0",))

    assert diagnose(replace(base, sessions=(led,), locks=(Lock("p0", "s0"),))).status.has_answer


def test_what_the_second_program_cannot_confirm_is_a_suspicion(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allowances, "CONFIRM", 0.0)
    monkeypatch.setattr(confirmation, "MOST_COLUMNS", 0)

    found = diagnose(too_few_people())

    assert (found.status, found.confirmed) == (Status.UNKNOWN, False)
    assert "size_at_least" in found.rules


def test_those_who_must_be_apart_are_never_named() -> None:
    found = diagnose(apart_in_one_room())

    assert "agreement" in _kinds(found)
    assert "p0" not in str(found)
    assert "p1" not in str(found)


def test_the_concrete_lock_is_named() -> None:
    base = problem(people=3, sessions=2)
    locked = replace(
        base, meetings=(Given("s0", "t0", "r0"), Given("s1", "t0", "r0")), rooms=(Room("r0", 10), Room("r1", 10))
    )

    found = diagnose(locked)

    assert {(part.rule, part.facts["session"]) for part in found.parts if part.rule == "locks_hold"} == {
        ("locks_hold", "s0"),
        ("locks_hold", "s1"),
    }


@pytest.mark.parametrize("rule", sorted(witnesses.ALL))
def test_what_is_possible_is_called_possible(rule: str) -> None:
    assert diagnose(witnesses.ALL[rule]()).status.has_answer


@pytest.mark.parametrize("seed", range(12))
def test_crowds_and_single_people_come_to_the_same_verdict(seed: int) -> None:
    dice = random.Random(seed)
    base = problem(dice.randint(3, 9), dice.randint(1, 3), dice.randint(1, 2), rooms=dice.randint(1, 3))
    sessions = tuple(replace(session, minimum=dice.randint(0, 4)) for session in base.sessions)
    small = replace(base, sessions=sessions, unplaced_allowed=dice.random() < 0.5)

    assert diagnose(small).status.has_answer is solve(small, QUICK).status.has_answer


def test_a_conference_of_300_is_condensed_to_its_crowds() -> None:
    large = rep(300)

    small, crowd = condensed(large)

    assert sum(crowd.values()) == 300
    assert len(small.participants) < 60


def test_every_remedy_that_is_tried_leaves_a_sound_problem() -> None:
    for number in range(24):
        asked = infeasible(number)[0]
        faults = [fault for option in options(asked, {}) for fault in faults_of(option.change(asked))]
        assert faults == [], number


@pytest.mark.parametrize("needed", [1, 2, 5, 13, 20])
def test_little_is_tried_before_much(needed: int) -> None:
    """Ten rooms were advised where the time was up after one try: one was enough."""
    asked: list[int] = []

    class Counting:
        over, problem = False, None

        def harm(self, number: int, _most: int) -> Harm:
            asked.append(number)
            return Harm(0 if number >= needed else 1, 0, True)

    option = Option("rooms", "", {}, 6, lambda p: p, most=20, partly=lambda _problem, by: by)  # type: ignore[arg-type,return-value]

    found = tried._gentler(Counting(), option, Harm(0, 0, True))  # type: ignore[arg-type]

    assert found.facts == {"by": needed}
    assert max(asked[:2]) <= 3
