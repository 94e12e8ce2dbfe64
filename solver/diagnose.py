"""Why no solution can exist: the smallest set of rules that conflict, found by leaving rules out one by one."""

import time
from dataclasses import dataclass

from ortools.sat.python import cp_model

from solver import rules, variables
from solver.problem import Problem, Status


@dataclass(frozen=True)
class Diagnosis:
    """`rules` conflict with each other, and none of them can be spared; `minimal` is False if time ran out."""

    status: Status
    rules: tuple[str, ...] = ()
    minimal: bool = True


def diagnose(problem: Problem, time_limit: float = 10) -> Diagnosis:
    """Deletion filter over the rules (Chinneck, Feasibility and Infeasibility in Optimization, 2008, ch. 6)."""
    ends = time.monotonic() + time_limit
    status = _possible(problem, frozenset(), ends)
    if status is not Status.INFEASIBLE:
        return Diagnosis(status)
    spared: frozenset[str] = frozenset()
    minimal = True
    for rule in rules.ALL:
        name = rule.__name__
        answer = _possible(problem, spared | {name}, ends)
        if answer is Status.INFEASIBLE:
            spared |= {name}
        elif not answer.has_answer:
            minimal = False
    named = tuple(rule.__name__ for rule in rules.ALL if rule.__name__ not in spared)
    return Diagnosis(Status.INFEASIBLE, named, minimal)


def _possible(problem: Problem, without: frozenset[str], ends: float) -> Status:
    """Whether anything satisfies the other rules, without asking how good it is."""
    model = cp_model.CpModel()
    x = variables.create(model, problem)
    for rule in rules.ALL:
        if rule.__name__ not in without:
            rule(model, problem, x)
    engine = cp_model.CpSolver()
    engine.parameters.max_time_in_seconds = max(0.1, ends - time.monotonic())
    engine.parameters.num_workers = 2
    names = {
        cp_model.OPTIMAL: Status.FEASIBLE,
        cp_model.FEASIBLE: Status.FEASIBLE,
        cp_model.INFEASIBLE: Status.INFEASIBLE,
    }
    return names.get(engine.solve(model), Status.UNKNOWN)
