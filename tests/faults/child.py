"""FLT-4: a run whose solver, or worker, is killed, stopped or starved at a random moment ends well or says why."""

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from flask import g

from planner import allocations, clock
from planner.allocations.results.publish import keeps_every_rule
from planner.extensions import db
from planner.models import Allocation, AllocationState
from solver import Preset, Settings
from tests.campaigns.report import Report
from tests.client import Client, Page
from tests.faults import processes
from tests.faults.installation import Installation, installed
from tests.load.crowd import Crowd, gathered, planned

PROMISE = (
    "FLT-4: solver killed, stopped, out of memory, worker killed at a random moment: the run ends as failed with its "
    "reason, or with a verified plan, within limit + 10 s (a lost worker's lease of 20 s aside); the published plan is "
    "still shown; no solver is left behind; the next run works."
)
SETTINGS = Settings(preset=Preset.BALANCED, time_limit=3, workers=1)
STARVING = replace(SETTINGS, memory_mb=64)
T = TypeVar("T")
LATE = 10.0
LOST = 40.0
"""Seconds that a lost worker costs at most: its lease, the watchman's turns, the start of the next one."""
GIVEN_BACK = 20.0
"""Seconds that the start of the next worker takes, where the one before has given its run back."""
ORPHANED = 10.0
"""Seconds after which a solver without a parent counts as left behind."""


@dataclass
class Watched:
    """The installation with its conference, who looks at it, and the process that works for it."""

    place: Installation
    crowd: Crowd
    slug: str
    published: str
    organiser: Client
    participant: Client
    module: str
    worker: subprocess.Popen[bytes]

    @property
    def runs(self) -> str:
        return f"/organise/{self.slug}/allocations/"

    def day(self) -> str:
        """What a participant reads of the published plan."""
        return Page(self.participant.fetch(f"/c/{self.slug}/me/day/").text).text

    def ask(self, settings: Settings) -> int:
        """A run, as the button asks for it: the watchman or the queue hands it to the worker."""
        id = allocations.ask(self.crowd.conference, settings, self.crowd.organiser, clock.now()).id
        db.session.commit()
        self.place.app.extensions["jobs"].allocate(id)
        return id

    def solver(self) -> int:
        if not processes.within(30, lambda: bool(processes.solvers(self.worker.pid))):
            raise RuntimeError(f"the worker started no solver: {self.place.told()[-2000:]}")
        return processes.solvers(self.worker.pid)[0]

    def restart(self) -> None:
        self.worker.wait()
        self.worker = self.place.start(self.module, "worker")


def run(
    count: int,
    seed: int,
    *,
    database: str,
    unguarded: bool,
    say: Callable[[str], None],
    people: int = 300,
    late: float = LATE,
) -> Report:
    """Each round one fault and, after it, a run without any; `late` seconds after its limit is too late."""
    report = Report("child", PROMISE, control_arm=unguarded)
    with installed(database) as place:
        watched = _watched(place, people, "tests.faults.unguarded" if unguarded else "planner")
        try:
            for number in range(count):
                row = _round(watched, FAULTS[number % len(FAULTS)], random.Random(f"{seed} {number}"), late)
                report.broken += [f"round {number}, {row['fault']}: {each}" for each in row.pop("broken")]
                report.rows.append({"round": number, **row})
                say(f"{report.rows[-1]}")
        finally:
            watched.worker.kill()
            watched.worker.wait()
    worst = max((row["ended after s"] for row in report.rows), default=0)
    report.figures |= {"people": people, "database": database, "limit s": SETTINGS.time_limit, "longest s": worst}
    return report


