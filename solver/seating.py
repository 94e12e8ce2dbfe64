"""Everybody into the meetings of the whole day: a plan over merged slots, peeled off slot by slot, then swept.

A sweep gives one slot anew at its optimum, all others held; the goals over the whole day (worst-off) are counted
exactly, since what a person has elsewhere is a constant then. Sweeps never worsen what they minimise.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from solver import bounds, rooming
from solver.arrays import NOBODY, Arrays, Flags, Numbers
from solver.flows import Floor, Round, Weights, points_of
from solver.problem import Meeting, Role, Seat

Clock = Callable[[], bool]


@dataclass
class Seating:
    """`at` is P x T with meeting numbers of the floor, -1 for nobody."""

    floor: Floor
    at: Numbers = field(init=False)

    def __post_init__(self) -> None:
        self.at = np.full((len(self.arrays.people), len(self.arrays.slot)), NOBODY, dtype=np.int64)

    @property
    def arrays(self) -> Arrays:
        return self.floor.arrays

    @property
    def slots(self) -> range:
        return range(self.at.shape[1])

    def copy(self) -> "Seating":
        other = Seating(self.floor)
        other.at = self.at.copy()
        return other

    def anew(self, t: int, weights: Weights) -> bool:
        """One slot seated at its optimum, all others held; False if no flow exists."""
        found = Round(self.floor, t, self.at, weights, self.sizes()).assign()
        if found is None:
            return False
        self._put(t, found)
        return True

    def fill(self, plan: bounds.Merged | None, weights: Weights) -> bool:
        """Slot by slot from the first; with a plan, so that the rest of it stays possible. False if no flow exists."""
        degree = plan.degree.copy() if plan else None
        dealt = rooming.matters(self.arrays)
        for t in self.slots:
            least = None if degree is None else self._soon(t, degree)
            work = Round(self.floor, t, self.at, weights, self.sizes(), least, plan.picks if plan else None)
            better = rooming.with_better_rooms(self.floor, work) if dealt else None
            if better is not None:
                self.floor = better
            found = replace(work, floor=self.floor).assign()
            if found is None:
                return False
            self._put(t, found)
            if degree is not None:
                here = found[(found >= 0)]
                np.subtract.at(degree, self.floor.session[here], 1)
        return True

    def _soon(self, t: int, degree: Numbers) -> Numbers:
        """M: how many each meeting of this slot must take, so that the later ones can take the rest of the plan."""
        later = np.zeros(len(self.arrays.column), dtype=np.int64)
        for m in np.flatnonzero(self.floor.slot > t):
            later[self.floor.session[m]] += self.floor.most[m]
        return np.maximum(0, (degree - later)[self.floor.session])

    def _put(self, t: int, found: Numbers) -> None:
        """Who leaves a long meeting leaves it in all its slots; who enters one is in all."""
        for m in np.unique(found[found >= 0]):
            for other in self.floor.spans[m]:
                if other != t:
                    self.at[found == m, other] = m
        self.at[:, t] = found

    def sizes(self) -> Numbers:
        """M: attendees of each meeting now; before anybody sits, the average of its slot."""
        first = self.at[:, :]
        counts = np.zeros(len(self.floor.meetings), dtype=np.int64)
        for t, here in enumerate(self.floor.here):
            inside = first[:, t]
            counted = np.bincount(inside[inside >= 0], minlength=len(counts))
            if counted[here].any():
                counts[here] = counted[here]
            elif len(here):
                counts[here] = int(self.floor.free[:, t].sum()) // len(here)
        return counts

    def sweep(self, weights: Weights, ended: Clock, most: int = 6) -> int:
        """Give slot after slot anew until nothing changes; returns how many slots changed."""
        changed, idle, t = 0, 0, 0
        while idle < len(self.slots) and changed < most * len(self.slots) and not ended():
            found = Round(self.floor, t, self.at, weights, self.sizes()).assign()
            if found is None:
                return changed
            better = self.price(weights, t, found) < self.price(weights, t, self.at[:, t])
            idle = 0 if better else idle + 1
            changed += better
            if better:
                self._put(t, found)
            t = (t + 1) % len(self.slots)
        return changed

    def price(self, weights: Weights, t: int, column: Numbers) -> int:
        """What the flow minimises, counted on a column of places: the sizes of the other slots do not matter."""
        at = self.at.copy()
        at[:, t] = column
        floor, arrays = self.floor, self.arrays
        sizes = np.bincount(column[column >= 0], minlength=len(floor.meetings))[floor.here[t]]
        short = np.maximum(0, floor.least[floor.here[t]] - sizes).sum()
        unplaced = (floor.free[:, t] & (column < 0)).sum() if arrays.problem.full_day else 0
        total = weights.minimum * int(short) + weights.unplaced * int(unplaced)
        if weights.worst:
            total += weights.worst * self.worst_off(at)
        scale = 100 if weights.mix else 1
        total -= weights.points * scale * int(points_of(floor, at).sum())
        if weights.kept:
            total -= weights.kept * self.kept(t, column)
        if weights.mix:
            total += weights.mix * round(100 * self._mix_of(column, floor.here[t]))
        if weights.even and len(sizes):
            total += weights.even * int(np.abs(sizes - sizes.mean()).sum())
        return total

    def kept(self, t: int, column: Numbers) -> int:
        """How many sit in the session where they were before."""
        earlier = self.arrays.earlier[:, t]
        if not self.floor.meetings:
            return 0
        return int(((column >= 0) & (self.floor.session[column] == earlier)).sum())

    def _mix_of(self, column: Numbers, here: Numbers) -> float:
        """Of the nest attribute: the others are counted by measure."""
        arrays = self.arrays
        width = len(arrays.values) + 1
        inside = column >= 0
        counts = np.bincount(
            column[inside] * width + arrays.group[inside], minlength=len(self.floor.meetings) * width
        ).reshape(-1, width)[here]
        counts = counts[:, :-1]
        return float(np.abs(counts - arrays.share[None, :-1] * counts.sum(axis=1)[:, None]).sum())

    def worst_off(self, at: Numbers | None = None) -> int:
        """As measure.worst_off counts it: each long meeting once."""
        arrays = self.arrays
        here = self.at if at is None else at
        day = np.where(self._starts(here), points_of(self.floor, here), 0).sum(axis=1)
        short = (day[:, None] < arrays.need) * arrays.step_cost
        return int(short[arrays.counted].sum())

    def _starts(self, at: Numbers) -> Flags:
        """P x T: where somebody's meeting begins, so that a long one counts once."""
        if not self.floor.meetings:
            return np.zeros(at.shape, dtype=bool)
        return (at >= 0) & (self.floor.slot[at] == np.arange(at.shape[1])[None, :])

    def wishes(self) -> int:
        return int(np.where(self._starts(self.at), points_of(self.floor, self.at), 0).sum())

    def mix(self) -> float:
        return sum(self._mix_of(self.at[:, t], self.floor.here[t]) for t in self.slots)

    def unplaced(self) -> int:
        return int((self.floor.free & (self.at < 0)).sum())

    def read_out(self) -> tuple[tuple[Meeting, ...], tuple[Seat, ...]]:
        """Meetings and seats as a solution lists them."""
        floor, arrays = self.floor, self.arrays
        problem = arrays.problem
        seats: list[Seat] = []
        for meeting in floor.meetings:
            session = problem.session[meeting.session]
            for slot in problem.span(meeting.session, meeting.slot) or ():
                seats += [Seat(id, slot, meeting.id, Role.FACILITATOR) for id in session.facilitators]
                seats += [Seat(id, slot, meeting.id, Role.NOTE_TAKER) for id in session.note_takers]
        spans = [problem.span(m.session, m.slot) or () for m in floor.meetings]
        for voice in floor.voices:
            for slot in spans[floor.index[voice.meeting]]:
                seats.append(Seat(voice.participant, slot, voice.meeting, Role.INTERPRETER, voice.language))
        names = [slot.id for slot in problem.slots]
        for p, t in zip(*np.nonzero(self.at >= 0), strict=True):
            m = self.at[p, t]
            language = floor.hears[arrays.of_class[p], m] or None
            seats.append(Seat(arrays.people[p].id, names[t], floor.meetings[m].id, Role.ATTENDEE, language))
        return tuple(floor.meetings), tuple(seats)


def until(seconds: float, stopped: Callable[[], bool] = lambda: False) -> Clock:
    ends = time.monotonic() + seconds
    return lambda: time.monotonic() >= ends or stopped()
