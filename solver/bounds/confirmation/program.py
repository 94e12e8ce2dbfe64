"""A linear program in whole numbers: columns and rows as they are added, handed to a MILP engine at the end."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from ortools.linear_solver import linear_solver_pb2, pywraplp

Terms = list[tuple[int, int]]
"""A sum: (coefficient, column) pairs; a column may stand in it several times."""
ENGINE = "SCIP"
"""Not CP-SAT, which the search uses: an error of one engine is then not repeated by the other.

HiGHS is three to five times slower here and writes its name to standard output, whatever it is told.
"""


@dataclass
class Program:
    """`upper[column]` bounds a whole number from above, 0 from below; a row is (terms, least, most)."""

    upper: list[int] = field(default_factory=list)
    rows: list[tuple[Terms, float, float]] = field(default_factory=list)

    def whole(self, most: int = 1) -> int:
        """A new column for a whole number from 0 to `most`; returns its index."""
        self.upper.append(most)
        return len(self.upper) - 1

    def at_most(self, terms: Terms, number: int) -> None:
        self.rows.append((terms, float("-inf"), number))

    def at_least(self, terms: Terms, number: int) -> None:
        self.rows.append((terms, number, float("inf")))

    def equal(self, terms: Terms, number: int) -> None:
        self.rows.append((terms, number, number))

    def never(self, columns: Iterable[int]) -> None:
        for column in columns:
            self.upper[column] = 0

    def solve(self, seconds: float) -> tuple[bool | None, list[int]]:
        """Whether any whole numbers satisfy all rows, and which; (None, []) where the engine does not say.

        Example: `program.solve(5.0)` -> `(True, [1, 0, 3])`.
        """
        solver = pywraplp.Solver.CreateSolver(ENGINE)
        if solver is None:
            return None, []
        solver.SetTimeLimit(max(1, round(seconds * 1000)))
        if solver.LoadModelFromProto(self._proto()):
            return None, []  # what it says against the program
        status = solver.Solve()
        if status in (pywraplp.Solver.OPTIMAL, pywraplp.Solver.FEASIBLE):
            return True, [round(variable.solution_value()) for variable in solver.variables()]
        return (False if status == pywraplp.Solver.INFEASIBLE else None), []

    def _proto(self) -> linear_solver_pb2.MPModelProto:
        proto = linear_solver_pb2.MPModelProto()
        for most in self.upper:
            proto.variable.add(lower_bound=0, upper_bound=most, is_integer=True)
        for terms, least, greatest in self.rows:
            row = proto.constraint.add(lower_bound=least, upper_bound=greatest)
            sums: dict[int, int] = {}
            for factor, column in terms:
                sums[column] = sums.get(column, 0) + factor
            row.var_index.extend(sums.keys())
            row.coefficient.extend(sums.values())
        return proto
