"""The figures of a plan's page: counted against what each list allows, and never better for a worse plan."""

import random
from dataclasses import replace
from fractions import Fraction

import pytest

from solver import (
    Interpreter,
    Problem,
    Role,
    Satisfaction,
    Session,
    Settings,
    Slot,
    Solution,
    fairness,
    satisfaction,
    solve,
    verify,
    who_counts,
)
from solver.bench.families import rep
from tests.solver.makers import person, problem, solution


def test_everybody_who_attends_is_in_one_part() -> None:
    asked = problem(
        people=0,
        slots=2,
        sessions=2,
        participants=(
            person("wishes", favourites=("s1",)),
            person("none"),
            person("leads", favourites=("s1",)),
            person("could interpret", favourites=("s1",)),
            person("stays away", favourites=("s1",), attends=False),
        ),
        interpreters=(Interpreter("could interpret", frozenset({"ar-de"})),),
    )
    asked = replace(asked, sessions=(replace(asked.sessions[0], facilitators=("leads",)), *asked.sessions[1:]))

    whole = who_counts(asked)

    assert (whole.choosing, whole.without_wishes, whole.busy) == (("wishes", "could interpret"), ("none",), ("leads",))
    assert whole.people == 4


def interpreted(*slots: str) -> tuple[Problem, Solution]:
    """Of three rounds p0 interprets in these; a second interpreter attends, a third has no seat at all."""
    asked = problem(
        people=0,
        slots=3,
        sessions=3,
        participants=(
            person("p0", favourites=("s0", "s1", "s2")),
            person("p1", favourites=("s0", "s1", "s2")),
            person("p2", attends=False),
        ),
        interpreters=tuple(Interpreter(id, frozenset({"ar-de"})) for id in ("p0", "p1", "p2")),
    )
    meetings = [(f"s{at}", f"t{at}", "r0") for at in range(3)]
    found = solution(asked, meetings, {(p, f"t{at}"): f"s{at}" for p in ("p0", "p1") for at in range(3)})
    seats = (
        replace(s, role=Role.INTERPRETER, listens_in="de") if s.participant == "p0" and s.slot in slots else s
        for s in found.seats
    )
    return asked, replace(found, seats=tuple(seats))


def test_who_interprets_is_who_has_an_interpreters_seat_in_the_plan() -> None:
    """ "2 interpret", it said of people who interpreted nowhere; their wishes were left out of half of the tables."""
    told = satisfaction(*interpreted("t0"))

    assert (told.interpreters.working, told.interpreters.elsewhere, told.interpreters.nowhere) == (
        ("p0",),
        ("p1",),
        ("p2",),
    )
    assert told.whole.choosing == ("p0", "p1")
    assert [(day.participant, day.wished, day.possible) for day in told.days] == [("p0", 2, 2), ("p1", 3, 3)]


def test_whoever_interprets_all_day_has_no_round_to_choose_in() -> None:
    told = satisfaction(*interpreted("t0", "t1", "t2"))

    assert (told.whole.choosing, told.whole.busy) == (("p1",), ("p0",))


def test_no_figure_improves_when_somebody_no_longer_interprets() -> None:
    asked, now = interpreted("t0", "t1", "t2")
    for lost in [seat for seat in now.seats if seat.role is Role.INTERPRETER]:
        worse = replace(now, seats=tuple(seat for seat in now.seats if seat is not lost))
        before, after = headlines(satisfaction(asked, now)), headlines(satisfaction(asked, worse))

        assert all(one >= other for one, other in zip(before, after, strict=True))
        now = worse


def test_the_fairness_note_and_the_plan_round_a_group_alike() -> None:
    """The note cut off what the page of the plan rounded: 96 % and 97 % of the same group."""
    people = tuple(person(f"p{at}", favourites=("s0", "s1")) for at in range(6))
    asked = problem(people=0, participants=people)
    seats = {(each.id, "t0"): "s0" for each in people[1:]} | {("p0", "t0"): "s1"}
    found = solution(asked, [("s0", "t0", "r0"), ("s1", "t0", "r1")], seats)

    of_plan, of_note = satisfaction(asked, found).groups["a"], fairness(asked, found).groups["a"]

    assert (of_plan.percent, of_note.satisfaction) == (97, 0.97)


