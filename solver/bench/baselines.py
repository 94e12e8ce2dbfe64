"""The plain MILP to compare with: wishes alone under the family's rules, one variable for each person and start."""

import time
from dataclasses import dataclass

from ortools.linear_solver import pywraplp

from solver.problem import Problem


@dataclass(frozen=True)
class Baseline:
    """Wishes reached, the bound it proved, and the seconds it took in all; None where nothing was found."""

    name: str
    wishes: float | None
    bound: float | None
    seconds: float


def highs(problem: Problem, seconds: float) -> Baseline:
    """The plain MILP over given rooms (all alike in the families but for steps), solved by HiGHS."""
    began = time.monotonic()
    solver = pywraplp.Solver.CreateSolver("HIGHS") or pywraplp.Solver.CreateSolver("SCIP")
    seat = _seats(problem, solver)
    _people(problem, solver, seat)
    _meetings(problem, solver, seat)
    objective = solver.Sum(
        [
            problem.points(person, s) * var if person.favourites else 0 * var
            for (id, s, _), var in seat.items()
            for person in [problem.participant[id]]
        ]
    )
    solver.Maximize(objective + 10_000 * solver.Sum(list(seat.values())))
    solver.SetTimeLimit(int(1000 * max(1.0, seconds - (time.monotonic() - began))))
    status = solver.Solve()
    found = status in (pywraplp.Solver.OPTIMAL, pywraplp.Solver.FEASIBLE)
    value = None
    if found:
        value = sum(
            problem.points(problem.participant[id], s) * round(var.solution_value())
            for (id, s, _), var in seat.items()
            if problem.participant[id].favourites
        )
    bound = value if status == pywraplp.Solver.OPTIMAL else None
    return Baseline("highs", value, bound, time.monotonic() - began)


Seats = dict[tuple[str, str, str], pywraplp.Variable]


def _seats(problem: Problem, solver: pywraplp.Solver) -> Seats:
    found: Seats = {}
    for person in problem.participants:
        for session in problem.sessions:
            # In the families a session is held in one language, and nobody interprets.
            if person.id in session.staff or not person.attends or not session.languages <= person.understood:
                continue
            for slot in problem.slots:
                if problem.present(person, slot.id) and not _leads(problem, person.id, slot.id):
                    found[person.id, session.id, slot.id] = solver.BoolVar("")
    return found


def _leads(problem: Problem, person: str, slot: str) -> bool:
    """In `rep` and `single` whoever leads does so in every round."""
    return any(person in session.staff and session.offered == len(problem.slots) for session in problem.sessions)


def _people(problem: Problem, solver: pywraplp.Solver, seat: Seats) -> None:
    for person in problem.participants:
        for slot in problem.slots:
            here = [seat[person.id, s.id, slot.id] for s in problem.sessions if (person.id, s.id, slot.id) in seat]
            if here:
                solver.Add(solver.Sum(here) <= 1)
        for session in problem.sessions:
            visits = [seat[person.id, session.id, t.id] for t in problem.slots if (person.id, session.id, t.id) in seat]
            if len(visits) > 1:
                solver.Add(solver.Sum(visits) <= 1)


def _meetings(problem: Problem, solver: pywraplp.Solver, seat: Seats) -> None:
    """Sizes, quotas, and which meeting gets a step-free room."""
    free = sum("step_free" in room.features for room in problem.rooms)
    for slot in problem.slots:
        steps = []
        for session in problem.sessions:
            here = [
                (p, seat[p.id, session.id, slot.id])
                for p in problem.participants
                if (p.id, session.id, slot.id) in seat
            ]
            held = solver.BoolVar("") if session.offered < len(problem.slots) else 1
            step_free = solver.BoolVar("")
            steps.append(step_free)
            everybody = solver.Sum([var for _, var in here])
            most = min(session.maximum or 18, 18 - len(session.staff))
            solver.Add(everybody <= most * held)
            solver.Add(everybody >= session.minimum * held)
            needing = [var for p, var in here if p.needs]
            if needing:
                solver.Add(solver.Sum(needing) <= most * step_free)
            for quota in problem.quotas:
                counted = [var for p, var in here if p.attributes.get(quota.attribute) == quota.value]
                if quota.maximum is not None and counted:
                    solver.Add(solver.Sum(counted) <= quota.maximum)
        solver.Add(solver.Sum(steps) <= free)
