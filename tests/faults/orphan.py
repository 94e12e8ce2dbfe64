"""FLT-4: the process that waits for the solver is killed at random moments, and no solver is left behind."""

import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any
from unittest import mock

from solver import Settings, solve_apart
from solver.bench.families import rep
from solver.child.work import work
from tests.campaigns.report import Report
from tests.faults import processes

PROMISE = "FLT-4: the solver's parent is killed or asked to end at a random moment; no solver goes on without it."
PATIENCE = 10.0
"""Seconds after which a solver without a parent counts as an orphan: one that is still starting notices soon after."""
ENDINGS = (signal.SIGKILL, signal.SIGTERM)


def run(count: int, seed: int, *, database: str, unguarded: bool, say: Callable[[str], None]) -> Report:
    """Each round with a parent of its own, ended between its start and two seconds of search."""
    dice, report = random.Random(seed), Report("orphan", PROMISE, control_arm=unguarded)
    for number in range(count):
        ending, moment = ENDINGS[number % len(ENDINGS)], dice.uniform(0.0, 2.0)
        seconds = _round(ending, moment, unguarded)
        row = {"round": number, "ended by": ending.name, "after s": round(moment, 2), "solver gone after s": seconds}
        report.rows.append(row)
        if seconds is None:
            report.broken.append(f"round {number}: a solver was left behind")
        say(f"{row}")
    return report


def _round(ending: signal.Signals, moment: float, unguarded: bool) -> float | None:
    """Seconds until the solver was gone; None if it went on."""
    words = [sys.executable, "-m", "tests.faults.orphan", *(["unguarded"] if unguarded else [])]
    parent = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    if not processes.within(20, lambda: bool(processes.solvers(parent.pid))):
        raise RuntimeError("the parent started no solver")
    child = processes.solvers(parent.pid)[0]
    time.sleep(moment)
    parent.send_signal(ending)
    parent.wait()
    began = time.monotonic()
    gone = processes.within(PATIENCE, lambda: not processes.runs(child))
    processes.end(child)
    return round(time.monotonic() - began, 2) if gone else None


def unguarded_work(pipe: Connection, stop: Any, problem: str, settings: str) -> None:
    """The child that knows no parent to end with."""
    with mock.patch("multiprocessing.parent_process", return_value=None):
        work(pipe, stop, problem, settings)


if __name__ == "__main__":
    target = unguarded_work if "unguarded" in sys.argv else None
    solve_apart(rep(300, 3), Settings(time_limit=60, workers=1), target=target)
