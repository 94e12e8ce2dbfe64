"""Kinds of damage to a sound allocation of a rich conference; each breaks at least one rule by construction."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from solver import (
    Company,
    Given,
    Interpreter,
    Level,
    Lock,
    Meeting,
    Mode,
    Participant,
    Problem,
    Quota,
    Role,
    Room,
    Seat,
    Session,
    Settings,
    Solution,
    Spread,
    solve,
    verify,
)
from solver.bench.families import rep

BRIDGE = "ar-de"

Damage = Callable[[Problem, Solution, random.Random], Solution]


def rich(seed: int = 0) -> Problem:
    """Interpreters, quotas, locks, bonds, organisations, a protected group, vetoes, order, every kind of session."""
    base = rep(60, rounds=3, seed=seed)
    people = list(base.participants)
    for at, person in enumerate(people):
        marks = {**person.attributes, "organisation": f"o{at % 10}", "women": "yes" if at % 3 else "no"}
        people[at] = replace(person, attributes=marks, vetoes=frozenset({"s4"}) if at in (31, 47) else frozenset())
    spoken = {"de": Level.SPEAKS, "ar": Level.SPEAKS}
    people += [Participant(f"i{at}", languages=spoken, attends=False) for at in range(5)]
    people[20] = replace(people[20], languages={"ar": Level.SPEAKS}, favourites=("s1", "s2"), needs=frozenset())
    for at in (21, 22):
        people[at] = replace(people[at], languages={"ar": Level.UNDERSTANDS}, needs=frozenset())
    people[40] = replace(people[40], slots=frozenset({"t0", "t1"}))
    for id, language in (("d0", "de"), ("d1", "de"), ("a0", "ar")):
        guest = Participant(id, {"group": "guests"}, frozenset({"t0"}), {language: Level.SPEAKS})
        people.append(replace(guest, favourites=("both",)))
    side = frozenset({"side"})
    rooms = (*base.rooms, Room("closed", 30, frozenset({"step_free"}), frozenset({"t0"})), Room("side", 4, side))
    apart = {"features": side, "admits": {"group": ("nobody",)}}  # nobody comes: only their order matters
    early, late = Session("early", **apart), Session("late", after=frozenset({"early"}), **apart)
    both = Session(
        "both",
        languages=frozenset({"ar", "de"}),
        two_language=True,
        features=side,
        slots=frozenset({"t0"}),
        may_be_cancelled=False,
        admits={"group": ("guests",)},
    )
    first = replace(base.sessions[0], languages=frozenset({"de", "en"}))
    return replace(
        base,
        rooms=rooms,
        sessions=(first, *base.sessions[1:], early, late, both),
        participants=tuple(people),
        quotas=(Quota("group", "g0", maximum=5),),
        interpreters=(
            Interpreter("i0", frozenset({"ar-de"}), 2, most_in_a_row=2),
            Interpreter("i1", frozenset({"ar-de"}), 2, frozenset({"t0"})),
            Interpreter("i2", frozenset({"de-ar"}), 3, mode=Mode.SIMULTANEOUS),
            Interpreter("i3", frozenset({"ar-de"}), 4, mode=Mode.SIMULTANEOUS),
            Interpreter("i4", frozenset({"ar-de"}), 3, frozenset({"t0"})),
        ),
        meetings=(Given("s0", "t0", language="de"),),
        locks=(Lock("p33", "s2"), Lock("p34", "s3", never=True)),
        company=(Company("group", "g5", 2),),
        spread=(Spread("organisation", 3),),
        apart=(frozenset({"p50", "p51"}),),
        flexible={"everybody_understands": 50},
    )


def sound(seed: int = 0, seconds: float = 4) -> tuple[Problem, Solution]:
    """The same on every machine, however busy: what a damage shows depends on where it is done."""
    problem = rich(seed)
    found = solve(problem, Settings(time_limit=seconds, workers=1, deterministic=True))
    assert found.status.has_answer, found
    assert verify(problem, found) == []
    assert any(seat.listens_in for seat in found.seats if seat.role is Role.ATTENDEE)
    assert {"d0", "a0"} <= {seat.participant for seat in found.seats if seat.listens_in == BRIDGE}
    return problem, found


def _attendees(found: Solution, slot: str | None = None) -> list[int]:
    return [at for at, seat in enumerate(found.seats) if seat.role is Role.ATTENDEE and slot in (None, seat.slot)]


def _attended(found: Solution) -> list[Meeting]:
    return [meeting for meeting in found.meetings if meeting.session not in ("early", "late", "both")]


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
    meeting = dice.choice(_attended(found))
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
    meeting = dice.choice(_attended(found))
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


def given_language_changed(problem: Problem, found: Solution, dice: random.Random) -> Solution:
    meeting = next(m for m in found.meetings if (m.session, m.slot) == ("s0", "t0"))
    return _meetings(found, meeting, replace(meeting, language="en"))


def half_a_booth(problem: Problem, found: Solution, dice: random.Random) -> Solution:
    """One of the two who interpret simultaneously is somewhere else, or one comes alone."""
    heard = dice.choice([s.meeting for s in found.seats if s.role is Role.ATTENDEE and s.listens_in == "ar"])
    meeting = next(m for m in found.meetings if m.id == heard)
    here = [s for s in found.seats if s.meeting == meeting.id and s.participant in ("i2", "i3")]
    if here:
        return replace(found, seats=tuple(seat for seat in found.seats if seat is not here[0]))
    return _into(found, dice.choice(("i2", "i3")), meeting, role=Role.INTERPRETER, listens_in="ar")


def interpreters_gone(problem: Problem, found: Solution, dice: random.Random) -> Solution:
    """Who listens is left in a channel in which nobody works."""
    meeting = dice.choice([s.meeting for s in found.seats if s.role is Role.ATTENDEE and s.listens_in])
    kept = tuple(s for s in found.seats if s.meeting != meeting or s.role is not Role.INTERPRETER)
    return replace(found, seats=kept)


def heard_on_one_side(problem: Problem, found: Solution, dice: random.Random) -> Solution:
    """Somebody interprets between two languages; all there who understand only one of them leave."""
    here = next(m for m in found.meetings if m.session == "both")
    listen = [s for s in found.seats if s.meeting == here.id and s.role is Role.ATTENDEE]
    side = dice.choice(("ar", "de"))
    for seat in listen:
        if side in problem.participant[seat.participant].understood:
            found = replace(found, seats=tuple(each for each in found.seats if each is not seat))
    return found


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
    theirs = [at for at in _attendees(found, seat.slot) if found.seats[at].participant == "p51"]
    here = [at for at in _attendees(found, seat.slot) if found.seats[at].meeting == seat.meeting]
    if not theirs:
        return _into(found, "p51", next(m for m in found.meetings if m.id == seat.meeting))
    return _exchanged(found, theirs[0], dice.choice([at for at in here if found.seats[at].participant != "p50"]))


def _fill(problem: Problem, found: Solution, dice: random.Random, attribute: str, value: str, many: int) -> Solution:
    """Who shares this value changes places with others until so many of them are in one meeting."""
    slot = dice.choice(problem.slots).id
    marked = {p.id for p in problem.participants if p.attributes.get(attribute) == value}
    sizes = Counter(found.seats[at].meeting for at in _attendees(found, slot))
    theirs = Counter(found.seats[at].meeting for at in _attendees(found, slot) if found.seats[at].participant in marked)
    large = [m for m in _attended(found) if m.slot == slot and sizes[m.id] >= many]
    # Half the time where most of them are: few need to change places, so that no other rule breaks beside this one.
    meeting = dice.choice([dice.choice(large), max(large, key=lambda m: theirs[m.id])])
    here = [at for at in _attendees(found, slot) if found.seats[at].meeting == meeting.id]
    elsewhere = [at for at in _attendees(found, slot) if found.seats[at].meeting != meeting.id]
    missing = many - sum(found.seats[at].participant in marked for at in here)
    for gently in (True, False):
        for one in dice.sample(elsewhere, len(elsewhere)):
            others = [at for at in here if found.seats[at].participant not in marked]
            others = [at for at in others if not gently or _may_swap(problem, found, one, at)]
            if missing > 0 and others and found.seats[one].participant in marked:
                found, missing = _exchanged(found, one, others[0]), missing - 1
    return found


def _may_swap(problem: Problem, found: Solution, one: int, other: int) -> bool:
    """Neither has been in the other's session, needs something, is locked or belongs to a rule of its own."""
    sessions = {m.id: m.session for m in found.meetings}
    for mine, theirs in ((one, other), (other, one)):
        id, target = found.seats[mine].participant, sessions[found.seats[theirs].meeting]
        person = problem.participant[id]
        been = {sessions[seat.meeting] for seat in found.seats if seat.participant == id}
        tied = {lock.participant for lock in problem.locks} | problem.apart[0]
        if target in been | person.vetoes or person.needs or id in tied or person.attributes.get("group") == "g5":
            return False
    return found.seats[one].listens_in is None and found.seats[other].listens_in is None


