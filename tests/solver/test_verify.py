"""The verifier catches damage of every kind, and nothing else."""

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

from solver import Meeting, Problem, Role, Seat, Settings, Solution, solve, verify
from solver.bench.families import rep


@pytest.fixture(scope="module")
def sound() -> tuple[Problem, Solution]:
    problem = rep(48, rounds=2, seed=3)
    return problem, solve(problem, Settings(time_limit=3))


def seat_moved(problem: Problem, found: Solution, dice: random.Random) -> Solution:
    """Into a meeting of another slot."""
    at = dice.randrange(len(found.seats))
    seat = found.seats[at]
    other = dice.choice([m for m in found.meetings if m.slot != seat.slot])
    return _seats(found, at, replace(seat, meeting=other.id))


def seat_doubled(problem: Problem, found: Solution, dice: random.Random) -> Solution:
    seat = dice.choice(found.seats)
    other = dice.choice([m for m in found.meetings if m.slot == seat.slot and m.id != seat.meeting])
    return replace(found, seats=(*found.seats, replace(seat, meeting=other.id)))


def stranger(problem: Problem, found: Solution, dice: random.Random) -> Solution:
    return replace(found, seats=(*found.seats, replace(dice.choice(found.seats), participant="nobody")))


def meeting_lost(problem: Problem, found: Solution, dice: random.Random) -> Solution:
    gone = dice.choice(found.meetings)
    kept = tuple(meeting for meeting in found.meetings if meeting is not gone)
    return replace(found, meetings=kept, seats=tuple(seat for seat in found.seats if seat.meeting != gone.id))


def room_shared(problem: Problem, found: Solution, dice: random.Random) -> Solution:
    one, two = dice.sample([m for m in found.meetings if m.slot == "t0"], 2)
    return _meetings(found, two, replace(two, room=one.room))


def staff_gone(problem: Problem, found: Solution, dice: random.Random) -> Solution:
    staff = [at for at, seat in enumerate(found.seats) if seat.role is Role.FACILITATOR]
    at = dice.choice(staff)
    return replace(found, seats=found.seats[:at] + found.seats[at + 1 :])


def promoted(problem: Problem, found: Solution, dice: random.Random) -> Solution:
    people = [at for at, seat in enumerate(found.seats) if seat.role is Role.ATTENDEE]
    at = dice.choice(people)
    return _seats(found, at, replace(found.seats[at], role=Role.FACILITATOR))


def same_session_again(problem: Problem, found: Solution, dice: random.Random) -> Solution:
    people = [seat for seat in found.seats if seat.role is Role.ATTENDEE and seat.slot == "t0"]
    seat = dice.choice(people)
    session = next(m.session for m in found.meetings if m.id == seat.meeting)
    again = next(m for m in found.meetings if m.session == session and m.slot == "t1")
    others = tuple(s for s in found.seats if (s.participant, s.slot) != (seat.participant, "t1"))
    return replace(found, seats=(*others, Seat(seat.participant, "t1", again.id)))


def overfull(problem: Problem, found: Solution, dice: random.Random) -> Solution:
    """Everybody of a slot in one meeting."""
    target = dice.choice([m for m in found.meetings if m.slot == "t0"])
    seats = tuple(
        replace(seat, meeting=target.id) if seat.slot == "t0" and seat.role is Role.ATTENDEE else seat
        for seat in found.seats
    )
    return replace(found, seats=seats)


def nowhere(problem: Problem, found: Solution, dice: random.Random) -> Solution:
    meeting = dice.choice(found.meetings)
    return _meetings(found, meeting, replace(meeting, room="r999"))


DAMAGES: list[Callable[[Problem, Solution, random.Random], Solution]] = [
    seat_moved,
    seat_doubled,
    stranger,
    meeting_lost,
    room_shared,
    staff_gone,
    promoted,
    same_session_again,
    overfull,
    nowhere,
]


def _seats(found: Solution, at: int, seat: Seat) -> Solution:
    return replace(found, seats=(*found.seats[:at], seat, *found.seats[at + 1 :]))


def _meetings(found: Solution, old: Meeting, new: Meeting) -> Solution:
    return replace(found, meetings=tuple(new if meeting is old else meeting for meeting in found.meetings))


def test_a_sound_allocation_raises_no_alarm(sound: tuple[Problem, Solution]) -> None:
    problem, found = sound

    assert found.status.has_answer
    assert verify(problem, found) == []


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_caught(
    sound: tuple[Problem, Solution], damage: Callable[[Problem, Solution, random.Random], Solution]
) -> None:
    problem, found = sound

    missed = [seed for seed in range(100) if not verify(problem, damage(problem, found, random.Random(seed)))]

    assert missed == []
