"""Conferences with a hidden allocation from which every rule was derived, and the same made impossible."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace

from solver import (
    Company,
    Given,
    Level,
    Lock,
    Meeting,
    Participant,
    Problem,
    Quota,
    Role,
    Room,
    Seat,
    Session,
    Slot,
    Solution,
    Spread,
    Status,
)

LANGUAGES = ("ar", "de", "en")


@dataclass
class Plan:
    """The hidden allocation while it grows: who is where, in which role, and what is spoken there."""

    dice: random.Random
    slots: list[str]
    people: list[str]
    meetings: list[Meeting]
    staff: dict[str, list[str]]  # by session
    sits: dict[str, list[str]]  # attendees by meeting

    def there(self, person: str) -> list[Meeting]:
        """The meetings that she attends."""
        return [m for m in self.meetings if person in self.sits[m.id]]

    def seen(self, person: str) -> set[str]:
        """The sessions that she is in, in whatever role."""
        return {m.session for m in self.there(person)} | {s for s, staff in self.staff.items() if person in staff}

    def solution(self) -> Solution:
        seats = [Seat(id, m.slot, m.id) for m in self.meetings for id in self.sits[m.id]]
        seats += [Seat(id, m.slot, m.id, Role.FACILITATOR) for m in self.meetings for id in self.staff[m.session]]
        return Solution(Status.FEASIBLE, tuple(self.meetings), tuple(seats))


def feasible(number: int) -> tuple[Problem, Solution]:
    """A conference of 12 to 40 people in which nobody may be left without a place, with one allocation of it."""
    dice = random.Random(f"planted {number}")
    plan = _plan(dice)
    rooms = tuple(_room(plan, f"r{at}") for at in range(max(int(m.room[1:]) for m in plan.meetings) + 1))
    people = tuple(_person(plan, id) for id in plan.people)
    sessions = tuple(_session(plan, id) for id in plan.staff)
    problem = Problem(
        slots=tuple(Slot(id) for id in plan.slots),
        rooms=rooms,
        sessions=sessions,
        participants=people,
        meetings=tuple(
            Given(
                m.session, m.slot, m.room if dice.random() < 0.5 else None, m.language if dice.random() < 0.5 else None
            )
            for m in plan.meetings
            if dice.random() < 0.3
        ),
        unplaced_allowed=False,
    )
    problem = replace(problem, **_rules(plan, {person.id: person for person in people}))
    return problem, plan.solution()


def _plan(dice: random.Random) -> Plan:
    slots = [f"t{at}" for at in range(dice.randint(1, 3))]
    people = [f"p{at}" for at in range(dice.randint(12, 40))]
    many = max(2, len(people) // 7)
    topics = [f"s{at}" for at in range(many + dice.randint(0, 2))]
    meetings = []
    for slot in slots:
        for at, topic in enumerate(dice.sample(topics, many)):
            meetings.append(Meeting(f"{topic}@{slot}", topic, slot, f"r{at}", dice.choice(LANGUAGES)))
    held = {m.session for m in meetings}
    staff = {topic: [f"p{at}"] if dice.random() < 0.4 else [] for at, topic in enumerate(topics) if topic in held}
    plan = Plan(dice, slots, people, meetings, staff, {m.id: [] for m in meetings})
    twin = dice.sample(people[len(topics) :], 2) if dice.random() < 0.3 else []
    for slot in slots:
        here = [m for m in meetings if m.slot == slot]
        for id in people:
            if any(id in staff[m.session] for m in here):
                continue
            open_ = [m for m in here if m.session not in plan.seen(id)]
            same = [m for m in here if twin and id == twin[1] and twin[0] in plan.sits[m.id]]
            if open_:
                plan.sits[(same or [dice.choice(open_)])[0].id].append(id)
    return _everywhere(plan)


def _everywhere(plan: Plan) -> Plan:
    """Another session that anybody can go to once takes in whoever found nothing new in a slot."""
    for at, slot in enumerate(plan.slots):
        here = [m for m in plan.meetings if m.slot == slot]
        busy = {id for m in here for id in (*plan.sits[m.id], *plan.staff[m.session])}
        left = [id for id in plan.people if id not in busy]
        if left:
            free = Meeting(f"x{at}@{slot}", f"x{at}", slot, f"r{len(here)}", plan.dice.choice(LANGUAGES))
            plan.meetings.append(free)
            plan.staff[free.session], plan.sits[free.id] = [], left
    return plan


def _room(plan: Plan, id: str) -> Room:
    here = [len(plan.sits[m.id]) + len(plan.staff[m.session]) for m in plan.meetings if m.room == id]
    features = frozenset({"step_free"}) if plan.dice.random() < 0.6 else frozenset[str]()
    return Room(id, max(here, default=2) + plan.dice.randint(0, 2), features)


def _person(plan: Plan, id: str) -> Participant:
    dice = plan.dice
    heard = {m.language or "" for m in plan.there(id)}
    unseen = sorted({m.session for m in plan.meetings} - plan.seen(id))
    return Participant(
        id,
        attributes={
            "group": dice.choice("aaabbc"),
            "org": f"o{dice.randrange(8)}",
            "marked": dice.choice(("yes", "no")),
        },
        languages={key: dice.choice((Level.SPEAKS, Level.UNDERSTANDS)) for key in sorted(heard)}
        or {"de": Level.SPEAKS},
        favourites=tuple(dice.sample(sorted({m.session for m in plan.meetings}), 2)),
        vetoes=frozenset(dice.sample(unseen, 1)) if unseen and dice.random() < 0.2 else frozenset(),
    )


def _session(plan: Plan, id: str) -> Session:
    dice = plan.dice
    held = [m for m in plan.meetings if m.session == id]
    sizes = [len(plan.sits[m.id]) for m in held]
    spoken = {m.language or "" for m in held} | set(dice.sample(LANGUAGES, dice.randint(0, 1)))
    return Session(
        id,
        minimum=max(0, min(sizes) - dice.randint(0, 1)),
        maximum=max(sizes) + dice.randint(0, 1) if dice.random() < 0.7 else None,
        languages=frozenset(spoken),
        offered=len(held),
        facilitators=tuple(plan.staff[id]),
        slots=frozenset(m.slot for m in held) if dice.random() < 0.3 else None,
    )


def _rules(plan: Plan, people: dict[str, Participant]) -> dict[str, object]:
    """Every rule as tight as the hidden allocation, or nearly."""
    dice = plan.dice
    counts = {m.id: Counter(people[id].attributes["group"] for id in plan.sits[m.id]) for m in plan.meetings}
    marked = [sum(people[id].attributes["marked"] == "yes" for id in plan.sits[m.id]) for m in plan.meetings]
    orgs = [max(Counter(people[id].attributes["org"] for id in s).values(), default=1) for s in plan.sits.values()]
    session = dice.choice(plan.meetings).session
    mine = [counts[m.id]["a"] for m in plan.meetings if m.session == session]
    pairs = [(one, two) for one in plan.people[:12] for two in plan.people[:12] if one < two]
    strangers = [pair for pair in pairs if not _met(plan, *pair)]
    friends = [pair for pair in pairs if plan.there(pair[0]) == plan.there(pair[1]) and not _leads(plan, *pair)]
    return {
        "quotas": (
            Quota("group", "a", min(mine), max(mine), session),
            Quota("group", "b", 0, max(count["b"] for count in counts.values())),
        ),
        "company": (Company("marked", "yes", min(each for each in marked if each)),) if any(marked) else (),
        "spread": (Spread("org", max(orgs)),),
        "locks": tuple(_lock(plan, id) for id in plan.people if dice.random() < 0.1 and plan.there(id)),
        "apart": (frozenset(dice.choice(strangers)),) if strangers else (),
        "together": (frozenset(dice.choice(friends)),) if friends else (),
    }


def _met(plan: Plan, one: str, other: str) -> bool:
    return any({one, other} <= {*plan.sits[m.id], *plan.staff[m.session]} for m in plan.meetings)


def _leads(plan: Plan, *people: str) -> bool:
    return any(id in staff for staff in plan.staff.values() for id in people)


def _lock(plan: Plan, id: str) -> Lock:
    meeting = plan.dice.choice(plan.there(id))
    return Lock(id, meeting.session, meeting.slot if plan.dice.random() < 0.5 else None)


# What makes a possible conference impossible.

Spoil = Callable[[Problem, Solution, random.Random], Problem]


def _attendee(found: Solution, dice: random.Random) -> tuple[str, Meeting]:
    seat = dice.choice([seat for seat in found.seats if seat.role is Role.ATTENDEE])
    return seat.participant, next(m for m in found.meetings if m.id == seat.meeting)


def _changed(problem: Problem, id: str, **changes: object) -> Problem:
    people = tuple(replace(p, **changes) if p.id == id else p for p in problem.participants)  # type: ignore[arg-type]
    return replace(problem, participants=people)


def two_places_at_once(problem: Problem, found: Solution, dice: random.Random) -> Problem:
    """Somebody is locked into two meetings that are given in one slot."""
    id, meeting = _attendee(found, dice)
    others = [m for m in found.meetings if m.slot == meeting.slot and m.session != meeting.session]
    both = (meeting, dice.choice(others or [meeting]))
    extra = () if others else (Lock(id, meeting.session, never=True),)
    given = tuple(Given(m.session, m.slot) for m in both)
    return replace(problem, meetings=given, locks=(*(Lock(id, m.session, m.slot) for m in both), *extra))


def locked_and_vetoed(problem: Problem, found: Solution, dice: random.Random) -> Problem:
    id, meeting = _attendee(found, dice)
    return replace(_changed(problem, id, vetoes=frozenset({meeting.session})), locks=(Lock(id, meeting.session),))


def locked_in_and_out(problem: Problem, found: Solution, dice: random.Random) -> Problem:
    id, meeting = _attendee(found, dice)
    return replace(problem, locks=(Lock(id, meeting.session), Lock(id, meeting.session, never=True)))


def a_quota_beyond_everybody(problem: Problem, found: Solution, dice: random.Random) -> Problem:
    many = sum(p.attributes["group"] == "c" for p in problem.participants)
    return replace(problem, quotas=(Quota("group", "c", many + 1, None, dice.choice(problem.sessions).id),))


def too_few_rooms(problem: Problem, found: Solution, dice: random.Random) -> Problem:
    """Fewer rooms than meetings need in all slots together."""
    needed = sum(session.offered for session in problem.sessions)
    fewer = (needed - 1) // len(problem.slots)
    return replace(problem, rooms=problem.rooms[: max(1, fewer)] if needed > 1 else (), meetings=())


def a_leader_away(problem: Problem, found: Solution, dice: random.Random) -> Problem:
    led = [session for session in problem.sessions if session.facilitators]
    if not led:
        return too_few_rooms(problem, found, dice)
    return _changed(problem, dice.choice(led).facilitators[0], slots=frozenset())


def apart_in_one_meeting(problem: Problem, found: Solution, dice: random.Random) -> Problem:
    """Two who must be apart are locked into the same meeting."""
    full = [m for m in found.meetings if sum(s.meeting == m.id and s.role is Role.ATTENDEE for s in found.seats) > 1]
    if not full:
        return locked_in_and_out(problem, found, dice)
    meeting = dice.choice(full)
    here = [s.participant for s in found.seats if s.meeting == meeting.id and s.role is Role.ATTENDEE]
    pair = dice.sample(here, 2)
    locks = tuple(Lock(id, meeting.session, meeting.slot) for id in pair)
    return replace(problem, apart=(frozenset(pair),), locks=locks)


def steps_before_a_locked_place(problem: Problem, found: Solution, dice: random.Random) -> Problem:
    id, meeting = _attendee(found, dice)
    given = Given(meeting.session, meeting.slot, meeting.room)
    spoilt = _changed(problem, id, needs=frozenset({"hoist"}))
    return replace(spoilt, meetings=(given,), locks=(Lock(id, meeting.session, meeting.slot),))


def nobody_speaks_her_language(problem: Problem, found: Solution, dice: random.Random) -> Problem:
    id, meeting = _attendee(found, dice)
    spoilt = _changed(problem, id, languages={"so": Level.SPEAKS})
    return replace(spoilt, locks=(Lock(id, meeting.session),))


def each_after_the_other(problem: Problem, found: Solution, dice: random.Random) -> Problem:
    one, other = dice.sample([session.id for session in problem.sessions], 2)
    after = {one: frozenset({other}), other: frozenset({one})}
    return replace(problem, sessions=tuple(replace(s, after=after.get(s.id, s.after)) for s in problem.sessions))


def larger_than_everybody(problem: Problem, found: Solution, dice: random.Random) -> Problem:
    large = dice.choice(problem.sessions).id
    many = len(problem.participants) + 1
    sessions = tuple(replace(s, minimum=many, maximum=None) if s.id == large else s for s in problem.sessions)
    return replace(problem, sessions=sessions)


def not_admitted_but_locked(problem: Problem, found: Solution, dice: random.Random) -> Problem:
    id, meeting = _attendee(found, dice)
    open_to = {"group": ("somebody else",)}
    sessions = tuple(replace(s, admits=open_to, minimum=0) if s.id == meeting.session else s for s in problem.sessions)
    return replace(problem, sessions=sessions, locks=(Lock(id, meeting.session),))


SPOILS: tuple[Spoil, ...] = (
    two_places_at_once,
    locked_and_vetoed,
    locked_in_and_out,
    a_quota_beyond_everybody,
    too_few_rooms,
    a_leader_away,
    apart_in_one_meeting,
    steps_before_a_locked_place,
    nobody_speaks_her_language,
    each_after_the_other,
    larger_than_everybody,
    not_admitted_but_locked,
)


def infeasible(number: int) -> tuple[Problem, str]:
    """A planted conference with one contradiction, and its name."""
    problem, found = feasible(number)
    spoil = SPOILS[number % len(SPOILS)]
    return spoil(problem, found, random.Random(f"spoilt {number}")), spoil.__name__
