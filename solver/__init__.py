"""People, sessions, rooms and rounds in one model: solve(problem, settings) -> Solution, verify, diagnose."""

import threading
from typing import TYPE_CHECKING

from solver.problem import Preset, Problem, Settings, Solution, Status, Violation
from solver.reading import Fault, ProblemError
from solver.verify import verify

if TYPE_CHECKING:
    from solver.diagnosis import Diagnosis
    from solver.search import Listener

__all__ = [
    "Fault",
    "Preset",
    "Problem",
    "ProblemError",
    "Settings",
    "Solution",
    "Status",
    "Violation",
    "diagnose",
    "solve",
    "verify",
]


def solve(
    problem: Problem,
    settings: Settings | None = None,
    progress: "Listener | None" = None,
    stop: threading.Event | None = None,
) -> Solution:
    """See solver.search.solve; OR-Tools is loaded only when something is solved."""
    from solver.search import solve as run

    return run(problem, settings, progress, stop)


def diagnose(problem: Problem, time_limit: float = 10) -> "Diagnosis":
    """See solver.diagnosis.diagnose."""
    from solver.diagnosis import diagnose as run

    return run(problem, time_limit)
