"""Where the chairs of a ring stand: pure geometry, the same for pages and papers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import cos, pi, sin

MOST_IN_ONE_RING = 36
ATTENDEE = "attendee"


@dataclass(frozen=True)
class Chair:
    """Who sits there: `letter` and `colour` of her group, her role, an interpreter's language; empty is free."""

    letter: str = ""
    colour: int = 0
    role: str = ""
    language: str = ""

    @property
    def is_free(self) -> bool:
        return not self.role


@dataclass(frozen=True)
class Ring:
    """A meeting as a circle of chairs; `most` can attend it, and at least `minimum`, drawn as a notch.

    Those who work there have chairs of their own, before the others: they count for neither.
    """

    title: str
    most: int
    chairs: Sequence[Chair] = ()
    minimum: int = 0

    @property
    def taken(self) -> int:
        return len(self.chairs)

    @property
    def attending(self) -> int:
        return sum(chair.role == ATTENDEE for chair in self.chairs)

    @property
    def working(self) -> int:
        return self.taken - self.attending

    @property
    def free(self) -> int:
        return max(0, self.most - self.attending)

    @property
    def places(self) -> list["Place"]:
        everybody = [*self.chairs, *[Chair()] * self.free]
        return [Place(chair, *spot) for chair, spot in zip(everybody, spots(len(everybody)), strict=True)]

    @property
    def notch(self) -> tuple[float, float, float, float] | None:
        """A short line on the rim after as many who attend as the meeting needs at least."""
        seats = self.taken + self.free
        if not self.minimum or not seats:
            return None
        turn = angle(min(self.working + self.minimum, seats) - 0.5, seats)
        return (*at(turn, 27), *at(turn, 33))


@dataclass(frozen=True)
class Place:
    chair: Chair
    x: float
    y: float
    radius: float
    turn: float = field(default=0, compare=False)


def angle(position: float, of: int) -> float:
    """Clockwise from the top."""
    return 2 * pi * position / of - pi / 2


def at(turn: float, distance: float) -> tuple[float, float]:
    return round(50 + distance * cos(turn), 2), round(50 + distance * sin(turn), 2)


def spots(count: int) -> list[tuple[float, float, float, float]]:
    """x, y, radius and turn of each chair in a square of 100; above 36 chairs in two rings."""
    if count <= MOST_IN_ONE_RING:
        return _circle(count, 42)
    inner = count * 2 // 5
    return _circle(count - inner, 45) + _circle(inner, 32)


def _circle(count: int, distance: float) -> list[tuple[float, float, float, float]]:
    if not count:
        return []
    radius = round(min(5.2, 0.82 * pi * distance / count), 2)
    turns = [angle(position, count) for position in range(count)]
    return [(*at(turn, distance), radius, turn) for turn in turns]
