"""People, sessions, rooms and rounds in one model: the whole face of the solver.

`solve(problem, settings) -> Solution` (status first), `verify(problem, solution) -> [Violation]`, `diagnose`,
`explain`, `repair`, `forecast`, `fairness`. Everybody outside imports from here, never from a part. What needs
OR-Tools is loaded when it is first used, so that pages start fast.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from solver.judge.verify import verify
from solver.problem import (
    Company,
    Fault,
    Given,
    GoalResult,
    Interpreter,
    Interpreting,
    Level,
    Lock,
    Meeting,
    Mode,
    Objective,
    Participant,
    Place,
    Preset,
    Previous,
    Problem,
    ProblemError,
    Progress,
    Quota,
    Role,
    Room,
    Seat,
    Session,
    Settings,
    Slot,
    Solution,
    Spread,
    Status,
    Violation,
    checked,
    goal,
)
from solver.problem.allowances import expected_seconds, most_seconds
from solver.problem.codec import plain, read

if TYPE_CHECKING:
    from solver.bench.command import measure
    from solver.child import solve_apart
    from solver.cli.commands import convert_file, diagnose_file, explain_files, solve_file, verify_files
    from solver.questions.day_changes import Absent, Instead, Locked, Merged, RoomLost, WalkIn
    from solver.questions.diagnosis import Diagnosis, diagnose
    from solver.questions.explanation import Explanation, Spoken, WhyNot, explain
    from solver.questions.fairness import Fairness, fairness
    from solver.questions.forecast import Shortfall, forecast
    from solver.questions.mending import Repair, repair
    from solver.questions.moves import Move
    from solver.questions.nearest import nearest
    from solver.questions.rules_in_force import rules_in_force
    from solver.questions.satisfaction import (
        SMALL,
        Interpreters,
        PersonsDay,
        Satisfaction,
        Whole,
        satisfaction,
        who_counts,
    )
    from solver.questions.shortage import Shortage, places, shortages
    from solver.search.routes import solve

LATER = {
    "rules_in_force": "solver.questions.rules_in_force",
    **dict.fromkeys(("Shortage", "places", "shortages"), "solver.questions.shortage"),
    "measure": "solver.bench.command",
    **dict.fromkeys(
        ("convert_file", "diagnose_file", "explain_files", "solve_file", "verify_files"), "solver.cli.commands"
    ),
    "solve": "solver.search.routes",
    "solve_apart": "solver.child",
    **dict.fromkeys(("Diagnosis", "diagnose"), "solver.questions.diagnosis"),
    **dict.fromkeys(("Explanation", "Spoken", "WhyNot", "explain"), "solver.questions.explanation"),
    **dict.fromkeys(("Fairness", "fairness"), "solver.questions.fairness"),
    **dict.fromkeys(("Shortfall", "forecast"), "solver.questions.forecast"),
    **dict.fromkeys(
        ("SMALL", "Interpreters", "PersonsDay", "Satisfaction", "Whole", "satisfaction", "who_counts"),
        "solver.questions.satisfaction",
    ),
    **dict.fromkeys(
        ("Absent", "Instead", "Locked", "Merged", "RoomLost", "WalkIn"),
        "solver.questions.day_changes",
    ),
    **dict.fromkeys(("Repair", "repair"), "solver.questions.mending"),
    "Move": "solver.questions.moves",
    "nearest": "solver.questions.nearest",
}
"""Names that are looked up in their package when first used."""


def __getattr__(name: str) -> Any:
    if name not in LATER:
        raise AttributeError(f"module 'solver' has no attribute {name!r}")
    return getattr(import_module(LATER[name]), name)


__all__ = [
    "SMALL",
    "Absent",
    "Company",
    "Diagnosis",
    "Explanation",
    "Fairness",
    "Fault",
    "Given",
    "GoalResult",
    "Instead",
    "Interpreter",
    "Interpreters",
    "Interpreting",
    "Level",
    "Lock",
    "Locked",
    "Meeting",
    "Merged",
    "Mode",
    "Move",
    "Objective",
    "Participant",
    "PersonsDay",
    "Place",
    "Preset",
    "Previous",
    "Problem",
    "ProblemError",
    "Progress",
    "Quota",
    "Repair",
    "Role",
    "Room",
    "RoomLost",
    "Satisfaction",
    "Seat",
    "Session",
    "Settings",
    "Shortage",
    "Shortfall",
    "Slot",
    "Solution",
    "Spoken",
    "Spread",
    "Status",
    "Violation",
    "WalkIn",
    "Whole",
    "WhyNot",
    "checked",
    "convert_file",
    "diagnose",
    "diagnose_file",
    "expected_seconds",
    "explain",
    "explain_files",
    "fairness",
    "forecast",
    "goal",
    "measure",
    "most_seconds",
    "nearest",
    "places",
    "plain",
    "read",
    "repair",
    "rules_in_force",
    "satisfaction",
    "shortages",
    "solve",
    "solve_apart",
    "solve_file",
    "verify",
    "verify_files",
    "who_counts",
]
