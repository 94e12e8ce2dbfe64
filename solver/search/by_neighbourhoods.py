"""The route of conferences whose people attend what they rated: one model for a bound, then parts of it anew."""

from solver.problem import Solution, Status
from solver.search import by_model
from solver.search.foreign import lns
from solver.search.task import Task

FOR_THE_BOUND = 0.2
"""How much of the time the whole model gets: most of it for the bound."""
ROUNDS_PER_UNIT = 2
"""Neighbourhoods tried where only a deterministic budget counts, per unit of it."""


def fits(task: Task) -> bool:
    return not task.without and by_model.fits(task) and lns.fits(task.problem)


def search(task: Task) -> Status:
    """The whole model for an answer and a bound, then a few sessions placed anew at a time."""
    by_model.begin(task)
    goal, known, settings = task.order[0], task.incumbent, task.settings
    model = task.model(task.order)
    ended = task.pursue(model, "CP-SAT for an answer and a bound", FOR_THE_BOUND)
    if known.best is None and ended is Status.UNKNOWN and settings.deterministic:
        ended = task.pursue(model, "CP-SAT once more")
    if known.best is None or task.budget.over or known.proven(goal.name):
        return ended
    task.route.append("CP-SAT on neighbourhoods")

    def better(found: Solution) -> None:
        known.offer(found)

    lns.improve(
        task.problem,
        known.best,
        lambda: task.budget.over,
        1 if settings.deterministic else settings.workers,
        settings.seed,
        better,
        task.budget.meter.stop,
        round(task.budget.left * ROUNDS_PER_UNIT) if settings.deterministic else None,
    )
    return ended
