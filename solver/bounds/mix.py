"""A bound on mix: the rounding that no meeting of its size escapes."""

import numpy as np
from numpy.typing import NDArray

from solver.bounds.attendance import Attendance
from solver.judge import scores
from solver.problem import Problem

Reals = NDArray[np.float64]
SAFE = 1e-9
"""Taken off, since shares are floating point numbers here."""


def mix(problem: Problem, attendance: Attendance) -> float:
    """Persons too many or too few in all meetings' groups at least: n seats cannot be shared out in parts of a person.

    For each attribute: the least deviation at each size, its lower convex hull h, and of all numbers M of meetings
    and N of visits that there can be the least M h(N / M), by Jensen's inequality. An attribute that somebody lacks
    counts nothing: then any number of people whom it counts may be in a meeting.
    """
    total = 0.0
    for attribute in problem.balance:
        whole = scores.shares(problem, attribute)
        if whole and all(attribute in p.attributes for p in problem.participants if p.attends):
            shares = np.array(sorted(whole.values()), dtype=np.float64) / sum(whole.values())
            total += _of_attribute(shares, attendance)
    return max(0.0, total - SAFE)


def _of_attribute(shares: Reals, attendance: Attendance) -> float:
    least, most = attendance.size
    if most < least or not most:
        return 0.0
    sizes = np.arange(least, most + 1)
    x, y = _hull(sizes.astype(np.float64), _least_deviation(shares, sizes))
    meetings = np.arange(max(1, attendance.meetings[0]), attendance.meetings[1] + 1)
    low = np.maximum(attendance.visits[0] / meetings, least)
    high = np.minimum(attendance.visits[1] / meetings, most)
    can = low <= high + SAFE
    if attendance.meetings[0] == 0 and attendance.visits[0] == 0:
        return 0.0
    # h is convex: its least value between two places is at its lowest point, or at the place nearest to it.
    at = np.clip(x[y.argmin()], low[can], np.maximum(low, high)[can])
    values = meetings[can] * np.interp(at, x, y)
    return float(values.min(initial=np.inf)) if can.any() else 0.0


def _least_deviation(shares: Reals, sizes: NDArray[np.int64]) -> Reals:
    """Of each size: the targets rounded to whole people who add up to it; the largest remainders are closest."""
    target = sizes[:, None] * shares[None, :]
    down = np.floor(target + SAFE)
    part = np.sort(np.maximum(0.0, target - down), axis=1)[:, ::-1]
    up = np.arange(len(shares))[None, :] < np.round(sizes - down.sum(axis=1))[:, None]
    found: Reals = np.where(up, 1 - part, part).sum(axis=1)
    return found


def _hull(x: Reals, y: Reals) -> tuple[Reals, Reals]:
    """The corners of the lower convex hull of these points (Andrew's monotone chain)."""
    hull: list[int] = []
    for i in range(len(x)):
        while len(hull) > 1:
            a, b = hull[-2], hull[-1]
            if (y[b] - y[a]) * (x[i] - x[a]) < (y[i] - y[a]) * (x[b] - x[a]):
                break
            hull.pop()
        hull.append(i)
    return x[hull], y[hull]
