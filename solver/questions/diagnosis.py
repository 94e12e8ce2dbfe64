"""Why no solution can exist: the smallest set of rules that conflict, where, and what would make it possible."""

import time
from dataclasses import dataclass

from solver.bounds.confirmation import second_opinion
from solver.model import constraints
from solver.problem import Problem, Status, allowances
from solver.problem.equal import condensed, exact
from solver.questions.asking import Questions
from solver.questions.conflict import Part, parts, spared
from solver.questions.tried import Relaxation, relaxations

FOR_PARTS = 0.3
"""How much of the time that is left concrete parts get: remedies say more, and need more."""

__all__ = ["Diagnosis", "Part", "Relaxation", "diagnose"]


@dataclass(frozen=True)
class Diagnosis:
    """`rules` conflict with each other, and none of them can be spared; `minimal` is False if time ran out.

    `status` is *infeasible* only where a second program confirmed it; *unknown* with rules is a suspicion: the search
    says impossible, the second program cannot tell. `parts` and `relaxations` are there in both cases.
    """

    status: Status
    rules: tuple[str, ...] = ()
    minimal: bool = True
    confirmed: bool = False
    parts: tuple[Part, ...] = ()
    relaxations: tuple[Relaxation, ...] = ()


def diagnose(problem: Problem, time_limit: float = 10, most: int = 5) -> Diagnosis:
    """Whether a solution can exist; if not, why, and up to `most` changes that would help, the least harmful first.

    Parameters: `time_limit` in seconds for everything; `most` limits the remedies.
    Returns a status *feasible*, *infeasible* or *unknown* with what is known of the conflict.
    Example: `diagnose(problem).relaxations[0].missing` -> 0: the best remedy leaves nobody without a place.
    Sources: deletion filter (Chinneck, 2008), QuickXplain (Junker, 2004); a second program before "impossible".
    """
    ends = time.monotonic() + time_limit
    ask = Questions(*condensed(problem), ends)
    status = ask.possible()
    if status.has_answer and not exact(problem):
        ask = Questions(problem, {}, ends)
        status = ask.possible()
    if status is not Status.INFEASIBLE:
        return Diagnosis(status)
    needless, minimal = spared(ask)
    rules = tuple(rule.__name__ for rule in constraints.ALL if rule.__name__ not in needless)
    confirmed, these = _confirmed(problem, needless, ends)
    if confirmed is False:
        return Diagnosis(Status.FEASIBLE)
    ask.ends = time.monotonic() + (ends - time.monotonic()) * FOR_PARTS
    found = parts(ask, needless, rules)
    ask.ends = ends
    tried = tuple(relaxations(ask, most, rules, found))
    status = Status.INFEASIBLE if confirmed else Status.UNKNOWN
    return Diagnosis(status, rules, minimal and these, bool(confirmed), tuple(found), tried)


def _confirmed(problem: Problem, needless: frozenset[str], ends: float) -> tuple[bool | None, bool]:
    """What the second program says of the whole, and whether it says that these rules alone conflict."""
    seconds = max(0.5, min(allowances.CONFIRM, (ends - time.monotonic()) / 3))
    if second_opinion(problem, seconds, needless).impossible:
        return True, True
    return second_opinion(problem, seconds).impossible, False
