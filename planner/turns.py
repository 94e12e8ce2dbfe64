"""How long somebody waits for her turn to write: never so long, and never so many at once, that nobody can read."""

import threading
import time
from collections.abc import Callable
from itertools import count

LONGEST = 4.0
"""Seconds without any turn after which whoever waits is told to come back: a long line that moves is no fault."""
STUCK = 2.0
"""After so many only the first in line goes on waiting, where another process has the lock: the others read pages.

Whose turn is taken in this process is at work, however slowly the machine lets her.
"""


class Turns:
    """The line of one process before a lock that other processes take, too: only its first in line tries.

    clock: seconds that only go on, for whoever cannot wait for real ones.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._changed = threading.Condition()
        self._numbers = count()
        self._line: list[int] = []
        self._moved = 0.0  # when somebody last took her turn or gave it back, or the line began
        self._holder: int | None = None  # the thread whose turn it is

    def take(self, attempt: Callable[[], bool]) -> bool:
        """Try until `attempt` has the lock; False for whoever should not wait any longer."""
        number, began = self._enter(), self._clock()
        try:
            while not (self._is_next(number) and attempt()):
                if self._hopeless(number, began):
                    return False
            self._pass_to(threading.get_ident())
            return True
        finally:
            with self._changed:
                self._line.remove(number)
                self._changed.notify_all()

    def give_back(self) -> None:
        """Her turn is over; of somebody else's nothing is said."""
        if self._holder == threading.get_ident():
            self._pass_to(None)

    def _pass_to(self, thread: int | None) -> None:
        with self._changed:
            self._holder, self._moved = thread, self._clock()

    def _enter(self) -> int:
        with self._changed:
            if not self._line:
                self._moved = self._clock()
            number = next(self._numbers)
            self._line.append(number)
            return number

    def _is_next(self, number: int) -> bool:
        """Wait a moment for it: whoever comes last must not be first again and again."""
        with self._changed:
            return self._changed.wait_for(lambda: self._line[0] == number, timeout=0.1)

    def _hopeless(self, number: int, began: float) -> bool:
        now = self._clock()
        with self._changed:
            stuck = now - self._moved > STUCK and self._holder is None and self._line[0] != number
            return stuck or now - max(self._moved, began) > LONGEST
