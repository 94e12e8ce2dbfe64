"""A bound on mix: the rounding that no meeting of its size escapes."""

import numpy as np

from solver.judge import scores
from solver.problem import Problem


def mix(problem: Problem, placed: int) -> float:
    """The rounding that no meeting of its size escapes: n seats cannot be shared out in fractions of a person.

    The least deviation at each size, its lower convex hull, taken at the average size: a bound by Jensen's inequality.
    """
    total, meetings = 0.0, sum(session.offered for session in problem.sessions)
    largest = max([1, *(_largest(problem, session.id) for session in problem.sessions)])
    least = min((0 if s.may_be_cancelled else s.minimum for s in problem.sessions), default=0)
    for attribute in problem.balance:
        whole_ = scores.shares(problem, attribute)
        if not whole_ or any(attribute not in p.attributes for p in problem.participants if p.attends):
            continue
        shares = np.array(sorted(whole_.values()), dtype=float) / sum(whole_.values())
        sizes = np.arange(min(least, largest), largest + 1)
        deviation = np.array([_least_deviation(shares * n, int(n)) for n in sizes])
        total += meetings * _hull_at(sizes, deviation, placed / max(1, meetings))
    return max(0.0, total - 1e-9)


def _largest(problem: Problem, session: str) -> int:
    limit = problem.session[session].maximum
    return min(len(problem.participants), 200) if limit is None else min(limit, 200)


def _least_deviation(target: np.ndarray, size: int) -> float:
    """SlotProblem the targets to whole people that add up to the size: largest remainders are closest."""
    down = np.floor(target + 1e-9)
    part = np.sort(target - down)[::-1]
    up = round(size - down.sum())
    return float((1 - part[:up]).sum() + part[up:].sum())


def _hull_at(x: np.ndarray, y: np.ndarray, at: float) -> float:
    """The lower convex hull of the points, at this place; the nearest end beyond them."""
    hull: list[int] = []
    for i in range(len(x)):
        while len(hull) > 1:
            a, b = hull[-2], hull[-1]
            if (y[b] - y[a]) * (x[i] - x[a]) < (y[i] - y[a]) * (x[b] - x[a]):
                break
            hull.pop()
        hull.append(i)
    if not x[0] <= at <= x[-1]:
        return 0.0
    return float(np.interp(at, x[hull], y[hull]))
