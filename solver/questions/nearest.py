"""Which question stays nearest to an earlier allocation and still has an answer as good: the rule of every repair."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import inf

from solver.flow.arrays import Arrays
from solver.flow.earlier import Earlier
from solver.flow.housing import is_possible
from solver.judge import scores
from solver.problem import Given, Problem, Solution, Status


def nearest(
    held: Problem, decided: Sequence[Given], enough: int, search: Callable[[Problem, int], Solution]
) -> tuple[Problem, Solution]:
    """The question that is answered, and its answer.

    What is held stays where more places are not missing than before; else languages may change, where that helps. Rooms
    that nobody decided are never held but by *stability*: two meetings may trade theirs if that moves fewer people.
    Where there is no answer at all everything may move that is not decided, and *stability* alone holds it together.

    Parameters: `held` has the earlier meetings given, `decided` are those that the organiser wants whatever was before;
    `enough` places were missing before; `search` is called up to three times, with how many questions may follow.
    A search that was cancelled or broke down is the end; one that hung is followed by the next, which has less to hold.
    """
    last = _all_open(held, decided)

    def answered(question: Problem, following: int) -> Solution:
        # Where a slot has no rooms for all that is held there nothing would be found; the last question says why.
        hopeless = question != last and not is_possible(Earlier(Arrays(question)))
        return Solution(Status.INFEASIBLE) if hopeless else search(question, following)

    asked = _rooms_open(held, decided)
    found, other = answered(asked, 2), _languages_open(asked, decided)
    missing = _missing(asked, found)
    if missing > enough and other != asked and not _is_over(found):
        tried = answered(other, 1)
        asked, found = (other, tried) if _missing(other, tried) < missing else (asked, found)
    if not found.status.has_answer and last != asked and not _is_over(found):
        asked, found = last, search(last, 0)
    return asked, found


def _missing(problem: Problem, solution: Solution) -> float:
    """Places without a person; without an answer all are missing, and more."""
    return len(scores.unplaced(problem, solution)) if solution.status.has_answer else inf


def _is_over(found: Solution) -> bool:
    """Interrupted or broken, it says nothing about what is given; what only took too long is another question's."""
    return found.reason == "cancelled" or (found.status is Status.FAILED and found.reason != "hung")


def _rooms_open(held: Problem, decided: Sequence[Given]) -> Problem:
    """A room that nobody decided is held by *stability* alone, so that two meetings may trade theirs."""
    known = {(each.session, each.slot): each.room for each in decided}
    meetings = tuple(replace(each, room=known.get((each.session, each.slot))) for each in held.meetings)
    return held if meetings == held.meetings else replace(held, meetings=meetings)


def _languages_open(held: Problem, decided: Sequence[Given]) -> Problem:
    known = {(each.session, each.slot): each for each in decided}
    return replace(
        held, meetings=tuple(_open(each, known.get((each.session, each.slot)), True) for each in held.meetings)
    )


def _all_open(held: Problem, decided: Sequence[Given]) -> Problem:
    """Only what is decided is held."""
    known = {(each.session, each.slot): each for each in decided}
    kept = (each for each in held.meetings if (each.session, each.slot) in known)
    return replace(held, meetings=tuple(_open(each, known[each.session, each.slot], False) for each in kept))


def _open(given: Given, decided: Given | None, room: bool) -> Given:
    """Held as decided; its room too where `room` says so. A room that was lost is not asked for again."""
    language = decided.language if decided else None
    asked = given.room if room or (decided and decided.room) else None
    return replace(given, room=asked, language=language)
