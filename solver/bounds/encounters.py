"""A bound on new encounters: more pairs in the meetings than there are pairs of people."""

from solver.bounds.attendance import Attendance


def encounters(attendance: Attendance) -> int:
    """How many pairs meet again at least.

    Pairs in n people are convex in n, so as many meetings as possible of sizes that differ by one at most, filled with
    as few visits as possible, have the fewest pairs; no more of them than there are pairs of people can be new.
    """
    meetings, visits = attendance.meetings[1], attendance.visits[0]
    if not meetings:
        return 0
    size, larger = divmod(visits, meetings)
    inside = larger * _pairs(size + 1) + (meetings - larger) * _pairs(size)
    return max(0, inside - _pairs(attendance.people))


def _pairs(people: int) -> int:
    return people * (people - 1) // 2
