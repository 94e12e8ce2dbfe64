"""How good places are, counted on arrays as the judge counts them on a solution."""

import numpy as np

from solver.flow.numbers import Numbers
from solver.flow.slot import begins
from solver.flow.timetable import Timetable, points_of
from solver.flow.weights import PERCENT, Weights


def unplaced(timetable: Timetable, at: Numbers) -> int:
    """(person, slot) pairs without a place, of those who want one; `at` is P x T."""
    return int((timetable.free & (at < 0)).sum())


def day_points(timetable: Timetable, at: Numbers) -> Numbers:
    """P: the points of everybody's day, each long meeting counted once."""
    return np.where(begins(timetable, at), points_of(timetable, at), 0).sum(axis=1)


def worst_off(timetable: Timetable, at: Numbers) -> int:
    """What it costs that people fall short of shares of their best day (judge.scores.worst_off)."""
    arrays = timetable.arrays
    short = (day_points(timetable, at)[:, None] < arrays.need) * arrays.step_cost
    return int(short[arrays.counted].sum())


def mix(timetable: Timetable, at: Numbers) -> float:
    """People too many or too few of a group, over all meetings; attributes other than the grouping one not counted."""
    return sum(mix_of(timetable, at[:, t], here) for t, here in enumerate(timetable.here))


def mix_of(timetable: Timetable, column: Numbers, here: Numbers) -> float:
    """The same for the meetings `here`, with one slot's column of places."""
    counts = groups_of(timetable, column)[here][:, :-1]
    return float(np.abs(counts - timetable.arrays.share[None, :-1] * counts.sum(axis=1)[:, None]).sum())


def kept(timetable: Timetable, t: int, column: Numbers) -> int:
    """How many sit in the session where they were before in slot t."""
    if not timetable.meetings:
        return 0
    return int(((column >= 0) & (timetable.session[column] == timetable.arrays.earlier[:, t])).sum())


def lacking(timetable: Timetable, at: Numbers) -> int:
    """How many attendees the meetings lack to their minima and to the quotas of the grouping attribute together."""
    short = int(np.maximum(0, timetable.least - sizes(timetable, at)).sum())
    return short + sum(_short_of_quotas(timetable, at[:, t], here) for t, here in enumerate(timetable.here))


def _short_of_quotas(timetable: Timetable, column: Numbers, here: Numbers) -> int:
    least = timetable.quotas[0][here]
    if not least.any():
        return 0
    return int(np.maximum(0, least - groups_of(timetable, column)[here]).sum())


def groups_of(timetable: Timetable, column: Numbers) -> Numbers:
    """M x groups: attendees of each group, with one slot's column of places."""
    width = len(timetable.arrays.values) + 1
    inside = column >= 0
    cells = column[inside] * width + timetable.arrays.group[inside]
    return np.bincount(cells, minlength=len(timetable.meetings) * width).reshape(-1, width)


def sizes(timetable: Timetable, at: Numbers) -> Numbers:
    """M: the attendees of each meeting."""
    starting = at[begins(timetable, at)]
    return np.bincount(starting, minlength=len(timetable.meetings))


def price(timetable: Timetable, weights: Weights, t: int, at: Numbers) -> int:
    """What the flow of slot t minimises, counted on everybody's places (P x T)."""
    column, here = at[:, t], timetable.here[t]
    inside = np.bincount(column[column >= 0], minlength=len(timetable.meetings))[here]
    short = int(np.maximum(0, timetable.least[here] - inside).sum()) + _short_of_quotas(timetable, column, here)
    total = weights.minimum * short
    if timetable.arrays.problem.full_day:
        total += weights.unplaced * int((timetable.free[:, t] & (column < 0)).sum())
    if weights.worst:
        total += weights.worst * worst_off(timetable, at)
    total -= weights.points * (PERCENT if weights.mix else 1) * int(points_of(timetable, at).sum())
    if weights.kept:
        total -= weights.kept * kept(timetable, t, column)
    if weights.mix:
        total += weights.mix * round(PERCENT * mix_of(timetable, column, here))
    if weights.even and len(inside):
        total += weights.even * int(np.abs(inside - inside.mean()).sum())
    return total