def _exchanged(found: Solution, one: int, other: int) -> Solution:
    first, second = found.seats[one], found.seats[other]
    found = _seats(found, one, replace(first, participant=second.participant, listens_in=second.listens_in))
    return _seats(found, other, replace(second, participant=first.participant, listens_in=first.listens_in))


def too_many_of_a_group(problem: Problem, found: Solution, dice: random.Random) -> Solution:
    """Six of the group of whom five may be in one meeting."""
    return _fill(problem, found, dice, "group", "g0", 6)


def too_many_of_an_organisation(problem: Problem, found: Solution, dice: random.Random) -> Solution:
    """Four of one, where three are agreed."""
    return _fill(problem, found, dice, "organisation", f"o{dice.randrange(10)}", 4)


def left_alone(problem: Problem, found: Solution, dice: random.Random) -> Solution:
    """Of the protected group one stays where there were several, or comes where there was nobody."""
    marks = {p.id: p.attributes.get("group") for p in problem.participants}
    meeting = dice.choice(_attended(found))
    here = [at for at in _attendees(found, meeting.slot) if found.seats[at].meeting == meeting.id]
    others = [at for at in _attendees(found, meeting.slot) if found.seats[at].meeting != meeting.id]
    mine = [at for at in here if marks[found.seats[at].participant] == "g5"]
    free = [at for at in others if marks[found.seats[at].participant] != "g5"]
    if mine:
        for one, other in zip(mine[1:], dice.sample(free, len(mine) - 1), strict=True):
            found = _exchanged(found, one, other)
        return found
    return _exchanged(found, dice.choice(here), dice.choice([at for at in others if at not in free]))


