"""The parent's side: hears progress, keeps the best answer sent, and knows how long each phase may take."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from typing import Any

from solver.child.answers import read_answer
from solver.problem import Progress, Solution, Status
from solver.problem.allowances import USUAL, Phase, allowed

Wish = Callable[[], str]

STOPPED = 5.0
"""Seconds after which a child that somebody stopped (SIGSTOP) is given up: whoever stops both continues both."""


@dataclass(frozen=True)
class Kept:
    """An answer on the way, as JSON: the best so far."""

    answer: str


@dataclass
class Listener:
    """Waits for each phase's own allowance, counted from its beginning, so that the allowances add up.

    `kept` is the last answer that the child sent before its final one.
    """

    pipe: Connection
    process: Any
    stop: Any
    time_limit: float
    progress: Callable[[Progress], None]
    wish: Wish
    began: float
    kept: str | None = None
    phase: Phase = Phase.STARTING
    ends: float = 0.0
    stopped_since: float | None = None

    def listen(self) -> Solution:
        """The child's final answer; *unknown* when cancelled, *failed* when it crashed or hung."""
        self.ends = self.began + allowed(Phase.STARTING, self.time_limit)
        while time.monotonic() < self.ends and not self._is_stopped():
            if self._wished() == "cancel":
                return Solution(Status.UNKNOWN, reason="cancelled")
            try:
                if not self.pipe.poll(0.25):
                    continue
                message = self.pipe.recv()
            except (EOFError, OSError):
                self.process.join(1)
                return Solution(Status.FAILED, reason="crashed", facts={"exit_code": self.process.exitcode})
            if isinstance(message, Progress | Kept | Phase):
                self._note(message)
            else:
                return read_answer(message)
        return Solution(Status.FAILED, reason="hung", facts={"phase": self.phase.value, "seconds": self._seconds()})

    def _is_stopped(self) -> bool:
        """Whether the child has done nothing for a while because it may not; known where the system tells."""
        if not (hasattr(os, "waitid") and _stands_still(self.process.pid)):
            self.stopped_since = None
            return False
        now = time.monotonic()
        self.stopped_since = now if self.stopped_since is None else self.stopped_since
        return now - self.stopped_since >= STOPPED

    def _wished(self) -> str:
        wanted = self.wish()
        if wanted == "stop" and not self.stop.is_set():
            self.stop.set()
            if self.phase is Phase.SEARCHING:
                self.ends = min(self.ends, time.monotonic() + allowed(Phase.SEARCHING, 0.0))
        return wanted

    def _note(self, message: "Progress | Kept | Phase") -> None:
        if isinstance(message, Kept):
            self.kept = message.answer
        elif isinstance(message, Progress):
            self.progress(replace(message, expected=self._expected()))
        else:
            self.phase = message
            limit = 0.0 if self.stop.is_set() else self.time_limit
            self.ends = time.monotonic() + allowed(message, limit)

    def _expected(self) -> float | None:
        """Seconds from the start of the search until the answer is to be expected; None once it is to stop."""
        return None if self.stop.is_set() else self.time_limit + USUAL[Phase.HANDING_OVER]

    def _seconds(self) -> float:
        return round(time.monotonic() - self.began, 1)


def _stands_still(pid: int) -> bool:
    """Looks without taking the state away from whoever waits for the process."""
    try:
        return os.waitid(os.P_PID, pid, os.WSTOPPED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:
        return False
