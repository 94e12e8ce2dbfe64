"""Holds everything that a run says of a conference against what is true of it.

What is checked, goal by goal in the preset's order. L(j) is what later goals must keep of goal j when it has *reached*
what the run says (`Aim.limit`: with slack and extra). T(k) is the true best of goal k among the lawful allocations
whose earlier goals keep their L(j). A bound of goal k may presume that much of the earlier goals and no more, so:

- its *value* is what the allocation has, counted anew, and keeps L(k);
- *reached* is not better than T(k), and some lawful allocation within the L(j) has it;
- its *bound* is not stricter than T(k): no lawful allocation within the L(j) is beyond it;
- a gap of 0, or a bound that equals *reached*, says "proven": then *reached* is T(k);
- with status *optimal* every *reached* is the lexicographic optimum, and the last goal's value is what it reached.

After a *reached* that is impossible nothing is said of the later goals: they presume it.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from solver import GoalResult, Preset, Problem, Solution, Status, verify
from tests.solver.oracle import counting
from tests.solver.oracle.enumerate import Tried
from tests.solver.oracle.exact import Exact, Truth
from tests.solver.oracle.laws import Aim, unit

NEAR = 1e-6


@dataclass(frozen=True)
class Finding:
    """Something said that is not so: `kind` in words, the goal if it is one's, what was said and what is true."""

    kind: str
    goal: str = ""
    said: str = ""
    true: str = ""

    def __str__(self) -> str:
        words = [
            self.kind,
            self.goal,
            f"said {self.said}" if self.said else "",
            f"true {self.true}" if self.true else "",
        ]
        return ", ".join(word for word in words if word)


VERDICT = "wrong verdict"
UNVERIFIED = "the answer breaks a rule"
JUDGES = "the two judges differ"
VALUE = "a value that the allocation does not have"
SPOILT = "a later goal used more than the slack"
REACHED = "reached what no lawful allocation has"
BOUND = "a bound beyond the truth"
PROVEN = "proven, but not the best"
OPTIMAL = "optimal, but not the optimum"
EXCEPTIONS = "exceptions that do not cost what the goal says"
FAILED = "failed"
GOALS = "the goals are not the preset's"
FALSE = (VERDICT, UNVERIFIED, VALUE, SPOILT, REACHED, BOUND, PROVEN, OPTIMAL, EXCEPTIONS, GOALS)
"""The kinds that are false claims; the others are failures, or a quarrel of the judges."""


def findings(problem: Problem, preset: Preset, found: Solution, exact: Exact | Tried, truth: Truth) -> list[Finding]:
    """Everything that `found` says and that is not so."""
    if found.status is Status.FAILED:
        return [Finding(FAILED, said=f"{found.reason} {json.dumps(found.facts, default=str)}"[:400])]
    if found.status is Status.UNKNOWN:
        return []
    if found.status.has_answer != truth.feasible:
        told = [Finding(VERDICT, said=found.status.value, true="feasible" if truth.feasible else "infeasible")]
        return told + list(_of_answer(problem, found)) if found.status.has_answer else told
    return [*_of_answer(problem, found), *_of_goals(problem, preset, found, exact, truth)] if truth.feasible else []


def _of_answer(problem: Problem, found: Solution) -> Iterator[Finding]:
    broken = verify(problem, found)
    ours = counting.lawful(problem, found)
    if broken:
        yield Finding(UNVERIFIED, said=", ".join(sorted({each.rule for each in broken})))
    if bool(broken) == ours:
        rules = (
            sorted({each.rule for each in counting.breaches(problem, found)}) if counting.sound(problem, found) else []
        )
        yield Finding(JUDGES, said=", ".join(each.rule for each in broken) or "nothing", true=", ".join(rules))


