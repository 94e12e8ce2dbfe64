"""A bound on new encounters: more pairs in the meetings than there are pairs of people."""

import math

from solver.problem import Problem


def encounters(problem: Problem, placed: int) -> int:
    """More pairs in the meetings than there are pairs of people: the rest must meet again.

    Meetings of equal size have the fewest pairs (convexity).
    """
    people = sum(p.attends for p in problem.participants)
    meetings = max(1, sum(session.offered for session in problem.sessions))
    size = placed / meetings
    return max(0, math.floor(meetings * size * (size - 1) / 2) - people * (people - 1) // 2)
