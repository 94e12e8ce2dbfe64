"""Two judges of one allocation: the product's and the oracle's must name the same rules, with the same amounts."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace

from solver import Meeting, Problem, Solution, Status, verify
from tests.solver.oracle import counting
from tests.solver.oracle.enumerate import days_of, runs_of
from tests.solver.oracle.generator import Size, conference

Named = dict[str, tuple[bool, int]]
"""Per broken rule whether it is broken beyond any price, and by how much otherwise."""


def theirs(problem: Problem, found: Solution) -> Named:
    named: dict[str, list[int]] = defaultdict(list)
    for broken in verify(replace(problem, flexible={}), found):
        named[broken.rule].append(broken.amount)
    return {rule: (0 in amounts, sum(amounts)) for rule, amounts in named.items()}


def ours(problem: Problem, found: Solution) -> Named:
    named: dict[str, list[int]] = defaultdict(list)
    for broken in counting.breaches(problem, found):
        named[broken.rule].append(broken.amount)
    return {rule: (0 in amounts, sum(amounts)) for rule, amounts in named.items()}


def allocations(problem: Problem, dice: random.Random) -> Iterator[Solution]:
    """Random timetables with random days, lawful or not."""
    while True:
        meetings: tuple[Meeting, ...] = ()
        for session in problem.sessions:
            meetings += dice.choice(list(runs_of(problem, session)))
        seats = []
        for person in problem.participants:
            days = list(days_of(problem, meetings, person))
            staffed = [day for day in days if _duties(day) == max(map(_duties, days))]
            seats += dice.choice(staffed if dice.random() < 0.85 else days)
        yield Solution(Status.FEASIBLE, meetings, tuple(seats))


def _duties(day: tuple) -> int:  # type: ignore[type-arg]
    return sum(seat.role in ("facilitator", "note_taker") for seat in day)


def judges(first: int, many: int, each: int = 20, languages: bool = True) -> Iterator[str]:
    """`each` random allocations of every conference; a line for the first difference of each."""
    differ, looked, lawful = 0, 0, 0
    rules: Counter[str] = Counter()
    for number in range(first, first + many):
        problem, _ = conference(number, Size(4, 3, 3, 2, languages))
        source = allocations(problem, random.Random(number))
        for _ in range(each):
            found = next(source)
            one, two = theirs(problem, found), ours(problem, found)
            looked += 1
            lawful += not two
            rules.update(list(two))
            if one != two:
                differ += 1
                yield f"differ: number {number}: judge {_shown(one, two)}, counting {_shown(two, one)}"
                break
    named = ", ".join(f"{rule} {times}" for rule, times in sorted(rules.items()))
    yield f"broken at random: {named}; lawful {lawful}"
    yield f"judges: {differ} of {many} conferences differ, {looked} allocations"


def _shown(named: Named, other: Named) -> dict[str, tuple[bool, int]]:
    return {rule: said for rule, said in sorted(named.items()) if other.get(rule) != said}
