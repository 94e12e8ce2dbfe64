"""Processes that a campaign starts, watches and ends; Linux only, where /proc tells who whose child is."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path


def children(pid: int) -> list[int]:
    """Whom a process started, whichever of its threads it was."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        found += [int(word) for word in task.read_text().split()]
    return found


def runs(pid: int) -> bool:
    """Whether it still does, or could do, anything: a process that only waits to be counted has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def solvers(pid: int) -> list[int]:
    """The solver children of a process: spawned, and not the tracker of shared resources."""
    return [each for each in children(pid) if "spawn_main" in command(each)]


def within(seconds: float, said: Callable[[], bool]) -> bool:
    """Whether it became true in time."""
    ends = time.monotonic() + seconds
    while not said():
        if time.monotonic() > ends:
            return False
        time.sleep(0.05)
    return True


def end(pid: int) -> None:
    """For what a control arm leaves behind."""
    if runs(pid):
        os.kill(pid, signal.SIGKILL)