def test_a_day_is_measured_against_what_the_list_allows() -> None:
    asked = problem(people=0, slots=2, sessions=3, rooms=3, participants=(person("p0", favourites=("s1",)),))
    found = solution(asked, [("s1", "t0", "r0"), ("s2", "t1", "r1")], {("p0", "t0"): "s1", ("p0", "t1"): "s2"})

    told = satisfaction(asked, found)

    assert told.with_best_day == 1  # one wish named, one fulfilled: more was not asked for
    assert (told.possible, told.lacking) == (1, 0)
    assert told.days[0].unwished == 1


def test_a_long_session_is_one_wish_and_fills_its_rounds() -> None:
    asked = replace(
        problem(people=0),
        slots=(Slot("t0"), Slot("t1")),
        sessions=(Session("long", duration=2),),
        participants=(person("p0", favourites=("long",)),),
    )
    found = solution(asked, [("long", "t0", "r0")], {("p0", "t0"): "long"})
    found = replace(found, seats=(*found.seats, replace(found.seats[0], slot="t1")))

    told = satisfaction(asked, found)

    assert (told.possible, told.lacking, told.unplaced) == (1, 0, ())
    assert told.days[0].share == 1


def test_the_best_day_is_not_always_the_highest_wish() -> None:
    asked = replace(
        problem(people=0),
        slots=(Slot("t0"), Slot("t1")),
        sessions=(Session("long", duration=2), Session("a"), Session("b")),
        participants=(person("p0", favourites=("long", "a", "b")),),
    )
    long = solution(asked, [("long", "t0", "r0")], {("p0", "t0"): "long"})
    long = replace(long, seats=(*long.seats, replace(long.seats[0], slot="t1")))
    short = solution(asked, [("a", "t0", "r0"), ("b", "t1", "r1")], {("p0", "t0"): "a", ("p0", "t1"): "b"})

    assert satisfaction(asked, short).days[0].share == 1  # 80 + 62
    assert satisfaction(asked, long).days[0].share == Fraction(100, 142)


@pytest.fixture(scope="module")
def plan() -> tuple[Problem, Solution]:
    asked = rep(48, rounds=3, seed=3)
    found = solve(asked, Settings(time_limit=2, workers=1))
    assert verify(asked, found) == []
    return asked, found


def headlines(told: Satisfaction) -> list[Fraction]:
    """Every figure that a page shows, turned so that more is better."""
    groups = [part for group in told.groups.values() for part in (group.average, Fraction(group.with_best_day))]
    better = [told.with_best_day, told.with_a_wish, told.lowest, *groups]
    worse = [told.lacking, len(told.lacking_twice), len(told.without_a_wish), len(told.unplaced)]
    return [*map(Fraction, better), *(-Fraction(count) for count in worse)]


def thrown_out(asked: Problem, found: Solution, dice: random.Random) -> Solution:
    """Somebody loses her place in a round."""
    at = dice.choice([at for at, seat in enumerate(found.seats) if seat.role == "attendee"])
    return replace(found, seats=found.seats[:at] + found.seats[at + 1 :])


def cancelled(asked: Problem, found: Solution, dice: random.Random) -> Solution:
    """A meeting is cancelled and nobody goes elsewhere."""
    gone = dice.choice(found.meetings)
    kept = tuple(seat for seat in found.seats if seat.meeting != gone.id)
    return replace(found, meetings=tuple(m for m in found.meetings if m is not gone), seats=kept)


def moved_to_unwished(asked: Problem, found: Solution, dice: random.Random) -> Solution:
    """Somebody loses a wish for a session that she did not list."""
    sessions = {meeting.id: meeting for meeting in found.meetings}
    for at in dice.sample(range(len(found.seats)), len(found.seats)):
        seat = found.seats[at]
        rank = asked.participant[seat.participant].rank
        others = [m for m in found.meetings if m.slot == seat.slot and m.session not in rank]
        if seat.role == "attendee" and sessions[seat.meeting].session in rank and others:
            worse = replace(seat, meeting=dice.choice(others).id)
            return replace(found, seats=(*found.seats[:at], worse, *found.seats[at + 1 :]))
    return found


@pytest.mark.parametrize("damage", [thrown_out, cancelled, moved_to_unwished])
def test_no_figure_improves_when_the_plan_gets_worse(damage, plan) -> None:  # type: ignore[no-untyped-def]
    asked, now = plan
    dice = random.Random(7)
    for _ in range(40):
        worse = damage(asked, now, dice)
        before, after = headlines(satisfaction(asked, now)), headlines(satisfaction(asked, worse))

        assert all(one >= other for one, other in zip(before, after, strict=True))
        now = worse if worse.meetings else plan[1]
    assert headlines(satisfaction(asked, now)) != headlines(satisfaction(*plan))
