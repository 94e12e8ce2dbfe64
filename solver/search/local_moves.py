"""Small changes of a timetable, tried at random: meetings trade slots or move, speak otherwise, interpreters change.

People in the slots concerned are seated again by flows, and interpreters whom nobody needs then attend like anybody.
"""

import random
from collections.abc import Callable

from solver.flow.day import Day
from solver.flow.timetable import Timetable
from solver.flow.vacating import clear
from solver.flow.weights import Weights
from solver.search.language_moves import interpret, serve, speak, speakable
from solver.search.place_moves import shift, trade

Change = tuple[Timetable, list[int]] | None
"""The changed timetable and the slots whose people must be seated anew; None if the move does not exist."""
Move = Callable[[Day, random.Random], Change]


def can_move(timetable: Timetable) -> bool:
    """Whether anything of a timetable is open: slots, rooms, languages, interpreters."""
    problem = timetable.arrays.problem
    given = sum(each.room is not None for each in problem.meetings)
    return given < len(timetable.meetings) or bool(problem.interpreters) or bool(speakable(timetable))


def moved(day: Day, dice: random.Random, weights: Weights) -> Day | None:
    """A new day after one random move, the slots concerned at their optimum; None if the move does not exist.

    day: is left as it is. dice: decides what moves. weights: what the slots minimise.
    """
    kinds = _kinds(day)
    if not kinds:
        return None
    change = dice.choice(kinds)(day, dice)
    if change is None:
        return None
    timetable, slots = change
    other = day.copy(timetable)
    for t in clear(other, slots):
        if not other.reoptimise(t, weights):
            return None
    return other


def _kinds(day: Day) -> list[Move]:
    """The kinds of moves that this day has, as often as they are worth trying."""
    kinds: list[Move] = []
    if not day.timetable.meetings:
        return kinds
    if len(day.slots) > 1:
        kinds += [trade, trade, shift]
    interpreted = bool(day.arrays.problem.interpreters)
    if interpreted:
        kinds += [interpret, interpret]
    if speakable(day.timetable):
        kinds += [speak]
    if (interpreted or speakable(day.timetable)) and day.unplaced():
        kinds += [serve, serve, serve]
    return kinds
