"""From an earlier allocation to one for a changed day, with the fewest moves, and the list of moves with reasons.

Minimal perturbation (El Sakkout and Wallace, Constraints 5, 2000): what was decided stays given where it can, and the
goal *stability* comes before all wishes. Meetings keep slot, room and working language unless a change touches them,
or `nearest` says otherwise.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from solver.judge import scores
from solver.problem import Preset, Problem, Settings, Solution
from solver.questions.day_changes import Change, apply
from solver.questions.moves import Move, moves
from solver.questions.nearest import nearest
from solver.search.routes import solve


@dataclass(frozen=True)
class Repair:
    """`problem` is what `solution` answers: the changed day, with what of the earlier allocation was held."""

    problem: Problem
    solution: Solution
    moves: tuple[Move, ...]


def repair(problem: Problem, earlier: Solution, changes: Sequence[Change], settings: Settings | None = None) -> Repair:
    """The changed problem, its solution and the moves.

    Parameters: `earlier` is a verified allocation of `problem`; `settings` of one search (its preset is *repair*), of
    which up to three are made. Raises ProblemError where a change names nobody known.
    Example: `repair(problem, published, [Absent("i1", frozenset({"t2"}))]).moves`: who interprets, who sits elsewhere.
    """
    settings = replace(settings or Settings(time_limit=10), preset=Preset.REPAIR)
    changed = apply(problem, earlier, changes)
    enough = len(scores.unplaced(problem, earlier))
    held, found = nearest(changed, problem.meetings, enough, lambda asked: solve(asked, settings))
    return Repair(held, found, moves(earlier, found, changes))
