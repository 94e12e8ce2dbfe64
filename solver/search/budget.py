"""What a search may still spend: the clock or a deterministic budget, and the wish to stop, asked before every step."""

import threading
import time
from dataclasses import dataclass, field


@dataclass
class Meter:
    """What was spent so far; all parts of one budget share it.

    deterministic: the clock does not count, only what is spent in so many words (`units`, about a second each).
    """

    stop: threading.Event = field(default_factory=threading.Event)
    deterministic: bool = False
    began: float = field(default_factory=time.monotonic)
    units: float = 0.0

    @property
    def elapsed(self) -> float:
        """Seconds on the clock."""
        return time.monotonic() - self.began

    @property
    def spent(self) -> float:
        return self.units if self.deterministic else self.elapsed


@dataclass(frozen=True)
class Budget:
    """A stretch of the search: it is over when so much is spent, or as soon as somebody wants it to stop.

    ends: seconds, or units, from the beginning of the whole search.
    """

    meter: Meter
    ends: float

    @classmethod
    def of(cls, seconds: float, stop: threading.Event | None = None, deterministic: bool = False) -> "Budget":
        """The whole search, from now on."""
        return cls(Meter(stop or threading.Event(), deterministic), seconds)

    @property
    def elapsed(self) -> float:
        return self.meter.elapsed

    @property
    def left(self) -> float:
        return max(0.0, self.ends - self.meter.spent)

    @property
    def stopped(self) -> bool:
        return self.meter.stop.is_set()

    @property
    def over(self) -> bool:
        return self.stopped or self.left <= 0

    def fits(self, step: float) -> bool:
        """Whether a step of about so many seconds, or units, can still be begun."""
        return not self.stopped and step < self.left

    def spend(self, units: float) -> None:
        """Say what a step took where the clock does not count."""
        self.meter.units += units

    def step(self, units: float) -> bool:
        """Spend and ask: whether it is over after a step of so many units."""
        self.spend(units)
        return self.over

    def part(self, share: float) -> "Budget":
        """A stretch that ends when this share of what is left is spent."""
        return Budget(self.meter, min(self.ends, self.meter.spent + share * self.left))

    def at_least(self, more: float) -> "Budget":
        """The same stretch, but never shorter than so much from now on."""
        return Budget(self.meter, max(self.ends, self.meter.spent + more))

    def until(self, share: float, whole: float) -> "Budget":
        """A stretch that ends when this share of the whole search's budget is spent."""
        return Budget(self.meter, min(self.ends, share * whole))


class Steps:
    """Steps alike, one after the other: asked before each, it says whether the next one would come too late.

    A step is taken to be about as long as the last ones were, so that a busy machine is believed. Where the clock does
    not count, each takes `units`.
    """

    def __init__(self, budget: Budget, units: float):
        self.budget, self.units = budget, units
        self.longest, self.last = 0.0, budget.elapsed

    def __call__(self) -> bool:
        now = self.budget.elapsed
        self.longest, self.last = max(now - self.last, FADING * self.longest), now
        if self.budget.meter.deterministic:
            return self.budget.step(self.units)
        return not self.budget.fits(self.longest)


FADING = 0.7
"""How much of an earlier step's length still counts when the next one was shorter."""
