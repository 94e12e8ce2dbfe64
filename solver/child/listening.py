"""The parent's side: hears progress, keeps the best answer sent, and knows how long each phase may take."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from solver.child.answers import read_answer
from solver.problem import Progress, Solution, Status
from solver.problem.allowances import IN_HAND, USUAL, Phase, allowed

Wish = Callable[[], str]

STILL = 5.0
"""Seconds after which a child that does nothing at all is given up: it waits for itself, or somebody stopped it."""
LOOKS = 10
"""So often it is looked at meanwhile: whoever stops parent and child continues both, and a busy parent misses much."""


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
    due: float | None = None  # when the search's own limit is over
    still_since: float | None = None
    looks: int = 0

    def listen(self) -> Solution:
        """The child's final answer; *unknown* when cancelled, *failed* when it crashed or hung."""
        self.ends = self.began + allowed(Phase.STARTING, self.time_limit)
        while not self._is_late() and not self._is_still():
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

    def _is_late(self) -> bool:
        now = time.monotonic()
        with_answer = self.kept is not None and self.due is not None and now >= self.due + IN_HAND
        return now >= self.ends or with_answer

    def _is_still(self) -> bool:
        """Whether the child has done nothing for a while; known where the system tells."""
        if not _does_nothing(self.process.pid):
            self.still_since, self.looks = None, 0
            return False
        now = time.monotonic()
        self.still_since = now if self.still_since is None else self.still_since
        self.looks += 1
        return now - self.still_since >= STILL and self.looks >= LOOKS

    def _wished(self) -> str:
        wanted = self.wish()
        if wanted == "stop" and not self.stop.is_set():
            self.stop.set()
            if self.phase is Phase.SEARCHING:
                self._search_until(time.monotonic())
        return wanted

    def _search_until(self, due: float) -> None:
        before = self.due if self.due is not None else due
        self.due = min(before, due)
        self.ends = self.due + allowed(Phase.SEARCHING, 0.0)

    def _note(self, message: "Progress | Kept | Phase") -> None:
        self.still_since, self.looks = None, 0
        if isinstance(message, Kept):
            self.kept = message.answer
        elif isinstance(message, Progress):
            self.progress(replace(message, expected=self._expected()))
        else:
            self._enter(message)

    def _enter(self, phase: Phase) -> None:
        self.phase, self.due = phase, None
        if phase is Phase.SEARCHING:
            self._search_until(time.monotonic() + (0.0 if self.stop.is_set() else self.time_limit))
        else:
            self.ends = time.monotonic() + allowed(phase, 0.0)

    def _expected(self) -> float | None:
        """Seconds from the start of the search until the answer is to be expected; None once it is to stop."""
        return None if self.stop.is_set() else self.time_limit + USUAL[Phase.HANDING_OVER]

    def _seconds(self) -> float:
        return round(time.monotonic() - self.began, 1)


def _does_nothing(pid: int) -> bool:
    """Whether it is stopped, or all its threads sleep: a search works, and whoever waits for the machine is awake."""
    return _is_stopped(pid) or _all_asleep(Path(f"/proc/{pid}/task"))


def _is_stopped(pid: int) -> bool:
    """Looks without taking the state away from whoever waits for the process."""
    if not hasattr(os, "waitid"):
        return False
    try:
        return os.waitid(os.P_PID, pid, os.WSTOPPED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:
        return False


def _all_asleep(threads: Path) -> bool:
    """By the system's letter for each, which stands behind its name; waiting for a disk is no sleep."""
    try:
        states = [(thread / "stat").read_text().rpartition(")")[2].split()[0] for thread in threads.iterdir()]
    except (OSError, IndexError):  # another system, or one of them has just ended
        return False
    return bool(states) and set(states) == {"S"}
