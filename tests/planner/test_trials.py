"""An organiser sends a test mail to herself, by the door that every mail takes, and reads how that ended."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from planner import clock, create_app, jobs, mail_settings, notifications, post, retention, trials
from planner.config import Config
from planner.extensions import db
from planner.models import AuditEntry, MailTrial, MemberRole
from planner.post import Answer, Ending
from tests import factories as make
from tests.client import Client
from tests.conftest import settings
from tests.faults.server import MailServer, Manner
from tests.planner.test_sign_in import work_off

PASSWORD = "ein geheimes Wort"


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@pytest.fixture
def posted(config: Config, tmp_path: Path, server: MailServer) -> Iterator[Flask]:
    app = create_app(settings(tmp_path, mail="smtp", mail_port=server.port, mail_password=PASSWORD))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize(
    ("manner", "word", "answer"),
    [
        (Manner.TAKES, "accepted", ""),
        (Manner.REJECTS, "takes no mail for your address", "550 no such person"),
        (Manner.REJECTS_TEXT, "has refused the mail itself", "554 not this one"),
        (Manner.REFUSES, "takes no mail for your address", "450 not now"),
        (Manner.BUSY, "takes no mail now", "421 come again"),
        (Manner.CUTS_AFTER, "perhaps sent: the line broke", ""),
    ],
)
def test_how_it_ended_stands_on_the_page_with_the_servers_words(
    posted: Flask, server: MailServer, manner: Manner, word: str, answer: str
) -> None:
    conference, organiser = make.organised()
    client, home = Client(posted).as_organiser(organiser), f"/organise/{conference.slug}/messages/"
    server.manner = manner

    waits = client.submit(f"{home}trial", {}, page=home)
    work_off(posted)
    page = client.get(home)

    assert "on its way Please load this page again in a moment." in waits.text
    assert word in page.text
    assert answer in page.text
    assert f"Mails leave by the server 127.0.0.1, port {server.port}" in page.text
    assert PASSWORD not in page.text
    assert server.recipients == ([[organiser.email]] if manner in {Manner.TAKES, Manner.CUTS_AFTER} else [])
    assert db.session.query(AuditEntry).filter_by(action="messages.trial").count() == 1


def test_a_server_that_is_away_is_said_to_be(posted: Flask, server: MailServer) -> None:
    user = make.user()
    row = trials.ask(user, clock.now())
    db.session.commit()
    server.close()

    jobs.send_mail_trial(row.id)

    tried = trials.last(user, clock.now())
    assert tried
    assert (tried.stands, "refused" in tried.reason) == ("shut", True)


@pytest.mark.parametrize("text", [f"say {PASSWORD} again", "5.7.8 AGFsbWEAZ2VoZWlt is wrong"])
def test_the_password_is_in_no_reason_whatever_the_server_repeats(posted: Flask, text: str) -> None:
    error = (
        post.smtplib.SMTPAuthenticationError(535, text.encode())
        if "5.7.8" in text
        else post.smtplib.SMTPDataError(554, text.encode())
    )

    said = post._said(error, mail_settings.present())

    assert said.startswith(str(error.smtp_code))
    assert PASSWORD not in said
    assert "AGFs" not in said


def test_it_is_sent_once_and_a_late_answer_is_not_that_of_the_next(posted: Flask, server: MailServer) -> None:
    user = make.user()
    row = trials.ask(user, clock.now())
    db.session.commit()
    begun = clock.now()
    assert trials.begin(row.id, begun)
    assert trials.begin(row.id, begun + timedelta(seconds=1)) is None
    trials.ask(user, clock.now())
    trials.note(row.id, begun, Answer(Ending.REJECTED, "late"))
    db.session.commit()

    for _ in range(3):
        jobs.send_mail_trial(row.id)

    tried = trials.last(user, clock.now())
    assert tried
    assert (tried.stands, tried.reason, len(server.taken)) == ("sent", "", 1)
    assert db.session.query(MailTrial).count() == 1


def test_nothing_waits_for_ever_and_old_ones_go(posted: Flask) -> None:
    user, now = make.user(), clock.now()
    trials.ask(user, now - trials.PATIENCE)
    db.session.commit()

    tried = trials.last(user, now)
    assert tried
    assert tried.stands == "lost"
    retention.forget_logs(now + timedelta(days=15))
    assert db.session.query(MailTrial).count() == 0


def test_nobody_floods_her_own_mailbox(posted: Flask) -> None:
    conference, organiser = make.organised()
    client, home = Client(posted).as_organiser(organiser), f"/organise/{conference.slug}/messages/"

    answers = [client.post(f"{home}trial", {}, page=home).status_code for _ in range(7)]

    assert answers == [302] * 6 + [429]


def test_a_test_that_is_only_written_into_a_file_is_not_called_accepted(app: Flask) -> None:
    user = make.user()
    row = trials.ask(user, clock.now())
    db.session.commit()

    jobs.send_mail_trial(row.id)

    tried = trials.last(user, clock.now())
    assert tried
    assert tried.stands == "written"


def test_without_mail_the_page_says_so_and_offers_no_test(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    off = app.extensions["planner"].model_copy(update={"mail": "off"})
    monkeypatch.setitem(app.extensions, "planner", off)
    conference, organiser = make.organised()
    client, home = Client(app).as_organiser(organiser), f"/organise/{conference.slug}/messages/"

    assert notifications.way() == "off"
    page = client.get(home)
    assert "Mail is not set up here" in page.text
    assert "Send me a test" not in page.text
    client.submit(f"{home}trial", {}, page=home)
    assert db.session.query(MailTrial).count() == 0


def test_who_only_looks_does_not_read_by_which_server(app: Flask) -> None:
    conference, _organiser = make.organised()
    viewer = make.user()
    make.member(conference, viewer, MemberRole.VIEWER)

    page = Client(app).as_organiser(viewer).get(f"/organise/{conference.slug}/messages/")

    assert "How mail goes out" not in page.headings


def test_it_is_asked_for_on_either_database(either_app: Flask) -> None:
    """PostgreSQL locks no row that may be missing on one side of a join: 500."""
    _conference, user = make.organised()

    first = trials.ask(user, clock.now())
    again = trials.ask(user, clock.now())

    assert (first.id, db.session.query(MailTrial).count()) == (again.id, 1)
