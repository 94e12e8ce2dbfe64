"""Flexible rules break at their price and are listed; needs, apart and locks never do. Interpreters are scarce."""

from dataclasses import replace

import pytest

from solver import (
    Company,
    Given,
    Interpreter,
    Level,
    Mode,
    Preset,
    Problem,
    ProblemError,
    Quota,
    Role,
    Settings,
    Spread,
    Status,
    goal,
    solve,
    verify,
)
from solver.bench.families import rep
from solver.judge.verify import breaches
from tests.solver import witnesses
from tests.solver.makers import person, problem, solution

FAST = Settings(preset=Preset.WISHES_FIRST, time_limit=5, workers=1)


def one_room(**changes: object) -> Problem:
    base = problem(people=4, sessions=1, rooms=1)
    return replace(base, unplaced_allowed=False, **changes)  # type: ignore[arg-type]


def test_a_flexible_quota_is_broken_by_as_few_as_possible_and_listed_with_its_price() -> None:
    strict = one_room(quotas=(Quota("group", "a", maximum=2),))
    flexible = replace(strict, flexible={"quotas_hold": 5})

    assert solve(strict, FAST).status is Status.INFEASIBLE
    found = solve(flexible, FAST)

    assert verify(flexible, found) == []
    assert [(broken.rule, broken.amount) for broken in found.exceptions] == [("quotas_hold", 2)]
    result = goal(found, "exceptions")
    assert result is not None
    assert (result.value, result.gap) == (10, 0)


def test_no_exception_is_taken_where_none_is_needed() -> None:
    found = solve(replace(problem(), flexible={"quotas_hold": 5, "size_at_most": 1}), FAST)

    assert found.exceptions == ()


@pytest.mark.parametrize("rule", ["rooms_and_people_fit", "together_or_apart", "locks_hold", "colour"])
def test_needs_bonds_and_locks_cannot_be_bought_off(rule: str) -> None:
    with pytest.raises(ProblemError, match="cannot be bought off"):
        replace(problem(), flexible={rule: 1})


def test_somebody_uncovered_is_seated_and_named_where_the_organiser_allows_it() -> None:
    strict = one_room(participants=(person("p0", languages={"ar": Level.SPEAKS}), person("p1")))
    allowed = replace(strict, flexible={"everybody_understands": 3})

    assert solve(strict, FAST).status is Status.INFEASIBLE
    found = solve(allowed, FAST)

    assert [broken.facts["participant"] for broken in found.exceptions] == ["p0"]


def _booth(interpreters: int, mode: Mode) -> Problem:
    base = problem(people=5, sessions=1)
    speaks = {"ar": Level.SPEAKS}
    people = tuple(person(f"p{at}", languages=speaks, favourites=("s0",)) for at in range(3))
    helpers = tuple(
        person(f"i{at}", attends=False, languages={"ar": Level.SPEAKS, "de": Level.SPEAKS})
        for at in range(interpreters)
    )
    working = tuple(Interpreter(p.id, frozenset({"ar-de"}), listeners=2, mode=mode) for p in helpers)
    return replace(base, participants=people + helpers, interpreters=working)


@pytest.mark.parametrize(
    ("mode", "interpreters", "seated"),
    [
        (Mode.WHISPERING, 1, 2),
        (Mode.WHISPERING, 2, 3),
        (Mode.SIMULTANEOUS, 1, 0),
        (Mode.SIMULTANEOUS, 2, 2),
        (Mode.SIMULTANEOUS, 3, 2),
    ],
)
def test_listeners_are_served_as_the_mode_says(mode: Mode, interpreters: int, seated: int) -> None:
    booth = _booth(interpreters, mode)

    found = solve(booth, FAST)

    assert verify(booth, found) == []
    assert sum(seat.role is Role.ATTENDEE for seat in found.seats) == seated


def test_an_interpreter_serves_one_language_at_a_time() -> None:
    base = problem(people=2, sessions=1)
    people = (
        person("p0", languages={"ar": Level.SPEAKS}, favourites=("s0",)),
        person("p1", languages={"tr": Level.SPEAKS}, favourites=("s0",)),
        person("i0", attends=False),
    )
    both = replace(base, participants=people, interpreters=(Interpreter("i0", frozenset({"ar-de", "tr-de"})),))

    found = solve(both, FAST)

    assert sum(seat.role is Role.ATTENDEE for seat in found.seats) == 1


def test_those_who_must_be_apart_are_named_in_no_violation() -> None:
    witness = witnesses.together_or_apart()
    met = solution(replace(witness, together=()), [("s0", "t0", "r0")], {("p2", "t0"): "s0", ("p3", "t0"): "s0"})

    told = [broken for broken in breaches(replace(witness, together=()), met) if broken.rule == "together_or_apart"]

    assert len(told) == 1
    assert told[0].facts == {"meeting": "s0@t0"}


def test_apart_counts_for_those_who_lead_too() -> None:
    base = problem(people=2, sessions=1)
    led = replace(
        base,
        sessions=(replace(base.sessions[0], facilitators=("p0",)),),
        participants=(person("p0"), person("p1", favourites=("s0",))),
        meetings=(Given("s0", "t0"),),
        apart=(frozenset({"p0", "p1"}),),
    )

    found = solve(led, FAST)

    assert {seat.participant for seat in found.seats} == {"p0"}


def test_a_large_conference_with_every_rule_has_an_answer_at_once() -> None:
    people = rep(120, seed=5)
    marked = tuple(
        replace(p, attributes={**p.attributes, "organisation": f"o{at % 30}"})
        for at, p in enumerate(people.participants)
    )
    ids = [p.id for p in marked if not p.needs and "de" in p.understood][20:26]
    every = replace(
        people,
        participants=marked,
        company=(Company("group", "g5", 2),),
        spread=(Spread("organisation", 2),),
        together=(frozenset(ids[:2]),),
        apart=(frozenset(ids[2:4]),),
    )

    found = solve(every, Settings(time_limit=3))

    assert verify(every, found) == []
    assert "min-cost flows" in found.route
    wishes = goal(found, "wishes")
    assert wishes is not None
    assert wishes.gap is not None
    # Measured 3 to 5 %: the coupled rules are in no bound. Seated blindly it would be beyond 50 %.
    assert wishes.gap < 0.15
