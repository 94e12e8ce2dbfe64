"""A run from pressing the button to its end: one at a time, verified, never half-way."""

import contextlib
import threading
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import pairwise

import pytest
from flask import Flask

from planner import allocations, clock, jobs
from planner.extensions import db
from planner.models import (
    Allocation,
    AllocationState,
    Assignment,
    AssignmentRole,
    AuditEntry,
    RoomClosure,
)
from solver import Meeting, Preset, Problem, Seat, Solution, Status
from solver.problem import problem as problem_module
from tests import factories as make
from tests.client import Client
from tests.planner.allocations.small import SETTINGS, small, solved


def test_a_run_is_solved_in_a_child_and_stored_verified(either_app: Flask) -> None:
    conference, organiser = small()

    run = solved(conference, organiser)

    assert run.state is AllocationState.SOLVED
    assert run.result is not None
    assert run.result["status"] == "optimal"
    seats = db.session.query(Assignment).filter_by(allocation_id=run.id).all()
    assert len(seats) == 7
    assert [seat.role for seat in seats if seat.participant.name == "Leitung"] == [AssignmentRole.FACILITATOR]


def test_the_snapshot_knows_people_only_by_random_keys(app: Flask) -> None:
    conference, organiser = small()

    run = allocations.create(conference, SETTINGS, organiser, clock.now())

    assert "Person" not in run.snapshot
    assert "example.org" not in run.snapshot
    assert Problem.from_json(run.snapshot).hash == run.snapshot_hash
    assert db.session.query(AuditEntry).filter_by(action="needs.read").count() == 1


def test_a_second_press_gets_the_run_that_is_active(either_app: Flask) -> None:
    conference, organiser = small()

    first = allocations.create(conference, SETTINGS, organiser, clock.now())
    second = allocations.create(conference, SETTINGS, organiser, clock.now())

    assert first.id == second.id


