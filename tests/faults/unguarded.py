"""The control arm of FLT-4: `planner` with solvers that know no parent to end with."""

from functools import partial

from planner.allocations.runs import work
from planner.cli import main
from solver import solve_apart
from tests.faults.orphan import unguarded_work

if __name__ == "__main__":
    work.solve_apart = partial(solve_apart, target=unguarded_work)  # type: ignore[assignment]
    main()
