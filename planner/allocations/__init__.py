"""The application's only door to solver/: state the problem, store the solution, check, explain, publish."""

from planner.allocations.curve import curve
from planner.allocations.explaining import day_of, group_titles, here_sentence, note
from planner.allocations.preflight import Hint, preflight
from planner.allocations.problem import problem_of
from planner.allocations.publish import publish, unpublish
from planner.allocations.reasons import relaxations, shortfalls
from planner.allocations.repairing import Moved, moves_against
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
    "Moved",
    "cancel",
    "claim",
    "create",
    "curve",
    "day_of",
    "finish",
    "group_titles",
    "heartbeat",
    "here_sentence",
    "moves_against",
    "note",
    "note_progress",
    "preflight",
    "problem_of",
    "publish",
    "reap",
    "recent",
    "relaxations",
    "report",
    "shortfalls",
    "stop",
    "to_start",
    "unpublish",
    "wish_of",
]
