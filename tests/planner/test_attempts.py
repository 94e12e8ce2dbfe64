"""A request that lost a race is answered anew; one whose transaction was kept is never done twice."""

import pytest
from flask import Flask
from psycopg.errors import DeadlockDetected, SerializationFailure
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from planner.attempts import RETRIES
from planner.extensions import db
from planner.policy import POLICY, Who
from tests import factories as make
from tests.client import Client

RACES = {
    "deadlock": OperationalError("", {}, DeadlockDetected()),
    "no order": OperationalError("", {}, SerializationFailure()),
    "another row": IntegrityError("", {}, Exception()),
    "row removed": StaleDataError(),
}


@pytest.fixture
def calls(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    return []


def serve(app: Flask, monkeypatch: pytest.MonkeyPatch, view) -> Client:  # type: ignore[no-untyped-def]
    """One more endpoint, which loses races as the test likes."""
    monkeypatch.setitem(POLICY, "racing", Who.ANYONE)
    app.add_url_rule("/racing", "racing", view, methods=["POST"])
    return Client(app)


@pytest.mark.parametrize("race", RACES)
def test_the_view_is_called_again_and_answers(
    app: Flask, monkeypatch: pytest.MonkeyPatch, calls: list[int], race: str
) -> None:
    def view() -> str:
        calls.append(1)
        if len(calls) <= RETRIES:
            raise RACES[race]
        return "at last"

    answer = serve(app, monkeypatch, view).post("/racing", {}, page="/")

    assert (answer.status_code, answer.text, len(calls)) == (200, "at last", RETRIES + 1)


@pytest.mark.parametrize(
    ("race", "status"), [("deadlock", 503), ("no order", 503), ("another row", 409), ("row removed", 409)]
)
def test_who_loses_every_time_reads_a_sentence(
    app: Flask, monkeypatch: pytest.MonkeyPatch, calls: list[int], race: str, status: int
) -> None:
    def view() -> str:
        calls.append(1)
        raise RACES[race]

    answer = serve(app, monkeypatch, view).post("/racing", {}, page="/")

    assert (answer.status_code, len(calls)) == (status, RETRIES + 1)


def test_what_was_kept_is_not_done_again(app: Flask, monkeypatch: pytest.MonkeyPatch, calls: list[int]) -> None:
    def view() -> str:
        calls.append(1)
        make.conference()
        db.session.commit()
        raise RACES["another row"]

    answer = serve(app, monkeypatch, view).post("/racing", {}, page="/")

    assert (answer.status_code, len(calls)) == (409, 1)


def test_another_fault_is_not_tried_again(app: Flask, monkeypatch: pytest.MonkeyPatch, calls: list[int]) -> None:
    def view() -> str:
        calls.append(1)
        raise OperationalError("", {}, Exception("disk is full"))

    answer = serve(app, monkeypatch, view).post("/racing", {}, page="/")

    assert (answer.status_code, answer.headers["Retry-After"], len(calls)) == (503, "5", 1)
