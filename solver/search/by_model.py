"""The route of everything that no other fits: one CP-SAT model, goal after goal."""

from solver.problem import Solution, Status
from solver.search import start
from solver.search.task import Task

MOST_PAIRS = 60_000
"""Up to so many (person, start) pairs a joint model is built: beyond, building it takes longer than the limit."""


def fits(task: Task) -> bool:
    return task.pairs <= MOST_PAIRS


def search(task: Task) -> Status:
    """A first answer, and the model where it is not too large."""
    begin(task)
    if not fits(task):
        return Status.FEASIBLE if task.incumbent.best else Status.UNKNOWN
    model = task.model(task.order)
    task.stay_near(model)
    return task.pursue(model, "CP-SAT goal by goal")


def begin(task: Task) -> None:
    """A first answer in milliseconds, or a hint where it breaks a rule."""
    if not task.without:
        meetings, seats = start.first_answer(task.problem)
        task.start = Solution(Status.FEASIBLE, tuple(meetings), tuple(seats))
        task.incumbent.offer(task.start)
