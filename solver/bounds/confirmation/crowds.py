"""Who and what is equal to all rules: people in crowds and rooms in kinds, so that the program stays small.

A real allocation, added up over a crowd, is one of the program: so what is impossible for crowds is impossible. The
other way round it holds too where every meeting lasts one slot (König's theorem on colouring bipartite multigraphs,
1916): counts can be dealt out to single people without a repeat. Rooms of a kind never lose anything: meetings are
intervals of slots, and as many rooms as meetings at once are enough for intervals.
"""

from collections import defaultdict
from dataclasses import dataclass

from solver.problem import Participant, Problem, Room


@dataclass(frozen=True)
class Crowd:
    """`many` people of whom `one` tells everything that a rule asks; `ids` are all of them."""

    one: Participant
    ids: tuple[str, ...]

    @property
    def many(self) -> int:
        return len(self.ids)


@dataclass(frozen=True)
class Kind:
    """Rooms that no rule tells apart."""

    one: Room
    ids: tuple[str, ...]

    @property
    def many(self) -> int:
        return len(self.ids)


def crowds(problem: Problem, apart: bool = False) -> list[Crowd]:
    """Everybody who can sit, lead or interpret somewhere; with `apart` each as a crowd of one."""
    named = _named(problem)
    asked = {quota.attribute for quota in problem.quotas} | {company.attribute for company in problem.company}
    asked |= {spread.attribute for spread in problem.spread}
    asked |= {name for session in problem.sessions for name in session.admits}
    tongues = {language for session in problem.sessions for language in session.languages}
    tongues |= {half for each in problem.interpreters for pair in each.pairs for half in pair.split("-")}
    found: dict[object, list[Participant]] = defaultdict(list)
    for person in problem.participants:
        if person.id in named or (apart and person.attends):
            found[person.id].append(person)
        elif person.attends:
            found[_key(problem, person, asked, tongues)].append(person)
    return [Crowd(people[0], tuple(person.id for person in people)) for people in found.values()]


def _named(problem: Problem) -> set[str]:
    """Whom a rule names stands for herself."""
    found = {id for session in problem.sessions for id in (*session.facilitators, *session.note_takers)}
    found |= {interpreter.participant for interpreter in problem.interpreters}
    found |= {lock.participant for lock in problem.locks}
    found |= {id for bond in (*problem.together, *problem.apart) for id in bond}
    return found | {person.id for person in problem.participants if person.required}


def _key(problem: Problem, person: Participant, asked: set[str], tongues: set[str]) -> object:
    marks = tuple(person.attributes.get(name) for name in sorted(asked))
    wanted = frozenset(person.ratings) if problem.only_wanted else None
    return (person.slots, person.understood & tongues, person.needs, person.vetoes, marks, wanted)


def kinds(problem: Problem) -> list[Kind]:
    """All rooms; one that a given meeting names is a kind of its own."""
    named = {given.room for given in problem.meetings if given.room}
    found: dict[object, list[Room]] = defaultdict(list)
    for room in problem.rooms:
        found[room.id if room.id in named else (room.capacity, room.features, room.slots)].append(room)
    return [Kind(rooms[0], tuple(room.id for room in rooms)) for rooms in found.values()]