def _of_goals(
    problem: Problem, preset: Preset, found: Solution, exact: Exact | Tried, truth: Truth
) -> Iterator[Finding]:
    results = {result.name: result for result in found.goals}
    if list(results) != [aim.name for aim in exact.aims]:
        yield Finding(GOALS, said=", ".join(results), true=", ".join(aim.name for aim in exact.aims))
        return
    if not counting.sound(problem, found):
        return
    counted = counting.values(problem, found, preset)
    yield from _of_exceptions(problem, found, counted)
    reached: dict[str, int] = {}
    for at, aim in enumerate(exact.aims):
        result, parts = results[aim.name], unit(problem, aim.name)
        if abs(result.value * parts - counted[aim.name]) > NEAR * parts:
            yield Finding(VALUE, aim.name, f"{result.value:g}", f"{counted[aim.name] / parts:g}")
        whole = _whole(result, parts)
        if not aim.keeps(counted[aim.name], aim.limit(whole)):
            yield Finding(SPOILT, aim.name, f"{counted[aim.name] / parts:g}", f"reached {whole / parts:g}")
        best = _best(exact, truth, aim, reached)
        yield from _of_goal(exact, aim, result, reached, best)
        if found.status is Status.OPTIMAL:
            yield from _of_optimal(aim, result, truth, parts, last=at == len(exact.aims) - 1)
        if best is None or aim.better(whole, best):
            return
        reached[aim.name] = whole


def _of_exceptions(problem: Problem, found: Solution, counted: dict[str, int]) -> Iterator[Finding]:
    listed = sum(each.amount * problem.flexible.get(each.rule, 0) for each in found.exceptions)
    if "exceptions" in counted and listed != counted["exceptions"]:
        yield Finding(EXCEPTIONS, "exceptions", f"{listed}", f"{counted['exceptions']}")


def _whole(result: GoalResult, parts: int) -> int:
    return round((result.value if result.reached is None else result.reached) * parts)


def _best(exact: Exact | Tried, truth: Truth, aim: Aim, reached: dict[str, int]) -> int | None:
    """T(k): known already where every earlier goal reached its optimum."""
    if all(truth.best[name] == whole for name, whole in reached.items()):
        return truth.best[aim.name]
    found = exact.best(aim.name, exact.limits(reached))
    return found and found[0]


def _of_goal(
    exact: Exact | Tried, aim: Aim, result: GoalResult, reached: dict[str, int], best: int | None
) -> Iterator[Finding]:
    parts = unit(exact.problem, aim.name)
    if best is None:
        yield Finding(REACHED, aim.name, said="earlier goals that cannot be had together")
        return
    whole, said = _whole(result, parts), f"{_whole(result, parts) / parts:g}"
    impossible = aim.better(whole, best) or (
        whole != best and exact.with_value(aim.name, whole, exact.limits(reached)) is None
    )
    if impossible:
        yield Finding(REACHED, aim.name, said, f"{best / parts:g}")
    if result.bound is not None and _beyond(aim, result.bound * parts, best):
        yield Finding(BOUND, aim.name, f"{result.bound:g}", f"{best / parts:g}")
    if _proven(result) and whole != best:
        yield Finding(PROVEN, aim.name, said, f"{best / parts:g}")


def _beyond(aim: Aim, bound: float, best: int) -> bool:
    near = NEAR * max(1, abs(best))
    return bound < best - near if aim.maximise else bound > best + near


def _proven(result: GoalResult) -> bool:
    reached = result.value if result.reached is None else result.reached
    return result.gap == 0 or (result.bound is not None and abs(result.bound - reached) <= NEAR)


def _of_optimal(aim: Aim, result: GoalResult, truth: Truth, parts: int, last: bool) -> Iterator[Finding]:
    whole, true = _whole(result, parts), truth.best[aim.name]
    if whole != true or not _proven(result):
        yield Finding(OPTIMAL, aim.name, f"{whole / parts:g}", f"{true / parts:g}")
    if last and abs(result.value * parts - true) > NEAR * parts:
        yield Finding(OPTIMAL, aim.name, f"value {result.value:g}", f"{true / parts:g}")
