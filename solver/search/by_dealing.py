"""The route of conferences where single assignments cost: sessions dealt onto slots, people by one flow per slot."""

from solver.problem import Preset, Solution, Status
from solver.search import by_model
from solver.search.foreign import dealing
from solver.search.task import Task

ROUNDS_PER_UNIT = 100
"""Moves tried where only a deterministic budget counts, per unit of it."""
CLOSING = 0.5
"""Seconds kept back for the last answer's verification, a tenth of the limit at most."""


def fits(task: Task) -> bool:
    return not task.without and task.settings.preset is Preset.NATIVE and dealing.fits(task.problem)


def search(task: Task) -> Status:
    """Verified answers only; on to the whole model where a rule is broken that dealing cannot say."""
    task.route.append("flows per set of sessions")
    fixed, limit, known = task.settings.deterministic, task.settings.time_limit, task.incumbent
    reserve = 0.0 if fixed else min(CLOSING, limit / 10)

    def better(found: Solution) -> None:
        known.offer(found)

    found, proven = dealing.improve(
        task.problem,
        task.settings.seed,
        lambda: not task.budget.fits(reserve),
        better,
        round(limit * ROUNDS_PER_UNIT) if fixed else None,
    )
    known.offer(found)
    for name, value in dealing.bounds(task.problem).items():
        known.learn(name, value, "cheapest_of_each")
    if known.best is None:
        return by_model.search(task)
    if proven:
        given: dict[str, float] = {}
        for goal in task.order:
            known.learn(goal.name, known.value(goal.name), "every_deal_tried", dict(given))
            given[goal.name] = known.value(goal.name)
    return Status.FEASIBLE
