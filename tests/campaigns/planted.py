"""ALG-4: what is possible is never called impossible, and of what is impossible the named rules conflict.

The named rules are held against the exact model: with them alone (and that people are in one place, where they are)
there is no allocation, and without any one of them there is.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from solver import Diagnosis, Preset, Problem, Settings, Solution, Status, diagnose, solve, verify
from tests.campaigns.planting import feasible, infeasible
from tests.solver.oracle.exact import RULES, Exact

ALL = frozenset(rule.__name__ for rule in RULES)
ALWAYS = frozenset({"one_meeting_per_slot"})
"""In the product's model part of this rule is in the variables, so that it need not be named."""


@dataclass
class Count:
    """How the verdicts came out."""

    wrong: int = 0
    open: int = 0  # no verdict in time
    failed: int = 0


def planted(first: int, many: int, limit: float = 5.0) -> Iterator[str]:
    """So many possible ones and so many impossible ones; a line for each that is not as it should be."""
    good, bad = Count(), Count()
    for number in range(first, first + many):
        yield from (f"possible {number}: {told}" for told in _possible(number, limit, good))
    for number in range(first, first + many):
        yield from (f"impossible {number}: {told}" for told in _impossible(number, limit, bad))
    yield (
        f"planted: {good.wrong + bad.wrong} wrong of {2 * many}, {good.open} possible and {bad.open} impossible "
        f"left open, {good.failed + bad.failed} failed"
    )


def _solved(problem: Problem, limit: float, count: Count) -> Solution | str:
    try:
        found = solve(problem, Settings(time_limit=limit, workers=1))
    except Exception as error:  # counted, and told with the number
        count.failed += 1
        return f"{type(error).__name__} {error}"
    if found.status is Status.FAILED:
        count.failed += 1
        return f"failed {found.reason} {found.facts}"
    count.open += found.status is Status.UNKNOWN
    return found


def _possible(number: int, limit: float, count: Count) -> Iterator[str]:
    problem, hidden = feasible(number)
    if verify(problem, hidden):
        count.wrong += 1
        yield f"the hidden allocation is refused: {verify(problem, hidden)[0]}"
    found = _solved(problem, limit, count)
    if isinstance(found, str):
        yield found
    elif found.status is Status.INFEASIBLE or (found.status.has_answer and verify(problem, found)):
        count.wrong += 1
        yield f"{found.status}, although an allocation is known"
    if diagnose(problem, limit).status is Status.INFEASIBLE:
        count.wrong += 1
        yield "diagnosed as impossible, although an allocation is known"


def _impossible(number: int, limit: float, count: Count) -> Iterator[str]:
    problem, kind = infeasible(number)
    found = _solved(problem, limit, count)
    if isinstance(found, str):
        yield f"{kind}: {found}"
    elif found.status.has_answer:
        count.wrong += 1
        yield f"{kind}: {found.status}"
    told = diagnose(problem, limit)
    if told.status.has_answer:
        count.wrong += 1
        yield f"{kind}: diagnosed as {told.status}"
    elif told.status is Status.INFEASIBLE:
        faults = list(conflict_faults(problem, told))
        count.wrong += bool(faults)
        yield from (f"{kind}: {fault}" for fault in faults)
    else:
        count.open += 1


def conflict_faults(problem: Problem, told: Diagnosis) -> Iterator[str]:
    """What is wrong about a named conflict."""
    named = frozenset(told.rules)
    if not named <= ALL or not named:
        yield f"names {sorted(named)}"
        return
    if Exact(problem, Preset.BALANCED, without=ALL - named - ALWAYS).possible():
        yield f"{sorted(named)} do not conflict"
    if told.minimal:
        for rule in sorted(named):
            if not Exact(problem, Preset.BALANCED, without=ALL - (named - {rule})).possible():
                yield f"{rule} is not needed for the conflict of {sorted(named)}"
