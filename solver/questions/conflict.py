"""The smallest set of rules that conflict, and the concrete pieces of them without which there is no conflict."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from solver.model import constraints
from solver.problem import Status
from solver.questions.asking import NOTHING, Questions
from solver.questions.remedies import Option, options


@dataclass(frozen=True)
class Part:
    """A concrete piece of a rule that the conflict cannot do without: a session's minimum, a lock, a quota, ..."""

    rule: str
    facts: dict[str, Any]


def spared(ask: Questions) -> tuple[frozenset[str], bool]:
    """The rules that the conflict does not need, and whether each of the others was shown to be needed.

    Deletion filter (Chinneck, Feasibility and Infeasibility in Optimization, 2008, ch. 6).
    """
    found, minimal = NOTHING, True
    for rule in constraints.ALL:
        answer = ask.possible(found | {rule.__name__})
        if answer is Status.INFEASIBLE:
            found |= {rule.__name__}
        elif not answer.has_answer:
            minimal = False
    return found, minimal


def parts(ask: Questions, without: frozenset[str], named: tuple[str, ...]) -> list[Part]:
    """The concrete pieces of the named rules without which there is no conflict (QuickXplain, Junker, 2004)."""
    choices = [option for option in options(ask.problem, ask.crowd) if option.rule in named and option.drops]

    def conflicts(kept: list[Option]) -> bool:
        problem = ask.problem
        for option in choices:
            if option not in kept:
                problem = option.change(problem)
        return ask.possible(without, problem) is Status.INFEASIBLE

    if not choices or conflicts([]):
        return []
    needed = _explain(ask, conflicts, [], False, choices)
    return [] if ask.over else [Part(option.rule, option.facts) for option in needed]


def _explain(
    ask: Questions, conflicts: Callable[[list[Option]], bool], kept: list[Option], grown: bool, left: list[Option]
) -> list[Option]:
    if grown and conflicts(kept):
        return []
    if len(left) == 1 or ask.over:
        return left
    half = len(left) // 2
    first, second = left[:half], left[half:]
    later = _explain(ask, conflicts, kept + first, True, second)
    return _explain(ask, conflicts, kept + later, bool(later), first) + later
