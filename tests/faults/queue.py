"""FLT-5: a queue worker is killed or stopped at random points, each task delivered one to five times."""

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable
from datetime import timedelta
from multiprocessing.connection import Connection
from typing import Any
from unittest import mock

from planner import allocations, clock, create_app, jobs, outbox
from planner.allocations.runs import life
from planner.config import Config
from planner.extensions import db
from planner.models import Allocation, AllocationState, Assignment, Conference, Meeting, Message, MessageState
from solver import Preset, Settings
from tests import factories as make
from tests import forkservers
from tests.campaigns.report import Report
from tests.faults import post
from tests.faults.processes import within
from tests.faults.server import MailServer

PROMISE = (
    "FLT-5: a queue worker is killed at random points, each task is delivered 1 to 5 times: each effect in the "
    "database exactly once, a stale worker's write refused, a mail at most once per message id, doubtful ones listed."
)
LEASE = timedelta(seconds=2)
MESSAGES, EVERY_RUN, EVERY_STOP = 3, 10, 8
"""Messages of a round; every how many rounds there is a run of the solver too, and a worker is stopped, not killed."""
QUICK = Settings(preset=Preset.WISHES_FIRST, time_limit=1, workers=1)
PATIENCE = 900.0  # for what the killed ones left, on a busy machine
PEOPLE = 4
FORKED = multiprocessing.get_context("forkserver")


def run(count: int, seed: int, *, database: str, unguarded: bool, say: Callable[[str], None]) -> Report:
    """Each round adds messages, and now and then a run; at the end one worker is left alone until nothing waits."""
    dice, report = random.Random(seed), Report("queue", PROMISE, control_arm=unguarded)
    forkservers.begins_with("tests.faults.queue")
    with MailServer(last_pause=0.1) as server, post.place(database, server.port) as (_app, config):
        conference, planned = make.conference(), _to_plan()
        ids: list[int] = []
        for number in range(count):
            ids += post.written(conference, MESSAGES)
            if number % EVERY_RUN == 0:
                allocations.create(planned, QUICK, None, clock.now())
                db.session.commit()
            times, moment, stops = dice.randint(1, 5), dice.uniform(0.0, 0.6), number % EVERY_STOP == EVERY_STOP - 1
            aimed = number % 2 == 1  # between the server's yes and its word of it: the worst of all moments
            _ask(times)
            before = len(server.taken)
            worker = _start(config, unguarded)
            if aimed:
                within(5, lambda before=before: len(server.taken) > before)  # type: ignore[misc]
            time.sleep(moment / 10 if aimed else moment)
            (_stopped if stops else _end)(worker, config, unguarded)
            row = {
                "round": number,
                "delivered": times,
                "from": "a mail on" if aimed else "its start on",
                "after s": round(moment / 10 if aimed else moment, 2),
                "by": "STOP" if stops else "KILL",
            }
            report.rows.append(row)
            say(f"{row}")
        worker = _start(config, unguarded)
        if not within(PATIENCE, _is_quiet):
            report.broken.append("something was still on its way at the end")
        _end(worker)
        report.figures |= {"accepted": len(server.taken)}
        report.broken += post.untrue(ids, server) + _runs_untrue()
        states = [db.session.get_one(Message, id).state for id in ids]
    report.figures |= {
        "database": database,
        "messages": len(ids),
        **{state.value: states.count(state) for state in MessageState},
        "runs": len(report.rows[::EVERY_RUN]),
    }
    return report


def _to_plan() -> Conference:
    """Four people and one meeting."""
    conference = make.conference()
    make.slot(conference)
    make.room(conference)
    session = make.session(conference, minimum=1)
    for _ in range(PEOPLE):
        make.wishes(make.participant(conference), session)
    db.session.commit()
    return conference


def _ask(times: int) -> None:
    """The same tasks several times: a queue promises nothing else."""
    active = list(db.session.scalars(db.select(Allocation).where(Allocation.state.in_(life.ACTIVE))))
    for _ in range(times):
        jobs.deliver()
        for row in active:
            jobs.allocate(row)
    db.session.rollback()


def _start(config: Config, unguarded: bool) -> Any:
    ours, its = FORKED.Pipe()
    worker = FORKED.Process(target=_work, args=(config.model_dump(by_alias=True), unguarded, its))
    worker.start()
    if not ours.poll(60):
        raise RuntimeError("the worker did not start")
    return worker


def _stopped(worker: Any, config: Config, unguarded: bool) -> None:
    """It sleeps past its lease, another takes over, and then it wakes and wants to write."""
    os.kill(worker.pid, signal.SIGSTOP)
    other = _start(config, unguarded)
    time.sleep(LEASE.total_seconds() * 1.6)
    os.kill(worker.pid, signal.SIGCONT)
    time.sleep(0.3)
    _end(worker)
    _end(other)


def _end(worker: Any, *_: object) -> None:
    worker.kill()
    worker.join()


def _is_quiet() -> bool:
    db.session.rollback()
    on_its_way = Message.state.in_([MessageState.WAITING, MessageState.SENDING])
    waiting = db.session.query(Message).filter(on_its_way).count()
    return not waiting and not db.session.query(Allocation).filter(Allocation.state.in_(life.ACTIVE)).count()


def _runs_untrue() -> list[str]:
    """A run that is solved has one plan, verified; any other has none."""
    found = []
    for row in db.session.query(Allocation).order_by(Allocation.id):
        meetings = db.session.query(Meeting).filter_by(allocation_id=row.id).count()
        seats = db.session.query(Assignment).filter_by(allocation_id=row.id).count()
        if row.state is AllocationState.SOLVED and (meetings, seats) != (1, PEOPLE):
            found.append(f"run {row.id} has {meetings} meetings and {seats} places")
        if row.state is not AllocationState.SOLVED and (meetings or seats):
            found.append(f"run {row.id} is {row.state} and has a plan")
    return found


def unmarked(id: int, worker: str, now: Any) -> Any:
    """The control arm: a message leaves without being marked as being sent."""
    from planner import notifications

    message = db.session.get_one(Message, id)
    waits = message.state is MessageState.WAITING
    return notifications.compose(message, now) if waits else None


def called_sent(id: int, worker: str, ending: Any, letter: Any, now: Any) -> bool:
    db.session.get_one(Message, id).state = MessageState.SENT
    return True


def _work(settings: dict[str, Any], unguarded: bool, ready: Connection) -> None:
    """A worker's process: the real one, with leases of seconds instead of minutes."""
    outbox.LEASE = life.LEASE = LEASE
    jobs.EVERY = 0.3
    if unguarded:
        mock.patch.object(outbox, "take", unmarked).start()
        mock.patch.object(outbox, "settle", called_sent).start()
    worker = jobs.Worker(create_app(Config(_env_file=None, **settings)))
    worker.start()
    ready.send("ready")
    time.sleep(3600)
