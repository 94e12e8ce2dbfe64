"""Equal people counted as one crowd: possible for the crowd is possible for each of them, and the other way round."""

from dataclasses import replace

import pytest

from solver import Problem, Status
from solver.model import constraints, cpsat, variables
from solver.problem.equal import condensed, exact
from tests.solver.oracle.generator import crowd
from tests.solver.twins import talkative

FIRST = range(60)


def possible(problem: Problem, people: dict[str, int] | None = None) -> bool:
    model = variables.Model()
    x = variables.create(model, problem, people)
    for rule in constraints.ALL:
        rule(model, problem, x)
    status = cpsat.run(model, cpsat.Effort(20, workers=1)).status
    assert status in {Status.OPTIMAL, Status.FEASIBLE, Status.INFEASIBLE}
    return status is not Status.INFEASIBLE


def doubled(number: int) -> Problem:
    """Whoever no rule names comes with two more like her; everybody has a place."""
    base = talkative(number)
    named = {each.participant for each in base.interpreters} | {id for s in base.sessions for id in s.staff}
    named |= {lock.participant for lock in base.locks} | {id for bond in (*base.together, *base.apart) for id in bond}
    more = [
        replace(person, id=f"{person.id}{twin}")
        for person in base.participants
        if person.id not in named and not person.required
        for twin in "xy"
    ]
    sessions = tuple(replace(session, duration=1, maximum=None) for session in base.sessions)
    rooms = tuple(replace(room, capacity=room.capacity and room.capacity + 4) for room in base.rooms)
    people = (*base.participants, *more)
    return replace(base, participants=people, sessions=sessions, rooms=rooms, flexible={}, unplaced_allowed=False)


@pytest.mark.parametrize("maker", [doubled, lambda number: replace(crowd(number)[0], flexible={})])
def test_a_crowd_is_possible_exactly_where_its_people_are(maker) -> None:  # type: ignore[no-untyped-def]
    seen: dict[bool, int] = {True: 0, False: 0}
    for number in FIRST:
        problem = maker(number)
        small, people = condensed(problem)
        if exact(problem) and max(people.values(), default=1) > 1:
            verdict = possible(problem)
            assert possible(small, people) is verdict, number
            seen[verdict] += 1

    assert min(seen.values()) >= 3
