"""Where mails are only written into files nothing is called sent, and nobody is taken to have got anything."""

from pathlib import Path

import pytest
from flask import Flask

from planner import clock, inviting, jobs, news, outbox, team
from planner.extensions import db
from planner.models import Conference, Invitation, InvitationState, MemberRole, Message, MessageState, User
from tests import factories as make
from tests.client import Client


@pytest.fixture
def filed(app: Flask, tmp_path: Path) -> tuple[Conference, User, Message]:
    """A message that was delivered where mails go into files."""
    conference, organiser = make.organised()
    person = make.participant(conference, name="Alma", email="alma@example.org")
    message = make.message(person, kind="invitation", dedupe_key=f"invitation:{person.id}:1")
    db.session.commit()
    assert outbox.deliver(clock.now, "w", db.session.commit) == 1
    assert len(list((tmp_path / "mail").iterdir())) == 1
    return conference, organiser, message


def leaving(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """From now on mails leave by a server."""
    monkeypatch.setitem(app.extensions, "planner", app.extensions["planner"].model_copy(update={"mail": "smtp"}))


def test_no_page_calls_it_sent(app: Flask, filed: tuple[Conference, User, Message]) -> None:
    conference, organiser, message = filed
    client, home = Client(app).as_organiser(organiser), f"/organise/{conference.slug}/"

    assert (message.state, message.sent_at) == (MessageState.WRITTEN, None)
    for page in ("messages/", f"messages/{message.id}"):
        text = client.get(f"{home}{page}").text
        assert "in a file, not sent" in text
        assert "has arrived" not in text
    assert "1 message lies in a file on this computer: nobody has got it." in client.get(home).text
    assert "Alma" in client.get(f"{home}messages/?only=written").text
    assert "Alma" not in client.get(f"{home}messages/?only=sent").text
    hers = Client(app).as_participant(message.participant).get(f"/c/{conference.slug}/me/data/").text
    assert "in a file, not sent" in hers


def test_once_mails_leave_she_has_not_been_invited_and_somebody_decides(
    app: Flask, filed: tuple[Conference, User, Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    conference, organiser, message = filed
    assert [row.name for row in inviting.reach(conference).had] == ["Alma"]  # the trial goes on like the real thing
    assert outbox.left(conference) == outbox.Left(unreached=0, to_tell=0, in_files=1)

    leaving(app, monkeypatch)

    assert [row.name for row in inviting.reach(conference).new] == ["Alma"]
    assert outbox.left(conference) == outbox.Left(unreached=1, to_tell=0)
    client, page = Client(app).as_organiser(organiser), f"/organise/{conference.slug}/messages/{message.id}"
    assert "Send again" in client.get(page).text
    client.submit(f"{page}/again", {}, page=page)
    db.session.refresh(message)
    assert message.state is MessageState.WAITING


def test_news_in_a_file_is_no_news(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MessageState.WRITTEN in news.tried_out()
    leaving(app, monkeypatch)
    assert not news.tried_out()


def test_an_invitation_to_the_team_neither(app: Flask) -> None:
    conference, owner = make.organised()
    client, page = Client(app).as_organiser(owner), f"/organise/{conference.slug}/team/"
    shown = client.submit(page, {"email": "neu@example.org", "role": MemberRole.VIEWER.value, "way": "mail"})
    assert "written into a file on this computer. It does not leave it" in shown.text
    row = team.invitations(conference)[0]

    jobs.send_invitation(row.id)

    assert db.session.query(Invitation).one().state is InvitationState.WRITTEN
    assert "in a file, not sent" in client.get(page).text


def test_whoever_asks_for_a_link_reads_where_it_is(app: Flask) -> None:
    make.user(email="orga@example.org")
    answer = Client(app).post("/sign-in-link", {"email": "orga@example.org"})

    assert "Whoever runs this server finds the link there." in answer.text
