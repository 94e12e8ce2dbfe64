"""What time it is: the one place that asks the computer."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

Clock = Callable[[], datetime]
"""For whoever must read the time at a moment of her own choice: after she holds what the time decides about."""


class Shifted(Protocol):
    clock_shift: int


def now(conference: Shifted | None = None) -> datetime:
    """The present instant in UTC; a demonstration conference may live some seconds earlier or later."""
    real = datetime.now(UTC)
    return real + timedelta(seconds=conference.clock_shift) if conference else real


def of(conference: Shifted) -> Clock:
    """The conference's clock, to be read later."""
    return lambda: now(conference)
