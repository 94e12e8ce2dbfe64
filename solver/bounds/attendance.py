"""How many meetings there can be, how large they are, and how often people attend one in all."""

from dataclasses import dataclass

from solver.bounds.chairs import largest
from solver.bounds.merged import free_slots, maybe_busy
from solver.flow.arrays import Arrays
from solver.problem import Problem


@dataclass(frozen=True)
class Attendance:
    """What every allocation keeps that leaves at most so many (person, slot) pairs without a place.

    meetings: fewest and most that are held. visits: fewest and most attendances, a long meeting counted once.
    size: fewest and most people who attend one meeting. people: how many can attend anything.
    """

    meetings: tuple[int, int]
    visits: tuple[int, int]
    size: tuple[int, int]
    people: int


def attendance(arrays: Arrays, unplaced: int) -> Attendance:
    """Who may be busy with something else may attend nothing then; who is free attends, but for `unplaced` pairs."""
    problem, supply, idle = arrays.problem, free_slots(arrays), maybe_busy(arrays)
    longest = max((session.duration for session in problem.sessions), default=1)
    fewest = int((-(-(supply - idle) // longest)).sum()) - unplaced if problem.full_day else 0
    least = [0 if "size_at_least" in problem.flexible else session.minimum for session in problem.sessions]
    most = max((largest(problem, session) for session in problem.sessions), default=0)
    return Attendance(
        (sum(s.offered for s in problem.sessions if not s.may_be_cancelled), _most_meetings(problem)),
        (max(0, fewest), int(supply.sum())),
        (min(least, default=0), most),
        int((supply > 0).sum()),
    )


def _most_meetings(problem: Problem) -> int:
    """As often as sessions are offered, and one for each room that is free in a slot, as far as the slot takes them."""
    starts = 0
    for slot in problem.slots:
        free = sum(room.slots is None or slot.id in room.slots for room in problem.rooms)
        starts += free if slot.most is None else min(free, slot.most)
    return min(starts, sum(session.offered for session in problem.sessions))