def one_too_many(problem: Problem, found: Solution, dice: random.Random) -> Solution:
    """Just one more than the session takes, where the fewest are missing for that."""
    most = {m.id: problem.session[m.session].maximum or 0 for m in _attended(found)}
    sizes = Counter(found.seats[at].meeting for at in _attendees(found))
    meeting = min(dice.sample(_attended(found), 6), key=lambda m: most[m.id] - sizes[m.id])
    others = [at for at in _attendees(found, meeting.slot) if found.seats[at].meeting != meeting.id]
    for at in dice.sample(others, most[meeting.id] + 1 - sizes[meeting.id]):
        found = _seats(found, at, replace(found.seats[at], meeting=meeting.id))
    return found


def against_the_order(problem: Problem, found: Solution, dice: random.Random) -> Solution:
    """What comes after the other changes places with it, or both run at once."""
    early, late = (next(m for m in found.meetings if m.session == name) for name in ("early", "late"))
    if dice.random() < 0.5:
        return _meetings(found, late, replace(late, slot=early.slot, room="closed"))
    return _meetings(_meetings(found, early, replace(early, slot=late.slot)), late, replace(late, slot=early.slot))


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
    given_language_changed,
    half_a_booth,
    interpreters_gone,
    heard_on_one_side,
    vetoed,
    lock_forgotten,
    the_apart_meet,
    too_many_of_a_group,
    too_many_of_an_organisation,
    left_alone,
    one_too_many,
    against_the_order,
)
