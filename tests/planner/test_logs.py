"""What stands in the log: kinds and places of faults, never what people typed, and never a flood."""

import json
import logging

import pytest
import structlog
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from planner import logs
from planner.extensions import db
from tests import factories as make

SECRET = "Niemand soll das im Protokoll lesen"


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def provoke() -> SQLAlchemyError:
    """The database refuses a row, and would quote it."""
    person = make.participant(make.conference())
    row = make.submission(person, problem=SECRET)
    row.conference_id = None  # type: ignore[assignment]
    with pytest.raises(SQLAlchemyError) as found:
        db.session.flush()
    db.session.rollback()
    return found.value


def test_the_text_of_a_statement_is_in_no_log(either_app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure()
    error = provoke()

    structlog.get_logger().warning("provoked", error=error)
    try:
        raise error
    except SQLAlchemyError:
        logging.getLogger("of.another.package").exception("It says %s", error)

    written = capsys.readouterr().err
    assert written.count("IntegrityError") == 2
    assert SECRET not in written
    assert "provoke" in written  # where it happened


def test_the_parameters_of_a_statement_are_in_no_message(app: Flask) -> None:
    assert SECRET not in str(provoke())


def test_the_same_complaint_is_one_line_and_then_a_number(capsys: pytest.CaptureFixture[str]) -> None:
    now = [0.0]
    bounded = logs.Bounded(lambda: now[0])
    kept = []
    for second in range(120):
        now[0] = float(second)
        for _ in range(50):
            try:
                kept.append(bounded(None, "", {"event": "database.away", "level": "warning"}))
            except structlog.DropEvent:
                continue

    assert [line.get("left_out") for line in kept] == [None, 1499, 1499, 1499]


def test_news_is_never_left_out() -> None:
    bounded = logs.Bounded(lambda: 0.0)

    assert [bounded(None, "", {"event": "run.ended", "level": "info"}) for _ in range(3)]


def test_an_address_with_a_token_is_in_no_log(
    app: Flask, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    logs.configure()
    app.config["PROPAGATE_EXCEPTIONS"] = False
    monkeypatch.setitem(app.view_functions, "public.link", lambda token: 1 / 0)

    answer = app.test_client().get("/l/secret-token-of-hers")

    assert answer.status_code == 500
    [line] = lines(capsys)
    assert (line["event"], line["endpoint"], line["error"]) == ("request.failed", "public.link", "ZeroDivisionError")
    assert "secret-token" not in json.dumps(line)
