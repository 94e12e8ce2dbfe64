"""What a flow minimises: whole numbers in falling order of importance."""

from dataclasses import dataclass

PERCENT = 100


@dataclass(frozen=True)
class Weights:
    """What a flow minimises: integers, in falling order of importance."""

    minimum: int
    unplaced: int
    kept: int  # per person who leaves her earlier place
    worst: int  # per cost unit of the worst-off goal
    points: int
    mix: int = 0  # per hundredth of a person too many or too few
    even: int = 0

    @classmethod
    def of(cls, people: int, points: int = 1, mix: int = 0, even: int = 0, worst: bool = True) -> "Weights":
        """Lexicographic by size: nothing lower can outweigh one unit of what stands above."""
        step = max(1, people) * (PERCENT * points + 2 * PERCENT * mix + even + 1)
        top = 200 * step
        return cls(top * 1000, top * 10, top, step if worst else 0, points, mix, even)
