"""Conferences planted possible with a protected group, from 200 to 2,000 people: each gets a valid answer in time."""

import random
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from solver import Company, Meeting, Problem, Role, Seat, Settings, Solution, Status, solve_apart, verify
from solver.bench.families import Family, build
from tests.campaigns.punctual import LATE, faults_of

SIZES = (200, 500, 2000)
Places = dict[tuple[str, str], str]
"""The session of each (person, slot)."""
LIMITS = (2.0, 5.0, 15.0)
"""Seconds, by size."""


@dataclass(frozen=True)
class Planted:
    problem: Problem
    hidden: Solution


def planted(people: int, seed: int) -> Planted:
    """Every session in every round; of the protected group at least two to four together; and such an allocation.

    The group is the one that quotas and mix count too, or another attribute. Who belongs to it may have ruled out
    some of the sessions that the hidden allocation does not need.
    """
    dice = random.Random(f"protected {people} {seed}")
    rounds, least = dice.randint(1, 4), dice.randint(2, 4)
    base = build(people, seed, Family(rounds=rounds, foreign=0.0, needs=0.0, quotas=False, staffed=0.0))
    if dice.random() < 0.5:
        company = Company("group", "g5", least)
    else:
        company, share = Company("newcomer", "yes", least), dice.uniform(0.02, 0.2)
        everybody = (
            replace(p, attributes={**p.attributes, "newcomer": "yes"}) if dice.random() < share else p
            for p in base.participants
        )
        base = replace(base, participants=tuple(everybody))
    base = replace(base, company=(company,), sessions=tuple(replace(s, languages=frozenset()) for s in base.sessions))
    marked = {p.id for p in base.participants if p.attributes.get(company.attribute) == company.value}
    places = _dealt(base, marked, least, dice)
    problem = replace(base, participants=tuple(_choosy(p, places, marked, dice, base) for p in base.participants))
    return Planted(problem, _written(problem, places))


def _dealt(base: Problem, marked: set[str], least: int, dice: random.Random) -> Places:
    """Slot by slot; a deal that comes to a dead end is dealt again."""
    visited: dict[str, set[str]] = defaultdict(set)
    places: Places = {}
    for slot in base.slots:
        here = None
        while here is None:
            here = _slot_dealt(base, marked, least, visited, dice)
        places |= {(who, slot.id): session for who, session in here.items()}
        for who, session in here.items():
            visited[who].add(session)
    return places


def _slot_dealt(
    base: Problem, marked: set[str], least: int, visited: dict[str, set[str]], dice: random.Random
) -> dict[str, str] | None:
    """The group in knots of `least` or a few more, then all others where most is free; None at a dead end."""
    most, taken, found = -(-len(base.participants) // len(base.sessions)) + 1, dict.fromkeys(base.session, 0), {}
    crowd, others = sorted(marked), [p.id for p in base.participants if p.id not in marked]
    dice.shuffle(crowd)
    dice.shuffle(others)
    ends = [*range(0, max(1, len(crowd) - 2 * least + 1), least), len(crowd)]
    knots = [crowd[first:last] for first, last in pairwise(ends)]
    for knot in (*knots, *([who] for who in others)):
        free = [s for s in taken if taken[s] + len(knot) <= most and not any(s in visited[who] for who in knot)]
        if not free:
            return None
        chosen = dice.choice(free) if len(knot) > 1 else min(free, key=lambda s: (taken[s], dice.random()))
        taken[chosen] += len(knot)
        found |= dict.fromkeys(knot, chosen)
    return found


def _choosy(person, places, marked, dice, base):  # type: ignore[no-untyped-def]
    """A few vetoes, of those only who are protected, and none against the hidden allocation."""
    if person.id not in marked:
        return person
    needed = {places[person.id, slot.id] for slot in base.slots} | set(person.favourites)
    others = [s for s in base.session if s not in needed]
    return replace(person, vetoes=frozenset(dice.sample(others, min(len(others) // 2, dice.randint(0, 5)))))


def _written(problem: Problem, places: Places) -> Solution:
    meetings = [
        Meeting(f"{session.id}@{slot.id}", session.id, slot.id, problem.rooms[at].id)
        for slot in problem.slots
        for at, session in enumerate(problem.sessions)
    ]
    seats = [Seat(who, slot, f"{session}@{slot}", Role.ATTENDEE) for (who, slot), session in places.items()]
    return Solution(Status.FEASIBLE, tuple(meetings), tuple(seats))


def protected(first: int, many: int, most: float) -> Iterator[str]:
    """A line per run, sizes in turn; a limit above `most` is cut to it."""
    late = without = false = 0
    for number in range(first, first + many):
        people, limit = SIZES[number % len(SIZES)], min(LIMITS[number % len(SIZES)], most)
        given = planted(people, number)
        refused = verify(given.problem, given.hidden)
        began = time.monotonic()
        found = solve_apart(given.problem, Settings(time_limit=limit, workers=2, seed=number))
        seconds = time.monotonic() - began
        faults = [
            *faults_of(given.problem, found),
            *(f"the hidden one is refused: {each.rule}" for each in refused[:1]),
        ]
        missing = next((goal.value for goal in found.goals if goal.name == "unplaced"), None)
        false += bool(faults) or found.status is Status.INFEASIBLE
        late += seconds > limit + LATE
        without += not found.status.has_answer
        yield (
            f"{number}: {people} x {len(given.problem.sessions)} x {len(given.problem.slots)}, "
            f"{given.problem.company[0]}, limit {limit:g} s: {found.status} {found.reason} after {seconds:.1f} s, "
            f"first after {found.first_answer} s, unplaced {missing}" + "".join(f"; FALSE: {fault}" for fault in faults)
        )
    yield f"protected: {without} of {many} without an answer, {late} late, {false} false"
