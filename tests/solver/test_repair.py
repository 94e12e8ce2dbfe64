"""A changed day is mended with the fewest moves, each with its reason."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from solver import (
    Absent,
    Given,
    Instead,
    Interpreter,
    Level,
    Lock,
    Locked,
    Merged,
    Participant,
    Preset,
    Problem,
    Role,
    RoomLost,
    Settings,
    Solution,
    Status,
    WalkIn,
    goal,
    repair,
    solve,
    verify,
)
from solver.bench.families import rep
from solver.questions import mending
from solver.questions.day_changes import Change
from tests.solver.makers import person, problem

QUICK = Settings(time_limit=2, workers=1)


@pytest.mark.parametrize(("following", "share"), [(2, 0.75), (1, 0.5), (0, 1.0)])
def test_a_search_may_use_what_those_that_may_follow_leave(
    monkeypatch: pytest.MonkeyPatch, following: int, share: float
) -> None:
    """Where the first questions were hopeless, the last one was searched for three quarters of the time only."""
    limits: list[float] = []

    def solved(_: Problem, settings: Settings) -> Solution:
        limits.append(settings.time_limit)
        return Solution(Status.UNKNOWN)

    def only(held: Problem, _decided: object, _enough: int, search: Callable[[Problem, int], Solution]) -> object:
        return held, search(held, following)

    monkeypatch.setattr(mending, "solve", solved)
    monkeypatch.setattr(mending, "nearest", only)
    conference = problem(people=1)
    repair(conference, Solution(Status.FEASIBLE), [], replace(QUICK, time_limit=100))

    assert limits == [pytest.approx(100 * share, abs=1)]


@pytest.fixture(scope="module")
def earlier() -> tuple[Problem, Solution]:
    conference = rep(96, rounds=2, seed=4)
    return conference, solve(conference, Settings(time_limit=3))


def _free(found: Solution) -> str:
    """Somebody who attends in both slots."""
    seats = [seat.participant for seat in found.seats if seat.role == "attendee"]
    return next(id for id in seats if seats.count(id) == 2)


def _changes(found: Solution) -> dict[str, list[Change]]:
    who, meeting = _free(found), found.meetings[0]
    newcomer = Participant("new", {"group": "g1"}, languages={"de": Level.SPEAKS}, favourites=("s1", "s2"))
    away = [seat.participant for seat in found.seats if seat.role == "attendee" and seat.participant != who][-1]
    return {
        "absent": [Absent(who, frozenset({"t1"}))],
        "walk_in": [WalkIn(newcomer)],
        "room_lost": [RoomLost(meeting.room, frozenset({meeting.slot}))],
        "locked": [Locked(Lock(who, "s3", "t0"))],
        "instead": [Instead("s0", "p0", away)],
        "merged": [Merged("s6", "s7", "t1")],
    }


@pytest.mark.parametrize("kind", ["absent", "walk_in", "room_lost", "locked", "instead", "merged"])
def test_every_change_is_mended_without_a_breach(earlier: tuple[Problem, Solution], kind: str) -> None:
    conference, found = earlier

    mended = repair(conference, found, _changes(found)[kind], QUICK)

    assert mended.solution.status.has_answer
    assert verify(mended.problem, mended.solution) == []
    assert kind in {move.reason for move in mended.moves}


def test_who_stays_away_moves_nobody_else(earlier: tuple[Problem, Solution]) -> None:
    conference, found = earlier
    who = _free(found)

    mended = repair(conference, found, [Absent(who)], QUICK)

    assert {move.participant for move in mended.moves} == {who}
    assert {move.after for move in mended.moves} == {None}


def test_nothing_changes_where_nothing_must(earlier: tuple[Problem, Solution]) -> None:
    conference, found = earlier

    mended = repair(conference, found, [], QUICK)

    assert mended.moves == ()


def test_the_fewest_moves_are_proven_on_a_small_day() -> None:
    # Two full meetings: locking p0 into the other one moves exactly one more person, to make room.
    base = problem(people=4, sessions=2)
    small = replace(
        base,
        sessions=tuple(replace(session, maximum=2) for session in base.sessions),
        participants=tuple(person(f"p{at}", favourites=("s0" if at < 2 else "s1",)) for at in range(4)),
    )
    found = solve(small, QUICK)

    mended = repair(small, found, [Locked(Lock("p0", "s1", "t0"))], QUICK)

    assert sorted(move.reason for move in mended.moves) == ["locked", "made_room"]
    result = goal(mended.solution, "stability")
    assert result is not None
    assert result.value == 2
    assert mended.solution.settings.preset is Preset.REPAIR


def _interpreted(people: int = 2) -> tuple[Problem, Solution]:
    """Two Arabs sit in a German meeting with an interpreter; another who could interpret attends elsewhere."""
    base = problem(people=2, sessions=2)
    arabs = tuple(person(f"a{at}", languages={"ar": Level.SPEAKS}, favourites=("s0",)) for at in range(people))
    both = {"ar": Level.SPEAKS, "de": Level.SPEAKS}
    helpers = (person("i0", languages=both, attends=False), person("i1", languages=both, favourites=("s1",)))
    sessions = (base.sessions[0], replace(base.sessions[1], languages=frozenset({"de", "ar"}), minimum=1))
    conference = replace(
        base,
        participants=(*base.participants, *arabs, *helpers),
        sessions=sessions,
        interpreters=tuple(Interpreter(each.id, frozenset({"ar-de"})) for each in helpers),
        locks=(Lock("a0", "s0"), Lock("p0", "s1")),
        meetings=(Given("s0", "t0", "r0"), Given("s1", "t0", "r1", "de")),
    )
    return conference, solve(conference, QUICK)


def test_an_interpreter_who_is_lost_is_replaced_and_everybody_understands() -> None:
    conference, found = _interpreted()
    working = {seat.participant for seat in found.seats if seat.role is Role.INTERPRETER}

    mended = repair(conference, found, [Absent(id) for id in working], QUICK)

    assert verify(mended.problem, mended.solution) == []
    other = ({"i0", "i1"} - working).pop()
    takes_over = next(move for move in mended.moves if move.reason == "interprets")
    assert (takes_over.participant, takes_over.role, takes_over.channel) == (other, Role.INTERPRETER, "ar")
    assert [m.language for m in mended.solution.meetings] == [m.language for m in found.meetings]


def _in_two(*arabs: str) -> tuple[Problem, Solution]:
    """A session in Arabic and German with two Germans, these Arabs, and somebody who could interpret between them."""
    base = problem(people=0, sessions=1, rooms=1)
    germans = (person(f"p{at}", languages={"de": Level.SPEAKS}) for at in range(2))
    helper = person("i0", languages={"ar": Level.SPEAKS, "de": Level.SPEAKS}, attends=False)
    conference = replace(
        base,
        participants=(*germans, *(person(id, languages={"ar": Level.SPEAKS}) for id in arabs), helper),
        sessions=(replace(base.sessions[0], languages=frozenset({"de", "ar"}), two_language=True),),
        interpreters=(Interpreter("i0", frozenset({"ar-de"})),),
    )
    return conference, solve(conference, QUICK)


def test_an_interpreter_between_two_languages_leaves_with_the_last_of_one_of_them() -> None:
    conference, found = _in_two("a0")
    assert [meeting.language for meeting in found.meetings] == [None]

    mended = repair(conference, found, [Absent("a0")], QUICK)

    assert verify(mended.problem, mended.solution) == []
    assert [meeting.language for meeting in mended.solution.meetings] == ["de"]
    assert {(move.participant, move.reason) for move in mended.moves} >= {("i0", "not_needed"), (None, "language")}
    assert {seat.role for seat in mended.solution.seats} == {Role.ATTENDEE}


def test_an_interpreter_between_two_languages_comes_with_the_first_of_the_other_one() -> None:
    conference, found = _in_two()
    assert [meeting.language for meeting in found.meetings] == ["de"]

    walk_in = WalkIn(person("a0", languages={"ar": Level.SPEAKS}))
    mended = repair(conference, found, [walk_in], QUICK)

    assert verify(mended.problem, mended.solution) == []
    assert [meeting.language for meeting in mended.solution.meetings] == [None]
    assert {seat.listens_in for seat in mended.solution.seats} == {"ar-de"}
    assert len(mended.solution.seats) == 4


def test_without_any_interpreter_the_listeners_who_may_sit_elsewhere_do_and_are_told_why() -> None:
    conference, found = _interpreted()
    free = replace(conference, locks=conference.locks[1:], meetings=(Given("s0", "t0", "r0"), Given("s1", "t0", "r1")))
    found = replace(found, settings=found.settings)
    gone = [Absent("i0"), Absent("i1")]

    mended = repair(free, found, gone, QUICK)

    assert verify(mended.problem, mended.solution) == []
    lost = [move for move in mended.moves if move.reason == "interpreter_lost"]
    assert {move.participant for move in lost} == {"a0", "a1"}


def test_a_language_that_the_organiser_gave_is_kept_whatever_it_costs() -> None:
    conference, found = _interpreted()

    mended = repair(conference, found, [Absent("i0"), Absent("i1")], QUICK)

    held = {meeting.session: meeting.language for meeting in mended.solution.meetings}
    assert not mended.solution.status.has_answer or held["s1"] == "de"


def test_what_was_mended_answers_the_problem_that_is_handed_back() -> None:
    """The only room of a given meeting is lost: it moves, and no rule is broken in what is returned."""
    base = problem(people=4, sessions=1, slots=2, rooms=2)
    once = replace(base, sessions=(replace(base.sessions[0], offered=1),))
    found = solve(once, QUICK)
    lost = frozenset({found.meetings[0].slot})

    mended = repair(once, found, [RoomLost("r0", lost), RoomLost("r1", lost)], QUICK)

    assert mended.solution.status.has_answer
    assert verify(mended.problem, mended.solution) == []
