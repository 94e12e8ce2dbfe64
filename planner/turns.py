"""How long somebody waits for her turn to write: never so long, and never so many at once, that nobody can read."""

import threading
import time
from collections.abc import Callable
from itertools import count

LONGEST = 4.0
"""Seconds after which whoever waits is told to come back."""
STUCK = 2.0
"""Seconds without any turn after which only the first in line goes on waiting: the others' threads read pages."""


class Turns:
    """The line of one process before a lock that other processes take, too."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._numbers = count()
        self._line: list[int] = []
        self._moved = 0.0  # when somebody last had her turn, or the line began

    def take(self, attempt: Callable[[], bool]) -> bool:
        """Try until `attempt` has the lock; False for whoever should not wait any longer."""
        number, began = self._enter(), time.monotonic()
        try:
            while not attempt():
                if self._hopeless(number, began):
                    return False
            self._moved = time.monotonic()
            return True
        finally:
            with self._guard:
                self._line.remove(number)

    def _enter(self) -> int:
        with self._guard:
            if not self._line:
                self._moved = time.monotonic()
            number = next(self._numbers)
            self._line.append(number)
            return number

    def _hopeless(self, number: int, began: float) -> bool:
        now = time.monotonic()
        with self._guard:
            stuck = now - self._moved > STUCK and self._line[0] != number
        return stuck or now - began > LONGEST
