"""Bounds on worst-off and wishes by prices that make each person's day her own matter."""

from collections.abc import Callable
from math import ceil, floor

import numpy as np
from numpy.typing import NDArray

from solver.bounds.merged import Merged
from solver.flow.arrays import Numbers

Prices = NDArray[np.float64]
SAFE = 1e-6
"""Both goals are whole numbers, so a bound is rounded to the next one; floating point must not push it over."""
FINE, COARSE = 4096, 64
"""Prices are cut into so many parts: a flow takes whole numbers."""


class Duals:
    """Prices that make the worst-off goal a matter of each person alone (Lagrangian relaxation, Geoffrion, 1974).

    A person's shortfall is a falling step function of her day's points d; a line c - b d below it for a price b turns
    it into weights on her points. Any prices give a valid bound; subgradient steps make it close.

    merged: the relaxation that serves all weights at once.
    unplaced: how many (person, slot) pairs may be without a place; 0 means that nobody's day has a gap.
    """

    def __init__(self, merged: Merged, unplaced: int):
        """`days` P x D: the points that somebody's day can be worth at all, rising; `costs` her shortfall then."""
        self.merged, self.arrays, self.unplaced = merged, merged.arrays, unplaced
        arrays, table = self.arrays, self.arrays.problem.rank_points
        short = all(session.duration == 1 for session in arrays.problem.sessions)
        known: dict[tuple[int, int, bool], list[int]] = {}
        rows: list[list[int]] = []
        for at, person in enumerate(arrays.people):
            # Whoever may work in some slots, or sits in one meeting for two, may attend less than she is there.
            full = short and not unplaced and not merged.idle[at] and arrays.problem.full_day
            key = (len(person.favourites), int(merged.supply[at]), bool(full))
            if key not in known:
                known[key] = possible_days(table, *key)
            rows.append(known[key])
        width = max(map(len, rows), default=1)
        self.days = np.array([row + [row[-1]] * (width - len(row)) for row in rows], dtype=np.int64)
        cost = np.zeros(self.days.shape, dtype=np.int64)
        for step, price in enumerate(arrays.step_cost):
            cost += (self.days < arrays.need[:, step : step + 1]) * price
        self.costs = np.where(arrays.counted[:, None], cost, 0)

    def _step(self, price: Prices, off: Numbers, step: int) -> Prices:
        """Dearer where the merged day falls short of the day that the line touches, cheaper where it exceeds it."""
        pace = 0.3 / (1 + step / 4)
        found: Prices = np.where(
            self.arrays.counted, np.maximum(0.0, price * (1 + pace * np.sign(off)) + 0.002 * pace * (off > 0)), 0.0
        )
        return found

    def slope(self, day: Numbers) -> Prices:
        """P: how steep the shortfall falls from a person's day on: what a point more is worth to her at most."""
        rows = np.arange(len(day))
        now = (day[:, None] < self.arrays.need) @ self.arrays.step_cost
        further = np.maximum(1, self.days - day[:, None])
        gain = np.where(self.days > day[:, None], (now[:, None] - self.costs) / further, 0.0)
        found: Prices = np.where(self.arrays.counted, gain[rows, gain.argmax(axis=1)], 0.0)
        return found

    def line(self, price: Prices) -> tuple[Prices, Numbers, Numbers]:
        """P each: the height c of the line, and the day and shortfall at which it touches."""
        value = self.costs + price[:, None] * self.days
        touch = value.argmin(axis=1)
        rows = np.arange(len(value))
        return value[rows, touch], self.days[rows, touch], self.costs[rows, touch]

    def worst_off(self, known: Numbers, ended: Callable[[], bool], rounds: int = 40) -> int:
        """What no allocation's worst-off value falls below; `known` P: points of each person's day in some answer."""
        best, price = 0.0, self.slope(known)
        for step in range(rounds):
            if ended():
                break
            weight = np.round(price * FINE).astype(np.int64)
            found = self.merged.most_wishes(weight, self.unplaced)
            if found is None:
                break
            height, day, _short = self.line(weight / FINE)
            best = max(best, float(height.sum() - (weight * found.day).sum() / FINE))
            price = self._step(price, day - found.day, step)
        return ceil(best - SAFE)

    def wishes(
        self, limit: float, known: Numbers, much: float, ended: Callable[[], bool], rounds: int = 40
    ) -> int | None:
        """What the wishes of no allocation exceed whose worst-off value is at most `limit`; None if nothing was shown.

        `much`: how many points a unit of the worst-off value is worth, to begin with.
        """
        best, price = float("inf"), self.slope(known)
        for step in range(rounds):
            if ended():
                break
            extra = np.round(price * much * COARSE).astype(np.int64)
            found = self.merged.most_wishes(extra + COARSE, self.unplaced)
            if found is None:
                break
            height, day, short = self.line(extra / (COARSE * much))
            value = ((extra + COARSE) * found.day).sum() / COARSE + much * (limit - height.sum())
            best = min(best, float(value))
            pace = 1 / (1 + step / 6)
            price = self._step(price, day - found.day, step)
            much = max(0.1, much * (1 + 0.2 * pace * np.sign(short.sum() - limit)))
        return None if best == float("inf") else floor(best + SAFE)


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
