"""From an earlier allocation to one for a changed day, with the fewest moves, and the list of moves with reasons.

Minimal perturbation (El Sakkout and Wallace, Constraints 5, 2000): what was decided stays given where it can, and the
goal *stability* comes before all wishes. Meetings keep slot, room and working language unless a change touches them,
or `nearest` says otherwise.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from solver.judge import scores
from solver.problem import Preset, Problem, Settings, Solution
from solver.questions.day_changes import Change, apply
from solver.questions.moves import Move, moves
from solver.questions.nearest import nearest
from solver.search.routes import solve

SHARES = (1.0, 0.5, 0.75)
"""Of what is left, what a search may use where up to none, one or two may follow: most repairs need the first only."""
LEAST = 0.5
"""Seconds for a search, however little is left."""


@dataclass(frozen=True)
class Repair:
    """`problem` is what `solution` answers: the changed day, with what of the earlier allocation was held."""

    problem: Problem
    solution: Solution
    moves: tuple[Move, ...]


def repair(problem: Problem, earlier: Solution, changes: Sequence[Change], settings: Settings | None = None) -> Repair:
    """The changed problem, its solution and the moves.

    Parameters: `earlier` is a verified allocation of `problem`; the time limit of `settings` (its preset is *repair*)
    is that of all searches together, up to three; a deterministic budget is that of each. Raises ProblemError where a
    change names nobody known.
    Example: `repair(problem, published, [Absent("i1", frozenset({"t2"}))]).moves`: who interprets, who sits elsewhere.
    """
    settings = replace(settings or Settings(time_limit=10), preset=Preset.REPAIR)
    changed = apply(problem, earlier, changes)
    enough = len(scores.unplaced(problem, earlier))
    ends = time.monotonic() + settings.time_limit

    def search(asked: Problem, following: int) -> Solution:
        left = SHARES[following] * (ends - time.monotonic())
        return solve(asked, settings if settings.deterministic else replace(settings, time_limit=max(LEAST, left)))

    held, found = nearest(changed, problem.meetings, enough, search)
    return Repair(held, found, moves(earlier, found, changes))
