"""A wish forced and the day solved again with the fewest moves: whether it is possible, and who would pay for it."""

from dataclasses import dataclass

from solver.problem import Lock, Preset, Problem, Settings, Solution
from solver.questions.day_changes import Locked
from solver.questions.day_changes import apply as after
from solver.questions.if_moved import order_of, points, shown, worse
from solver.questions.moves import moves


@dataclass(frozen=True)
class Forced:
    """What came out when the wish was forced and as little as possible changed elsewhere."""

    possible: bool | None  # None: no answer in time
    moved: int | None = None  # other people who would sit elsewhere; None for few
    lower: int | None = None  # of them, who would get less than now; None for few
    goal: str | None = None  # the most important goal that would suffer


def forced(problem: Problem, solution: Solution, participant: str, wish: str, slot: str, time_limit: float) -> Forced:
    """Solve again with the wish as a lock (its meeting starts in `slot`), programme and languages held.

    As few people as possible move; `time_limit` in seconds.
    """
    from solver.search.routes import solve

    change = Locked(Lock(participant, wish, slot))
    changed = after(problem, solution, [change])
    found = solve(changed, Settings(preset=Preset.REPAIR, time_limit=time_limit, workers=1))
    if not found.status.has_answer:
        return Forced(False if found.status == "infeasible" else None)
    others = {
        move.participant for move in moves(solution, found, [change]) if move.participant not in (None, participant)
    }
    lower = sum(points(problem, found, id) < points(problem, solution, id) for id in others if id)
    suffering = (
        goal.name
        for goal in order_of(problem, solution)
        if goal.name != "stability" and worse(goal, problem, solution, found)
    )
    return Forced(True, shown(len(others)), shown(lower), next(suffering, None))


def blurred(tried: Forced) -> Forced:
    """Behind the neutral code no number may say which rule it was: few and none look the same, as do two failures."""
    if not tried.possible:
        return Forced(None)
    return Forced(True, tried.moved or None, tried.lower or None)
