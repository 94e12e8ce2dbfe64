"""Tiny conferences that mix all rules and shapes, each drawn from a number: the same number, the same conference."""

import random
from dataclasses import dataclass, replace
from typing import Any

from solver import (
    Company,
    Given,
    Interpreter,
    Level,
    Lock,
    Mode,
    Objective,
    Participant,
    Place,
    Preset,
    Previous,
    Problem,
    Quota,
    Room,
    Session,
    Slot,
    Spread,
)
from tests.solver.oracle import laws

LANGUAGES = ("ar", "de", "en")
FLEXIBLE = (
    "size_at_most",
    "size_at_least",
    "everybody_understands",
    "quotas_hold",
    "nobody_isolated",
    "organisations_spread",
    "vetoes_respected",
)
POINTS = ((100, 80, 62, 45, 30, 15), (100, 97, 92, 85, 75), (1000, 10, 1), (3, 2, 1), (5,), (100, 100, 0), (250, 0))


@dataclass(frozen=True)
class Size:
    """The most there may be of everything; `languages` off leaves out what is spoken and who interprets."""

    people: int = 6
    sessions: int = 4
    slots: int = 3
    rooms: int = 3
    languages: bool = True


TINIEST = Size(4, 4, 2, 2)


def crowd(seed: int) -> tuple[Problem, Preset]:
    """Five to seven people of whom many are equal, so that they can be counted instead of told apart."""
    problem, preset = conference(seed, Size(3, 4, 2, 2))
    dice, people = random.Random(seed), list(problem.participants)
    while len(people) < 5 + seed % 3:
        people.append(replace(dice.choice(people[: len(problem.participants)]), id=f"q{len(people)}"))
    return replace(problem, participants=tuple(people)), preset


class Draw:
    """The dice, and how much of everything this conference has."""

    def __init__(self, seed: int, size: Size):
        self.dice = random.Random(seed)
        self.size = size
        self.rich = self.dice.choice((0.3, 0.6, 1.0))

    def maybe(self, chance: float) -> bool:
        """Rules come more often in a rich conference."""
        return self.dice.random() < chance * self.rich

    def some(self, names: list[str], most: int) -> list[str]:
        return self.dice.sample(names, min(len(names), self.dice.randint(0, most)))

    def one(self, names: list[str]) -> str:
        return self.dice.choice(names)


def conference(seed: int, size: Size | None = None) -> tuple[Problem, Preset]:
    """A problem and the preset to solve it with."""
    draw = Draw(seed, size or Size())
    dice, most = draw.dice, draw.size
    preset = dice.choice([Preset.WISHES_FIRST, Preset.BALANCED, Preset.MIX_FIRST, Preset.REPAIR] * 3 + [Preset.NATIVE])
    slots = _slots(draw, dice.randint(1, most.slots))
    names = [slot.id for slot in slots]
    people = [f"p{at}" for at in range(dice.randint(2 if dice.random() < 0.15 else 3, most.people))]
    topics = [f"s{at}" for at in range(dice.randint(1, most.sessions))]
    rooms = tuple(_room(draw, at, names) for at in range(dice.randint(1, most.rooms)))
    spoken = draw.maybe(0.75) and most.languages
    sessions = tuple(_session(draw, at, topics, people, names, spoken) for at in range(len(topics)))
    problem = Problem(
        slots=slots,
        rooms=rooms,
        sessions=sessions,
        participants=tuple(_person(draw, id, topics, names, spoken) for id in people),
        interpreters=_interpreters(draw, people, names) if spoken else (),
        balance=dice.choice((("group",), ("group",), ("group", "org"), ("org", "marked"), ())),
        unplaced_allowed=dice.random() < 0.88,
        rank_points=dice.choice(POINTS) if draw.maybe(0.5) else POINTS[0],
    )
    problem = replace(problem, **_people_rules(draw, problem))
    problem = replace(problem, meetings=_given(draw, problem))
    problem = replace(problem, locks=_locks(draw, problem))
    if preset is Preset.NATIVE or draw.maybe(0.1):
        problem = _foreign(draw, problem)
    if preset is Preset.REPAIR and dice.random() < 0.9:
        problem = replace(problem, previous=_previous(draw, problem))
    return problem, preset


