"""How value and bound of the goal in hand came closer: the points of two lines in a picture."""

from collections.abc import Sequence
from dataclasses import dataclass

from planner.models import AllocationProgress

WIDTH, HEIGHT = 200, 60


@dataclass(frozen=True)
class Curve:
    """`values` and `bounds` as SVG points; the last numbers for the sentence beside them."""

    goal: str
    value: float
    bound: float | None
    values: str
    bounds: str


def curve(rows: Sequence[AllocationProgress]) -> Curve | None:
    """The goal of the last row, which has a value of its own scale; nothing without two points of it."""
    goal = rows[-1].goal if rows else ""
    found = [row for row in rows if row.goal == goal and row.value is not None]
    if len(found) < 2:
        return None
    values = [(row.seconds, row.value) for row in found if row.value is not None]
    bounds = [(row.seconds, row.bound) for row in found if row.bound is not None]
    box = _Box([*values, *bounds])
    return Curve(goal, values[-1][1], bounds[-1][1] if bounds else None, box.points(values), box.points(bounds))


class _Box:
    def __init__(self, spots: Sequence[tuple[float, float]]):
        across, up = zip(*spots, strict=True)
        self.left, self.wide = min(across), max(across) - min(across) or 1
        self.low, self.high = min(up), max(up) - min(up) or 1

    def points(self, spots: Sequence[tuple[float, float]]) -> str:
        return " ".join(f"{self._x(seconds):.1f},{self._y(number):.1f}" for seconds, number in spots)

    def _x(self, seconds: float) -> float:
        return WIDTH * (seconds - self.left) / self.wide

    def _y(self, number: float) -> float:
        return 2 + (HEIGHT - 4) * (1 - (number - self.low) / self.high)