def _watched(place: Installation, people: int, module: str) -> Watched:
    crowd = gathered(people, sessions=max(8, people // 12), rounds=3)
    plan = planned(crowd)
    db.session.commit()
    allocations.publish(plan, crowd.organiser, clock.now(), accepted=["incomplete", "outdated"])
    db.session.commit()
    slug, organiser = crowd.conference.slug, Client(place.app).as_organiser(crowd.organiser)
    participant = Client(place.app).as_participant(crowd.people[-1])
    watched = Watched(place, crowd, slug, "", organiser, participant, module, place.start(module, "worker"))
    db.session.commit()
    watched.published = watched.day()
    return watched


@dataclass(frozen=True)
class Fault:
    """`harm` does it to the solver with this id; what it costs beside limit + LATE is `lost`."""

    name: str
    harm: Callable[[Watched, int], None]
    lost: float = 0.0
    settings: Settings = SETTINGS


def _to_solver(kind: signal.Signals) -> Callable[[Watched, int], None]:
    def harm(watched: Watched, solver: int) -> None:
        if processes.runs(solver):
            os.kill(solver, kind)

    return harm


def _to_worker(kind: signal.Signals) -> Callable[[Watched, int], None]:
    return lambda watched, solver: watched.worker.send_signal(kind)


FAULTS = (
    Fault("solver killed", _to_solver(signal.SIGKILL)),
    Fault("solver stopped", _to_solver(signal.SIGSTOP)),
    Fault("solver crashed", _to_solver(signal.SIGSEGV)),
    Fault("out of memory", lambda watched, solver: None, settings=STARVING),
    Fault("worker killed", _to_worker(signal.SIGKILL), LOST),
    Fault("solver killed", _to_solver(signal.SIGKILL)),
    Fault("solver stopped", _to_solver(signal.SIGSTOP)),
    Fault("solver crashed", _to_solver(signal.SIGSEGV)),
    Fault("solver killed", _to_solver(signal.SIGKILL)),
    Fault("worker asked to end", _to_worker(signal.SIGTERM), GIVEN_BACK),
)


def _round(watched: Watched, fault: Fault, dice: random.Random, late: float) -> dict[str, Any]:
    broken: list[str] = []
    moment = round(dice.uniform(0.0, fault.settings.time_limit + 1), 2)
    id = watched.ask(fault.settings)
    solver, began = watched.solver(), time.monotonic()
    time.sleep(moment)
    fault.harm(watched, solver)
    if fault.lost:
        watched.worker.wait()
        if not processes.within(ORPHANED, lambda: not processes.runs(solver)):
            broken.append("a solver was left behind")
            processes.end(solver)
        watched.restart()
    allowed = fault.settings.time_limit + late + fault.lost
    if not processes.within(2 * allowed, lambda: _ended(watched, id)):
        broken.append("the run does not end")
    seconds = round(time.monotonic() - began, 1)
    if seconds > allowed:
        broken.append(f"ended after {seconds} s instead of {allowed}")
    broken += _seen(watched, id, lambda run: _untrue(watched, run))
    if not processes.within(ORPHANED, lambda: not processes.runs(solver)):
        broken.append("the solver is still there")
        processes.end(solver)
    if watched.day() != watched.published:
        broken.append("the published plan is shown otherwise")
    following = watched.ask(SETTINGS)
    processes.within(60, lambda: _ended(watched, following))
    if not _seen(watched, following, lambda run: run.state is AllocationState.SOLVED):
        broken.append(f"the next run: {_seen(watched, following, lambda run: run.outcome)}")
    row = {"fault": fault.name, "moment s": moment, "ended after s": seconds, "broken": broken}
    return row | _seen(watched, id, lambda run: {"state": run.outcome, "reason": _reason(run)})


def _seen(watched: Watched, id: int, what: Callable[[Allocation], T]) -> T:
    """Something about a run, by whoever only reads: the campaign keeps nobody from writing."""
    app = watched.place.app
    with app.app_context(), app.test_request_context():  # a session and a `g` of its own
        g.writes = False
        return what(db.session.get_one(Allocation, id))


def _ended(watched: Watched, id: int) -> bool:
    return _seen(watched, id, lambda run: not run.is_active)


def _reason(run: Allocation) -> str:
    return str((run.reason or {}).get("code") or (run.result or {}).get("reason", ""))


def _untrue(watched: Watched, row: Allocation) -> list[str]:
    """What is wrong about how it ended: a plan that breaks a rule, or an end that nobody is told the reason of."""
    if row.state is AllocationState.SOLVED:
        return [] if keeps_every_rule(row) else ["the plan breaks a rule"]
    wrong, has_reason = [] if row.state is AllocationState.FAILED else [f"it ended as {row.outcome}"], bool(row.reason)
    told = watched.organiser.get(f"{watched.runs}{row.number}").text
    return [*wrong, *([] if has_reason and "The run failed" in told else ["no reason is told"])]