def _slots(draw: Draw, many: int) -> tuple[Slot, ...]:
    return tuple(
        Slot(
            f"t{at}",
            joined=draw.dice.random() < 0.75,
            least=1 if draw.maybe(0.1) else 0,
            most=draw.dice.randint(1, 2) if draw.maybe(0.25) else None,
        )
        for at in range(many)
    )


def _room(draw: Draw, at: int, slots: list[str]) -> Room:
    dice = draw.dice
    capacity = dice.choice((2, 3, 4, 6, 8, None))
    if draw.maybe(0.06):
        capacity = 0
    return Room(
        f"r{at}",
        capacity,
        frozenset(feature for feature in ("step_free", "loop") if dice.random() < 0.6),
        frozenset(dice.sample(slots, max(1, len(slots) - 1))) if draw.maybe(0.25) else None,
    )


def _session(draw: Draw, at: int, topics: list[str], people: list[str], slots: list[str], spoken: bool) -> Session:
    dice, others = draw.dice, [topic for topic in topics if topic != topics[at]]
    minimum = dice.choice((1, 1, 2)) if draw.maybe(0.4) else 0
    languages, both = _languages(draw) if spoken else (frozenset[str](), False)
    staff = draw.some(people, 2) if draw.maybe(0.75) else []
    led = dice.randint(0, len(staff))
    return Session(
        topics[at],
        minimum=minimum,
        maximum=minimum + dice.randint(0, 3) if draw.maybe(0.6) else None,
        languages=languages,
        two_language=both,
        features=frozenset({dice.choice(("step_free", "loop"))}) if draw.maybe(0.15) else frozenset(),
        slots=frozenset(dice.sample(slots, dice.randint(1, len(slots)))) if draw.maybe(0.2) else None,
        offered=dice.randint(1, len(slots)) if dice.random() < 0.5 else 1,
        duration=2 if len(slots) > 1 and draw.maybe(0.25) else 1,
        facilitators=tuple(staff[:led]),
        note_takers=tuple(staff[led:]),
        may_be_cancelled=dice.random() < 0.93,
        admits={"org": tuple(sorted(dice.sample("xyz", 2)))} if draw.maybe(0.12) else {},
        conflicts=frozenset(draw.some(others, 1)) if draw.maybe(0.3) else frozenset(),
        after=frozenset(draw.some(others[:at], 1)) if draw.maybe(0.3) else frozenset(),
        beside=frozenset(draw.some(others, 1)) if draw.maybe(0.08) else frozenset(),
    )


def _languages(draw: Draw) -> tuple[frozenset[str], bool]:
    kind = draw.dice.random()
    if kind < 0.2:
        return frozenset(), False
    if kind < 0.55:
        return frozenset({draw.dice.choice(LANGUAGES)}), False
    return frozenset(draw.dice.sample(LANGUAGES, 2)), kind > 0.8


def _person(draw: Draw, id: str, topics: list[str], slots: list[str], spoken: bool) -> Participant:
    dice = draw.dice
    attributes = {"group": dice.choice("aabbc")}
    if dice.random() < 0.8:
        attributes["org"] = dice.choice("xyz")
    if dice.random() < 0.5:
        attributes["marked"] = "yes"
    person = Participant(
        id,
        attributes=attributes,
        slots=frozenset(dice.sample(slots, dice.randint(0, len(slots)))) if draw.maybe(0.25) else None,
        languages=_spoken(draw) if spoken else {},
        needs=frozenset({dice.choice(("step_free", "loop"))}) if draw.maybe(0.12) else frozenset(),
        favourites=tuple(dice.sample(topics, dice.randint(0, len(topics)))),
        vetoes=frozenset({dice.choice(topics)}) if draw.maybe(0.2) else frozenset(),
        required=frozenset({dice.choice(topics)}) if draw.maybe(0.03) else frozenset(),
        attends=not draw.maybe(0.1),
    )
    return replace(person, vetoes=person.vetoes - person.required)


