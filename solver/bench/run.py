"""Measures: each run in a process of its own, its memory and the times at which it came close counted there."""

import multiprocessing
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from statistics import median
from typing import Any

from solver.problem import Preset, Problem, Progress, Settings, Solution, goal

ONE_PERCENT = 0.01


@dataclass(frozen=True)
class Row:
    """Medians of n runs: seconds, the main goal's value and gap, megabytes; `others` the gaps of the other goals."""

    name: str
    people: int
    runs: int
    seconds: float
    first: float | None
    close: float | None  # until within 1 % of the final value of the main goal
    goal: str
    value: float | None
    gap: float | None
    memory: float
    route: str
    status: str
    others: dict[str, float | None]
    note: str = ""


def measured(name: str, make: Callable[[int], Problem], settings: Settings, runs: int) -> Row:
    """`make(seed)` builds the instance; the same instance is solved with another seed each run."""
    problem = make(0)
    found = [apart(problem, replace(settings, seed=seed)) for seed in range(runs)]
    return row(name, problem, found)


@dataclass(frozen=True)
class Outcome:
    solution: Solution
    progress: tuple[Progress, ...]
    memory: float
    seconds: float


def apart(problem: Problem, settings: Settings) -> Outcome:
    """One solve in a fresh process; memory is the largest resident size of that process, the problem included."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(theirs, problem, settings), daemon=True)
    process.start()
    theirs.close()
    try:
        found: Outcome = ours.recv()
    finally:
        process.join(20)
        if process.is_alive():
            process.kill()
    return found


def _work(pipe: Connection, problem: Problem, settings: Settings) -> None:
    from solver import solve

    # What is measured must not rest on proofs that contradict each other.
    os.environ["STUHLKREIS_STRICT"] = "1"
    told: list[Progress] = []
    began = time.monotonic()
    solution = solve(problem, settings, told.append)
    seconds = time.monotonic() - began
    memory = solution.peak_memory_mb or 0.0
    # Meetings and seats were verified where they were found; they are not needed here.
    pipe.send(Outcome(replace(solution, meetings=(), seats=()), tuple(told), memory, seconds))


MAIN = {Preset.NATIVE: ("native", "worst_pair"), Preset.REPAIR: ("stability",)}


def row(name: str, problem: Problem, found: list[Outcome]) -> Row:
    settings = found[0].solution.settings
    wanted = next((n for n in MAIN.get(settings.preset, ("wishes",)) if goal(found[0].solution, n)), "wishes")
    results = [goal(each.solution, wanted) for each in found]
    values = [result.reached if result.reached is not None else result.value for result in results if result]
    gaps = [result.gap for result in results if result and result.gap is not None]
    firsts = [each.solution.first_answer for each in found if each.solution.first_answer is not None]
    close = [seconds for each in found if (seconds := _close(each, wanted)) is not None]
    others = {each.name: each.gap for each in found[0].solution.goals if each.name != wanted}
    return Row(
        name,
        len(problem.participants),
        len(found),
        median(each.seconds for each in found),
        median(firsts) if firsts else None,
        median(close) if close else None,
        wanted,
        median(values) if values else None,
        median(gaps) if gaps else None,
        max(each.memory for each in found),
        found[0].solution.route,
        found[0].solution.status.value,
        others,
    )


def _close(outcome: Outcome, wanted: str) -> float | None:
    result = goal(outcome.solution, wanted)
    if result is None:
        return None
    final = result.reached if result.reached is not None else result.value
    for progress in outcome.progress:
        near = progress.value is not None and abs(progress.value - final) <= ONE_PERCENT * max(1.0, abs(final))
        if progress.goal == wanted and near:
            return progress.seconds
    return outcome.seconds


def machine() -> dict[str, Any]:
    """Where this was measured: processor, cores, Python and library versions."""
    import platform
    from importlib.metadata import version
    from pathlib import Path

    cpu = Path("/proc/cpuinfo")
    text = cpu.read_text(encoding="utf-8") if cpu.exists() else ""
    names = [line.split(":", 1)[1].strip() for line in text.splitlines() if line.startswith("model name")]
    return {
        "processor": names[0] if names else platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "ortools": version("ortools"),
        "numpy": version("numpy"),
    }
