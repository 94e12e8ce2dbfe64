"""Bounds on worst-off and wishes by prices that make each person's day her own matter."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solver.bounds.merged import free_slots, merged
from solver.flow.arrays import Arrays, Numbers
from solver.flow.plan import MergedDay
from solver.flow.timetable import Timetable


@dataclass
class Duals:
    """Prices that make the worst-off goal a matter of each person alone (Lagrangian relaxation, Geoffrion, 1974).

    A person's shortfall is a falling step function of her day's points d; a line c - b d below it for a price b
    turns it into weights on her points. Any prices give a valid bound; subgradient steps make it close.
    """

    arrays: Arrays
    timetable: Timetable | None
    full: bool  # everybody is placed: nobody's day is worth less than its least places

    def __post_init__(self) -> None:
        """`days` P x D: the points that somebody's day can be worth at all, rising; `costs` her shortfall then."""
        arrays, table = self.arrays, self.arrays.problem.rank_points
        supply = free_slots(arrays, self.timetable)
        busy = {id for s in arrays.problem.sessions for id in s.staff}
        busy |= {interpreter.participant for interpreter in arrays.problem.interpreters}
        short = all(session.duration == 1 for session in arrays.problem.sessions)
        known: dict[tuple[int, int, bool], list[int]] = {}
        rows: list[list[int]] = []
        for at, person in enumerate(arrays.people):
            # Whoever works in some slots, or sits in one meeting for two, may attend less than she is there.
            key = (len(person.favourites), int(supply[at]), self.full and short and person.id not in busy)
            if key not in known:
                known[key] = possible_days(table, *key)
            rows.append(known[key])
        width = max(map(len, rows), default=1)
        self.days = np.array([row + [row[-1]] * (width - len(row)) for row in rows], dtype=np.int64)
        cost = np.zeros(self.days.shape, dtype=np.int64)
        for step, price in enumerate(arrays.step_cost):
            cost += (self.days < arrays.need[:, step : step + 1]) * price
        self.costs = np.where(arrays.counted[:, None], cost, 0)

    def _step(self, price: NDArray[np.float64], off: Numbers, step: int) -> NDArray[np.float64]:
        """Dearer where the merged day falls short of the day that the line touches, cheaper where it exceeds it."""
        pace = 0.3 / (1 + step / 4)
        found: NDArray[np.float64] = np.where(
            self.arrays.counted, np.maximum(0.0, price * (1 + pace * np.sign(off)) + 0.002 * pace * (off > 0)), 0.0
        )
        return found

    def slope(self, day: Numbers) -> NDArray[np.float64]:
        """P: how steep the shortfall falls from a person's day on: what a point more is worth to her at most."""
        rows = np.arange(len(day))
        now = (day[:, None] < self.arrays.need) @ self.arrays.step_cost
        further = np.maximum(1, self.days - day[:, None])
        gain = np.where(self.days > day[:, None], (now[:, None] - self.costs) / further, 0.0)
        found: NDArray[np.float64] = np.where(self.arrays.counted, gain[rows, gain.argmax(axis=1)], 0.0)
        return found

    def line(self, price: NDArray[np.float64]) -> tuple[NDArray[np.float64], Numbers, Numbers]:
        """P each: the height c of the line, and the day and shortfall at which it touches."""
        value = self.costs + price[:, None] * self.days
        touch = value.argmin(axis=1)
        rows = np.arange(len(value))
        return value[rows, touch], self.days[rows, touch], self.costs[rows, touch]

    def worst_off(self, known: Numbers, ended: Callable[[], bool], rounds: int = 40) -> tuple[float, MergedDay | None]:
        """A bound that no allocation's worst-off value falls below, and the merged day at its prices."""
        scale, best, plan = 4096, 0.0, None
        price = self.slope(known)
        for step in range(rounds):
            weight = np.round(price * scale).astype(np.int64)
            found = merged(self.arrays, self.timetable, weight, 10**9)
            if found is None:
                return best, plan
            height, day, _short = self.line(weight / scale)
            value = float(height.sum() - (weight * found.day).sum() / scale)
            if value > best or plan is None:
                best, plan = max(best, value), found
            if ended():
                break
            price = self._step(price, day - found.day, step)
        return best, plan

    def wishes(
        self, limit: float, known: Numbers, much: float, ended: Callable[[], bool], rounds: int = 40
    ) -> tuple[float, MergedDay | None]:
        """A bound on wishes among all allocations whose worst-off value is at most `limit`; and its merged day."""
        scale, best, plan = 64, float("inf"), None
        price = self.slope(known)
        for step in range(rounds):
            extra = np.round(price * much * scale).astype(np.int64)
            found = merged(self.arrays, self.timetable, extra + scale, 10**9)
            if found is None:
                return best, plan
            height, day, short = self.line(extra / (scale * much))
            value = ((extra + scale) * found.day).sum() / scale + much * (limit - height.sum())
            if value < best:
                best, plan = float(value), found
            if ended():
                break
            pace = 1 / (1 + step / 6)
            price = self._step(price, day - found.day, step)
            much = max(0.1, much * (1 + 0.2 * pace * np.sign(short.sum() - limit)))
        return best, plan


def possible_days(table: tuple[int, ...], listed: int, slots: int, full: bool) -> list[int]:
    """What a day of so many slots can be worth to somebody with so long a list: some of it, the rest unlisted.

    With `full` every slot is filled; without, some may be empty.
    """
    points = [table[min(rank, len(table) - 1)] for rank in range(listed)]
    rest = table[min(listed, len(table) - 1)] if listed else 0
    sums: list[set[int]] = [{0}] + [set() for _ in range(slots)]
    for value in points:
        for taken in range(slots, 0, -1):
            sums[taken] |= {day + value for day in sums[taken - 1]}
    fewest = [slots] if full else list(range(slots + 1))
    days = {day + (many - taken) * rest for many in fewest for taken in range(many + 1) for day in sums[taken]}
    return sorted(days)
