"""Where the points of a small curve of counts stand, and which of them carry their number: pure geometry."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 320, 96
TOP, FOOT, SIDE = 22, 6, 12
MOST_NUMBERS = 8


@dataclass(frozen=True)
class Spot:
    """A point with its number; `is_told` where the number stands beside it."""

    x: float
    y: float
    count: int
    is_told: bool


@dataclass(frozen=True)
class Curve:
    """`line` and `area` as SVG points, from the first count to the last."""

    spots: tuple[Spot, ...]

    @property
    def line(self) -> str:
        return " ".join(f"{spot.x},{spot.y}" for spot in self.spots)

    @property
    def area(self) -> str:
        floor = HEIGHT - FOOT
        return f"{self.spots[0].x},{floor} {self.line} {self.spots[-1].x},{floor}"


def curve(counts: Sequence[int]) -> Curve | None:
    """Of few counts each one but none is told, of many the highest and the last; one count alone is no curve."""
    if len(counts) < 2:
        return None
    high = max(*counts, 1)
    told = range(len(counts)) if len(counts) <= MOST_NUMBERS else {counts.index(max(counts)), len(counts) - 1}
    return Curve(
        tuple(
            Spot(
                round(SIDE + (WIDTH - 2 * SIDE) * at / (len(counts) - 1), 1),
                round(TOP + (HEIGHT - TOP - FOOT) * (1 - count / high), 1),
                count,
                count > 0 and at in told,
            )
            for at, count in enumerate(counts)
        )
    )
