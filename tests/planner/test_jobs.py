"""What the worker does when the solver dies under it, or the conference changes meanwhile."""

import multiprocessing
import os
import signal
import sqlite3
import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from planner import allocations, clock, jobs
from planner.config import Config
from planner.extensions import db
from planner.models import Allocation, AllocationState, Assignment, Conference, Meeting, Participant
from planner.queue import make as make_queue
from solver import Preset, Problem, Settings, Solution, solve
from tests import factories as make
from tests import postgresql

QUICK = Settings(preset=Preset.WISHES_FIRST, time_limit=2, workers=1)


def small() -> Conference:
    conference, _organiser = make.organised()
    make.slot(conference)
    make.room(conference)
    session = make.session(conference, minimum=1)
    for _ in range(4):
        make.wishes(make.participant(conference), session)
    return conference


def queued(conference: Conference) -> Allocation:
    run = allocations.create(conference, QUICK, None, clock.now())
    db.session.commit()
    return run


def answer(run: Allocation) -> Solution:
    return solve(Problem.from_json(run.snapshot), QUICK)


def test_a_solver_killed_under_the_worker_is_a_failure_and_the_next_run_works(app: Flask) -> None:
    conference = small()
    run = queued(conference)
    ended = threading.Event()

    def kill() -> None:
        while not ended.wait(0.02):
            for child in children():
                os.kill(child, signal.SIGKILL)
                return

    murderer = threading.Thread(target=kill)
    murderer.start()
    try:
        jobs.run_allocation(run.id)
    finally:
        ended.set()
        murderer.join()

    db.session.refresh(run)
    assert run.state is AllocationState.FAILED
    assert run.reason is not None
    assert run.reason["code"] == "crashed"

    following = queued(conference)
    jobs.run_allocation(following.id)
    db.session.refresh(following)
    assert following.state is AllocationState.SOLVED


def children() -> list[int]:
    """The solver processes that this one has started."""
    return [child.pid for child in multiprocessing.active_children() if child.pid]


@pytest.mark.parametrize("removed", ["participant", "session", "room"])
def test_an_answer_about_something_removed_meanwhile_is_not_stored(app: Flask, removed: str) -> None:
    conference = small()
    run = queued(conference)
    found = answer(run)
    allocations.claim(run.id, "w", clock.now())
    if removed == "participant":
        db.session.delete(db.session.query(Participant).filter_by(key=found.seats[0].participant).one())
    else:
        db.session.delete({"session": conference.sessions, "room": conference.rooms}[removed][0])
    db.session.flush()

    assert allocations.finish(run.id, "w", Problem.from_json(run.snapshot), found, clock.now())

    assert run.state is AllocationState.FAILED
    assert run.reason == {"code": "changed", "facts": {}}
    assert db.session.query(Meeting).count() == db.session.query(Assignment).count() == 0


def test_a_cancelled_run_stores_nothing_that_comes_in_late(app: Flask) -> None:
    run = queued(small())
    found = answer(run)
    allocations.claim(run.id, "w", clock.now())
    allocations.cancel(run, clock.now())

    allocations.finish(run.id, "w", Problem.from_json(run.snapshot), found, clock.now())

    assert run.state is AllocationState.CANCELLED
    assert db.session.query(Meeting).count() == 0


def test_a_run_is_given_back_by_whoever_holds_it_and_that_was_no_attempt(either_app: Flask) -> None:
    run = queued(small())
    found = answer(run)
    allocations.claim(run.id, "w", clock.now())

    assert not allocations.give_back(run.id, "somebody else")
    assert allocations.give_back(run.id, "w")
    assert not allocations.give_back(run.id, "w")

    db.session.refresh(run)
    assert (run.state, run.worker, run.attempts) == (AllocationState.QUEUED, None, 0)
    assert not allocations.heartbeat(run.id, "w", clock.now())
    assert not allocations.finish(run.id, "w", Problem.from_json(run.snapshot), found, clock.now())
    assert allocations.claim(run.id, "the next one", clock.now())
    assert run.attempts == 1


def test_a_worker_that_ends_takes_nothing_more(app: Flask) -> None:
    """What it has taken from the queue in the last moment waited for the end of a lease."""
    run = queued(small())
    worker = jobs.Worker(app)
    worker.stop()

    jobs.run_allocation(run.id)

    db.session.refresh(run)
    assert (run.state, run.attempts, jobs.state()) == (AllocationState.QUEUED, 0, {"waiting": 1})


def test_an_unreachable_queue_loses_no_run(app: Flask, config: Config) -> None:
    run = queued(small())
    with sqlite3.connect(config.queue.removeprefix("sqlite:///")) as queue:
        queue.execute("drop table task")

    jobs.allocate(run)

    assert run.id in allocations.reap(clock.now() + allocations.FORGOTTEN * 2)


DUTIES = {
    "deadlines": "conferences.notice_deadlines",
    "runs": "allocations.reap",
    "messages": "outbox.reap",
    "anchors": "audit.anchor_daily",
    "retention": "retention.over",
    "traces": "traces.wipe",
}


@pytest.mark.parametrize("troubled", DUTIES)
def test_a_duty_in_trouble_keeps_the_watchman_from_no_other(
    app: Flask, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], troubled: str
) -> None:
    """An anchor that could not be written, or one conference's dates, stopped all that came after, and for an hour."""
    done: list[str] = []

    def stand_in(duty: str) -> Callable[..., list[Any]]:
        def act(*_: object) -> list[Any]:
            done.append(duty)
            if duty == troubled:
                raise ValueError("no such thing")
            return []

        return act

    for duty, name in DUTIES.items():
        monkeypatch.setattr(f"planner.jobs.{name}", stand_in(duty))
    monkeypatch.setitem(jobs.ROUNDS, "retention", (3600.0, 0.0))  # what failed is tried again after the second figure
    watchman = jobs.Worker(app)

    watchman.look()
    assert done == list(DUTIES)
    assert f'"duty": "{troubled}"' in capfd.readouterr().err
    watchman.look()
    assert done.count(troubled) == 2


def test_a_queue_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="none of sqlite, postgresql, redis"):
        make_queue("amqp://localhost")


@pytest.mark.postgresql
def test_the_same_task_waits_in_a_postgresql_queue(postgresql_server: str) -> None:
    with postgresql.database(postgresql_server) as address:
        queue = make_queue(address)
        done: list[int] = []
        task = queue.task()(done.append)

        task(7)
        queue.execute(queue.dequeue())
        queue.storage.close()

    assert done == [7]
