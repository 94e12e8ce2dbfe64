"""The slot subproblem: everybody who is free into the meetings of one slot at least cost, all other slots given.

person -> (meeting, group) -> meeting -> sink is nested, so sizes, quotas of one attribute and convex costs (mix, even
sizes) stay a min-cost flow, whose optimum is integral (Ahuja, Magnanti, Orlin, Network Flows, 1993, ch. 14). A
minimum that cannot be met only costs: the flow is never infeasible, it tells what is missing.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from solver.flow.arrays import Arrays
from solver.flow.numbers import NOBODY, Flags, Numbers, coded
from solver.flow.timetable import Timetable, points_of
from solver.flow.weights import Weights


@dataclass(frozen=True, eq=False)
class SlotProblem:
    """Slot `t` of a timetable, and what everybody does in the other slots.

    at, channel: P x T, the meeting where somebody is and the channel that she listens to, -1 for none; who sits in a
        long meeting in slot t stays there.
    sizes: M, what mix and even sizes take as each meeting's size.
    wanted_least: M, soft lower bounds beyond the minima, so that a plan over all slots can be completed.
    bonus: L, the listed pairs that this plan chose.
    """

    timetable: Timetable
    t: int
    at: Numbers
    channel: Numbers
    weights: Weights
    sizes: Numbers
    wanted_least: Numbers | None = None
    bonus: Flags | None = None

    @property
    def arrays(self) -> Arrays:
        return self.timetable.arrays

    @property
    def meetings(self) -> Numbers:
        """k numbers: the meetings that start here; below, j counts them."""
        return self.timetable.here[self.t]

    @cached_property
    def stays(self) -> Flags:
        """P: sits in a long meeting now."""
        return np.isin(self.at[:, self.t], self.timetable.long)

    @cached_property
    def rows(self) -> Numbers:
        """n numbers: the people to be seated; below, i counts them."""
        return np.flatnonzero(self.timetable.free[:, self.t] & ~self.stays)

    @cached_property
    def local(self) -> Numbers:
        """P: the place of each person among `rows`, -1 for the others."""
        found = np.full(len(self.arrays.people), NOBODY)
        found[self.rows] = np.arange(len(self.rows))
        return found

    @cached_property
    def place(self) -> Numbers:
        """S: the place of each session among the meetings here, -1 where it has none; the last entry is -1 too."""
        found = np.full(len(self.arrays.column) + 1, NOBODY)
        found[self.timetable.session[self.meetings]] = np.arange(len(self.meetings))
        return found

    @cached_property
    def room_left(self) -> tuple[Numbers, Numbers]:
        """Least and most of each meeting here (k), those who stay taken off."""
        taken = np.bincount(self.at[self.stays, self.t], minlength=len(self.timetable.meetings))[self.meetings]
        most = np.maximum(0, self.timetable.most[self.meetings] - taken)
        return np.clip(self.timetable.least[self.meetings] - taken, 0, most), most

    @cached_property
    def visited(self) -> Numbers:
        """P x (T - 1): the sessions that people attend in the other slots, -1 for none."""
        others = np.delete(self.at, self.t, axis=1)
        return np.where(others >= 0, self.timetable.session[others], NOBODY) if others.size else others

    @cached_property
    def elsewhere(self) -> Numbers:
        """P: the points that people have in the other slots, a long meeting counted once."""
        at = np.where(begins(self.timetable, self.at), self.at, NOBODY)
        return points_of(self.timetable, np.delete(at, self.t, axis=1)).sum(axis=1)

    @cached_property
    def closed(self) -> Numbers:
        """Sorted codes of (person, session) that are ruled out here."""
        here = coded(set(self._closed_here()))
        return np.sort(np.concatenate([self.arrays.barred, here])) if len(here) else self.arrays.barred

    def _closed_here(self) -> Iterator[tuple[int, int]]:
        """Bans, locks that forbid this slot, and long meetings that somebody cannot attend to their end."""
        timetable, arrays = self.timetable, self.arrays
        for person, meeting in timetable.bans:
            m = timetable.index.get(meeting)
            if m is not None and timetable.slot[m] == self.t:
                yield person, int(timetable.session[m])
        slot = arrays.problem.slots[self.t].id
        for lock in arrays.problem.locks:
            if lock.never and lock.slot == slot:
                yield arrays.row[lock.participant], arrays.column[lock.session]
        for m in timetable.long:
            if timetable.slot[m] == self.t:
                later = timetable.spans[m][1:]
                through = (timetable.free[:, later] & (self.at[:, later] == NOBODY)).all(axis=1)
                for person in self.rows[~through[self.rows]]:
                    yield int(person), int(timetable.session[m])


@dataclass(frozen=True, eq=False)
class Seated:
    """How a slot is seated: at and channel are P numbers, of the meeting and of the channel listened to, -1 for none.

    timetable: that of the slot subproblem, less the interpreters who would have nobody to listen to them.
    """

    timetable: Timetable
    at: Numbers
    channel: Numbers


def begins(timetable: Timetable, at: Numbers) -> Flags:
    """P x T: where somebody's meeting begins, so that a long one counts once."""
    if not timetable.meetings:
        return np.zeros(at.shape, dtype=bool)
    found: Flags = (at >= 0) & (timetable.slot[at] == np.arange(at.shape[1])[None, :])
    return found
