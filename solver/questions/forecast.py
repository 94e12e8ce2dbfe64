"""Before any wish exists: whether seats, rooms, staff, interpreters and features will suffice, slot by slot."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from solver.problem import Mode, Participant, Problem, Session
from solver.problem.eligibility import channels, working_languages


@dataclass(frozen=True)
class Shortfall:
    """What will be missing, by code, and by how much; `lacking` counts people, meetings or rooms."""

    code: str
    facts: dict[str, Any]
    lacking: int


@dataclass(frozen=True)
class Forecast:
    """`expected` people by slot, after the share of each group that stays away."""

    expected: dict[str, float]
    seats: dict[str, int]
    shortfalls: tuple[Shortfall, ...]


def forecast(problem: Problem, no_show: Mapping[str, float] | None = None, attribute: str = "group") -> Forecast:
    """`no_show` gives the share of each value of `attribute` that registers but does not come, from 0 to 1."""
    coming = {p.id: _share(p, no_show or {}, attribute) for p in problem.participants if p.attends}
    expected = {
        slot.id: round(
            sum(coming[p.id] for p in problem.participants if p.id in coming and problem.present(p, slot.id)), 1
        )
        for slot in problem.slots
    }
    seats = {slot.id: _seats(problem, slot.id) for slot in problem.slots}
    found = (
        *_places(problem, expected, seats),
        *_rooms(problem),
        *_staff(problem),
        *_listeners(problem, coming),
        *_features(problem, coming),
        *_themes(problem, coming),
    )
    return Forecast(expected, seats, found)


def _share(person: Participant, no_show: Mapping[str, float], attribute: str) -> float:
    return 1.0 - no_show.get(person.attributes.get(attribute, ""), 0.0)


def _seats(problem: Problem, slot: str) -> int:
    """At most so many attendees side by side."""
    return sum(_sizes(problem, slot))


def _sizes(problem: Problem, slot: str) -> list[int]:
    """At most so many attendees in each meeting side by side, beside those who lead or take notes there."""
    staff = sorted(len(s.staff) for s in problem.sessions if s.slots is None or slot in s.slots)
    return [max(0, chairs - staff[at]) for at, chairs in enumerate(_chairs(problem, slot))]


def _chairs(problem: Problem, slot: str, counts: Callable[[Session], bool] = lambda _: True) -> list[int]:
    """At most so many people in each meeting side by side: the largest rooms for the sessions that could run."""
    rooms = sorted(
        (
            len(problem.participants) if room.capacity is None else room.capacity
            for room in problem.rooms
            if room.slots is None or slot in room.slots
        ),
        reverse=True,
    )
    possible = [s for s in problem.sessions if (s.slots is None or slot in s.slots) and counts(s)]
    largest = sorted((10**6 if s.maximum is None else s.maximum + len(s.staff) for s in possible), reverse=True)
    return [min(room, most) for room, most in zip(rooms, largest, strict=False)]


def _places(problem: Problem, expected: dict[str, float], seats: dict[str, int]) -> Iterator[Shortfall]:
    for slot, people in expected.items():
        if people > seats[slot]:
            facts = {"slot": slot, "people": round(people), "seats": seats[slot]}
            yield Shortfall("seats", facts, round(people) - seats[slot])
    day = sum(
        session.offered * (len(problem.participants) if session.maximum is None else session.maximum)
        for session in problem.sessions
    )
    if sum(expected.values()) > day:
        facts = {"people": round(sum(expected.values())), "seats": day}
        yield Shortfall("seats_of_the_day", facts, round(sum(expected.values())) - day)
    fewest = sum(s.minimum * s.offered * s.duration for s in problem.sessions if not s.may_be_cancelled)
    if fewest > sum(expected.values()):
        facts = {"people": round(sum(expected.values())), "fewest": fewest}
        yield Shortfall("minimums", facts, fewest - round(sum(expected.values())))


def _rooms(problem: Problem) -> Iterator[Shortfall]:
    needed = sum(s.offered * s.duration for s in problem.sessions if not s.may_be_cancelled)
    there = sum(len(problem.slots) if room.slots is None else len(room.slots) for room in problem.rooms)
    if needed > there:
        yield Shortfall("rooms", {"meetings": needed, "rooms": there}, needed - there)
    for session in problem.sessions:
        fitting = [room for room in problem.rooms if session.features <= room.features]
        least = session.minimum + len(session.staff)
        if not any(room.capacity is None or room.capacity >= least for room in fitting):
            facts = {"session": session.id, "features": sorted(session.features), "people": least}
            yield Shortfall("room_for_session", facts, 1)


def _staff(problem: Problem) -> Iterator[Shortfall]:
    for session in problem.sessions:
        for code, people in (("facilitator", session.facilitators), ("note_taker", session.note_takers)):
            if not people:
                yield Shortfall(code, {"session": session.id}, session.offered)
    held: Counter[str] = Counter()  # what may be cancelled need not be led
    for session in problem.sessions:
        if not session.may_be_cancelled:
            held.update(dict.fromkeys(session.staff, session.offered * session.duration))
    for id, duties in sorted(held.items()):
        person = problem.participant[id]
        there = sum(problem.present(person, slot.id) for slot in problem.slots)
        if duties > there:
            yield Shortfall("staff_presence", {"participant": id, "meetings": duties, "slots": there}, duties - there)


def _listeners(problem: Problem, coming: dict[str, float]) -> Iterator[Shortfall]:
    """By slot and languages: people who need a listener's place, against the places that interpreters offer.

    A meeting has one working language. So those who understand some languages only, and those who understand none of
    these, share the meetings out between them: whoever finds no seat in a meeting of her own must listen.
    """
    if not any(session.languages for session in problem.sessions):
        return
    lost = {id for session in problem.sessions for id in _in_charge_but_lost(problem, session)}
    people = [p for p in problem.participants if p.id in coming and p.id not in lost]
    for slot in problem.slots:
        understood = [p.understood for p in people if problem.present(p, slot.id)]
        for known in sorted(set(understood), key=sorted):
            some = [each for each in understood if each <= known]
            others = [each for each in understood if not each & known]
            needing = _must_listen(problem, slot.id, known, len(some), set(others), len(others))
            places = _listener_places(problem, slot.id, {known, *others})
            if needing > places and (len(some) <= len(others) or not others):
                facts = {"slot": slot.id, "language": min(known, default=""), "people": needing, "places": places}
                yield Shortfall("interpreters", facts, needing - places)


def _must_listen(
    problem: Problem, slot: str, known: frozenset[str], some: int, other: set[frozenset[str]], others: int
) -> int:
    """At least so many of both, in the best division of the meetings; who finds no seat at all is not counted.

    Among them are those who lead or take notes, so their chairs count too. Where language plays no part, all sit.
    """
    everybody = some + others
    seats = _chairs(problem, slot)
    mine = _chairs(problem, slot, lambda s: _followed(s, known))
    theirs = _chairs(problem, slot, lambda s: any(_followed(s, each) for each in other))
    both = _chairs(problem, slot, lambda s: not s.languages)
    best = max(
        sum(both[:j]) + min(some, sum(mine[:k])) + min(others, sum(theirs[: len(seats) - j - k]))
        for j in range(len(both) + 1)
        for k in range(len(seats) - j + 1)
    )
    return max(0, min(everybody, sum(seats)) - best)


def _in_charge_but_lost(problem: Problem, session: Session) -> list[str]:
    """Who sits in her own meeting whatever is spoken there, and listens to nobody."""
    return [id for id in session.staff if not _followed(session, problem.participant[id].understood)]


def _followed(session: Session, known: frozenset[str]) -> bool:
    """Whether a meeting of it can be held so that somebody who understands `known` follows unaided."""
    if session.two_language:
        return session.languages <= known
    return not session.languages or bool(session.languages & known)


def _listener_places(problem: Problem, slot: str, served: set[frozenset[str]]) -> int:
    """In this slot, at most, for people who understand one of these sets, in meetings held in other languages."""
    here = [
        i
        for i in problem.interpreters
        if any(_serves(i.pairs, session, known) for session in problem.sessions for known in served)
        and (i.slots is None or slot in i.slots)
        and problem.present(problem.participant[i.participant], slot)
    ]
    booth = [i for i in here if i.mode is Mode.SIMULTANEOUS]
    # At best those who serve many sit together, two by two.
    twos = sorted((i.listeners for i in booth), reverse=True)[1::2]
    return sum(twos) + sum(i.listeners for i in here if i.mode is not Mode.SIMULTANEOUS)


def _serves(pairs: frozenset[str], session: Session, known: frozenset[str]) -> bool:
    """Whether such an interpreter makes some meeting of this session understood to them."""
    return any(
        session.two_language or channel in known
        for working in working_languages(session)
        if working is None or working not in known
        for channel in channels(pairs, session, working)
    )


def _features(problem: Problem, coming: dict[str, float]) -> Iterator[Shortfall]:
    """By slot and feature: people who need it, against the chairs of rooms that have it."""
    wanted = sorted({feature for person in problem.participants for feature in person.needs})
    for slot in problem.slots:
        for feature in wanted:
            people = sum(
                feature in p.needs and p.id in coming and problem.present(p, slot.id) for p in problem.participants
            )
            chairs = sum(
                len(problem.participants) if room.capacity is None else room.capacity
                for room in problem.rooms
                if feature in room.features and (room.slots is None or slot.id in room.slots)
            )
            if people > chairs:
                facts = {"slot": slot.id, "feature": feature, "people": people, "chairs": chairs}
                yield Shortfall("feature", facts, people - chairs)


def _themes(problem: Problem, coming: dict[str, float]) -> Iterator[Shortfall]:
    """Themes (or sessions without one) that more people will want than there are seats, as far as wishes are known.

    Of a list only as many favourites count as the person has slots.
    """
    demand: dict[str, float] = {}
    seats: Counter[str] = Counter()
    for session in problem.sessions:
        key = session.theme or session.id
        seats[key] += session.offered * (len(coming) if session.maximum is None else session.maximum)
    for person in problem.participants:
        if person.id in coming:
            slots = sum(problem.present(person, slot.id) for slot in problem.slots)
            for favourite in person.favourites[:slots]:
                key = problem.session[favourite].theme or favourite
                demand[key] = demand.get(key, 0.0) + coming[person.id]
    for key, people in sorted(demand.items()):
        if people > seats[key]:
            yield Shortfall(
                "theme", {"theme": key, "wishes": round(people), "seats": seats[key]}, round(people) - seats[key]
            )
