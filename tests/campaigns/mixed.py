"""Tiny conferences that mix all rules: what the solver says of each, held against an exact model of its own."""

import json
import random
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass, field
from multiprocessing import get_context
from pathlib import Path

from solver import Problem, Settings, Solution, Status, solve
from tests.campaigns.lies import LIES
from tests.solver.oracle.claims import FALSE, JUDGES, Finding, findings
from tests.solver.oracle.exact import Exact, Truth, Undecided
from tests.solver.oracle.generator import Size, conference

OVERRUN = 10.0
"""Seconds after the limit in which an answer must be there."""


@dataclass(frozen=True)
class Asked:
    """What to do with the conference of one number; `lie` names a control arm."""

    number: int
    limit: float = 2.0
    lie: str = ""
    languages: bool = True


@dataclass
class Row:
    """What came of one number."""

    number: int
    preset: str = ""
    status: str = ""
    feasible: bool | None = None
    seconds: float = 0.0
    exact_seconds: float = 0.0
    told: bool = True  # False: this control arm could not lie here
    trouble: str = ""  # an exception, an ended process, an overrun
    findings: list[Finding] = field(default_factory=list)
    problem: str = ""
    answer: str = ""

    @property
    def false(self) -> bool:
        return any(each.kind in FALSE for each in self.findings)

    @property
    def flawless(self) -> bool:
        return not self.findings and not self.trouble

    @property
    def kinds(self) -> list[str]:
        return sorted({each.kind for each in self.findings} | ({self.trouble.split(":")[0]} if self.trouble else set()))


def look(asked: Asked) -> Row:
    """Solve the conference of this number, and hold the answer against the truth."""
    problem, preset = conference(asked.number, Size(languages=asked.languages))
    row = Row(asked.number, preset.value, problem=problem.to_json())
    began = time.monotonic()
    exact = Exact(problem, preset)
    try:
        truth = exact.truth()
    except Undecided as error:
        row.trouble = f"exact model undecided: {error}"
        return row
    row.feasible, row.exact_seconds = truth.feasible, time.monotonic() - began
    settings = Settings(preset=preset, time_limit=asked.limit, workers=1, seed=asked.number % 1000)
    found = _answer(row, problem, settings)
    if found is not None:
        lied = LIES[asked.lie](problem, preset, found, truth, random.Random(asked.number)) if asked.lie else found
        row.told = lied is not None
        if lied is not None:
            _judge(row, problem, exact, lied, truth)
    return row


def _answer(row: Row, problem: Problem, settings: Settings) -> Solution | None:
    began = time.monotonic()
    try:
        found = solve(problem, settings)
    except Exception as error:  # whatever is raised is what the campaign looks for
        row.trouble = f"{type(error).__name__}: {error}\n{traceback.format_exc()}"
        return None
    row.seconds = time.monotonic() - began
    if row.seconds > settings.time_limit + OVERRUN:
        row.trouble = f"late: {row.seconds:.1f} s"
    return found


def _judge(row: Row, problem: Problem, exact: Exact, found: Solution, truth: Truth) -> None:
    row.status, row.answer = found.status.value, found.to_json()
    try:
        row.findings = findings(problem, exact.preset, found, exact, truth)
    except Undecided as error:
        row.trouble = f"exact model undecided: {error}"


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
        "kinds": dict(kinds.most_common()),
        "told": len(told),
        "caught": sum(row.false for row in told),
        "offenders": [
            {"number": row.number, "preset": row.preset, "status": row.status, "trouble": row.trouble[:2000]}
            | {"findings": [asdict(each) for each in row.findings]}
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
    lines += ["", "| kind | instances |", "| --- | --- |"]
    kinds, offenders = figures["kinds"], figures["offenders"]
    if not isinstance(kinds, dict) or not isinstance(offenders, list):
        raise TypeError(figures)
    lines += [f"| {kind} | {many} |" for kind, many in kinds.items()] or ["| none | 0 |"]
    lines += ["", "| number | preset | status | what |", "| --- | --- | --- | --- |"]
    for each in offenders:
        said = [each["trouble"].split("\n")[0]] if each["trouble"] else []
        said += [str(Finding(**finding)) for finding in each["findings"]]
        lines.append(f"| {each['number']} | {each['preset']} | {each['status']} | {'; '.join(said)} |")
    return "\n".join(lines) + "\n"


def campaign(asked: list[Asked], processes: int, into: Path) -> Iterator[str]:
    """A line per offender while it runs, then the figures; the reports and the conferences go to the folder."""
    into.mkdir(parents=True, exist_ok=True)
    began, found = time.monotonic(), []
    for row in rows(asked, processes):
        found.append(row)
        if not row.flawless and not asked[0].lie:
            trouble = [row.trouble.split("\n")[0]] if row.trouble else []
            yield f"{row.number} {row.preset} {row.status}: {'; '.join([*trouble, *map(str, row.findings)])}"
    figures = summary(found, time.monotonic() - began, asked[0], processes)
    name = f"mixed {asked[0].lie}".strip().replace(" ", "-")
    (into / f"{name}.json").write_text(json.dumps(figures, indent=1))
    (into / f"{name}.md").write_text(markdown(figures, f"The mixed campaign {asked[0].lie}".strip()))
    if not asked[0].lie:
        keep(found, into)
    yield (
        f"mixed{' ' + asked[0].lie if asked[0].lie else ''}: {figures['instances']} conferences, "
        f"{figures['false_claims']} with false claims, {figures['judges_differ']} with judges that differ, "
        f"{figures['failed']} failed, {figures['no_verdict']} without a verdict, {figures['trouble']} in trouble, "
        f"{figures['infeasible']} impossible, {figures['seconds']} s"
        + (f"; lies told {figures['told']}, caught {figures['caught']}" if asked[0].lie else "")
    )