def test_only_one_of_several_workers_gets_a_run(either_app: Flask) -> None:
    conference, organiser = small()
    id = allocations.create(conference, SETTINGS, organiser, clock.now()).id
    db.session.commit()
    got: list[str] = []

    def grab(name: str) -> None:
        with either_app.app_context():
            if allocations.claim(id, name, clock.now()):
                got.append(name)
            db.session.commit()

    threads = [threading.Thread(target=grab, args=(f"w{at}",)) for at in range(5)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert len(got) == 1


@pytest.mark.parametrize("shut", ["archived_at", "deletes_at"])
@pytest.mark.parametrize("state", [AllocationState.QUEUED, AllocationState.RUNNING])
def test_a_run_of_a_conference_that_is_only_read_waits_until_it_is_open_again(
    app: Flask, shut: str, state: AllocationState
) -> None:
    """Asked for before; running it is one whose worker has been lost."""
    conference, organiser = small()
    run = allocations.create(conference, SETTINGS, organiser, clock.now())
    run.state, run.heartbeat_at = state, clock.now()
    setattr(conference, shut, clock.now())
    db.session.commit()
    later = clock.now() + timedelta(minutes=1)

    assert (allocations.reap(later), allocations.claim(run.id, "w", later)) == ([], None)
    assert (run.state, run.attempts) == (state, 0)

    setattr(conference, shut, None)
    db.session.commit()
    assert allocations.reap(later) == [run.id]
    assert allocations.claim(run.id, "w", later)


def test_a_run_delivered_five_times_has_its_effect_once(app: Flask) -> None:
    conference, organiser = small()
    run = solved(conference, organiser)
    for _ in range(4):
        jobs.run_allocation(run.id)

    assert db.session.query(Assignment).filter_by(allocation_id=run.id).count() == 7
    assert run.attempts == 1


def test_a_stale_workers_result_is_refused(app: Flask) -> None:
    conference, organiser = small()
    run = allocations.create(conference, SETTINGS, organiser, clock.now())
    now = clock.now()
    allocations.claim(run.id, "old", now)
    allocations.claim(run.id, "new", now + timedelta(minutes=5))

    assert not allocations.finish(run.id, "old", Problem.from_json(run.snapshot), Solution(Status.UNKNOWN), now)
    assert not allocations.heartbeat(run.id, "old", now)
    assert run.state is AllocationState.RUNNING


def test_a_lying_solution_is_not_stored(app: Flask) -> None:
    conference, organiser = small()
    run = allocations.create(conference, SETTINGS, organiser, clock.now())
    allocations.claim(run.id, "w", clock.now())
    slot, room, session = conference.slots[0], conference.rooms[0], conference.sessions[0]
    meeting = Meeting("m", str(session.id), str(slot.id), str(room.id))
    lie = Solution(Status.OPTIMAL, (meeting,), (Seat("nobody", str(slot.id), "m"),))

    allocations.finish(run.id, "w", Problem.from_json(run.snapshot), lie, clock.now())

    assert run.state is AllocationState.FAILED
    assert run.reason is not None
    assert run.reason["code"] == "not_verified"
    assert db.session.query(Assignment).count() == 0


def test_a_lost_worker_is_replaced_and_given_up_after_three_attempts(app: Flask) -> None:
    conference, organiser = small()
    run = allocations.create(conference, SETTINGS, organiser, clock.now())
    now = clock.now()
    for attempt in range(3):
        later = now + timedelta(minutes=attempt)
        assert run.id in allocations.reap(later + timedelta(seconds=30))
        allocations.claim(run.id, f"w{attempt}", later + timedelta(seconds=30))

    assert allocations.reap(now + timedelta(hours=1)) == []
    assert run.state is AllocationState.FAILED


def test_an_impossible_conference_names_the_rules(app: Flask) -> None:
    conference, organiser = small()
    for session in conference.sessions:
        make.placement(session, conference.slots[0], None)
        session.minimum, session.maximum = 5, 5

    run = solved(conference, organiser)

    assert run.state is AllocationState.INFEASIBLE
    assert run.reason is not None
    assert "size_at_least" in run.reason["facts"]["rules"]
    page = Client(app).as_organiser(organiser).get(f"/organise/{conference.slug}/allocations/{run.number}")
    assert "Every meeting reaches its minimum" in page.text
    assert f"/organise/{conference.slug}/sessions/" in page.links


def test_cancelling_a_waiting_run_ends_it(app: Flask) -> None:
    conference, organiser = small()
    run = allocations.create(conference, SETTINGS, organiser, clock.now())

    allocations.cancel(run, clock.now())

    assert run.state is AllocationState.CANCELLED


def test_progress_is_a_fragment_that_ends_by_itself(app: Flask) -> None:
    conference, organiser = small()
    run = allocations.create(conference, SETTINGS, organiser, clock.now())
    client = Client(app).as_organiser(organiser)
    path = f"/organise/{conference.slug}/allocations/{run.number}/progress"

    waiting = client.fetch(path)
    assert "every 1s" in waiting.text

    allocations.cancel(run, clock.now())
    done = client.fetch(path)
    assert "every 1s" not in done.text
    assert done.headers["HX-Refresh"] == "true"


def test_a_blocked_start_says_what_is_missing(app: Flask) -> None:
    conference, organiser = make.organised()
    client = Client(app).as_organiser(organiser)
    path = f"/organise/{conference.slug}/allocations/"

    answer = client.post(path, {"preset": "balanced", "seconds": 5})

    assert answer.status_code == 422
    assert "There are no rooms yet." in answer.text
    assert db.session.query(Allocation).count() == 0


def test_the_queue_and_the_watchman_run_what_was_pressed(app: Flask) -> None:
    conference, organiser = small()
    run = allocations.create(conference, SETTINGS, organiser, clock.now() - timedelta(minutes=1))
    db.session.commit()
    worker = jobs.Worker(app)
    worker.look()
    worker.start()
    try:
        for _ in range(300):
            db.session.refresh(run)
            ended = not run.is_active
            db.session.rollback()  # or this test would keep the worker from writing
            if ended:
                break
            threading.Event().wait(0.2)
    finally:
        worker.stop()

    assert run.state is AllocationState.SOLVED


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", '"text"', '{"slots": 7}', '{"slots": [}', "[" * 100_000, '{"format": "other"}']
)
def test_a_question_that_cannot_be_read_fails_once_with_its_reason(app: Flask, text: str) -> None:
    """It was tried again for ever: the row went back to its queue before an attempt was counted."""
    conference, organiser = small()
    run = allocations.create(conference, SETTINGS, organiser, clock.now())
    run.snapshot = text
    db.session.commit()

    jobs.run_allocation(run.id)

    db.session.refresh(run)
    assert run.state is AllocationState.FAILED
    assert run.attempts == 1
    assert run.reason is not None
    assert run.reason["code"] == "unreadable_question"
    assert run.id not in allocations.reap(clock.now() + timedelta(hours=1))
    page = Client(app).as_organiser(organiser).get(f"/organise/{conference.slug}/allocations/{run.number}")
    assert "it cannot be read any more." in page.text


def test_a_worker_that_stumbles_over_a_run_has_used_up_an_attempt(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody foresaw ends after three attempts, instead of going on for ever."""
    conference, organiser = small()
    run = allocations.create(conference, SETTINGS, organiser, clock.now())
    db.session.commit()
    monkeypatch.setattr(Problem, "unpacked", stumble)
    minutes = [clock.now() + timedelta(minutes=minute) for minute in range(6)]

    for minute, following in pairwise(minutes):
        with contextlib.suppress(ZeroDivisionError):
            allocations.run(run.id, "w", partial(lambda now: now, minute), db.session.commit)
        db.session.rollback()
        allocations.reap(following)
        db.session.commit()

    assert run.attempts == 3
    assert run.state is AllocationState.FAILED
    assert run.reason == {"code": "worker_lost", "facts": {"attempts": 3}}


def stumble(_text: str) -> Problem:
    raise ZeroDivisionError


def test_a_run_writes_and_hashes_its_question_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    conference, organiser = small()
    written, read = [], []
    plain, reading = problem_module.plain, Problem._read
    monkeypatch.setattr(problem_module, "plain", lambda value: written.append(value) or plain(value))
    monkeypatch.setattr(Problem, "_read", classmethod(lambda _, text: read.append(text) or reading(text)))

    run = solved(conference, organiser)

    assert run.state is AllocationState.SOLVED
    assert len(written) == len(read) == 1


def test_a_repair_moves_a_meeting_that_cannot_stay_where_nothing_is_fixed_by_hand(app: Flask) -> None:
    """Two meetings were published side by side; then one of the two rooms is closed in that round."""
    conference, organiser = small(people=4)
    make.slot(conference)
    rows = [make.placement(session, conference.slots[0]) for session in conference.sessions]
    before = solved(conference, organiser)
    conference.published_id = before.id
    for row in rows:
        db.session.delete(row)
    conference.rooms[0].closures.append(RoomClosure(slot_id=conference.slots[0].id))
    db.session.commit()

    near = replace(SETTINGS, preset=Preset.REPAIR)
    run = allocations.create(conference, near, organiser, clock.now())
    db.session.commit()
    jobs.run_allocation(run.id)
    db.session.refresh(run)

    assert run.state is AllocationState.SOLVED
    asked = Problem.from_json(run.snapshot)
    assert asked.hash == run.snapshot_hash
    assert asked.meetings == ()
    slots = {meeting.session_id: meeting.slot_id for meeting in before.meetings}
    assert [slots[meeting.session_id] == meeting.slot_id for meeting in run.meetings].count(True) == 1
