"""Everybody into the meetings of the whole day: a plan over merged slots, peeled off slot by slot, then swept.

A sweep gives one slot reoptimise at its optimum, all others held; the goals over the whole day (worst-off) are counted
exactly, since what a person has elsewhere is a constant then. Sweeps never worsen what they minimise.
"""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from solver.flow import rooms
from solver.flow.arrays import NOBODY, Arrays, Flags, Numbers
from solver.flow.plan import MergedDay
from solver.flow.slot import SlotProblem
from solver.flow.timetable import InterpreterAt, Timetable, points_of
from solver.flow.weights import Weights
from solver.problem import Meeting, Mode, Role, Seat

Clock = Callable[[], bool]


@dataclass
class Day:
    """`at` is P x T with meeting numbers of the timetable, -1 for nobody."""

    timetable: Timetable
    at: Numbers = field(init=False)

    def __post_init__(self) -> None:
        self.at = np.full((len(self.arrays.people), len(self.arrays.slot)), NOBODY, dtype=np.int64)

    @property
    def arrays(self) -> Arrays:
        return self.timetable.arrays

    @property
    def slots(self) -> range:
        return range(self.at.shape[1])

    def copy(self) -> "Day":
        other = Day(self.timetable)
        other.at = self.at.copy()
        return other

    def reoptimise(self, t: int, weights: Weights) -> bool:
        """One slot seated at its optimum, all others held; False if no flow exists."""
        found = SlotProblem(self.timetable, t, self.at, weights, self.sizes()).assign()
        if found is None:
            return False
        self._put(t, found)
        return True

    def fill(self, plan: MergedDay | None, weights: Weights) -> bool:
        """Slot by slot from the first; with a plan, so that the rest of it stays possible. False if no flow exists."""
        degree = plan.degree.copy() if plan else None
        dealt = rooms.matters(self.arrays)
        for t in self.slots:
            least = None if degree is None else self._soon(t, degree)
            work = SlotProblem(self.timetable, t, self.at, weights, self.sizes(), least, plan.picks if plan else None)
            better = rooms.with_better_rooms(self.timetable, work) if dealt else None
            if better is not None:
                self.timetable = better
            found = replace(work, timetable=self.timetable).assign()
            if found is None:
                return False
            self._put(t, found)
            if degree is not None:
                here = found[(found >= 0)]
                np.subtract.at(degree, self.timetable.session[here], 1)
        return True

    def _soon(self, t: int, degree: Numbers) -> Numbers:
        """M: how many each meeting of this slot must take, so that the later ones can take the rest of the plan."""
        later = np.zeros(len(self.arrays.column), dtype=np.int64)
        for m in np.flatnonzero(self.timetable.slot > t):
            later[self.timetable.session[m]] += self.timetable.most[m]
        return np.maximum(0, (degree - later)[self.timetable.session])

    def _put(self, t: int, found: Numbers) -> None:
        """Who leaves a long meeting leaves it in all its slots; who enters one is in all."""
        for m in np.unique(found[found >= 0]):
            for other in self.timetable.spans[m]:
                if other != t:
                    self.at[found == m, other] = m
        self.at[:, t] = found

    def sizes(self) -> Numbers:
        """M: attendees of each meeting now; before anybody sits, the average of its slot."""
        first = self.at[:, :]
        counts = np.zeros(len(self.timetable.meetings), dtype=np.int64)
        for t, here in enumerate(self.timetable.here):
            inside = first[:, t]
            counted = np.bincount(inside[inside >= 0], minlength=len(counts))
            if counted[here].any():
                counts[here] = counted[here]
            elif len(here):
                counts[here] = int(self.timetable.free[:, t].sum()) // len(here)
        return counts

    def sweep(self, weights: Weights, ended: Clock, most: int = 6) -> int:
        """Give slot after slot reoptimise until nothing changes; returns how many slots changed."""
        changed, idle, t = 0, 0, 0
        while idle < len(self.slots) and changed < most * len(self.slots) and not ended():
            found = SlotProblem(self.timetable, t, self.at, weights, self.sizes()).assign()
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
        timetable, arrays = self.timetable, self.arrays
        sizes = np.bincount(column[column >= 0], minlength=len(timetable.meetings))[timetable.here[t]]
        short = np.maximum(0, timetable.least[timetable.here[t]] - sizes).sum()
        unplaced = (timetable.free[:, t] & (column < 0)).sum() if arrays.problem.full_day else 0
        total = weights.minimum * int(short) + weights.unplaced * int(unplaced)
        if weights.worst:
            total += weights.worst * self.worst_off(at)
        scale = 100 if weights.mix else 1
        total -= weights.points * scale * int(points_of(timetable, at).sum())
        if weights.kept:
            total -= weights.kept * self.kept(t, column)
        if weights.mix:
            total += weights.mix * round(100 * self._mix_of(column, timetable.here[t]))
        if weights.even and len(sizes):
            total += weights.even * int(np.abs(sizes - sizes.mean()).sum())
        return total

    def kept(self, t: int, column: Numbers) -> int:
        """How many sit in the session where they were before."""
        earlier = self.arrays.earlier[:, t]
        if not self.timetable.meetings:
            return 0
        return int(((column >= 0) & (self.timetable.session[column] == earlier)).sum())

    def _mix_of(self, column: Numbers, here: Numbers) -> float:
        """Of the nest attribute: the others are counted by measure."""
        arrays = self.arrays
        width = len(arrays.values) + 1
        inside = column >= 0
        counts = np.bincount(
            column[inside] * width + arrays.group[inside], minlength=len(self.timetable.meetings) * width
        ).reshape(-1, width)[here]
        counts = counts[:, :-1]
        return float(np.abs(counts - arrays.share[None, :-1] * counts.sum(axis=1)[:, None]).sum())

    def worst_off(self, at: Numbers | None = None) -> int:
        """As measure.worst_off counts it: each long meeting once."""
        arrays = self.arrays
        here = self.at if at is None else at
        day = np.where(self._starts(here), points_of(self.timetable, here), 0).sum(axis=1)
        short = (day[:, None] < arrays.need) * arrays.step_cost
        return int(short[arrays.counted].sum())

    def _starts(self, at: Numbers) -> Flags:
        """P x T: where somebody's meeting begins, so that a long one counts once."""
        if not self.timetable.meetings:
            return np.zeros(at.shape, dtype=bool)
        return (at >= 0) & (self.timetable.slot[at] == np.arange(at.shape[1])[None, :])

    def wishes(self) -> int:
        return int(np.where(self._starts(self.at), points_of(self.timetable, self.at), 0).sum())

    def mix(self) -> float:
        return sum(self._mix_of(self.at[:, t], self.timetable.here[t]) for t in self.slots)

    def unplaced(self) -> int:
        return int((self.timetable.free & (self.at < 0)).sum())

    def read_out(self) -> tuple[tuple[Meeting, ...], tuple[Seat, ...]]:
        """Meetings and seats as a solution lists them."""
        timetable, arrays = self.timetable, self.arrays
        problem = arrays.problem
        seats: list[Seat] = []
        for meeting in timetable.meetings:
            session = problem.session[meeting.session]
            for slot in problem.span(meeting.session, meeting.slot) or ():
                seats += [Seat(id, slot, meeting.id, Role.FACILITATOR) for id in session.facilitators]
                seats += [Seat(id, slot, meeting.id, Role.NOTE_TAKER) for id in session.note_takers]
        spans = [problem.span(m.session, m.slot) or () for m in timetable.meetings]
        for voice in self._listened_to():
            for slot in spans[timetable.index[voice.meeting]]:
                seats.append(Seat(voice.participant, slot, voice.meeting, Role.INTERPRETER, voice.language))
        names = [slot.id for slot in problem.slots]
        for p, t in zip(*np.nonzero(self.at >= 0), strict=True):
            m = self.at[p, t]
            language = timetable.hears[arrays.of_class[p], m] or None
            seats.append(Seat(arrays.people[p].id, names[t], timetable.meetings[m].id, Role.ATTENDEE, language))
        return tuple(timetable.meetings), tuple(seats)

    def _listened_to(self) -> list[InterpreterAt]:
        """Nobody interprets for nobody: of a channel as many are at work as it has listeners, or as twos."""
        timetable = self.timetable
        starts = zip(*np.nonzero(self._starts(self.at)), strict=True)
        listeners = Counter(
            (int(m), timetable.hears[self.arrays.of_class[p], m]) for p, m in ((p, self.at[p, t]) for p, t in starts)
        )
        modes = {each.participant: each.mode for each in self.arrays.problem.interpreters}
        used: Counter[tuple[int, str]] = Counter()
        found = []
        for voice in timetable.voices:
            key = timetable.index[voice.meeting], voice.language
            used[key] += 1 if modes[voice.participant] is Mode.SIMULTANEOUS else 2
            if used[key] <= 2 * listeners[key]:
                found.append(voice)
        return found


def until(seconds: float, stopped: Callable[[], bool] = lambda: False) -> Clock:
    ends = time.monotonic() + seconds
    return lambda: time.monotonic() >= ends or stopped()
