"""What a problem must be to make sense at all: identifiers that exist, numbers that can be."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from solver.problem.codec import Fault

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


def faults_of(problem: "Problem") -> list[Fault]:
    """Every fault with its place in the JSON file; empty when the problem is sound."""
    return [*_doubles(problem), *_numbers(problem), *_prices(problem), *_references(problem)]


def _doubles(problem: "Problem") -> Iterator[Fault]:
    for name in ("slots", "rooms", "sessions", "participants"):
        seen: set[str] = set()
        for at, item in enumerate(getattr(problem, name)):
            if item.id in seen:
                yield Fault(f"$.{name}[{at}].id", f"{item.id!r} stands twice", "give each its own id")
            seen.add(item.id)


def _numbers(problem: "Problem") -> Iterator[Fault]:
    for at, room in enumerate(problem.rooms):
        if room.capacity is not None and room.capacity < 0:
            yield Fault(f"$.rooms[{at}].capacity", "is below 0", "leave it out if it is unbounded")
    for at, session in enumerate(problem.sessions):
        place = f"$.sessions[{at}]"
        if session.minimum < 0 or (session.maximum is not None and session.maximum < session.minimum):
            yield Fault(f"{place}.maximum", "is below the minimum", "make the maximum the larger one")
        if session.offered < 1 or session.duration < 1:
            yield Fault(place, "is offered, or lasts, less than once", "write 1 or more")
    for at, quota in enumerate(problem.quotas):
        if quota.minimum < 0 or (quota.maximum is not None and quota.maximum < quota.minimum):
            yield Fault(f"$.quotas[{at}].maximum", "is below the minimum", "make the maximum the larger one")
    for at, interpreter in enumerate(problem.interpreters):
        if any(pair.count("-") != 1 for pair in interpreter.pairs):
            yield Fault(f"$.interpreters[{at}].pairs", "is not two languages with a dash", 'write "ar-de"')
        if interpreter.listeners < 1:
            yield Fault(f"$.interpreters[{at}].listeners", "is below 1", "write how many can listen at once")
    if not problem.rank_points or min(problem.rank_points) < 0:
        yield Fault("$.rank_points", "is empty or negative", "write points from the first rank on")


def _prices(problem: "Problem") -> Iterator[Fault]:
    for at, bond in enumerate(problem.apart):
        if len(bond) < 2:
            yield Fault(f"$.apart[{at}]", "names fewer than two people", "name two or more")
    for rule, price in problem.flexible.items():
        if rule not in FLEXIBLE:
            yield Fault(f"$.flexible.{rule}", "cannot be bought off", f"use one of {', '.join(FLEXIBLE)}")
        elif price < 1:
            yield Fault(f"$.flexible.{rule}", "has no price", "write 1 or more")


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
        yield from _known(session.staff, people, f"{place}.facilitators", "participant")
        yield from _known(session.conflicts | session.after | session.beside, sessions, f"{place}.conflicts", "session")
    for at, person in enumerate(problem.participants):
        place = f"$.participants[{at}]"
        yield from _known(person.slots, slots, f"{place}.slots", "slot")
        yield from _known(person.favourites, sessions, f"{place}.favourites", "session")
        yield from _known((*person.ratings, *person.required), sessions, f"{place}.ratings", "session")
        yield from _known(person.vetoes, sessions, f"{place}.vetoes", "session")
        if len(set(person.favourites)) < len(person.favourites):
            yield Fault(f"{place}.favourites", "names a session twice", "name each once")
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
