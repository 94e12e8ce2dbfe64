"""Equal people counted as one crowd: whether rules can hold at all does not depend on wishes or names.

With durations of one slot this loses nothing: counts by slot and session, each slot full and no session above the
crowd's size, can be dealt to single people by colouring a bipartite multigraph (König, 1916).
"""

from collections import defaultdict
from dataclasses import replace

from solver.problem.entities import Participant
from solver.problem.problem import Problem


def condensed(problem: Problem) -> tuple[Problem, dict[str, int]]:
    """The problem with one participant for each crowd, without wishes; and how many each stands for."""
    single = _single(problem)
    marks = {quota.attribute for quota in problem.quotas} | {company.attribute for company in problem.company}
    marks |= {spread.attribute for spread in problem.spread}
    marks |= {name for session in problem.sessions for name in session.admits}
    crowds: dict[object, list[Participant]] = defaultdict(list)
    for person in problem.participants:
        if person.id in single:
            crowds[person.id].append(person)
        elif person.attends:
            crowds[_key(problem, person, sorted(marks))].append(person)
    people = tuple(replace(crowd[0], favourites=()) for crowd in crowds.values())
    known = {person.id for person in people}
    smaller = replace(problem, participants=people, previous=None, info={})
    return smaller, {crowd[0].id: len(crowd) for crowd in crowds.values() if crowd[0].id in known}


def exact(problem: Problem) -> bool:
    """Whether a condensed answer always stands for one with single people."""
    return all(session.duration == 1 for session in problem.sessions)


def _single(problem: Problem) -> set[str]:
    """Whoever is named in a rule stands for herself."""
    named = {id for session in problem.sessions for id in session.staff}
    named |= {interpreter.participant for interpreter in problem.interpreters}
    named |= {lock.participant for lock in problem.locks}
    named |= {id for bond in (*problem.together, *problem.apart) for id in bond}
    return named | {person.id for person in problem.participants if person.required}


def _key(problem: Problem, person: Participant, marks: list[str]) -> object:
    wanted = frozenset(person.ratings) if problem.only_wanted else None
    attributes = tuple(person.attributes.get(name) for name in marks)
    return (person.understood, person.needs, person.slots, person.vetoes, wanted, attributes)
