"""Which single changes make an impossible conference possible, and what each leads to: all of them tried."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from solver.problem import Problem
from solver.questions.asking import Harm, Questions
from solver.questions.conflict import Part
from solver.questions.remedies import Option, options

SINGLY = ("offered", "interpreter", "staff")
"""Kinds that may take away more together than one by one: they say nothing as a group."""
TRIED = 3
"""So many times as many as are wanted are looked at, to find some that leave nobody without a place."""


@dataclass(frozen=True)
class Relaxation:
    """One change that makes the conference possible, tried out, with what it leads to.

    `cost` says how much an organiser minds. `missing` places are left empty-handed then, `exceptions` is what breaches
    of flexible rules cost; `at_most`: perhaps fewer are missing, the time was up.
    """

    kind: str
    facts: dict[str, Any]
    cost: int
    missing: int = 0
    exceptions: int = 0
    at_most: bool = False


def relaxations(ask: Questions, most: int, named: tuple[str, ...], parts: list[Part]) -> list[Relaxation]:
    """The least harmful first, `most` of them: fewest missing places, cheapest breaches, then what costs least.

    What touches the conflict (`parts`, or else the `named` rules) is tried first. Where all changes of a kind together
    do not help, none of them is tried alone (group testing, Dorfman, 1943).
    """
    touched = {str(value) for part in parts for value in part.facts.values()}

    def order(option: Option) -> tuple[bool, bool, int]:
        near = bool(touched & {str(value) for value in option.facts.values()}) or not option.facts
        return (not near, option.rule not in named, option.cost)

    kinds: dict[str, list[Option]] = {}
    for option in sorted(options(ask.problem, ask.crowd), key=order):
        kinds.setdefault(option.kind, []).append(option)
    found: list[Relaxation] = []
    for choices in kinds.values():
        for option, harm in _helpful(ask, choices):
            found.append(_gentler(ask, option, harm))
            if sum(not each.missing for each in found) >= most or len(found) >= TRIED * most:
                return _best(found, most)
    return _best(found, most)


def _best(found: list[Relaxation], most: int) -> list[Relaxation]:
    return sorted(found, key=lambda each: (each.missing, each.exceptions, each.cost))[:most]


def _helpful(ask: Questions, choices: list[Option]) -> Iterator[tuple[Option, Harm]]:
    """Those that help alone, with their harm; halves that do not help even together are left aside."""
    if ask.over:
        return
    if len(choices) == 1:
        harm = ask.harm(choices[0].change(ask.problem))
        if harm is not None:
            yield choices[0], harm
        return
    if choices[0].kind not in SINGLY and not ask.possible(problem=_all(ask.problem, choices)).has_answer:
        return
    half = (len(choices) + 1) // 2
    yield from _helpful(ask, choices[:half])
    yield from _helpful(ask, choices[half:])


def _all(problem: Problem, choices: list[Option]) -> Problem:
    for option in choices:
        problem = option.change(problem)
    return problem


def _gentler(ask: Questions, option: Option, harm: Harm) -> Relaxation:
    """Numbers are not loosened further than it needs to do as well.

    From one upwards in growing steps (galloping, Bentley and Yao, 1976): little is what an organiser can do, and what
    is found when the time is up is then not far from it.
    """
    told = Relaxation(option.kind, option.facts, option.cost, harm.missing, harm.exceptions, not harm.least)
    if option.partly is None:
        return told
    low, high, step = 0, option.most, 1
    while high - low > 1 and not ask.over:
        middle = min(low + step, (low + high) // 2)
        less = ask.harm(option.partly(ask.problem, middle), harm.missing)
        if less is not None and (less.missing, less.exceptions) <= (harm.missing, harm.exceptions):
            high = middle
        else:
            low, step = middle, 2 * step
    return replace(told, facts={**option.facts, "by": high})
