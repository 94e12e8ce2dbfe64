"""Twenty-three kinds of damage to a sound allocation of a rich conference; each breaks a rule by construction."""

import random
from collections.abc import Callable
from dataclasses import replace

from solver import (
    Company,
    Interpreter,
    Level,
    Lock,
    Meeting,
    Participant,
    Problem,
    Quota,
    Role,
    Room,
    Seat,
    Settings,
    Solution,
    Spread,
    solve,
    verify,
)
from solver.bench.families import rep

Damage = Callable[[Problem, Solution, random.Random], Solution]


def rich(seed: int = 0) -> Problem:
    """With interpreters, quotas, locks, bonds, organisations, a protected group, vetoes, order and open sessions."""
    base = rep(60, rounds=3, seed=seed)
    people = list(base.participants)
    for at, person in enumerate(people):
        marks = {**person.attributes, "organisation": f"o{at % 20}", "women": "yes" if at % 3 else "no"}
        people[at] = replace(person, attributes=marks, vetoes=frozenset({"s4"}) if at in (31, 47) else frozenset())
    spoken = {"de": Level.SPEAKS, "ar": Level.SPEAKS}
    people += [Participant(f"i{at}", languages=spoken, attends=False) for at in range(2)]
    people[20] = replace(people[20], languages={"ar": Level.SPEAKS}, favourites=("s1", "s2"), needs=frozenset())
    people[40] = replace(people[40], slots=frozenset({"t0", "t1"}))
    rooms = (*base.rooms, Room("closed", 30, frozenset({"step_free"}), frozenset({"t0"})))
    return replace(
        base,
        rooms=rooms,
        participants=tuple(people),
        quotas=(Quota("group", "g0", maximum=9),),
        interpreters=(
            Interpreter("i0", frozenset({"ar-de"}), 2, most_in_a_row=2),
            Interpreter("i1", frozenset({"ar-de"}), 2, frozenset({"t0"})),
        ),
        locks=(Lock("p33", "s2"), Lock("p34", "s3", never=True)),
        company=(Company("group", "g5", 2),),
        spread=(Spread("organisation", 3),),
        apart=(frozenset({"p50", "p51"}),),
        flexible={"nobody_isolated": 20, "everybody_understands": 50},
    )


def sound(seed: int = 0, seconds: float = 4) -> tuple[Problem, Solution]:
    problem = rich(seed)
    found = solve(problem, Settings(time_limit=seconds))
    assert found.status.has_answer, found
    assert verify(problem, found) == []
    return problem, found


def _attendees(found: Solution, slot: str | None = None) -> list[int]:
    return [at for at, seat in enumerate(found.seats) if seat.role is Role.ATTENDEE and slot in (None, seat.slot)]


def _seats(found: Solution, at: int, seat: Seat) -> Solution:
    return replace(found, seats=(*found.seats[:at], seat, *found.seats[at + 1 :]))


def _meetings(found: Solution, old: Meeting, new: Meeting) -> Solution:
    return replace(found, meetings=tuple(new if meeting is old else meeting for meeting in found.meetings))


def _into(found: Solution, person: str, meeting: Meeting, **changes: object) -> Solution:
    """This person sits in this meeting, and nowhere else then."""
    kept = tuple(s for s in found.seats if not (s.participant == person and s.slot == meeting.slot))
    return replace(found, seats=(*kept, replace(Seat(person, meeting.slot, meeting.id), **changes)))  # type: ignore[arg-type]


def seat_in_another_slot(problem: Problem, found: Solution, dice: random.Random) -> Solution:
    at = dice.choice(_attendees(found))
    other = dice.choice([m for m in found.meetings if m.slot != found.seats[at].slot])
    return _seats(found, at, replace(found.seats[at], meeting=other.id))


def two_places_at_once(problem: Problem, found: Solution, dice: random.Random) -> Solution:
    seat = found.seats[dice.choice(_attendees(found))]
    other = dice.choice([m for m in found.meetings if m.slot == seat.slot and m.id != seat.meeting])
    return replace(found, seats=(*found.seats, replace(seat, meeting=other.id)))


def stranger(problem: Problem, found: Solution, dice: random.Random) -> Solution:
    return replace(found, seats=(*found.seats, replace(dice.choice(found.seats), participant="nobody")))


def meeting_lost(problem: Problem, found: Solution, dice: random.Random) -> Solution:
    gone = dice.choice(found.meetings)
    kept = tuple(meeting for meeting in found.meetings if meeting is not gone)
    return replace(found, meetings=kept, seats=tuple(seat for seat in found.seats if seat.meeting != gone.id))


def room_shared(problem: Problem, found: Solution, dice: random.Random) -> Solution:
    slot = dice.choice(problem.slots).id
    one, two = dice.sample([m for m in found.meetings if m.slot == slot], 2)
    return _meetings(found, two, replace(two, room=one.room))


def room_closed(problem: Problem, found: Solution, dice: random.Random) -> Solution:
    meeting = dice.choice([m for m in found.meetings if m.slot != "t0"])
    return _meetings(found, meeting, replace(meeting, room="closed"))


def room_unknown(problem: Problem, found: Solution, dice: random.Random) -> Solution:
    meeting = dice.choice(found.meetings)
    return _meetings(found, meeting, replace(meeting, room="r999"))


def leader_gone(problem: Problem, found: Solution, dice: random.Random) -> Solution:
    at = dice.choice([at for at, seat in enumerate(found.seats) if seat.role is Role.FACILITATOR])
    return replace(found, seats=found.seats[:at] + found.seats[at + 1 :])