def _spoken(draw: Draw) -> dict[str, Level]:
    dice = draw.dice
    known = dice.sample(LANGUAGES, 1 if dice.random() < 0.5 else dice.randint(1, 3))
    levels = {key: dice.choice((Level.SPEAKS, Level.UNDERSTANDS)) for key in known}
    if draw.maybe(0.3):
        levels[dice.choice(LANGUAGES)] = Level.NEEDS_HELP
    return levels


def _interpreters(draw: Draw, people: list[str], slots: list[str]) -> tuple[Interpreter, ...]:
    dice = draw.dice
    chosen = draw.some(people, 3) if draw.maybe(0.9) else []
    booth = dice.random() < 0.35
    return tuple(
        Interpreter(
            id,
            frozenset("-".join(dice.sample(LANGUAGES, 2)) for _ in range(dice.randint(1, 2))),
            dice.randint(1, 3),
            frozenset(dice.sample(slots, dice.randint(1, len(slots)))) if draw.maybe(0.2) else None,
            dice.randint(1, 2) if draw.maybe(0.3) else None,
            Mode.SIMULTANEOUS if booth and dice.random() < 0.8 else dice.choice((Mode.WHISPERING, Mode.CONSECUTIVE)),
        )
        for id in chosen
    )


def _people_rules(draw: Draw, problem: Problem) -> dict[str, Any]:
    dice, ids = draw.dice, [person.id for person in problem.participants]
    rules: dict[str, Any] = {
        "quotas": tuple(_quota(draw, problem) for _ in range(dice.randint(1, 2) if draw.maybe(0.55) else 0)),
        "company": (Company("marked", "yes", dice.randint(2, 3)),) if draw.maybe(0.4) else (),
        "spread": (Spread("org", dice.choice((1, 1, 2))),) if draw.maybe(0.4) else (),
        "together": (frozenset(dice.sample(ids, min(len(ids), dice.randint(2, 3)))),) if draw.maybe(0.25) else (),
        "apart": (frozenset(dice.sample(ids, 2)),) if draw.maybe(0.25) else (),
    }
    worn = {name for person in problem.participants for name in person.attributes} | set(problem.balance)
    rules["quotas"] = tuple(quota for quota in rules["quotas"] if quota.attribute in worn)
    if draw.maybe(0.4):
        rules["flexible"] = {rule: dice.choice((1, 3, 20)) for rule in draw.some(list(FLEXIBLE), 4)}
    return rules


def _quota(draw: Draw, problem: Problem) -> Quota:
    dice = draw.dice
    minimum = 1 if dice.random() < 0.12 else 0
    attribute, value = dice.choice((("group", "a"), ("group", "b"), ("org", "x"), ("marked", "yes")))
    session = draw.one([session.id for session in problem.sessions]) if dice.random() < 0.5 else None
    return Quota(attribute, value, minimum, minimum + dice.randint(0, 1) if dice.random() < 0.8 else None, session)


def _given(draw: Draw, problem: Problem) -> tuple[Given, ...]:
    """A timetable that is decided as a whole, in part, or not at all; now and then one that cannot be."""
    dice = draw.dice
    share = dice.choice((0.0, 0.0, 0.2, 0.4, 0.8))
    found, busy = [], set()
    for session in problem.sessions:
        if dice.random() >= share:
            continue
        for slot in dice.sample([slot.id for slot in problem.slots], min(len(problem.slots), session.offered)):
            room = dice.choice(problem.rooms).id
            taken = laws.span(problem, session, slot)
            if dice.random() < 0.97 and not _plausible(problem, session, room, taken, busy):
                continue
            if any(each.slot == slot and _clash(problem, session, each.session) for each in found):
                continue
            busy.update((room, each) for each in taken)
            speakable = sorted(session.languages)
            language = dice.choice(speakable) if speakable and dice.random() < 0.3 else None
            found.append(Given(session.id, slot, room if dice.random() < 0.7 else None, language))
    return tuple(found)


