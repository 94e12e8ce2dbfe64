"""The route over flows: meetings placed, people seated by min-cost flows, both improved as long as there is time.

Where no rule couples people beyond sizes, quotas of one attribute and the day's wishes, this is close to the proven
optimum in a fraction of the time of a joint model; elsewhere it is the joint model's start.
"""

import logging
from collections.abc import Callable

from solver.flow.day import Day
from solver.flow.plan import plan
from solver.flow.timetable import points_of
from solver.problem import Status
from solver.search import by_model, feasibility, near_earlier, start
from solver.search.budget import Budget
from solver.search.flow_search import FlowSearch
from solver.search.improving import improve
from solver.search.moving import can_move, moved_until_lawful, placed_better
from solver.search.proving import prove, prove_unplaced
from solver.search.task import Task

log = logging.getLogger(__name__)

IMPROVE, PROVE = 0.75, 0.85
"""Until which share of the time answers are improved and bounds are sought, where a joint model comes after."""
IMPROVE_ALONE = 0.62
"""The first of them where flows are all there is."""
LATE = 0.97
"""Until which bounds are sought where improving took longer than its share: an answer without any says little."""
PLACE = 0.35
"""Until which share of the time meetings, languages and interpreters are moved where somebody has no place yet."""
NEAR = 0.4
"""Until which share of the time a repair looks near the earlier allocation, before everything may move."""
SMALL = 100
"""Up to so many (person, start) pairs the joint model alone is quicker, and proves more."""
LEAD = 0.4
"""The share of what is left that a joint model gets for placing everybody where flows did not."""


def fits(task: Task) -> bool:
    """People attend everything and rank their wishes: our own kind of conference."""
    problem = task.problem
    ours = problem.objective == "ranked" and problem.full_day and not problem.only_wanted and bool(problem.sessions)
    return ours and not task.without and "wishes" in task.incumbent.goals


def search(task: Task) -> Status:
    """Flows for people, a joint model for what couples beyond them; each goes on from the other's best."""
    settings = task.settings
    flows = FlowSearch(task.problem, settings.preset, task.incumbent, settings.seed, settings.time_limit)
    task.route.append("min-cost flows")
    joint = by_model.fits(task)
    _try(task, lambda: _start(task, flows))
    if task.budget.over and task.incumbent.best:
        task.mix_left_out = _left_out(task, flows)
        return Status.FEASIBLE
    model = task.model(task.order)
    if joint:
        task.stay_near(model)
    if joint and (task.incumbent.best is None or not task.incumbent.proven("unplaced")):
        ended = _lead(task)
        if task.incumbent.best is None:
            return ended
    if task.incumbent.best is None:
        return Status.UNKNOWN
    if task.pairs <= SMALL:
        before = task.incumbent.best
        task.pursue(model, "CP-SAT goal by goal")
        task.mix_left_out = task.budget.over and task.incumbent.best is before and _left_out(task, flows)
        return Status.FEASIBLE
    whole = task.settings.time_limit
    until = task.budget.until(IMPROVE if joint else IMPROVE_ALONE, whole)
    counted = _try(task, lambda: improve(flows, flows.steps(until)))
    soon, late = task.budget.until(PROVE, whole), task.budget.until(LATE, whole)
    _try(task, lambda: _prove(task, flows, late if soon.over else soon))
    found = task.incumbent.best
    if joint and not task.incumbent.settled and task.worth_building:
        task.pursue(model, "CP-SAT goal by goal")
    task.mix_left_out = counted and task.incumbent.best is found and _left_out(task, flows)
    return Status.FEASIBLE


def _left_out(task: Task, flows: FlowSearch) -> bool:
    """Whether mix can be better than it is and was not sought."""
    return flows.seeks_mix and not flows.sought_mix and not task.incumbent.proven("mix")


def _try(task: Task, step: Callable[[], None]) -> bool:
    """Whether it was gone to its end: what flows cannot count is left out, and others go on from what was found."""
    try:
        step()
    except OverflowError as error:
        log.warning("flows: %s", error)
        task.reason = str(error)
        return False
    return True


def _start(task: Task, flows: FlowSearch) -> None:
    """A first day; where somebody has no place there, on from it by moves."""
    if task.is_near:
        near_earlier.begin(flows, flows.steps(task.budget.until(NEAR, task.settings.time_limit)))
        if task.incumbent.best:
            return
    day = begin(flows, task.budget)
    if day is not None and not task.incumbent.proven("unplaced") and can_move(flows, day.timetable):
        _place(flows, day, flows.steps(task.budget.until(PLACE, task.settings.time_limit)))


def begin(flows: FlowSearch, budget: Budget) -> Day | None:
    """A first day, offered unless it breaks a rule that flows cannot say; and how many must lack a place.

    The first answer is sought however little time there is; what follows only if it fits. None where there is no day.
    """
    timetable = start.first_timetable(flows.arrays)
    day, began = Day(timetable), budget.elapsed
    planned = None if flows.stable else plan(timetable)
    one_flow = budget.elapsed - began
    found = day.fill(planned, flows.weights(worst=0))
    if found:
        day = feasibility.without_empty(day, flows.weights(worst=0))
        flows.offer(day)
    if budget.fits(one_flow):
        prove_unplaced(flows.known, flows.merged)
    return day if found else None


def _place(flows: FlowSearch, day: Day, ended: Callable[[], bool]) -> None:
    """From the first day on, lawful or not, towards a lawful one with a place for everybody."""
    if flows.known.best is None:
        moved_until_lawful(flows, day, ended)
    if flows.known.best is not None:
        flows.offer(placed_better(flows, flows.best(), ended))


def _lead(task: Task) -> Status:
    """The joint model where flows leave somebody out: whether all can be placed, and the worst-off."""
    names = [goal.name for goal in task.order]
    until = names.index("worst_off") + 1
    return task.pursue(task.model(task.order[:until]), "CP-SAT for places and the worst-off", LEAD)


def _prove(task: Task, flows: FlowSearch, budget: Budget) -> None:
    day = flows.best()
    points = points_of(day.timetable, day.at).sum(axis=1)
    prove(task.incumbent, flows.merged, points, flows.steps(budget))
    for goal in task.order:
        task.told(goal.name, None, None)
