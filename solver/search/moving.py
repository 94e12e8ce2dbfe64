"""Meetings to other slots or languages and interpreters to other meetings, as long as everybody together gains."""

from collections.abc import Callable, Iterator

from solver.flow import values
from solver.flow.day import Day
from solver.flow.timetable import Timetable
from solver.problem import Preset
from solver.search import local_moves
from solver.search.flow_search import FlowSearch
from solver.search.local_moves import moved

MOST_FOR_MOVES = 20_000
"""Up to so many (person, meeting) pairs in a slot a move of a meeting is judged by flows, some milliseconds each."""
PRICE = 8
"""Points that a unit of the worst-off value is worth while meetings are moved."""
OF_MIX = {Preset.MIX_FIRST: 20}
"""Points that a person too many or too few is worth then, 2 where mix is not the first wish."""
PATIENCE = 600
"""Moves in a row without a gain until it is left at that."""


def can_move(flows: FlowSearch, timetable: Timetable) -> bool:
    """Whether anything can move, and a move is judged quickly."""
    largest = max((len(here) for here in timetable.here), default=0) * len(flows.arrays.people)
    return not flows.stable and largest <= MOST_FOR_MOVES and local_moves.can_move(timetable)


def placed_better(flows: FlowSearch, day: Day, ended: Callable[[], bool]) -> Day:
    """Random moves, each kept if the whole is no worse."""
    for better in _climb(flows, day, ended):
        day = better
    return day


def moved_until_lawful(flows: FlowSearch, day: Day, ended: Callable[[], bool]) -> None:
    """The same until a day can be offered."""
    for better in _climb(flows, day, ended):
        if not values.lacking(better.timetable, better.at) and (flows.offer(better) or flows.known.best is not None):
            return


def _climb(flows: FlowSearch, day: Day, ended: Callable[[], bool]) -> Iterator[Day]:
    """Every better day on the way of a hill climber that walks along plateaus."""
    weights = flows.weights(worst=PRICE)
    value, idle = _price(flows, day), 0
    while not ended() and idle < PATIENCE:
        other = moved(day, flows.dice, weights)
        price = None if other is None else _price(flows, other)
        if other is None or price is None or price > value:
            idle += 1
            continue
        idle = 0 if price < value else idle + 1
        day, value = other, price
        yield day


def _price(flows: FlowSearch, day: Day) -> float:
    """In points: what is missing first, then who is worst off beyond what is known to be possible, then all wishes."""
    weights = flows.weights()
    lacking = float(values.lacking(day.timetable, day.at))
    worst, limit = day.worst_off(), flows.known.limit("worst_off")
    over = 0.0 if limit is None else max(0.0, worst - limit)
    hard = weights.minimum * lacking + weights.unplaced * day.unplaced() + weights.worst * over
    return hard + PRICE * worst - day.wishes() + OF_MIX.get(flows.preset, 2) * day.mix()
