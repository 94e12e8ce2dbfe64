"""The child's side of the pipe: one thread sends, so that the search never waits for a slow reader."""

import threading
import time
from contextlib import suppress
from multiprocessing.connection import Connection

from solver.child.listening import Kept
from solver.problem import Progress, Solution
from solver.problem.allowances import Phase

PAUSE = 0.2
"""Seconds between two messages of progress."""
DEARER = 20
"""Writing answers out may take one part in so many of the time: large ones are sent more rarely."""


class Sender:
    """Keeps the latest progress and the latest answer, and sends them at a bounded rate.

    The first answer goes out at once. What is sent is only ever the newest; nothing waits in a queue.
    """

    def __init__(self, pipe: Connection):
        self.pipe = pipe
        self._progress: Progress | None = None
        self._answer: Solution | None = None
        self._ended = threading.Event()
        self._woken = threading.Event()
        self._sending = threading.Lock()
        self._next_answer = 0.0
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def tell(self, progress: Progress) -> None:
        self._progress = progress

    def keep(self, answer: Solution) -> None:
        """A verified answer; must be cheap, for the search calls it."""
        self._answer = answer
        self._woken.set()

    def phase(self, phase: Phase) -> None:
        self._send(phase)

    def finish(self, answer: str) -> None:
        """The last message: what was waiting is not needed any more."""
        self._ended.set()
        self._woken.set()
        self._thread.join()
        self._send(answer)

    def _send(self, message: object) -> None:
        # A parent that is gone reads nothing; the process ends with it.
        with self._sending, suppress(OSError):
            self.pipe.send(message)

    def _run(self) -> None:
        while not self._ended.is_set():
            self._woken.wait(PAUSE)
            self._woken.clear()
            self._flush()
            self._ended.wait(PAUSE)

    def _flush(self) -> None:
        progress, self._progress = self._progress, None
        if progress is not None:
            self._send(progress)
        began = time.monotonic()
        if self._answer is not None and began >= self._next_answer:
            answer, self._answer = self._answer, None
            self._send(Kept(answer.to_json()))
            self._next_answer = time.monotonic() + DEARER * (time.monotonic() - began)
