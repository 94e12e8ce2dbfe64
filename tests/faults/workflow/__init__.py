"""FUZ-2: everybody's steps in any order over HTTP; after each the tables say what people were told, and no more."""

import re
from collections.abc import Callable
from contextlib import nullcontext

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.reporting import with_reporter
from hypothesis.stateful import run_state_machine_as_test

from tests.campaigns.report import Report
from tests.faults.workflow.base import COUNTED
from tests.faults.workflow.machine import DONE, Workflow
from tests.faults.workflow.plans import RUNS
from tests.faults.workflow.stage import served
from tests.faults.workflow.unguarded import ARMS, Arm

PROMISE = "FUZ-2: the whole workflow as a state machine over HTTP: after each step every invariant holds."
STEPS, TOGETHER = 40, 25
"""Of a run; and how many runs are one search, with a seed of its own: what one finds does not end the others."""


def run(
    count: int,
    seed: int,
    *,
    database: str,
    unguarded: bool,
    say: Callable[[str], None],
    steps: int = STEPS,
    without: str = "",
) -> Report:
    """So many runs. The control arm leaves out one protection after the other, and each must be missed;
    `without` names one of them."""
    report = Report(f"workflow-{database}", PROMISE, control_arm=unguarded)
    COUNTED.clear()
    RUNS.clear()
    DONE.update(runs=-DONE["runs"], steps=-DONE["steps"])
    missed = []
    with served(database) as stage:
        Workflow.stage = stage
        arms = [pair for pair in ARMS.items() if without in pair[0]] if unguarded else [("", Arm("", nullcontext))]
        for name, arm in arms:
            found = []
            for first in range(0, count, TOGETHER):
                before, runs = DONE["runs"], min(TOGETHER, count - first)
                with arm.leaves_out():
                    broken = _search(runs, seed + first, steps, say, shrinks=not unguarded)
                seen = bool(broken) and re.search(arm.seen, broken) is not None
                found += [f"{name or 'workflow'}, seed {seed + first}: {broken}"] if seen else []
                row = {"seed": seed + first, "left out": name, "runs": DONE["runs"] - before, "broken": seen}
                report.rows.append(row)
                say(f"{row}" if seen or not broken else f"{row}, but: {broken}")
                if found and unguarded:
                    break
            report.broken += found
            if unguarded and not found:
                missed.append(name)
                say(f"{name} was left out and nobody noticed")
    if unguarded:
        report.figures["not noticed"] = missed
        report.broken = [] if missed else report.broken
    report.figures |= {
        "runs": DONE["runs"],
        "steps": DONE["steps"],
        "answers": dict(sorted(COUNTED.items())),
        "plans": dict(RUNS),
    }
    return report


def _search(count: int, number: int, steps: int, say: Callable[[str], None], *, shrinks: bool) -> str:
    """What was broken, in words; the fewest steps that break it are said."""
    lines: list[str] = []
    machine = seed(number)(type("Workflow", (Workflow,), {}))
    options = settings(
        max_examples=count,
        stateful_step_count=steps,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink] if shrinks else [Phase.generate],
        suppress_health_check=list(HealthCheck),
        print_blob=False,
        report_multiple_bugs=False,
    )
    try:
        with with_reporter(lines.append):
            run_state_machine_as_test(machine, settings=options)
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        for line in [*lines, *getattr(error, "__notes__", ())]:
            say(line)
        while isinstance(error, BaseExceptionGroup):  # what failed once and not again, when it was repeated
            error = error.exceptions[0]
        return f"{type(error).__name__}: {error}"[:2500]
    return ""
