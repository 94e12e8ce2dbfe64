"""What a problem must be to make sense at all: identifiers that exist, numbers that can be."""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from solver.problem.codec import Fault
from solver.problem.entities import Objective

if TYPE_CHECKING:
    from solver.problem.problem import Problem

FLEXIBLE = (
    "size_at_most",
    "size_at_least",
    "everybody_understands",
    "quotas_hold",
    "nobody_isolated",
    "organisations_spread",
    "vetoes_respected",
)
"""The rules that may get a price. Needs, apart, locks, rooms and times never do."""
LARGEST = 10**6
"""No size, quota, capacity or rating is larger, so that no sum leaves the 64 bits of the engines."""
MOST_POINTS = 10**5
"""No rank and no breach is worth more."""


def faults_of(problem: "Problem") -> list[Fault]:
    """Every fault with its place in the JSON file; empty when the problem can be computed with."""
    parts = (_doubles, _day, _sessions, _meetings_given, _people, _interpreters, _groups, _points, _prices, _references)
    return [fault for part in parts for fault in part(problem)]


def contradictions_of(problem: "Problem") -> list[Fault]:
    """What could be computed with, but nobody can have meant: a file or a form that says so is mistaken."""
    return [fault for part in (_nothing, _locks, _musts, _nobodys) for fault in part(problem)]


def _doubles(problem: "Problem") -> Iterator[Fault]:
    for name in ("slots", "rooms", "sessions", "participants"):
        seen: set[str] = set()
        for at, item in enumerate(getattr(problem, name)):
            if item.id in seen:
                yield Fault(f"$.{name}[{at}].id", f"{item.id!r} stands twice", "give each its own id")
            seen.add(item.id)


def _day(problem: "Problem") -> Iterator[Fault]:
    for at, slot in enumerate(problem.slots):
        if slot.least < 0 or (slot.most is not None and slot.most < slot.least):
            yield Fault(f"$.slots[{at}].most", "is below the least, or below 0", "make the most the larger one")
    for at, room in enumerate(problem.rooms):
        if room.capacity is not None and not 0 <= room.capacity <= LARGEST:
            remedy = "leave it out if it is unbounded"
            yield Fault(f"$.rooms[{at}].capacity", "is below 0 or too large", remedy, "capacity", {"room": room.id})


def _nothing(problem: "Problem") -> Iterator[Fault]:
    if not problem.slots:
        yield Fault("$.slots", "is empty", "write at least one slot")


def _sessions(problem: "Problem") -> Iterator[Fault]:
    for at, session in enumerate(problem.sessions):
        place, facts = f"$.sessions[{at}]", {"session": session.id}
        if session.minimum < 0 or (session.maximum is not None and session.maximum < session.minimum):
            remedy = "make the maximum the larger one"
            yield Fault(f"{place}.maximum", "is below the minimum", remedy, "below_minimum", facts)
        if max(session.minimum, session.maximum or 0) > LARGEST:
            remedy = f"write {LARGEST} or less, or leave it out"
            yield Fault(f"{place}.maximum", "is too large", remedy, "too_large", facts)
        if session.offered < 1 or session.duration < 1:
            yield Fault(place, "is offered, or lasts, less than once", "write 1 or more", "less_than_once", facts)
        if session.two_language and len(session.languages) != 2:
            wrong, remedy = "are not two, though it is two-language", "name exactly two languages"
            yield Fault(f"{place}.languages", wrong, remedy, "not_two_languages", facts)
        if len(set(session.staff)) < len(session.staff):
            wrong = "names somebody twice, note-takers included"
            yield Fault(f"{place}.facilitators", wrong, "name each once", "staff_twice", facts)
        for name in ("conflicts", "after", "beside"):
            if session.id in getattr(session, name):
                yield Fault(f"{place}.{name}", "names the session itself", "leave it out")


def _meetings_given(problem: "Problem") -> Iterator[Fault]:
    seen: set[tuple[str, str]] = set()
    for at, given in enumerate(problem.meetings):
        place, session = f"$.meetings[{at}]", problem.session.get(given.session)
        facts = {"session": given.session, "slot": given.slot}
        if (given.session, given.slot) in seen:
            yield Fault(place, "is given twice", "write each meeting once", "given_twice", facts)
        seen.add((given.session, given.slot))
        if session and given.language is not None and given.language not in session.languages:
            remedy = f"use one of {', '.join(sorted(session.languages))}" if session.languages else "leave it out"
            facts["language"] = given.language
            yield Fault(f"{place}.language", f"{given.language!r} is none of the session's", remedy, "language", facts)


