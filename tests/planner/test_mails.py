"""SEC-3: every kind of mail, as a server gets it: one recipient, these headers, nobody's texts, links to us alone."""

import ast
import re
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask

from planner import clock, create_app, jobs, notifications, outbox, place_news, team, trials, words
from planner.config import LANGUAGES, ROOT, Config
from planner.extensions import db
from planner.models import COMING, AssignmentRole, MemberRole, SubmissionState
from tests import factories as make
from tests.client import Client
from tests.conftest import settings
from tests.faults.server import MailServer
from tests.planner.test_sign_in import set_password, work_off

ADDRESS = "http://localhost:8123"
SENDER, TITLE = "Büro <buero@example.org>", "Konferenz\r\nBcc: all@example.org\r\n\r\nÜberall"
HEADERS = ["Content-Transfer-Encoding", "Content-Type", "Date", "From", "MIME-Version", "Message-ID", "Subject", "To"]
CANARY = "Kanarienvogel"  # in everything that people and organisers wrote, but for the conference's title


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@pytest.fixture
def posted(config: Config, tmp_path: Path, server: MailServer) -> Iterator[Flask]:
    app = create_app(settings(tmp_path, mail="smtp", mail_port=server.port, mail_sender=SENDER, public_url=ADDRESS))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def a_message(kind: str) -> Callable[[Flask, str], None]:
    """Of the outbox, to somebody who said and is much, in a conference full of words."""

    def send(_app: Flask, language: str) -> None:
        title = {"de": CANARY, "en": CANARY, "ar": CANARY}
        conference, _organiser = make.organised(
            title=dict.fromkeys(title, TITLE), summary=title, place=CANARY, contact=CANARY
        )
        group, theme = make.group(conference, title=title), make.theme(conference, title=title)
        slot, room = make.slot(conference, title=title), make.room(conference, name=CANARY)
        session = make.session(conference, title=title, sentence=title, goal=title)
        body = make.organisation(conference, name=CANARY)
        person = make.participant(
            conference,
            name=CANARY,
            email="alma@example.org",
            locale=language,
            group_id=group.id,
            organisation_id=body.id,
            state=place_news.TRUE.get(kind, COMING)[0],
        )
        make.submission(
            person, theme_id=theme.id, problem=CANARY, state=SubmissionState.ACCEPTED, session_id=session.id
        )
        run = make.allocation(conference)
        make.assignment(make.meeting(run, session, slot, room), person, role=AssignmentRole.FACILITATOR)
        conference.published = run
        declined = make.submission(person, problem=CANARY, reason=CANARY, state=SubmissionState.DECLINED)
        make.message(person, kind=kind, facts={"submission": declined.id})
        db.session.commit()
        assert outbox.deliver(clock.now, "w", db.session.commit) == 1

    return send


def a_sign_in_link(app: Flask, language: str) -> None:
    make.user(email="alma@example.org", name=CANARY, locale=language)
    app.config["WTF_CSRF_ENABLED"] = False
    another_name = {"Host": "127.0.0.1:9"}  # than the one that was set
    sent = {"email": "Alma@Example.org"}
    assert Client(app).fetch("/sign-in-link", method="POST", data=sent, headers=another_name).status_code == 200
    work_off(app)


def an_invitation(app: Flask, language: str) -> None:
    titled = dict.fromkeys(("de", "en", "ar"), TITLE)
    conference, owner = make.organised(title=titled, place=CANARY, summary=dict.fromkeys(titled, CANARY))
    owner.name, owner.locale = CANARY, language
    row = team.invite(conference, "Alma@Example.org", MemberRole.VIEWER, owner, clock.now())
    db.session.commit()
    jobs.send_invitation(row.id)


def a_trial(_app: Flask, language: str) -> None:
    row = trials.ask(make.user(email="alma@example.org", name=CANARY, locale=language), clock.now())
    db.session.commit()
    jobs.send_mail_trial(row.id)


KINDS = {
    **{kind: a_message(kind) for kind in words.MESSAGES},
    "sign_in": a_sign_in_link,
    "invitation": an_invitation,
    "trial": a_trial,
}
OPENS_NOTHING = {"trial"}
WRITERS = {"_mail", "sign_in_mail", "invitation_mail", "trial_mail"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_mail_is_for_one_person_and_says_nothing_of_anybody(
    posted: Flask, server: MailServer, kind: str, language: str
) -> None:
    KINDS[kind](posted, language)

    assert server.recipients == [["alma@example.org"]]
    [text] = server.texts
    mail = message_from_bytes(text, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    assert sorted(mail.keys()) == HEADERS
    assert mail["To"] == "alma@example.org"
    assert mail["From"].addresses[0].addr_spec == "buero@example.org"
    assert re.fullmatch(r"<[\w.]+@[\w.-]+>", mail["Message-ID"])
    assert mail.get_content_type() == "text/plain"
    assert not mail.is_multipart()
    written = f"{mail['Subject']}\n{mail.get_content()}"
    assert CANARY not in written
    assert [line for line in written.splitlines() if line.startswith("Bcc")] == []
    links = re.findall(r"\w+://\S+", written)
    assert len(links) == 1
    assert re.fullmatch(ADDRESS if kind in OPENS_NOTHING else rf"{ADDRESS}/[lsi]/[\w-]{{32,}}", links[0])


def test_there_is_no_kind_of_mail_that_is_not_looked_at_here() -> None:
    made = {
        (path.name, function.name)
        for path in (ROOT / "planner").rglob("*.py")
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef)
        for call in ast.walk(function)
        if isinstance(call, ast.Call) and getattr(call.func, "id", getattr(call.func, "attr", "")) == "EmailMessage"
    }

    assert made == {("notifications.py", writer) for writer in WRITERS}
    assert all(hasattr(notifications, writer) for writer in WRITERS)


def test_the_library_of_accounts_writes_to_nobody(posted: Flask, server: MailServer) -> None:
    """Its own mails would be in its own words, and lead to addresses of its own making."""
    client = Client(posted).as_organiser(make.user())

    set_password(client)
    work_off(posted)

    assert server.texts == []
