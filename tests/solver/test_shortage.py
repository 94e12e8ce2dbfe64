"""Where places are missing the page says how many there are, and what keeps people out of the free ones."""

from dataclasses import replace

import pytest

from solver import Level, Lock, Problem, Role, Room, Seat, Solution, rules_in_force, shortages
from solver.judge.checks import CHECKS
from tests.solver import witnesses
from tests.solver.makers import person, problem, solution


def one_short(**changes: object) -> tuple[Problem, Solution]:
    """Two people, one round, one meeting with a place for the first of them."""
    asked = problem(people=0, sessions=1, rooms=1, participants=(person("p0"), person("p1", **changes)))
    held = solution(asked, [("s0", "t0", "r0")], {("p0", "t0"): "s0"})
    return asked, replace(held, meetings=(replace(held.meetings[0], language="de"),))


def test_nothing_is_said_when_everybody_has_a_place() -> None:
    asked = problem(people=1, sessions=1, rooms=1)

    assert shortages(asked, solution(asked, [("s0", "t0", "r0")], {("p0", "t0"): "s0"})) == ()


def test_too_few_chairs() -> None:
    asked, held = one_short()
    asked = replace(asked, rooms=(Room("r0", 1),))

    (found,) = shortages(asked, held)

    assert (found.slot, found.people, found.wanted, found.places, found.free) == ("t0", ("p1",), 2, 1, 0)
    assert found.reasons == {"full": 1}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"languages": {"ar": Level.SPEAKS}}, "language"),
        ({"needs": frozenset({"step_free"})}, "needs"),
        ({"vetoes": frozenset({"s0"})}, "veto"),
        ({}, "other"),
    ],
)
def test_what_keeps_somebody_out_of_a_free_place(changes: dict[str, object], reason: str) -> None:
    (found,) = shortages(*one_short(**changes))

    assert found.free == 9
    assert found.reasons == {reason: 1}
    assert set(found.why.values()) == {reason}


def test_the_languages_of_those_whom_language_keeps_out_are_counted() -> None:
    (found,) = shortages(*one_short(languages={"ar": Level.SPEAKS, "de": Level.NEEDS_HELP}))

    assert found.languages == {"ar": 1}


def test_a_rule_that_asks_for_nothing_is_not_in_force() -> None:
    plain = problem()

    assert "quotas_hold" not in rules_in_force(plain)
    assert "locks_hold" not in rules_in_force(plain)
    assert "locks_hold" in rules_in_force(replace(plain, locks=(Lock("p0", "s0"),)))


def test_every_rule_that_a_witness_needs_is_in_force_there() -> None:
    for check in CHECKS:
        assert check.__name__ in rules_in_force(getattr(witnesses, check.__name__)())


@pytest.mark.parametrize(
    ("chairs", "maximum", "binds"), [(1, None, "room"), (1, 2, "room"), (2, 1, "maximum"), (1, 1, "both")]
)
def test_what_keeps_a_meeting_from_having_more_places(chairs: int, maximum: int | None, binds: str) -> None:
    """A larger room was advised where the maximum was reached with its last chair."""
    asked, held = one_short()
    session = replace(asked.sessions[0], maximum=maximum)

    (found,) = shortages(replace(asked, rooms=(Room("r0", chairs),), sessions=(session,)), held)

    assert found.bound_by == {binds}


@pytest.mark.parametrize(
    ("languages", "reason", "in_vain"),
    [({"uk": Level.SPEAKS}, "unspoken", 1), ({"de": Level.SPEAKS}, "full", 0), ({"tr": Level.SPEAKS}, "full", 0)],
)
def test_who_follows_no_meeting_of_a_full_round_is_not_kept_out_by_its_size(
    languages: dict[str, Level], reason: str, in_vain: int
) -> None:
    """ "No place was free, a larger room would help", it said of somebody who would understand nothing in it; whom
    somebody interprets for there it would help."""
    asked, held = one_short(languages=languages)
    speaks = person("i0", attends=False)
    asked = replace(asked, rooms=(Room("r0", 2),), participants=(*asked.participants, speaks))
    at_work = Seat("i0", "t0", held.meetings[0].id, Role.INTERPRETER, "tr")

    (found,) = shortages(asked, replace(held, seats=(*held.seats, at_work)))

    assert (found.free, found.reasons, found.in_vain) == (0, {reason: 1}, in_vain)
    assert found.languages == ({"uk": 1} if reason == "unspoken" else {})


def test_where_she_may_not_sit_more_places_are_in_vain() -> None:
    asked, held = one_short(needs=frozenset({"step_free"}))

    (found,) = shortages(replace(asked, rooms=(Room("r0", 1),)), held)

    assert (found.reasons, found.in_vain) == ({"full": 1}, 1)


def test_in_a_round_without_a_meeting_one_is_not_in_vain() -> None:
    asked = problem(people=1, sessions=1, rooms=1)

    (found,) = shortages(asked, solution(asked, [], {}))

    assert (found.reasons, found.in_vain, found.rooms_free) == ({"full": 1}, 0, 1)


def test_rooms_that_stand_empty_and_sessions_held_less_often_are_counted() -> None:
    asked, held = one_short()
    session = replace(asked.sessions[0], maximum=1, offered=2)
    closed = Room("r2", 9, slots=frozenset())

    (found,) = shortages(replace(asked, rooms=(*asked.rooms, Room("r1", 9), closed), sessions=(session,)), held)

    assert (found.rooms_free, found.sessions_less) == (1, 1)


@pytest.mark.parametrize(("sessions", "everywhere"), [(1, 1), (2, 0)])
def test_who_has_been_to_every_session_is_counted(sessions: int, everywhere: int) -> None:
    asked = problem(people=1, sessions=sessions, slots=2, rooms=1)
    held = solution(asked, [("s0", "t0", "r0"), ("s0", "t1", "r0")], {("p0", "t0"): "s0"})

    (found,) = shortages(asked, held)

    assert (found.slot, found.reasons, found.been_everywhere) == ("t1", {"been": 1}, everywhere)


def test_where_she_has_been_is_no_reason_while_another_place_is_free() -> None:
    """More places were free where she had been than where she understood nothing; a session in which she had not been,
    it said, would help, and she understood none of these."""
    asked = problem(people=0, sessions=2, slots=2, participants=(person("p0", languages={"tr": Level.SPEAKS}),))
    first = replace(asked.sessions[0], languages=frozenset({"tr"}), maximum=9)
    asked = replace(asked, sessions=(first, replace(asked.sessions[1], maximum=4)))
    meetings = [("s0", "t0", "r0"), ("s0", "t1", "r0"), ("s1", "t1", "r1")]

    (found,) = shortages(asked, solution(asked, meetings, {("p0", "t0"): "s0"}))

    assert (found.reasons, found.been_everywhere) == ({"language": 1}, 1)
