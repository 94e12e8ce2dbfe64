"""Tiny conferences that mix all rules: what the solver says of each, held against an exact model of its own."""

import json
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict
from multiprocessing import get_context
from pathlib import Path

from solver import Status
from tests.campaigns.looking import Asked, Row, look
from tests.campaigns.report import table
from tests.solver.oracle.claims import JUDGES


def rows(asked: list[Asked], processes: int = 1) -> Iterator[Row]:
    """In processes of their own where there are several, so that one that dies costs its row only."""
    if processes == 1:
        yield from map(look, asked)
        return
    while asked:
        done: set[int] = set()
        with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
            running: dict[Future[Row], Asked] = {pool.submit(look, each): each for each in asked}
            for future in as_completed(running):
                try:
                    row = future.result()
                except BrokenProcessPool:
                    continue
                done.add(row.number)
                yield row
        lost = [each for each in asked if each.number not in done]
        if lost:
            # One of the first ones left was at work when its process died; it is given up, the others go on.
            yield Row(lost[0].number, trouble="process died: while this or the next number was solved")
        asked = lost[1:]


def summary(found: list[Row], seconds: float, asked: Asked, processes: int) -> dict[str, object]:
    """The figures of a campaign."""
    kinds = Counter(kind for row in found for kind in row.kinds)
    told = [row for row in found if row.told]
    return {
        "instances": len(found),
        "numbers": [min(row.number for row in found), max(row.number for row in found)],
        "limit": asked.limit,
        "control_arm": asked.lie,
        "languages": asked.languages,
        "processes": processes,
        "seconds": round(seconds, 1),
        "solve_seconds": round(sum(row.seconds for row in found), 1),
        "exact_seconds": round(sum(row.exact_seconds for row in found), 1),
        "infeasible": sum(row.feasible is False for row in found),
        "statuses": dict(sorted(Counter(row.status or "none" for row in found).items())),
        "presets": dict(sorted(Counter(row.preset for row in found).items())),
        "false_claims": sum(row.false for row in found),
        "judges_differ": sum(any(each.kind == JUDGES for each in row.findings) for row in found),
        "failed": sum(row.status == Status.FAILED for row in found),
        "no_verdict": sum(row.status == Status.UNKNOWN for row in found),
        "trouble": sum(bool(row.trouble) for row in found),
        "contradictions": sum(bool(row.contradictions) for row in found),
        "kinds": dict(kinds.most_common()),
        "told": len(told) if asked.lie else 0,
        "caught": sum(row.false for row in told) if asked.lie else 0,
        "offenders": [
            {"number": row.number, "preset": row.preset, "status": row.status, "trouble": row.trouble[:2000]}
            | {"findings": [asdict(each) for each in row.findings], "contradictions": row.contradictions}
            | {"sentence": row.sentence}
            for row in sorted(found, key=lambda row: row.number)
            if not row.flawless
        ],
    }


def keep(found: list[Row], into: Path) -> None:
    """Each offending conference and what was answered, to be looked at."""
    for row in found:
        if not row.flawless:
            (into / f"{row.number}.json").write_text(row.problem)
            (into / f"{row.number}.answer.json").write_text(row.answer or row.trouble)


def markdown(figures: dict[str, object], title: str) -> str:
    """The report that people read."""
    lines = [f"# {title}", ""]
    lines += [f"- {name}: {value}" for name, value in figures.items() if name not in {"offenders", "kinds"}]
    kinds, offenders = figures["kinds"], figures["offenders"]
    if not isinstance(kinds, dict) or not isinstance(offenders, list):
        raise TypeError(figures)
    lines += ["", *table(("kind", "instances"), kinds.items()), ""]
    columns = ("number", "preset", "status", "sentence")
    lines += table(columns, ([each[name] for name in columns] for each in offenders))
    return "\n".join(lines) + "\n"


def campaign(asked: list[Asked], processes: int, into: Path) -> Iterator[str]:
    """A line per offender while it runs, then the figures; the reports and the conferences go to the folder."""
    into.mkdir(parents=True, exist_ok=True)
    began, found = time.monotonic(), []
    for row in rows(asked, processes):
        found.append(row)
        if not row.flawless and not asked[0].lie:
            yield f"{row.number} {row.preset} {row.status}: {row.sentence}"
    figures = summary(found, time.monotonic() - began, asked[0], processes)
    name = "-".join(word for word in (asked[0].kind, asked[0].lie) if word)
    (into / f"{name}.json").write_text(json.dumps(figures, indent=1))
    (into / f"{name}.md").write_text(markdown(figures, f"The campaign {name}"))
    if not asked[0].lie:
        keep(found, into)
    yield (
        f"{name}: {figures['instances']} conferences, "
        f"{figures['false_claims']} with false claims, {figures['judges_differ']} with judges that differ, "
        f"{figures['failed']} failed, {figures['no_verdict']} without a verdict, {figures['trouble']} in trouble, "
        f"{figures['contradictions']} contradict themselves, "
        f"{figures['infeasible']} impossible, {figures['seconds']} s"
        + (f"; lies told {figures['told']}, caught {figures['caught']}" if asked[0].lie else "")
    )
