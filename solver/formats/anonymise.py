"""A problem fit for a bug report: every name replaced, every order shuffled but that of the slots, the optimum kept."""

import random
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from solver.problem import Given, Participant, Place, Previous, Problem, Room, Session


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
    return _Anonymous(problem, seed).problem()


class _Anonymous:
    def __init__(self, problem: Problem, seed: int):
        self.given, self.dice = problem, (dice := random.Random(seed))
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

    def problem(self) -> Problem:
        given = self.given
        return replace(
            given,
            slots=tuple(replace(slot, id=self.slot[slot.id], start="", end="") for slot in given.slots),
            rooms=self.shuffled(self._room(room) for room in given.rooms),
            sessions=self.shuffled(self._session(session) for session in given.sessions),
            participants=self.shuffled(self._person(person) for person in given.participants),
            meetings=self.shuffled(self._given(each) for each in given.meetings),
            interpreters=self.shuffled(
                replace(
                    each,
                    participant=self.person(each.participant),
                    pairs=frozenset("-".join(map(self.language, pair.split("-"))) for pair in each.pairs),
                    slots=self.slots(each.slots),
                )
                for each in given.interpreters
            ),
            quotas=tuple(
                replace(
                    quota,
                    attribute=self.mark(quota.attribute),
                    value=self.value(quota.value),
                    session=self.session(quota.session) if quota.session else None,
                )
                for quota in given.quotas
            ),
            locks=self.shuffled(
                replace(
                    lock,
                    participant=self.person(lock.participant),
                    session=self.session(lock.session),
                    slot=self.slot[lock.slot] if lock.slot else None,
                )
                for lock in given.locks
            ),
            company=tuple(
                replace(each, attribute=self.mark(each.attribute), value=self.value(each.value))
                for each in given.company
            ),
            spread=tuple(replace(each, attribute=self.mark(each.attribute)) for each in given.spread),
            together=self.shuffled(self.person.all(bond) for bond in given.together),
            apart=self.shuffled(self.person.all(bond) for bond in given.apart),
            previous=self._previous(),
            balance=tuple(self.mark(name) for name in given.balance),
            info={},
        )

    def _room(self, room: Room) -> Room:
        return replace(
            room, id=self.room(room.id), features=self.feature.all(room.features), slots=self.slots(room.slots)
        )

    def _session(self, session: Session) -> Session:
        return replace(
            session,
            id=self.session(session.id),
            languages=self.language.all(session.languages),
            features=self.feature.all(session.features),
            slots=self.slots(session.slots),
            facilitators=tuple(map(self.person, session.facilitators)),
            note_takers=tuple(map(self.person, session.note_takers)),
            admits={self.mark(name): tuple(map(self.value, values)) for name, values in session.admits.items()},
            conflicts=self.session.all(session.conflicts),
            after=self.session.all(session.after),
            beside=self.session.all(session.beside),
            theme=self.theme(session.theme) if session.theme else "",
        )

    def _person(self, person: Participant) -> Participant:
        return replace(
            person,
            id=self.person(person.id),
            attributes={self.mark(name): self.value(value) for name, value in person.attributes.items()},
            slots=self.slots(person.slots),
            languages={self.language(key): level for key, level in person.languages.items()},
            needs=self.feature.all(person.needs),
            favourites=tuple(map(self.session, person.favourites)),
            ratings={self.session(key): rating for key, rating in person.ratings.items()},
            vetoes=self.session.all(person.vetoes),
            required=self.session.all(person.required),
        )

    def _given(self, given: Given) -> Given:
        return Given(self.session(given.session), self.slot[given.slot], self.room(given.room) if given.room else None)

    def _previous(self) -> Previous | None:
        earlier = self.given.previous
        if earlier is None:
            return None
        places = (Place(self.person(p.participant), self.session(p.session), self.slot[p.slot]) for p in earlier.places)
        return Previous(self.shuffled(map(self._given, earlier.meetings)), self.shuffled(places))