def promoted(problem: Problem, found: Solution, dice: random.Random) -> Solution:
    at = dice.choice(_attendees(found))
    return _seats(found, at, replace(found.seats[at], role=Role.FACILITATOR))


def same_session_again(problem: Problem, found: Solution, dice: random.Random) -> Solution:
    whole = [at for at in _attendees(found, "t0") if problem.participant[found.seats[at].participant].slots is None]
    seat = found.seats[dice.choice(whole)]
    session = next(m.session for m in found.meetings if m.id == seat.meeting)
    later = dice.choice(("t1", "t2"))
    again = next(m for m in found.meetings if m.session == session and m.slot == later)
    return _into(found, seat.participant, again)


def overfull(problem: Problem, found: Solution, dice: random.Random) -> Solution:
    """Everybody of a slot in one meeting."""
    target = dice.choice(found.meetings)
    seats = tuple(
        replace(seat, meeting=target.id) if seat.slot == target.slot and seat.role is Role.ATTENDEE else seat
        for seat in found.seats
    )
    return replace(found, seats=seats)


def emptied(problem: Problem, found: Solution, dice: random.Random) -> Solution:
    meeting = dice.choice(found.meetings)
    kept = tuple(s for s in found.seats if s.meeting != meeting.id or s.role is not Role.ATTENDEE)
    return replace(found, seats=kept)


def absent_but_seated(problem: Problem, found: Solution, dice: random.Random) -> Solution:
    return _into(found, "p40", dice.choice([m for m in found.meetings if m.slot == "t2"]))


def steps_in_the_way(problem: Problem, found: Solution, dice: random.Random) -> Solution:
    needing = [p.id for p in problem.participants if p.needs and p.attends]
    steep = [m for m in found.meetings if "step_free" not in problem.room[m.room].features]
    return _into(found, dice.choice(needing), dice.choice(steep))


def language_not_understood(problem: Problem, found: Solution, dice: random.Random) -> Solution:
    """Somebody claims a listener's place in a language that nobody voices there."""
    voiced = {(s.meeting, s.listens_in) for s in found.seats if s.role is Role.INTERPRETER}
    meeting = dice.choice([m for m in found.meetings if (m.id, "ar") not in voiced])
    return _into(found, "p20", meeting, listens_in="ar")


def language_forgotten(problem: Problem, found: Solution, dice: random.Random) -> Solution:
    """A meeting without a working language, or in one that its session is not held in."""
    meeting = dice.choice(found.meetings)
    return _meetings(found, meeting, replace(meeting, language=dice.choice((None, "ar"))))


def listens_needlessly(problem: Problem, found: Solution, dice: random.Random) -> Solution:
    """Somebody who understands what is spoken takes a listener's place."""
    at = dice.choice([at for at in _attendees(found) if found.seats[at].listens_in is None])
    return _seats(found, at, replace(found.seats[at], listens_in=dice.choice(("ar", "de"))))


def interprets_for_nobody(problem: Problem, found: Solution, dice: random.Random) -> Solution:
    """All listeners of a meeting leave, an interpreter stays or comes."""
    meeting = dice.choice([m for m in found.meetings if m.slot == "t0"])
    left = tuple(s for s in found.seats if s.meeting != meeting.id or s.role is not Role.ATTENDEE or not s.listens_in)
    return _into(replace(found, seats=left), "i1", meeting, role=Role.INTERPRETER, listens_in="ar")


def interpreter_alone_too_long(problem: Problem, found: Solution, dice: random.Random) -> Solution:
    """The interpreter of the morning works on, though not free."""
    meeting = dice.choice([m for m in found.meetings if m.slot != "t0"])
    return _into(found, "i1", meeting, role=Role.INTERPRETER, listens_in="ar")


def vetoed(problem: Problem, found: Solution, dice: random.Random) -> Solution:
    meeting = dice.choice([m for m in found.meetings if m.session == "s4"])
    return _into(found, dice.choice(("p31", "p47")), meeting)


def lock_forgotten(problem: Problem, found: Solution, dice: random.Random) -> Solution:
    if dice.random() < 0.5:
        return _into(found, "p34", dice.choice([m for m in found.meetings if m.session == "s3"]))
    locked = {m.id for m in found.meetings if m.session == "s2"}
    kept = tuple(s for s in found.seats if not (s.participant == "p33" and s.meeting in locked))
    return replace(found, seats=kept)


def the_apart_meet(problem: Problem, found: Solution, dice: random.Random) -> Solution:
    seat = dice.choice([s for s in found.seats if s.participant == "p50"])
    meeting = next(m for m in found.meetings if m.id == seat.meeting)
    return _into(found, "p51", meeting)


def a_group_alone(problem: Problem, found: Solution, dice: random.Random) -> Solution:
    """Fourteen of the group that a quota bounds, in one meeting."""
    meeting = dice.choice([m for m in found.meetings if m.slot == "t0"])
    session = problem.session[meeting.session]
    group = [p for p in problem.participants if p.attends and p.id not in session.staff]
    same = [p.id for p in group if p.attributes.get("group") == "g0"]
    for person in same[:14]:
        found = _into(found, person, meeting)
    return found


ALL: tuple[Damage, ...] = (
    seat_in_another_slot,
    two_places_at_once,
    stranger,
    meeting_lost,
    room_shared,
    room_closed,
    room_unknown,
    leader_gone,
    promoted,
    same_session_again,
    overfull,
    emptied,
    absent_but_seated,
    steps_in_the_way,
    language_not_understood,
    language_forgotten,
    listens_needlessly,
    interprets_for_nobody,
    interpreter_alone_too_long,
    vetoed,
    lock_forgotten,
    the_apart_meet,
    a_group_alone,
)