def _plausible(problem: Problem, session: Session, room: str, taken: tuple[str, ...], busy: set[Any]) -> bool:
    """Nothing about the meeting alone speaks against it."""
    there = next(each for each in problem.rooms if each.id == room)
    staff = {*session.facilitators, *session.note_takers}
    chairs = 99 if there.capacity is None else there.capacity
    return (
        bool(taken)
        and not {(room, each) for each in taken} & busy
        and (session.slots is None or set(taken) <= session.slots)
        and (there.slots is None or set(taken) <= there.slots)
        and session.features <= there.features
        and chairs >= session.minimum + len(staff)
        and all(laws.there(p, taken) for p in problem.participants if p.id in staff)
    )


def _clash(problem: Problem, one: Session, id: str) -> bool:
    """Two sessions that are better not given in one slot."""
    other = next(session for session in problem.sessions if session.id == id)
    both = {*one.facilitators, *one.note_takers} & {*other.facilitators, *other.note_takers}
    linked = one.id in other.conflicts | other.after or id in one.conflicts | one.after | {one.id}
    return bool(both) or linked


def _locks(draw: Draw, problem: Problem) -> tuple[Lock, ...]:
    dice, found = draw.dice, []
    for _ in range(dice.randint(1, 2) if draw.maybe(0.25) else 0):
        session = dice.choice(problem.sessions)
        people = [person.id for person in problem.participants]
        staff = [*session.facilitators, *session.note_takers]
        who = dice.choice(staff if staff and dice.random() < 0.3 else people)
        given = [each for each in problem.meetings if each.session == session.id]
        slot = (dice.choice(given) if given else dice.choice(problem.slots)) if dice.random() < 0.4 else None
        name = slot.slot if isinstance(slot, Given) else slot and slot.id
        lock = Lock(who, session.id, name, never=dice.random() < 0.4)
        # Two locks that say the opposite are no conference that a reader lets in.
        if all((o.participant, o.session) != (who, session.id) or o.never is lock.never for o in found):
            found.append(lock)
    return tuple(found)


def _foreign(draw: Draw, problem: Problem) -> Problem:
    """As other formats have it: ratings, no whole days, attendance only where it was asked for."""
    dice = draw.dice
    people = tuple(
        replace(
            person,
            ratings={s.id: float(dice.randint(0, 3)) for s in problem.sessions if dice.random() < 0.7},
        )
        for person in problem.participants
    )
    return replace(
        problem,
        participants=people,
        full_day=dice.random() < 0.2,
        only_wanted=dice.random() < 0.5,
        objective=dice.choice((Objective.RANKED, Objective.RANKED, Objective.CUBES)),
    )


def _previous(draw: Draw, problem: Problem) -> Previous:
    """An earlier allocation, as it might have been before somebody left or a room was lost."""
    dice = draw.dice
    meetings, places = [], []
    for session in problem.sessions:
        if dice.random() < 0.8:
            slot = dice.choice(problem.slots).id
            meetings.append(Given(session.id, slot, dice.choice(problem.rooms).id))
    for person in problem.participants:
        for slot in problem.slots:
            here = [given.session for given in meetings if given.slot == slot.id]
            if here and dice.random() < 0.8:
                places.append(Place(person.id, dice.choice(here), slot.id))
    places.append(Place("gone", problem.sessions[0].id, problem.slots[0].id))
    return Previous(tuple(meetings), tuple(places))