def _people(problem: "Problem") -> Iterator[Fault]:
    for at, person in enumerate(problem.participants):
        place = f"$.participants[{at}]"
        if len(set(person.favourites)) < len(person.favourites):
            facts = {"participant": person.id}
            yield Fault(f"{place}.favourites", "names a session twice", "name each once", "favourite_twice", facts)
        for session, rating in person.ratings.items():
            if not abs(rating) <= LARGEST:
                yield Fault(f"{place}.ratings.{session}", "is no number with an end, or too large", "write a number")


def _interpreters(problem: "Problem") -> Iterator[Fault]:
    seen: set[str] = set()
    for at, interpreter in enumerate(problem.interpreters):
        place, facts = f"$.interpreters[{at}]", {"participant": interpreter.participant}
        if interpreter.participant in seen:
            remedy = "name all language pairs in one place"
            yield Fault(f"{place}.participant", "interprets twice", remedy, "interprets_twice", facts)
        seen.add(interpreter.participant)
        for pair in interpreter.pairs:
            halves = pair.split("-")
            if len(halves) != 2 or not all(halves) or halves[0] == halves[1]:
                wrong = f"{pair!r} is not two languages with a dash"
                yield Fault(f"{place}.pairs", wrong, 'write "ar-de"', "no_pair", {**facts, "pair": pair})
        if not 1 <= interpreter.listeners <= LARGEST:
            remedy = "write how many can listen at once"
            yield Fault(f"{place}.listeners", "is below 1 or too large", remedy, "listeners", facts)
        if interpreter.most_in_a_row is not None and interpreter.most_in_a_row < 1:
            remedy = "write 1 or more, or leave it out"
            yield Fault(f"{place}.most_in_a_row", "is below 1", remedy, "in_a_row", facts)


def _groups(problem: "Problem") -> Iterator[Fault]:
    for at, quota in enumerate(problem.quotas):
        facts = {"attribute": quota.attribute, "value": quota.value}
        if quota.minimum < 0 or (quota.maximum is not None and quota.maximum < quota.minimum):
            remedy = "make the maximum the larger one"
            yield Fault(f"$.quotas[{at}].maximum", "is below the minimum", remedy, "bound_below_minimum", facts)
        if max(quota.minimum, quota.maximum or 0) > LARGEST:
            remedy = f"write {LARGEST} or less, or leave it out"
            yield Fault(f"$.quotas[{at}].maximum", "is too large", remedy, "bound_too_large", facts)
    for at, company in enumerate(problem.company):
        if not 1 <= company.least <= LARGEST:
            yield Fault(f"$.company[{at}].least", "is below 1 or too large", "write how many keep each other company")
    for at, spread in enumerate(problem.spread):
        if not 0 <= spread.most <= LARGEST:
            yield Fault(f"$.spread[{at}].most", "is below 0 or too large", "write how many may meet")
    if len(set(problem.balance)) < len(problem.balance):
        yield Fault("$.balance", "names an attribute twice", "name each once")


def _points(problem: "Problem") -> Iterator[Fault]:
    points = problem.rank_points
    if not points or min(points) < 0 or max(points) > MOST_POINTS:
        yield Fault("$.rank_points", "is empty, negative or too large", f"write 0 to {MOST_POINTS} from the first on")
    if any(later > earlier for earlier, later in pairwise(points)):
        yield Fault("$.rank_points", "rises", "write what the first rank is worth first: no later one is worth more")
    if problem.objective not in set(Objective):
        yield Fault("$.objective", f"is {problem.objective!r}", f"use one of {', '.join(Objective)}")


def _locks(problem: "Problem") -> Iterator[Fault]:
    """Somebody who must be in a session in this slot, or at all, and must not."""
    kept_out = {(lock.participant, lock.session, lock.slot) for lock in problem.locks if lock.never}
    for at, lock in enumerate(problem.locks):
        key = (lock.participant, lock.session)
        if not lock.never and {(*key, lock.slot), (*key, None)} & kept_out:
            yield Fault(f"$.locks[{at}]", "says the opposite of another lock", "leave out one of them")


def _musts(problem: "Problem") -> Iterator[Fault]:
    for at, person in enumerate(problem.participants):
        for session in sorted(person.vetoes & person.required):
            place = f"$.participants[{at}].vetoes"
            yield Fault(place, f"names {session!r}, which required names too", "leave out one of them")


