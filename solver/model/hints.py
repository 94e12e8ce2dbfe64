"""The values of a known answer for all of a model's variables, so that an engine goes on from there.

Variables that were made after the answer was found (a later goal's helpers) follow from the others; what an engine has
never seen is not asked of it, since it would answer with whatever lies in memory behind its values.
"""

from ortools.sat.python import cp_model
from ortools.sat.python.cp_model_helper import CpSolverResponse, ResponseHelper

from solver.model.cpsat import Outcome
from solver.model.variables import Linear, Variables


class Hints:
    """Of one answer: `value` of every variable that the engine knew, and of the helpers that follow from them."""

    def __init__(self, outcome: Outcome):
        self.values = CpSolverResponse()
        self.values.copy_from(outcome.response)

    def give(self, model: cp_model.CpModel, x: Variables) -> None:
        """Hint every place, and every helper whose value is known or follows, within its domain."""
        known = len(self.values.solution)
        self._add_helpers(model, x)
        model.clear_hints()
        for literal in x.everything():
            if literal.index < known:
                model.add_hint(literal, self.value(literal))
        for variable in [short for short, _, _ in x.falls_short] + [variable for variable, _ in x.derived]:
            model.add_hint(variable, self.value(variable))

    def value(self, expression: Linear) -> int:
        return int(ResponseHelper.value(self.values, expression))

    def _add_helpers(self, model: cp_model.CpModel, x: Variables) -> None:
        """Values of variables made since, in the order in which they were made: each follows from earlier ones."""
        made = len(self.values.solution)
        self.values.solution.extend([0] * (len(model.proto.variables) - made))
        helpers: list[tuple[cp_model.IntVar, int | None, tuple[Linear, ...]]] = []
        helpers += [(short, wanted, (got,)) for short, wanted, got in x.falls_short if short.index >= made]
        helpers += [(variable, None, bounds) for variable, bounds in x.derived if variable.index >= made]
        for variable, wanted, parts in sorted(helpers, key=lambda helper: helper[0].index):
            here = [self.value(part) for part in parts]
            value = max(here, default=0) if wanted is None else int(here[0] < wanted)
            domain = list(model.proto.variables[variable.index].domain)
            self.values.solution[variable.index] = min(max(value, domain[0]), domain[-1])
