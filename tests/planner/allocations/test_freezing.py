"""What a run is made from is frozen by its worker, in one transaction: the button only asks."""

import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from planner import allocations, clock, erasure, jobs, preferences
from planner.allocations.runs import life
from planner.extensions import db
from planner.models import Allocation, AllocationState, Assignment, Conference, Participant
from solver import Problem, Settings, Violation, verify
from tests import factories as make
from tests.client import Client
from tests.load.crowd import dealt, gathered
from tests.planner.allocations.small import fill, pressed
from tests.queries import counted


def test_the_press_asks_for_a_run_and_the_worker_freezes_it(app: Flask) -> None:
    conference, organiser = make.organised()
    fill(conference)
    db.session.commit()

    run = pressed(Client(app).as_organiser(organiser), conference)
    assert not run.is_frozen
    late = make.participant(conference)
    db.session.commit()
    jobs.run_allocation(run.id)

    db.session.refresh(run)
    assert run.state is AllocationState.SOLVED
    assert late.key in Problem.unpacked(run.snapshot).participant


def test_the_press_asks_the_database_as_often_at_any_size(app: Flask) -> None:
    """It stated the whole conference twice: 1.4 s at 2,000 people on a busy machine."""
    counts = []
    for people in (20, 200):
        crowd = gathered(people)
        db.session.commit()
        client, path = Client(app).as_organiser(crowd.organiser), f"/organise/{crowd.conference.slug}/allocations/"
        token = client.token(path)
        with counted() as queries:
            form = {"preset": "balanced", "seconds": 2, "csrf_token": token}
            assert client.fetch(path, method="POST", data=form).status_code == 302
        assert not any("preference" in query for query in queries)
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 20


def test_who_is_erased_before_a_run_is_frozen_is_not_in_it(app: Flask) -> None:
    conference, organiser = make.organised()
    fill(conference)
    db.session.commit()
    run, person = pressed(Client(app).as_organiser(organiser), conference), conference.participants[0]
    key = person.key

    erasure.erase(person, clock.now(), leaves_statements=False)
    db.session.commit()
    jobs.run_allocation(run.id)

    db.session.refresh(run)
    assert run.state is AllocationState.SOLVED
    assert key not in run.snapshot


def test_a_run_whose_rounds_were_removed_after_the_press_says_so(app: Flask) -> None:
    """The solver divided by their number and crashed."""
    conference, organiser = make.organised()
    fill(conference)
    client = Client(app).as_organiser(organiser)
    run = pressed(client, conference)
    for slot in conference.slots:
        db.session.delete(slot)
    db.session.commit()

    jobs.run_allocation(run.id)

    db.session.refresh(run)
    assert run.state is AllocationState.FAILED
    page = client.get(f"/organise/{conference.slug}/allocations/{run.number}")
    assert "There are no rounds any more." in page.text


def test_a_second_attempt_asks_what_the_first_one_froze(app: Flask) -> None:
    conference, _ = make.organised()
    fill(conference)
    run = allocations.ask(conference, Settings(time_limit=2), None, clock.now())
    life.freeze(run, clock.now)
    frozen = run.snapshot
    make.participant(conference)

    life.freeze(run, clock.now)

    assert run.snapshot == frozen


def test_a_save_that_is_under_way_is_in_the_snapshot(either_app: Flask) -> None:
    """Whoever holds the conference first writes first; the final freezing, after the deadline, waits for her."""
    conference, _ = make.organised()
    fill(conference)
    in_time, late = (conference.wishes_until + timedelta(seconds=by) for by in (-1, 1))
    run = allocations.ask(conference, Settings(time_limit=2), None, clock.now())
    ids = conference.id, run.id, conference.participants[0].id, conference.sessions[1].id
    db.session.commit()
    holds = threading.Event()

    def save() -> None:
        with either_app.app_context():
            person = db.session.get_one(Participant, ids[2])
            preferences.save_ranking(person, [ids[3]], [], 0, lambda: in_time)
            holds.set()
            time.sleep(0.3)
            db.session.commit()

    saving = threading.Thread(target=save)
    saving.start()
    assert holds.wait(10)
    life.freeze(db.session.get_one(Allocation, ids[1]), lambda: late)
    db.session.commit()
    saving.join()

    person = db.session.get_one(Participant, ids[2])
    snapshot = Problem.unpacked(db.session.get_one(Allocation, ids[1]).snapshot)
    assert snapshot.participant[person.key].favourites == (str(ids[3]),)


def test_others_write_while_a_result_is_counted(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counting 2,000 people and storing their places kept everybody from saving for seconds."""
    crowd = gathered(20, sessions=8)
    run = allocations.create(crowd.conference, Settings(time_limit=1), None, clock.now())
    db.session.commit()
    assert allocations.claim(run.id, "worker", clock.now())
    problem, id, conference = Problem.unpacked(run.snapshot), run.id, crowd.conference.id
    db.session.commit()
    wrote: list[bool] = []

    def write() -> None:
        with app.app_context():
            make.participant(db.session.get_one(Conference, conference))
            db.session.commit()
            wrote.append(True)

    def counts(*words: Any) -> list[Violation]:
        writing = threading.Thread(target=write)
        writing.start()
        writing.join()
        return verify(*words)

    monkeypatch.setattr(life, "verify", counts)

    assert allocations.finish(id, "worker", problem, dealt(problem), clock.now())
    db.session.commit()

    assert wrote == [True]
    assert db.session.query(Assignment).filter_by(allocation_id=id).count() == len(dealt(problem).seats)


def test_what_is_set_is_drafted_by_the_clock_at_the_freezing(app: Flask) -> None:
    """Pressed a moment before the deadline and begun after it, a run has everybody's last wishes."""
    conference, _ = make.organised()
    fill(conference)
    before, after = conference.wishes_until - timedelta(seconds=1), conference.wishes_until + timedelta(seconds=1)

    run = allocations.ask(conference, Settings(time_limit=2), None, before)
    life.freeze(run, lambda: after)

    assert not run.is_draft


def test_what_is_made_before_choosing_begins_is_a_draft(app: Flask) -> None:
    conference, _ = make.organised()
    fill(conference)

    run = allocations.ask(conference, Settings(time_limit=2), None, clock.now())
    life.freeze(run, lambda: conference.wishes_from - timedelta(days=1))

    assert run.is_draft
