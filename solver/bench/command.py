"""`planner bench`: generated families, kept and others' instances, repair and diagnosis, baselines side by side."""

import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from statistics import median

from solver import Absent, RoomLost, diagnose, formats, repair, solve
from solver.bench import baselines, report
from solver.bench.families import Family, build
from solver.bench.naive import naive
from solver.bench.run import Row, machine, measured
from solver.problem import Preset, Problem, Settings
from solver.problem.codec import ProblemError


def measure(
    sizes: tuple[int, ...],
    kinds: tuple[str, ...],
    seconds: float,
    runs: int,
    against: tuple[str, ...] = (),
    instances: Path | None = None,
    out: Path | None = None,
    extras: bool = False,
    workers: int = 2,
) -> int:
    """Prints the table row by row, then as Markdown; writes bench.json, bench.md and pictures into `out`."""
    here, rows, compared = machine(), [], []
    for name, people, kind in ((f"{kind} {people:,}", people, kind) for kind in kinds for people in sizes):
        settings = Settings(time_limit=seconds, workers=workers)
        found = measured(name, lambda seed, n=people, k=kind: build(n, seed, Family(k)), settings, runs)  # type: ignore[misc]
        rows.append(_shown(found))
        problem = build(people, 0, Family(kind))
        # The plain MILP knows no placing of sessions: it is compared where every session runs in every round.
        for other in (each for each in against if not (each == "highs" and kind == "norep")):
            theirs = naive(problem, seconds) if other == "naive" else baselines.highs(problem, seconds)
            compared.append((name, found, theirs))
    rows += [_shown(found) for found in _others(instances, seconds, runs, workers)]
    if extras:
        rows += [_shown(found) for found in (*_repairs(runs), _diagnosis(runs))]
    sys.stdout.write("\n" + report.markdown(here, rows, compared))
    if out:
        report.write(out, here, rows, compared)
    return 0


def _shown(row: Row) -> Row:
    sys.stderr.write("  ".join(report.cells(row)) + "\n")
    return row


def _others(folder: Path | None, seconds: float, runs: int, workers: int) -> Iterator[Row]:
    """Every file in the folder that some format knows."""
    for file in sorted(folder.rglob("*")) if folder else ():
        try:
            text = file.read_text(encoding="utf-8") if file.is_file() else ""
            module = formats.detect(text)
            problem = module.read(text)
        except (ProblemError, UnicodeDecodeError):
            continue
        settings = Settings(preset=module.PRESET, time_limit=seconds, workers=workers)
        yield measured(file.stem, lambda _, p=problem: p, settings, runs)  # type: ignore[misc]


def _repairs(runs: int) -> Iterator[Row]:
    """One person away, one room lost, at 1,000 people: from the start of the repair to its first answer."""
    problem = build(1000, 0, Family("rep"))
    earlier = solve(problem, Settings(time_limit=5))
    for name, change in (
        ("repair: one person", Absent("p500", frozenset({"t1"}))),
        ("repair: one room", RoomLost("r10", frozenset({"t1"}))),
    ):
        firsts, walls, moved = [], [], 0
        for _ in range(runs):
            began = time.monotonic()
            mended = repair(problem, earlier, [change], Settings(preset=Preset.REPAIR, time_limit=2))
            walls.append(time.monotonic() - began)
            firsts.append(mended.solution.first_answer or walls[-1])
            moved = len(mended.moves)
        yield replace(
            _plain_row(name, problem, runs, median(walls)), first=median(firsts), goal="moves", value=moved, gap=None
        )


def _diagnosis(runs: int) -> Row:
    """300 people, five rooms too few."""
    problem = build(300, 0, Family("rep"))
    impossible = replace(problem, rooms=problem.rooms[:20])
    walls, note = [], ""
    for _ in range(runs):
        began = time.monotonic()
        found = diagnose(impossible)
        walls.append(time.monotonic() - began)
        kinds = ", ".join(f"{r.kind} {r.facts.get('by', '')}".strip() for r in found.relaxations)
        note = f"{' + '.join(found.rules)}; helps: {kinds}"
    return replace(_plain_row("diagnose: rooms missing", problem, runs, median(walls)), note=note, status=found.status)


def _plain_row(name: str, problem: Problem, runs: int, seconds: float) -> Row:
    return Row(name, len(problem.participants), runs, seconds, None, None, "-", None, None, 0, "", "", {})
