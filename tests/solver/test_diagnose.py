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
from solver.model import constraints
from solver.problem.equal import condensed
from solver.questions.remedies import options
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
