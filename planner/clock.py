"""What time it is: the one place that asks the computer."""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Shifted(Protocol):
    clock_shift: int


def now(conference: Shifted | None = None) -> datetime:
    """The present instant in UTC; a demonstration conference may live some seconds earlier or later."""
    real = datetime.now(UTC)
    return real + timedelta(seconds=conference.clock_shift) if conference else real
