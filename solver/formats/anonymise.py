"""A problem fit for a bug report: every name replaced, every order shuffled but that of the slots, the optimum kept."""

import random
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from solver.problem import Given, Interpreting, Participant, Place, Previous, Problem, Room, Session


class Names:
    """Neutral names of one kind, given in a shuffled order: the name tells nothing of the place in the file."""

    def __init__(self, letter: str, known: Iterable[str], dice: random.Random):
        names = sorted(set(known))
        dice.shuffle(names)
        self.of = {name: f"{letter}{at}" for at, name in enumerate(names)}

    def __call__(self, name: str) -> str:
        return self.of.setdefault(name, f"gone{len(self.of)}")

    def all(self, names: Iterable[str]) -> frozenset[str]:
        return frozenset(self(name) for name in names)

    def some(self, names: Iterable[str] | None) -> frozenset[str] | None:
        return None if names is None else self.all(names)


def anonymised(problem: Problem, seed: int = 0) -> Problem:
    """The same question without a trace of who asks it; `seed` fixes the shuffle."""
    return _problem(_Words(problem, seed), problem)


class _Words:
    """New names for everything that has one, and shuffled orders."""

    def __init__(self, problem: Problem, seed: int):
        dice = self.dice = random.Random(seed)
        self.slot = {slot.id: f"t{at}" for at, slot in enumerate(problem.slots)}
        self.room = Names("r", (room.id for room in problem.rooms), dice)
        self.session = Names("s", (session.id for session in problem.sessions), dice)
        self.person = Names("p", (person.id for person in problem.participants), dice)
        self.theme = Names("h", (session.theme for session in problem.sessions if session.theme), dice)
        people = problem.participants
        features = {f for room in problem.rooms for f in room.features} | {f for p in people for f in p.needs}
        self.feature = Names("f", features | {f for s in problem.sessions for f in s.features}, dice)
        spoken = {key for p in people for key in p.languages} | {k for s in problem.sessions for k in s.languages}
        spoken |= {key for i in problem.interpreters for pair in i.pairs for key in pair.split("-")}
        self.language = Names("l", spoken, dice)
        marks = {name for p in people for name in p.attributes} | set(problem.balance)
        self.mark = Names("a", marks | {name for s in problem.sessions for name in s.admits}, dice)
        values = {value for p in people for value in p.attributes.values()}
        values |= {value for s in problem.sessions for allowed in s.admits.values() for value in allowed}
        self.value = Names("v", values | {q.value for q in problem.quotas} | {c.value for c in problem.company}, dice)

    def slots(self, names: Iterable[str] | None) -> frozenset[str] | None:
        return None if names is None else frozenset(self.slot[name] for name in names)

    def shuffled(self, items: Iterable[Any]) -> tuple[Any, ...]:
        found = list(items)
        self.dice.shuffle(found)
        return tuple(found)


def _problem(w: _Words, given: Problem) -> Problem:
    return replace(
        given,
        slots=tuple(replace(slot, id=w.slot[slot.id], start="", end="") for slot in given.slots),
        rooms=w.shuffled(_room(w, room) for room in given.rooms),
        sessions=w.shuffled(_session(w, session) for session in given.sessions),
        participants=w.shuffled(_person(w, person) for person in given.participants),
        meetings=w.shuffled(_given(w, each) for each in given.meetings),
        interpreters=w.shuffled(
            replace(
                each,
                participant=w.person(each.participant),
                pairs=frozenset("-".join(map(w.language, pair.split("-"))) for pair in each.pairs),
                slots=w.slots(each.slots),
            )
            for each in given.interpreters
        ),
        quotas=tuple(
            replace(
                quota,
                attribute=w.mark(quota.attribute),
                value=w.value(quota.value),
                session=w.session(quota.session) if quota.session else None,
            )
            for quota in given.quotas
        ),
        locks=w.shuffled(
            replace(
                lock,
                participant=w.person(lock.participant),
                session=w.session(lock.session),
                slot=w.slot[lock.slot] if lock.slot else None,
            )
            for lock in given.locks
        ),
        company=tuple(
            replace(each, attribute=w.mark(each.attribute), value=w.value(each.value)) for each in given.company
        ),
        spread=tuple(replace(each, attribute=w.mark(each.attribute)) for each in given.spread),
        together=w.shuffled(w.person.all(bond) for bond in given.together),
        apart=w.shuffled(w.person.all(bond) for bond in given.apart),
        previous=_previous(w, given.previous),
        balance=tuple(w.mark(name) for name in given.balance),
        info={},
    )


def _room(w: _Words, room: Room) -> Room:
    return replace(room, id=w.room(room.id), features=w.feature.all(room.features), slots=w.slots(room.slots))


def _session(w: _Words, session: Session) -> Session:
    return replace(
        session,
        id=w.session(session.id),
        languages=w.language.all(session.languages),
        features=w.feature.all(session.features),
        slots=w.slots(session.slots),
        facilitators=tuple(map(w.person, session.facilitators)),
        note_takers=tuple(map(w.person, session.note_takers)),
        admits={w.mark(name): tuple(map(w.value, values)) for name, values in session.admits.items()},
        conflicts=w.session.all(session.conflicts),
        after=w.session.all(session.after),
        beside=w.session.all(session.beside),
        theme=w.theme(session.theme) if session.theme else "",
    )


def _person(w: _Words, person: Participant) -> Participant:
    return replace(
        person,
        id=w.person(person.id),
        attributes={w.mark(name): w.value(value) for name, value in person.attributes.items()},
        slots=w.slots(person.slots),
        languages={w.language(key): level for key, level in person.languages.items()},
        needs=w.feature.all(person.needs),
        favourites=tuple(map(w.session, person.favourites)),
        ratings={w.session(key): rating for key, rating in person.ratings.items()},
        vetoes=w.session.all(person.vetoes),
        required=w.session.all(person.required),
    )


def _given(w: _Words, given: Given) -> Given:
    return Given(
        w.session(given.session),
        w.slot[given.slot],
        w.room(given.room) if given.room else None,
        w.language(given.language) if given.language else None,
    )


def _previous(w: _Words, earlier: Previous | None) -> Previous | None:
    if earlier is None:
        return None
    places = (Place(w.person(p.participant), w.session(p.session), w.slot[p.slot]) for p in earlier.places)
    working = (
        Interpreting(w.person(each.participant), w.session(each.session), w.slot[each.slot], _channel(w, each.channel))
        for each in earlier.interpreters
    )
    return Previous(w.shuffled(_given(w, each) for each in earlier.meetings), w.shuffled(places), w.shuffled(working))


def _channel(w: _Words, channel: str) -> str:
    """A language, or two in the order of their new names."""
    return "-".join(sorted(map(w.language, channel.split("-"))))
