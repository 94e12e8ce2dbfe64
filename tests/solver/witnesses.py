"""For each rule a small problem whose best answer breaks that rule as soon as it is left out."""

from dataclasses import replace

from solver import Company, Given, Interpreter, Level, Lock, Problem, Quota, Room, Session, Slot, Spread
from tests.solver.makers import person, problem


def one_meeting_per_slot() -> Problem:
    # Both sessions want both people at once: without the rule everybody sits in both.
    base = problem(people=2, sessions=2)
    return replace(
        base,
        sessions=tuple(replace(session, minimum=1) for session in base.sessions),
        participants=(
            person("p0", favourites=("s0", "s1")),
            person("p1", favourites=("s1", "s0")),
        ),
    )


def never_the_same_session_twice() -> Problem:
    base = problem(people=2, sessions=2, slots=2)
    return replace(
        base, participants=tuple(person(f"p{at}", favourites=("s0",)) for at in range(2)), rank_points=(100, 0)
    )


def size_at_most() -> Problem:
    base = problem(people=6, sessions=2)
    sessions = tuple(replace(session, maximum=3) for session in base.sessions)
    return replace(base, sessions=sessions, participants=tuple(person(f"p{at}", favourites=("s0",)) for at in range(6)))


def size_at_least() -> Problem:
    base = problem(people=4, sessions=2)
    sessions = tuple(replace(session, minimum=2) for session in base.sessions)
    return replace(base, sessions=sessions, participants=tuple(person(f"p{at}", favourites=("s0",)) for at in range(4)))


def rooms_hold_one_meeting() -> Problem:
    # One room, two sessions, two slots: side by side would suit everybody, but there is one room.
    base = problem(people=4, sessions=2, slots=2, rooms=1)
    sessions = tuple(replace(session, offered=1) for session in base.sessions)
    away = frozenset({"t0"})
    return replace(base, sessions=sessions, participants=tuple(person(f"p{at}", slots=away) for at in range(4)))


def staff_at_their_own() -> Problem:
    # The one who leads is away in the only slot: no meeting can be held.
    base = problem(people=3, sessions=1, slots=2)
    leader = person("p0", slots=frozenset({"t0"}))
    session = replace(base.sessions[0], facilitators=("p0",), offered=1)
    others = tuple(person(f"p{at}", slots=frozenset({"t1"}), favourites=("s0",)) for at in (1, 2))
    return replace(base, sessions=(session,), participants=(leader, *others))


def rooms_and_people_fit() -> Problem:
    base = problem(people=2, sessions=2)
    rooms = (Room("r0", 10, frozenset({"step_free"})), Room("r1", 10))
    held = (Given("s0", "t0", "r1"), Given("s1", "t0", "r0"))
    people = (person("p0", needs=frozenset({"step_free"}), favourites=("s0",)), person("p1"))
    return replace(base, rooms=rooms, meetings=held, participants=people)


def everybody_understands() -> Problem:
    base = problem(people=3, sessions=2)
    sessions = (base.sessions[0], replace(base.sessions[1], languages=frozenset({"en"})))
    people = (
        person("p0", languages={"en": Level.SPEAKS}, favourites=("s0",)),
        person("p1", favourites=("s0",)),
        person("p2", languages={"de": Level.SPEAKS, "fr": Level.SPEAKS}),
    )
    return replace(
        base, sessions=sessions, participants=people, interpreters=(Interpreter("p2", frozenset({"fr-de"})),)
    )


def quotas_hold() -> Problem:
    base = problem(people=4, sessions=2)
    people = tuple(
        person(f"p{at}", attributes={"group": "a" if at < 2 else "b"}, favourites=("s0" if at < 2 else "s1",))
        for at in range(4)
    )
    return replace(base, participants=people, quotas=(Quota("group", "a", maximum=1),))


def nobody_isolated() -> Problem:
    # Two of b want different sessions: each would be the only one.
    base = problem(people=6, sessions=2)
    people = tuple(
        person(f"p{at}", attributes={"group": "b" if at < 2 else "a"}, favourites=("s0",) if at % 2 else ("s1",))
        for at in range(6)
    )
    return replace(base, participants=people, company=(Company("group", "b", 2),))


def organisations_spread() -> Problem:
    base = problem(people=4, sessions=2)
    people = tuple(person(f"p{at}", attributes={"organisation": "same"}, favourites=("s0",)) for at in range(4))
    return replace(base, participants=people, spread=(Spread("organisation", 2),), balance=())


def together_or_apart() -> Problem:
    # Two who belong together want different sessions, two who must be apart want the same.
    base = problem(people=4, sessions=2)
    people = tuple(person(f"p{at}", favourites=("s1" if at == 1 else "s0",)) for at in range(4))
    bonds = {"together": (frozenset({"p0", "p1"}),), "apart": (frozenset({"p2", "p3"}),)}
    return replace(base, participants=people, **bonds)


def locks_hold() -> Problem:
    base = problem(people=2, sessions=2)
    people = tuple(person(f"p{at}", favourites=("s0",)) for at in range(2))
    return replace(base, participants=people, locks=(Lock("p1", "s1", "t0"),))


def vetoes_respected() -> Problem:
    # A minimum pulls her into what is not for her.
    base = problem(people=2, sessions=2)
    people = (person("p0", favourites=("s0",), vetoes=frozenset({"s0"})), person("p1"))
    return replace(base, participants=people)


def sessions_in_order() -> Problem:
    base = problem(people=2, sessions=2, slots=2)
    sessions = (
        Session("s0", offered=1, slots=frozenset({"t0"}), conflicts=frozenset({"s1"})),
        Session("s1", offered=1, after=frozenset({"s0"})),
    )
    people = tuple(person(f"p{at}", slots=frozenset({"t0"}), favourites=("s1", "s0")) for at in range(2))
    return replace(base, slots=(Slot("t0"), Slot("t1")), sessions=sessions, participants=people)


ALL = {
    maker.__name__: maker
    for maker in (
        one_meeting_per_slot,
        never_the_same_session_twice,
        size_at_most,
        size_at_least,
        rooms_hold_one_meeting,
        staff_at_their_own,
        rooms_and_people_fit,
        everybody_understands,
        quotas_hold,
        nobody_isolated,
        organisations_spread,
        together_or_apart,
        locks_hold,
        vetoes_respected,
        sessions_in_order,
    )
}
