"""Reading what people need leaves a trace first; a page that only reads waits for nobody who writes."""

import csv
import io
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask

from planner import extensions, turns
from planner.extensions import db
from planner.models import AssignmentRole, AuditEntry
from tests import factories as make
from tests.client import Client
from tests.conftest import PATIENCE
from tests.planner.allocations.small import fill

FACILITATORS = 16
WITHHELD = "what this person needs cannot be shown now"


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits is told to come back after a moment; a request that asks for no turn would wait for a minute."""
    monkeypatch.setattr(turns, "LONGEST", 0.5)
    monkeypatch.setattr(extensions, "WAIT_MS", 500)


@pytest.fixture
def sheets(either_app: Flask) -> list[tuple[Client, str]]:
    """As many people who lead as there are, each with her own sheet, and a guest who needs something on each."""
    conference, _ = make.organised()
    run, slot = make.allocation(conference), make.slot(conference)
    conference.published = run
    found = []
    for _ in range(FACILITATORS):
        session, leader = make.session(conference), make.participant(conference)
        make.role(session, leader)
        meeting = make.meeting(run, session, slot, make.room(conference))
        make.assignment(meeting, leader, role=AssignmentRole.FACILITATOR)
        make.assignment(meeting, make.participant(conference, needs=["step_free"]))
        address = f"/c/{conference.slug}/facilitate/meetings/{meeting.id}/confidential.csv"
        found.append((Client(either_app).as_participant(leader), address))
    db.session.commit()
    return found


@contextmanager
def somebody_writes(app: Flask, *, holds: str = "audit_entry") -> Iterator[None]:
    """Another process holds the lock and does not let go."""
    own = db.engine.execution_options(writes=True).connect()
    own.begin()
    if db.engine.dialect.name == "postgresql":
        own.exec_driver_sql(f"LOCK TABLE {holds} IN ACCESS EXCLUSIVE MODE")
    try:
        yield
    finally:
        own.rollback()
        own.close()


def fetch(client: Client, address: str) -> tuple[int, str]:
    answer = client.http.get(address)
    return answer.status_code, answer.text


def test_sixteen_facilitators_read_their_sheets_at_once(sheets: list[tuple[Client, str]]) -> None:
    """On SQLite 79 of 96 such requests answered 503: each began as a reader and wrote."""
    start, found = threading.Barrier(FACILITATORS), []

    def read(client: Client, address: str) -> None:
        start.wait()
        found.extend(fetch(client, address)[0] for _ in range(3))

    threads = [threading.Thread(target=read, args=sheet) for sheet in sheets]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert found == [200] * FACILITATORS * 3
    assert db.session.query(AuditEntry).filter_by(action="needs.read").count() == FACILITATORS * 3


@pytest.mark.usefixtures("hurried")
def test_where_no_trace_can_be_written_the_need_is_withheld_and_the_sheet_says_so(
    either_app: Flask, sheets: list[tuple[Client, str]]
) -> None:
    db.session.rollback()
    began = time.monotonic()

    with somebody_writes(either_app):
        status, text = fetch(*sheets[0])

    assert status == 200
    assert time.monotonic() - began < PATIENCE / 2
    assert "without steps" not in text
    assert [WITHHELD in ";".join(row) for row in csv.reader(io.StringIO(text), delimiter=";")] == [False, True, True]
    assert db.session.query(AuditEntry).count() == 0
    db.session.rollback()
    assert "without steps" in fetch(*sheets[0])[1]


@pytest.mark.usefixtures("hurried")
def test_the_forecast_leaves_needs_out_where_no_trace_can_be_written(either_app: Flask) -> None:
    conference, organiser = make.organised()
    fill(conference)
    make.participant(conference, needs=["step_free"])
    client = Client(either_app).as_organiser(organiser)
    address = f"/organise/{conference.slug}/allocations/forecast"
    client.get(address)

    with somebody_writes(either_app):
        status, text = fetch(client, address)

    assert status == 200
    assert "Needs are left out of this count" in text
    assert "Needs are left out of this count" not in fetch(client, address)[1]
    assert db.session.query(AuditEntry).filter_by(action="needs.read").count() == 2


def test_a_lock_of_somebody_else_stops_writing_and_never_reading(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    conference = make.conference()
    person = make.participant(conference)
    client, page = Client(app).as_participant(person), f"/c/{conference.slug}/me/wishes/"
    form = {"csrf_token": client.token(page), "revision": 0}
    db.session.rollback()

    with somebody_writes(app):
        began = time.monotonic()
        status, _ = fetch(client, page)
        read = time.monotonic() - began
        monkeypatch.setattr(turns, "LONGEST", 0.5)
        refused = client.http.post(page, data=form)
        wrote = time.monotonic() - began - read
    saved = client.http.post(page, data=form)

    assert (status, refused.status_code, saved.status_code) == (200, 503, 302)
    assert refused.headers["Retry-After"] == "5"
    assert read < PATIENCE / 2
    assert wrote < PATIENCE / 2
