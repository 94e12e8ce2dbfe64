"""A changed day is mended with the fewest moves, each with its reason."""

from dataclasses import replace

import pytest

from solver import (
    Absent,
    Instead,
    Level,
    Lock,
    Locked,
    Merged,
    Participant,
    Preset,
    Problem,
    RoomLost,
    Settings,
    Solution,
    WalkIn,
    goal,
    repair,
    solve,
    verify,
)
from solver.bench.families import rep
from solver.questions.day_changes import Change
from tests.solver.makers import person, problem

QUICK = Settings(time_limit=2, workers=1)


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
