"""Everybody's places in the slots of a day: seated slot by slot, then reoptimised, all other slots held.

The goals over the whole day (worst-off) are counted exactly in each slot, since what a person has elsewhere is a
constant then; so a sweep over the slots never worsens what it minimises.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from solver.flow import rooms, values
from solver.flow.arrays import Arrays
from solver.flow.numbers import NOBODY, Flags, Numbers
from solver.flow.plan import MergedDay
from solver.flow.seating import seat
from solver.flow.slot import Seated, SlotProblem
from solver.flow.timetable import Timetable
from solver.flow.weights import Weights

Clock = Callable[[], bool]


@dataclass
class Day:
    """`at` and `channel` are P x T: the meeting of the timetable and the channel listened to, -1 for none.

    Each method that seats people may also take interpreters without a listener off, so it changes `timetable`.
    """

    timetable: Timetable
    at: Numbers = field(init=False)
    channel: Numbers = field(init=False)

    def __post_init__(self) -> None:
        self.at = np.full((len(self.arrays.people), len(self.arrays.slot)), NOBODY, dtype=np.int64)
        self.channel = self.at.copy()

    @property
    def arrays(self) -> Arrays:
        return self.timetable.arrays

    @property
    def slots(self) -> range:
        return range(self.at.shape[1])

    def copy(self, timetable: Timetable | None = None) -> "Day":
        """The same places, in another timetable if one is given: its meetings must have the same numbers."""
        other = Day(timetable or self.timetable)
        other.at, other.channel = self.at.copy(), self.channel.copy()
        return other

    def fill(self, plan: MergedDay | None, weights: Weights) -> bool:
        """Slot by slot from the first, with rooms dealt; with a plan, so that the rest of it stays possible.

        False if a slot has no flow.
        """
        degree = plan.degree.copy() if plan else None
        dealt = rooms.matters(self.arrays)
        for t in self.slots:
            least = None if degree is None else _soon(self.timetable, t, degree)
            question = self.question(t, weights, least, plan.picks if plan else None)
            better = rooms.with_better_rooms(question) if dealt else None
            found = seat(replace(question, timetable=better or self.timetable))
            if found is None:
                return False
            self._put(t, found)
            if degree is not None:
                np.subtract.at(degree, self.timetable.session[found.at[found.at >= 0]], 1)
        return True

    def question(
        self, t: int, weights: Weights, least: Numbers | None = None, bonus: Flags | None = None
    ) -> SlotProblem:
        """The subproblem of slot t, all other slots as they are."""
        return SlotProblem(self.timetable, t, self.at, self.channel, weights, self.sizes(), least, bonus)

    def _put(self, t: int, found: Seated) -> list[int]:
        """Who enters a long meeting is in all its slots; returns later slots in which an interpreter is free now."""
        before, self.timetable = self.timetable, found.timetable
        for m in self.timetable.long:
            if self.timetable.slot[m] == t:
                inside = found.at == m
                for later in self.timetable.spans[m][1:]:
                    self.at[inside, later], self.channel[inside, later] = m, found.channel[inside]
        self.at[:, t], self.channel[:, t] = found.at, found.channel
        if before is found.timetable:
            return []
        freed = (self.timetable.free & ~before.free).any(axis=0)
        return [int(later) for later in np.flatnonzero(freed) if later != t]

    def reoptimise(self, t: int, weights: Weights) -> bool:
        """One slot seated at its optimum, all others held; False if no flow exists."""
        found = seat(self.question(t, weights))
        return found is not None and all(self.reoptimise(later, weights) for later in self._put(t, found))

    def sweep(self, weights: Weights, ended: Clock, most: int = 6) -> int:
        """Reoptimise slot after slot until nothing changes, each at most `most` times; returns how many changed."""
        changed, idle, t = 0, 0, 0
        while idle < len(self.slots) and changed < most * len(self.slots) and not ended():
            found = seat(self.question(t, weights))
            if found is None:
                return changed
            better = self._better(weights, t, found)
            idle = 0 if better else idle + 1
            changed += better
            t = (t + 1) % len(self.slots)
        return changed

    def _better(self, weights: Weights, t: int, found: Seated) -> bool:
        """Take a slot's new places if they cost less; this day is left as it is if they do not."""
        other = self.copy()
        if other._put(t, found):
            return False
        now, then = (values.price(day.timetable, weights, t, day.at) for day in (self, other))
        if then < now:
            self.timetable, self.at, self.channel = other.timetable, other.at, other.channel
        return then < now

    def sizes(self) -> Numbers:
        """M: attendees of each meeting now; before anybody sits, the average of its slot."""
        found = values.sizes(self.timetable, self.at)
        for t, here in enumerate(self.timetable.here):
            if len(here) and not found[here].any():
                found[here] = int(self.timetable.free[:, t].sum()) // len(here)
        return found

    def worst_off(self) -> int:
        return values.worst_off(self.timetable, self.at)

    def wishes(self) -> int:
        return int(values.day_points(self.timetable, self.at).sum())

    def mix(self) -> float:
        return values.mix(self.timetable, self.at)

    def unplaced(self) -> int:
        return values.unplaced(self.timetable, self.at)


def _soon(timetable: Timetable, t: int, degree: Numbers) -> Numbers:
    """M: how many each meeting of this slot must take, so that the later ones can take the rest of the plan."""
    later = np.zeros(len(timetable.arrays.column), dtype=np.int64)
    after = timetable.slot > t
    np.add.at(later, timetable.session[after], timetable.most[after])
    return np.maximum(0, (degree - later)[timetable.session])
