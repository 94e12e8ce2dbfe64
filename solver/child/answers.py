"""What is handed on of what a child sent: only what counting confirms."""

import math
from dataclasses import replace

from solver.judge.verify import exceptions, verify
from solver.problem import GoalResult, Problem, Settings, Solution, Status

NEAR = 1e-6
"""Values are compared with this tolerance: a mix is a fraction."""


def read_answer(message: object) -> Solution:
    try:
        return Solution.from_json(str(message))
    except ValueError:
        return Solution(Status.FAILED, reason="unreadable")


def checked(problem: Problem, solution: Solution, settings: Settings) -> Solution:
    """The answer, if counting confirms it; *failed* with the broken rule if not.

    A lawful allocation whose goals are not what it has, or contradict themselves, keeps its place without any proof.
    """
    solution = replace(solution, settings=settings, problem_hash=problem.hash)
    if not solution.status.has_answer:
        return replace(solution, meetings=(), seats=())
    broken = verify(problem, solution)
    if broken:
        facts = {"rule": broken[0].rule, **broken[0].facts, "count": len(broken)}
        return Solution(Status.FAILED, reason="not_verified", facts=facts, settings=settings)
    counted = _counted(problem, solution)
    if _rightly(solution.goals, counted):
        return solution
    listed = tuple(exceptions(problem, solution))
    return replace(solution, status=Status.FEASIBLE, goals=counted, exceptions=listed, reason="contradiction")


def kept(problem: Problem, ended: Solution, sent: str | None, settings: Settings, seconds: float) -> Solution:
    """The best answer that the child had sent, instead of an end without one; `ended` where there is none.

    With a verified answer in hand a run never fails, and nothing is "impossible". Its bounds are those that were known
    when it was sent. `seconds` is how long it all took.
    """
    found = checked(problem, read_answer(sent), settings) if sent else ended
    if not found.status.has_answer:
        return ended
    reason = "contradiction" if ended.status is Status.INFEASIBLE else ended.reason
    return replace(
        found,
        status=Status.FEASIBLE,
        exceptions=tuple(exceptions(problem, found)),
        reason="stopped_at_limit" if reason in {"hung", ""} else reason,
        facts=ended.facts,
        seconds=round(seconds, 3),
        seed=settings.seed,
    )


def _rightly(said: tuple[GoalResult, ...], counted: tuple[GoalResult, ...]) -> bool:
    """The preset's goals, each with the value that was counted, and no bound beyond what was reached."""
    return [each.name for each in said] == [each.name for each in counted] and all(
        math.isclose(one.value, two.value, rel_tol=NEAR, abs_tol=NEAR) and _possible(one)
        for one, two in zip(said, counted, strict=True)
    )


def _possible(goal: GoalResult) -> bool:
    reached = goal.value if goal.reached is None else goal.reached
    known = [each for each in (reached, goal.bound, goal.gap) if each is not None]
    if not all(math.isfinite(each) for each in known):
        return False
    if goal.bound is None:
        return True
    beyond = reached - goal.bound if goal.sense == "maximise" else goal.bound - reached
    return beyond <= NEAR * max(1.0, abs(reached))


def _counted(problem: Problem, solution: Solution) -> tuple[GoalResult, ...]:
    from solver.model.objectives import order_of

    values = ((goal, goal.count(problem, solution)) for goal in order_of(problem, solution.settings.preset))
    return tuple(
        GoalResult(goal.name, value, None, None, "maximise" if goal.maximise else "minimise", value)
        for goal, value in values
    )
