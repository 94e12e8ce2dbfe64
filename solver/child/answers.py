"""What is handed on of what a child sent: only what counting confirms."""

from dataclasses import replace

from solver.judge.verify import exceptions, verify
from solver.problem import GoalResult, Problem, Settings, Solution, Status


def read_answer(message: object) -> Solution:
    try:
        return Solution.from_json(str(message))
    except ValueError:
        return Solution(Status.FAILED, reason="unreadable")


def checked(problem: Problem, solution: Solution, settings: Settings) -> Solution:
    """The answer, if counting confirms it; *failed* with the broken rule if not."""
    solution = replace(solution, settings=settings, problem_hash=problem.hash)
    if not solution.status.has_answer:
        return replace(solution, meetings=(), seats=())
    broken = verify(problem, solution)
    if broken:
        facts = {"rule": broken[0].rule, **broken[0].facts, "count": len(broken)}
        return Solution(Status.FAILED, reason="not_verified", facts=facts, settings=settings)
    return solution


def kept(problem: Problem, ended: Solution, sent: str | None, settings: Settings, seconds: float) -> Solution:
    """The best answer that the child had sent, instead of an end without one; `ended` where there is none.

    With a verified answer in hand a run never fails, and nothing is "impossible". Its goals are counted here and have
    no bound, because the proofs were lost with the child. `seconds` is how long it all took.
    """
    found = checked(problem, read_answer(sent), settings) if sent else ended
    if not found.status.has_answer:
        return ended
    reason = "contradiction" if ended.status is Status.INFEASIBLE else ended.reason
    return replace(
        found,
        status=Status.FEASIBLE,
        goals=_counted(problem, found),
        exceptions=tuple(exceptions(problem, found)),
        reason="stopped_at_limit" if reason in {"hung", ""} else reason,
        facts=ended.facts,
        seconds=round(seconds, 3),
        seed=settings.seed,
    )


def _counted(problem: Problem, solution: Solution) -> tuple[GoalResult, ...]:
    from solver.model.objectives import order_of

    values = ((goal, goal.count(problem, solution)) for goal in order_of(problem, solution.settings.preset))
    return tuple(
        GoalResult(goal.name, value, None, None, "maximise" if goal.maximise else "minimise", value)
        for goal, value in values
    )