def _nobodys(problem: "Problem") -> Iterator[Fault]:
    """Quotas on an attribute that nobody has; those that are to be balanced may be handed in later."""
    known = {name for person in problem.participants for name in person.attributes} | set(problem.balance)
    for at, quota in enumerate(problem.quotas):
        if problem.participants and quota.attribute not in known:
            remedy = f"use one of {', '.join(sorted(known))}" if known else "give it to somebody"
            yield Fault(f"$.quotas[{at}].attribute", f"{quota.attribute!r} is an attribute that nobody has", remedy)


def _prices(problem: "Problem") -> Iterator[Fault]:
    for at, bond in enumerate(problem.apart):
        if len(bond) < 2:
            yield Fault(f"$.apart[{at}]", "names fewer than two people", "name two or more")
    for rule, price in problem.flexible.items():
        if rule not in FLEXIBLE:
            yield Fault(f"$.flexible.{rule}", "cannot be bought off", f"use one of {', '.join(FLEXIBLE)}")
        elif not 1 <= price <= MOST_POINTS:
            yield Fault(f"$.flexible.{rule}", "has no price, or too high a one", f"write 1 to {MOST_POINTS}")


def _references(problem: "Problem") -> Iterator[Fault]:
    slots = {slot.id for slot in problem.slots}
    rooms = {room.id for room in problem.rooms}
    sessions = {session.id for session in problem.sessions}
    people = {person.id for person in problem.participants}
    for at, room in enumerate(problem.rooms):
        yield from _known(room.slots, slots, f"$.rooms[{at}].slots", "slot")
    for at, session in enumerate(problem.sessions):
        place = f"$.sessions[{at}]"
        yield from _known(session.slots, slots, f"{place}.slots", "slot")
        for name in ("facilitators", "note_takers"):
            yield from _known(getattr(session, name), people, f"{place}.{name}", "participant")
        for name in ("conflicts", "after", "beside"):
            yield from _known(getattr(session, name), sessions, f"{place}.{name}", "session")
    for at, person in enumerate(problem.participants):
        place = f"$.participants[{at}]"
        yield from _known(person.slots, slots, f"{place}.slots", "slot")
        yield from _known(person.favourites, sessions, f"{place}.favourites", "session")
        yield from _known(person.ratings, sessions, f"{place}.ratings", "session")
        yield from _known(person.required, sessions, f"{place}.required", "session")
        yield from _known(person.vetoes, sessions, f"{place}.vetoes", "session")
    for at, interpreter in enumerate(problem.interpreters):
        yield from _known(interpreter.slots, slots, f"$.interpreters[{at}].slots", "slot")
    for at, given in enumerate(problem.meetings):
        place = f"$.meetings[{at}]"
        yield from _known([given.session], sessions, f"{place}.session", "session")
        yield from _known([given.slot], slots, f"{place}.slot", "slot")
        yield from _known([given.room] if given.room else [], rooms, f"{place}.room", "room")
    for name in ("together", "apart"):
        for at, bond in enumerate(getattr(problem, name)):
            yield from _known(sorted(bond), people, f"$.{name}[{at}]", "participant")
    yield from _earlier(problem, slots, sessions)
    for name, what, known in (
        ("interpreters", "participant", people),
        ("locks", "participant", people),
        ("locks", "session", sessions),
        ("locks", "slot", slots),
        ("quotas", "session", sessions),
    ):
        for at, item in enumerate(getattr(problem, name)):
            value = getattr(item, what)
            yield from _known([value] if value else [], known, f"$.{name}[{at}].{what}", what)


def _earlier(problem: "Problem", slots: set[str], sessions: set[str]) -> Iterator[Fault]:
    """An earlier allocation may name people and rooms that are gone, but not slots or sessions."""
    if problem.previous:
        for at, given in enumerate(problem.previous.meetings):
            yield from _known([given.session], sessions, f"$.previous.meetings[{at}].session", "session")
            yield from _known([given.slot], slots, f"$.previous.meetings[{at}].slot", "slot")
        for at, place in enumerate(problem.previous.places):
            yield from _known([place.session], sessions, f"$.previous.places[{at}].session", "session")
            yield from _known([place.slot], slots, f"$.previous.places[{at}].slot", "slot")
        for at, work in enumerate(problem.previous.interpreters):
            yield from _known([work.session], sessions, f"$.previous.interpreters[{at}].session", "session")
            yield from _known([work.slot], slots, f"$.previous.interpreters[{at}].slot", "slot")


def _known(ids: Iterable[Any] | None, known: set[str], path: str, what: str) -> Iterator[Fault]:
    for id in ids or ():
        if id not in known:
            yield Fault(path, f"names the unknown {what} {id!r}", f"add this {what} or leave it out")
