"""The application's only door to solver/: state the problem, store the solution, check, explain, publish."""

from planner.allocations.results.answer import is_readable, knows, note
from planner.allocations.results.curve import curve
from planner.allocations.results.glance import Glance, glance
from planner.allocations.results.moves import Moved, moves_against
from planner.allocations.results.outdated import Outdated, fit, outdated
from planner.allocations.results.publish import doubts, publish, unpublish
from planner.allocations.results.report import bounds, meeting, report
from planner.allocations.runs.emptied import empty_chairs, forget_needs
from planner.allocations.runs.life import (
    FORGOTTEN,
    ask,
    cancel,
    claim,
    create,
    finish,
    give_back,
    heartbeat,
    note_progress,
    reap,
    recent,
    stop,
    to_start,
    wish_of,
)
from planner.allocations.runs.snapshot import Contradiction, problem_of, today, who_counts
from planner.allocations.runs.work import run
from planner.allocations.words.ahead import forecast
from planner.allocations.words.comparison import comparison
from planner.allocations.words.endings import ending, kept, waiting
from planner.allocations.words.explaining import Told, day_of, group_titles
from planner.allocations.words.fairness import note_rows
from planner.allocations.words.hint import Hint
from planner.allocations.words.misfit import Misfit, misfits
from planner.allocations.words.missing import causes, lacking, preflight
from planner.allocations.words.names import Names
from planner.allocations.words.parts import interpreting, whole
from planner.allocations.words.proof import proof
from planner.allocations.words.provisional import provisional
from planner.allocations.words.remedies import relaxations
from planner.allocations.words.standing import Standing, published_on, standing
from planner.allocations.words.stands import State, stands
from planner.allocations.words.summary import changes, few, in_charge, shortage, summary
from solver import Preset, Settings, Solution, Whole

__all__ = [
    "FORGOTTEN",
    "Contradiction",
    "Glance",
    "Hint",
    "Misfit",
    "Moved",
    "Names",
    "Outdated",
    "Preset",
    "Settings",
    "Solution",
    "Standing",
    "State",
    "Told",
    "Whole",
    "ask",
    "bounds",
    "cancel",
    "causes",
    "changes",
    "claim",
    "comparison",
    "create",
    "curve",
    "day_of",
    "doubts",
    "empty_chairs",
    "ending",
    "few",
    "finish",
    "fit",
    "forecast",
    "forget_needs",
    "give_back",
    "glance",
    "group_titles",
    "heartbeat",
    "in_charge",
    "interpreting",
    "is_readable",
    "kept",
    "knows",
    "lacking",
    "meeting",
    "misfits",
    "moves_against",
    "note",
    "note_progress",
    "note_rows",
    "outdated",
    "preflight",
    "problem_of",
    "proof",
    "provisional",
    "publish",
    "published_on",
    "reap",
    "recent",
    "relaxations",
    "report",
    "run",
    "shortage",
    "standing",
    "stands",
    "stop",
    "summary",
    "to_start",
    "today",
    "unpublish",
    "waiting",
    "who_counts",
    "whole",
    "wish_of",
]
