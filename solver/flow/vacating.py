"""Who gives up her place before slots are seated again: all who sit there, and whoever has a duty now."""

from collections.abc import Iterable

import numpy as np

from solver.flow.day import Day
from solver.flow.numbers import NOBODY


def clear(day: Day, slots: Iterable[int]) -> list[int]:
    """Nobody sits in these slots any more, but for long meetings that began before; changes `day`.

    Who has a duty now leaves what she attends then, wherever it began. Returns all slots to be seated again.
    """
    timetable, whole = day.timetable, set(slots)
    for person, t in np.argwhere((day.at >= 0) & ~timetable.free):
        if (m := int(day.at[person, t])) >= 0:
            leave(day, int(person), m)
            whole |= set(timetable.spans[m])
    for m in timetable.long:
        if timetable.slot[m] in whole:
            whole |= set(timetable.spans[m])
    for t in whole:
        began = [m for m in timetable.long if t in timetable.spans[m] and timetable.slot[m] not in whole]
        leaving = ~np.isin(day.at[:, t], began)
        day.at[leaving, t] = day.channel[leaving, t] = NOBODY
    return sorted(whole)


def leave(day: Day, person: int, m: int) -> None:
    """Somebody leaves a meeting, in all its slots; changes `day`."""
    for t in day.timetable.spans[m]:
        if day.at[person, t] == m:
            day.at[person, t] = day.channel[person, t] = NOBODY
