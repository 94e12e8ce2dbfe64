"""What a best day looks like when slots do not matter: which wishes it takes, how full it makes each session."""

from dataclasses import dataclass

from solver.flow.arrays import Flags, Numbers


@dataclass(frozen=True)
class MergedDay:
    """`wishes` at most, `unplaced` at least; `picks` (L) are the listed pairs of a best merged day."""

    wishes: int
    unplaced: int
    picks: Flags
    degree: Numbers  # S: how many people a best merged day puts into each session
    day: Numbers  # P: points of each person's merged day
