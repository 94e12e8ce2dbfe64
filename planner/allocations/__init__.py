"""The application's only door to solver/: state the problem, store the solution, check, explain, publish."""

from planner.allocations.curve import curve
from planner.allocations.preflight import Hint, preflight
from planner.allocations.problem import problem_of
from planner.allocations.publish import publish, unpublish
from planner.allocations.results import report
from planner.allocations.runs import (
    cancel,
    claim,
    create,
    finish,
    heartbeat,
    note_progress,
    reap,
    recent,
    stop,
    to_start,
    wish_of,
)

__all__ = [
    "Hint",
    "cancel",
    "claim",
    "create",
    "curve",
    "finish",
    "heartbeat",
    "note_progress",
    "preflight",
    "problem_of",
    "publish",
    "reap",
    "recent",
    "report",
    "stop",
    "to_start",
    "unpublish",
    "wish_of",
]
