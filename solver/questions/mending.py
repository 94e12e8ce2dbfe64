"""From an earlier allocation to one for a changed day, with the fewest moves, and the list of moves with reasons.

Minimal perturbation (El Sakkout and Wallace, Constraints 5, 2000): what was decided stays given where it can, and the
goal *stability* comes before all wishes. Meetings keep slot, room and working language unless a change touches them.
Where that leaves more people without a place than before, languages may change; where there is no answer at all,
everything may move that the organiser has not decided, and stability alone holds it together.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import inf

from solver.judge import scores
from solver.problem import Given, Preset, Problem, Settings, Solution
from solver.questions.day_changes import Change, apply
from solver.questions.moves import Move, moves
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
    held, found = changed, solve(changed, settings)
    enough, missing = len(scores.unplaced(problem, earlier)), _missing(changed, found)
    if missing > enough:
        other = _languages_open(problem, changed)
        tried = solve(other, settings) if other != changed else found
        if _missing(other, tried) < missing:
            held, found = other, tried
    if not found.status.has_answer:
        other = _all_open(problem, changed)
        tried = solve(other, settings)
        held, found = (other, tried) if tried.status.has_answer else (held, found)
    return Repair(held, found, moves(earlier, found, changes))


def _missing(problem: Problem, solution: Solution) -> float:
    """Places without a person; without an answer all are missing, and more."""
    return len(scores.unplaced(problem, solution)) if solution.status.has_answer else inf


def _languages_open(problem: Problem, changed: Problem) -> Problem:
    decided = {(given.session, given.slot): given for given in problem.meetings}
    free = (_open(given, decided.get((given.session, given.slot)), True) for given in changed.meetings)
    return replace(changed, meetings=tuple(free))


def _all_open(problem: Problem, changed: Problem) -> Problem:
    """Only what the organiser has decided is held."""
    decided = {(given.session, given.slot): given for given in problem.meetings}
    kept = (given for given in changed.meetings if (given.session, given.slot) in decided)
    return replace(changed, meetings=tuple(_open(each, decided[each.session, each.slot], False) for each in kept))


def _open(given: Given, decided: Given | None, room: bool) -> Given:
    """Held as decided; its room too where `room` says so. A room that was lost is not asked for again."""
    language = decided.language if decided else None
    asked = given.room if room or (decided and decided.room) else None
    return replace(given, room=asked, language=language)
