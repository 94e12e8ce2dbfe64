"""Before any wish exists: whether seats, rooms, staff, interpreters and features will suffice, slot by slot."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import ceil
from typing import Any

import numpy as np

from solver.bounds.chairs import chairs, most_places, seats
from solver.bounds.listening import followed, listener_places
from solver.bounds.places import Missing, fills, missing_places
from solver.flow.arrays import Arrays
from solver.problem import Level, Participant, Problem, Session

SOME = 0.5
"""Of fewer places nothing is told."""


@dataclass(frozen=True)
class Shortfall:
    """What will be missing, by code, and by how much; `lacking` counts people, meetings or rooms."""

    code: str
    facts: dict[str, Any]
    lacking: int


@dataclass(frozen=True)
class Forecast:
    """`expected` people by slot, after the share of each group that stays away; `seats` for them, leaders among them.

    No shortfall means that nothing was found missing by what is counted; not that a run finds a place for everybody.
    """

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
    arrays = Arrays(problem)
    found = (
        *_places(arrays, coming, expected),
        *_minimums(problem, expected),
        *_rooms(problem),
        *_staff(problem),
        *_listeners(arrays, coming),
        *_features(problem, coming),
        *_themes(problem, coming),
    )
    return Forecast(expected, {slot.id: seats(problem, slot.id) for slot in problem.slots}, found)


def _share(person: Participant, no_show: Mapping[str, float], attribute: str) -> float:
    return 1.0 - no_show.get(person.attributes.get(attribute, ""), 0.0)


def _places(arrays: Arrays, coming: dict[str, float], expected: dict[str, float]) -> Iterator[Shortfall]:
    """What is missing in all, by the function that also bounds what a run leaves out; then what shows why.

    Told are all who are expected in a slot; lacking is counted without those who may interpret then, see `fills`.
    Who may stay away counts in part: of less than half a place on average nothing is told.
    """
    problem = arrays.problem
    if not problem.full_day:
        return
    missing = missing_places(arrays, coming)
    places = round(missing.places)
    heard = _heard(problem, coming) if places else missing
    lost = places - round(heard.places)
    spoken = _spoken_by_the_lost(problem, coming, missing.places) if lost > 0 else []
    # Of whoever would miss nothing if she understood everything, her language is told.
    rest = heard if spoken else missing
    own = round(rest.own)
    if places:
        code = "places" if all(share == 1 for share in coming.values()) else "places_on_average"
        yield Shortfall(code, {"places": places}, places)
    if spoken:
        yield Shortfall("places_by_language", {"places": lost, "languages": spoken}, lost)
    if own:
        # Rounded apart, one person could miss more places than there are slots.
        yield Shortfall("few_sessions", {"people": min(ceil(rest.few), own), "places": own}, own)
    weight = np.array([coming.get(person.id, 0.0) for person in problem.participants])
    needed = (weight @ fills(arrays)).tolist()
    for slot, people in zip(problem.slots, needed, strict=True):
        there = seats(problem, slot.id)
        if round(people) > there:
            facts = {"slot": slot.id, "people": round(expected[slot.id]), "seats": there}
            yield Shortfall("seats", facts, round(people) - there)
    day = sum(most_places(problem, session) + _duties(problem, session) for session in problem.sessions)
    if round(sum(needed)) > day:
        facts = {"people": round(sum(expected.values())), "seats": day}
        yield Shortfall("seats_of_the_day", facts, round(sum(needed)) - day)


def _heard(problem: Problem, coming: dict[str, float]) -> Missing:
    """What would be missing if everybody understood everything."""
    return missing_places(Arrays(replace(problem, flexible={**problem.flexible, "everybody_understands": 1})), coming)


def _spoken_by_the_lost(problem: Problem, coming: dict[str, float], places: float) -> list[str]:
    """What those understand who would miss less if they understood everything."""
    everything = dict.fromkeys(frozenset[str]().union(*(s.languages for s in problem.sessions)), Level.SPEAKS)
    found: set[str] = set()
    for known in {p.understood for p in problem.participants if coming.get(p.id)}:
        if everything.keys() <= known:
            continue
        people = tuple(replace(p, languages=everything) if p.understood == known else p for p in problem.participants)
        less = missing_places(Arrays(replace(problem, participants=people)), coming).places
        found |= known if places - less >= SOME else set()
    return sorted(found)


def _duties(problem: Problem, session: Session) -> int:
    """Places in its meetings of participants who lead or take notes there."""
    attending = sum(problem.participant[id].attends for id in set(session.staff))
    return attending * session.offered * session.duration


def _minimums(problem: Problem, expected: dict[str, float]) -> Iterator[Shortfall]:
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


def _listeners(arrays: Arrays, coming: dict[str, float]) -> Iterator[Shortfall]:
    """By slot and languages: people who need a listener's place, against the places that interpreters offer.

    A meeting has one working language. So those who understand some languages only, and those who understand none of
    these, share the meetings out between them: whoever finds no seat in a meeting of her own must listen. Who may
    interpret then needs no place herself.
    """
    problem, filled = arrays.problem, fills(arrays)
    if "everybody_understands" in problem.flexible or not any(session.languages for session in problem.sessions):
        return
    lost = _in_charge_but_lost(problem)
    people = [(arrays.row[p.id], p) for p in problem.participants if p.id in coming]
    for t, slot in enumerate(problem.slots):
        understood = [p.understood for row, p in people if filled[row, t] and (p.id, slot.id) not in lost]
        for known in sorted(set(understood), key=sorted):
            some = [each for each in understood if each <= known]
            others = [each for each in understood if not each & known and not each <= known]
            needing = _must_listen(problem, slot.id, known, len(some), set(others), len(others))
            places = listener_places(problem, slot.id, {known, *others})
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
    seats = chairs(problem, slot)
    mine = chairs(problem, slot, lambda s: followed(s, known))
    theirs = chairs(problem, slot, lambda s: any(followed(s, each) for each in other))
    both = chairs(problem, slot, lambda s: not s.languages)
    best = max(
        sum(both[:j]) + min(some, sum(mine[:k])) + min(others, sum(theirs[: len(seats) - j - k]))
        for j in range(len(both) + 1)
        for k in range(len(seats) - j + 1)
    )
    return max(0, min(everybody, sum(seats)) - best)


def _in_charge_but_lost(problem: Problem) -> set[tuple[str, str]]:
    """(who, slot): she may be in charge of a meeting then, and sits there whatever is spoken, listening to nobody."""
    return {
        (id, slot)
        for session in problem.sessions
        for id in session.staff
        if session.languages - problem.participant[id].understood
        for slot in _times(problem, session)
    }


def _times(problem: Problem, session: Session) -> set[str]:
    """The slots that some meeting of it can take."""
    open_ = session.slots or {slot.id for slot in problem.slots}
    return {slot for start in problem.slots for slot in problem.span(session.id, start.id) or () if slot in open_}


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
