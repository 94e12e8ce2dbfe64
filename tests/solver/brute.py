"""The best solution by trying everything: tiny problems with given meetings only."""

from collections.abc import Iterator
from itertools import product

from solver import Preset, Problem, Seat, Solution, verify
from solver.model import objectives
from tests.solver.makers import solution


def everything(problem: Problem) -> Iterator[Solution]:
    """Every way to seat people in the given meetings, a missing place included, if it breaks no rule."""
    held = [(given.session, given.slot, given.room or "") for given in problem.meetings]
    base = solution(problem, held, {})
    places = [
        (person.id, slot.id)
        for person in problem.participants
        for slot in problem.slots
        if problem.present(person, slot.id)
    ]
    options = [[None, *(session for session, at, _ in held if at == slot)] for _, slot in places]
    for choice in product(*options):
        seats = tuple(
            Seat(person, slot, f"{session}@{slot}")
            for (person, slot), session in zip(places, choice, strict=True)
            if session
        )
        candidate = Solution(base.status, base.meetings, base.seats + seats)
        if not verify(problem, candidate):
            yield candidate


def best(problem: Problem, preset: Preset) -> dict[str, float] | None:
    """The value of each goal, each optimal among what the earlier ones (with their slack) leave."""
    left = list(everything(problem))
    if not left:
        return None
    values: dict[str, float] = {}
    for goal in objectives.ORDER[preset]:
        counted = [(goal.count(problem, found), found) for found in left]
        top = max(value for value, _ in counted) if goal.maximise else min(value for value, _ in counted)
        values[goal.name] = top
        allowed = round(abs(top) * goal.unit(problem) * goal.slack) / goal.unit(problem) + goal.extra
        left = [
            found
            for value, found in counted
            if (value >= top - allowed - 1e-9 if goal.maximise else value <= top + allowed + 1e-9)
        ]
    return values
