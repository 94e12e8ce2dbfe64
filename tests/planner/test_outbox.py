"""A message ends once: sent, refused and tried again, given up, or doubtful; what is doubtful a person decides."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from planner import auth, clock, create_app, mail_settings, notifications, outbox, post
from planner.config import Config
from planner.extensions import db
from planner.models import AuditEntry, Message, MessageState, Participant, PersonalLink, User
from planner.post import Ending
from tests import factories as make
from tests.client import Client
from tests.conftest import settings
from tests.faults.server import MailServer, Manner

NOW = make.NOW


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@pytest.fixture
def posted(config: Config, tmp_path: Path, server: MailServer) -> Iterator[Flask]:
    """Where mails leave through a server of ours."""
    app = create_app(settings(tmp_path, mail="smtp", mail_port=server.port))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def waits(**given: object) -> Message:
    conference, _organiser = make.organised()
    person = make.participant(conference, name="Alma", email="alma@example.org")
    found = make.message(person, **given)
    db.session.commit()
    return found


def living() -> int:
    return db.session.query(PersonalLink).filter_by(revoked_at=None).count()


def deliver(worker: str = "w") -> int:
    return outbox.deliver(clock.now, worker, db.session.commit)


REFUSALS = [Manner.REFUSES, Manner.REFUSES_TEXT, Manner.CUTS_BEFORE, Manner.BUSY, Manner.CUTS_AT_ONCE]


@pytest.mark.parametrize("manner", REFUSALS)
def test_what_nothing_was_accepted_of_is_tried_again_with_one_living_link(
    posted: Flask, server: MailServer, manner: Manner
) -> None:
    """A 451 after DATA was called doubtful, and each try left one more link that worked for ever."""
    message = waits()
    server.manner = manner

    for attempt in (1, 2, 3):
        assert deliver() == 0
        db.session.refresh(message)
        assert (message.state, message.attempts) == (MessageState.WAITING, attempt)
        assert message.not_before
        assert message.not_before > clock.now() + timedelta(minutes=1.5**attempt)
        assert living() == 0
        message.not_before = None
        db.session.commit()

    server.manner = Manner.TAKES
    assert deliver() == 1
    assert living() == 1
    assert len(server.taken) == 1


@pytest.mark.parametrize("manner", [Manner.REJECTS, Manner.REJECTS_TEXT])
def test_what_is_refused_for_good_is_not_tried_again(posted: Flask, server: MailServer, manner: Manner) -> None:
    message = waits()
    server.manner = manner

    deliver()

    assert (message.state, message.facts) == (MessageState.FAILED, {"why": "rejected"})
    assert living() == 0


@pytest.mark.parametrize(("manner", "has_it"), [(Manner.CUTS_AFTER, 1), (Manner.CUTS_INSIDE, 0)])
def test_a_line_cut_when_all_was_handed_over_is_doubtful(
    posted: Flask, server: MailServer, manner: Manner, has_it: int
) -> None:
    """Whether the server read to the end nobody can tell from here."""
    message = waits()
    server.manner = manner

    deliver()

    assert (message.state, message.facts) == (MessageState.DOUBTFUL, {"why": "cut"})
    assert living() == 1  # she may have it
    server.manner = Manner.TAKES
    assert deliver() == 0
    assert len(server.taken) == has_it


def test_a_server_that_is_away_is_asked_once_and_the_others_wait_untried(posted: Flask, server: MailServer) -> None:
    first = waits()
    second = make.message(first.participant)
    db.session.commit()
    server.close()

    assert deliver() == 0

    db.session.expire_all()
    assert (first.state, first.attempts) == (MessageState.WAITING, 1)
    assert (second.state, second.attempts) == (MessageState.WAITING, 0)


def test_mail_switched_off_in_the_middle_of_a_round_leaves_the_others_waiting(
    posted: Flask, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They lay "in a file" that nobody had written."""
    first = waits()
    second = make.message(first.participant)
    db.session.commit()
    settings = [mail_settings.present(), mail_settings.OFF]
    monkeypatch.setattr(post.mail_settings, "present", lambda: settings.pop(0) if settings else mail_settings.OFF)
    monkeypatch.setattr(notifications, "way", lambda: "smtp")

    assert deliver() == 1

    db.session.expire_all()
    assert [first.state, second.state] == [MessageState.SENT, MessageState.WAITING]
    assert living() == 1


def test_after_a_day_somebody_else_has_to_tell_her(posted: Flask, server: MailServer) -> None:
    message = waits(created_at=clock.now() - timedelta(days=2), attempts=9)
    server.manner = Manner.REFUSES

    deliver()

    assert (message.state, message.facts) == (MessageState.FAILED, {"why": "too_long"})


def test_what_is_sent_again_is_tried_for_a_day_from_then_on(posted: Flask, server: MailServer) -> None:
    """An old one was given up after two hours."""
    message = waits(created_at=clock.now() - timedelta(days=9), state=MessageState.FAILED, facts={"why": "too_long"})
    actor = db.session.query(User).first()
    assert actor
    server.manner = Manner.REFUSES
    outbox.send_again(message, actor, clock.now() - timedelta(hours=23))
    message.attempts = 20
    db.session.commit()

    deliver()

    assert message.state is MessageState.WAITING
    db.session.query(AuditEntry).filter_by(action="message.again").delete()
    message.not_before = None
    db.session.commit()
    deliver()
    assert message.state is MessageState.FAILED


def test_a_message_keeps_its_number_however_often_it_is_tried(posted: Flask, server: MailServer) -> None:
    message = waits()
    server.manner = Manner.CUTS_AFTER
    deliver()
    server.manner = Manner.TAKES
    message.move_to(MessageState.WAITING)
    db.session.commit()
    deliver()

    assert len(server.taken) == 2
    assert len(set(server.taken)) == 1


def test_a_line_break_in_a_title_stops_no_mail(posted: Flask, server: MailServer) -> None:
    """It stopped every mail for good: the row was taken again and again, before all others."""
    message = waits()
    message.participant.conference.title = {"de": "Konferenz\r\nBcc: all@example.org\n\nÜberall"}
    db.session.commit()

    assert deliver() == 1
    assert server.texts[0].count(b"\nBcc:") == 0


def test_a_message_that_cannot_be_written_holds_up_no_other(posted: Flask, server: MailServer) -> None:
    bad = waits()
    bad.participant.email = "alma@example.org\nBcc: all@example.org"
    nobody = make.message(make.participant(bad.participant.conference, email=None))
    good = make.message(make.participant(bad.participant.conference, email="bela@example.org"))
    db.session.commit()

    assert deliver() == 1

    assert (bad.state, bad.facts) == (MessageState.FAILED, {"why": "unwritten"})
    assert (nobody.state, nobody.facts) == (MessageState.FAILED, {"why": "no_address"})
    assert good.state is MessageState.SENT
    assert living() == 1


def test_a_database_that_is_busy_for_a_while_makes_nothing_doubtful(
    posted: Flask, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the server had said was forgotten at the first write that did not get its turn."""
    message, tries, settle = waits(), iter([True, True, False]), outbox.settle
    monkeypatch.setattr(outbox, "PAUSE", 0.0)

    def busy(*known: Any) -> bool:
        done = settle(*known)
        if next(tries):
            raise OperationalError("", {}, Exception("database is locked"))
        return done

    monkeypatch.setattr(outbox, "settle", busy)

    assert deliver() == 1

    db.session.refresh(message)
    assert (message.state, len(server.taken), living()) == (MessageState.SENT, 1, 1)


def test_a_database_that_stays_busy_is_not_waited_for_without_end(
    posted: Flask, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    message, at = waits(), [clock.now()]
    monkeypatch.setattr(outbox, "PAUSE", 0.0)

    def busy(*_known: Any) -> bool:
        at[0] += timedelta(minutes=1)
        raise OperationalError("", {}, Exception("database is locked"))

    monkeypatch.setattr(outbox, "settle", busy)
    with pytest.raises(OperationalError):
        outbox.deliver(lambda: at[0], "w", db.session.commit)

    outbox.reap(at[0] + timedelta(seconds=1))
    assert (message.state, len(server.taken), living()) == (MessageState.DOUBTFUL, 1, 1)


def test_after_links_have_ended_no_mail_hands_out_a_dead_one(posted: Flask, server: MailServer) -> None:
    """It arrived with a link that had ended before it was made."""
    message = waits()
    message.participant.conference.day_ends = clock.now() - timedelta(days=7)
    message.participant.conference.day_starts = clock.now() - timedelta(days=8)
    for name in ("call_from", "call_until", "wishes_from", "wishes_until"):
        setattr(message.participant.conference, name, clock.now() - timedelta(days=9))
    db.session.commit()

    assert deliver() == 0

    assert (message.state, message.facts) == (MessageState.FAILED, {"why": "ended"})
    assert server.taken == []
    assert living() == 0


def test_a_worker_that_died_while_sending_leaves_a_doubtful_message(either_app: Flask) -> None:
    """It stayed "is being sent" for good, on no page."""
    message = waits()
    assert outbox.take(message.id, "dead", NOW)
    db.session.commit()

    outbox.reap(NOW + outbox.LEASE)
    assert message.state is MessageState.SENDING
    outbox.reap(NOW + outbox.LEASE * 1.01)

    assert (message.state, message.facts) == (MessageState.DOUBTFUL, {"why": "lost"})


@pytest.mark.parametrize("ending", list(Ending))
def test_a_workers_write_is_refused_when_its_time_was_over(either_app: Flask, ending: Ending) -> None:
    message = waits()
    letter = outbox.take(message.id, "slow", NOW)
    assert letter
    assert outbox.take(message.id, "other", NOW) is None
    outbox.reap(NOW + outbox.LEASE * 2)
    db.session.commit()

    assert not outbox.settle(message.id, "slow", ending, letter, NOW + outbox.LEASE * 2)

    assert message.state is MessageState.DOUBTFUL
    assert living() == 1


@pytest.fixture
def office(app: Flask) -> tuple[Client, Message, User, str]:
    conference, organiser = make.organised()
    person = make.participant(conference, name="Alma", email="alma@example.org")
    message = make.message(person, state=MessageState.DOUBTFUL, facts={"why": "lost"}, attempts=1)
    return Client(app).as_organiser(organiser), message, organiser, f"/organise/{conference.slug}/messages/"


def test_the_page_says_to_whom_when_why_and_what_to_do(office: tuple[Client, Message, User, str]) -> None:
    client, message, _organiser, home = office

    assert f"{home}{message.id}" in client.get(home).links
    text = client.get(f"{home}{message.id}").text

    assert "Alma" in text
    assert "Nobody knows whether it arrived." in text
    assert "I have told her myself" in text
    assert "It may have arrived already. Then she gets it twice. Send it again?" in text


def test_a_doubtful_message_is_sent_again_when_somebody_wants_it(office: tuple[Client, Message, User, str]) -> None:
    client, message, organiser, home = office

    client.submit(f"{home}{message.id}/again", {}, page=home)
    assert deliver() == 1

    assert message.state is MessageState.WRITTEN
    assert "1 message lies in a file on this computer: nobody has got it." in client.get(home).text
    note = db.session.query(AuditEntry).filter_by(action="message.again").one()
    assert (note.actor, note.subject) == (f"organiser:{organiser.id}", f"message:{message.id}")

    again = client.submit(f"{home}{message.id}/again", {}, page=home)
    assert "not possible any more" in again.text
    assert deliver() == 0


def test_whoever_was_told_otherwise_is_on_the_page_no_more(office: tuple[Client, Message, User, str]) -> None:
    client, message, _organiser, home = office

    client.submit(f"{home}{message.id}/told", {}, page=home)
    since = message.told_at
    client.submit(f"{home}{message.id}/told", {}, page=home)

    assert message.told_at == since is not None
    assert message.state is MessageState.DOUBTFUL
    assert "Alma" not in client.get(f"{home}?only=doubtful").text
    assert "Alma" in client.get(f"{home}?only=told").text
    assert outbox.left(message.participant.conference).unreached == 0
    assert db.session.query(AuditEntry).filter_by(action="message.told").count() == 1


def test_without_an_address_nothing_is_sent_again(office: tuple[Client, Message, User, str]) -> None:
    client, message, _organiser, home = office
    message.participant.email = None

    assert "Send again" not in client.get(f"{home}{message.id}").text
    assert "no e-mail address here" in client.submit(f"{home}{message.id}/again", {}, page=home).text
    assert message.state is MessageState.DOUBTFUL


def test_what_the_server_has_not_taken_yet_is_shown_too(office: tuple[Client, Message, User, str]) -> None:
    client, message, _organiser, home = office
    message.move_to(MessageState.WAITING)
    message.not_before = clock.now() + timedelta(minutes=8)

    assert "Alma" in client.get(f"{home}?only=waiting").text
    assert "1 attempt, next try:" in client.get(f"{home}{message.id}").text.replace(" ,", ",")


@pytest.mark.parametrize("attempts", [0, 1])
def test_while_a_message_waits_nobody_is_told_that_all_arrived(
    office: tuple[Client, Message, User, str], attempts: int
) -> None:
    client, message, _organiser, home = office
    message.move_to(MessageState.WAITING)
    message.attempts = attempts
    db.session.commit()

    text = client.get(home).text

    assert "every message has arrived" not in text
    assert "1 message is still waiting to be sent." in text


def test_several_are_ticked_off_at_once_and_only_what_is_open(office: tuple[Client, Message, User, str]) -> None:
    client, message, _organiser, home = office
    by_hand = make.message(message.participant, state=MessageState.BY_HAND)
    sent = make.message(message.participant, state=MessageState.SENT)
    elsewhere = waits(state=MessageState.BY_HAND)
    marked = [str(row.id) for row in (message, by_hand, sent, elsewhere)]

    page = client.submit(f"{home}mark", {"marked": marked}, page=home)

    assert "Noted: 2 people know." in page.text
    assert [bool(row.told_at) for row in (message, by_hand, sent, elsewhere)] == [True, True, False, False]
    entry = db.session.query(AuditEntry).filter_by(action="messages.mark").one()
    assert entry.facts["of"] == f"{message.id}-{by_hand.id}"
    assert "Please mark somebody first" in client.submit(f"{home}mark", {"marked": marked}, page=home).text


def test_what_somebody_should_tell_is_sent_by_mail_once_she_has_an_address(
    office: tuple[Client, Message, User, str],
) -> None:
    client, message, _organiser, home = office
    message.state, message.facts = MessageState.BY_HAND, {}
    db.session.commit()

    assert "Send by mail" in client.get(f"{home}{message.id}").text
    client.submit(f"{home}{message.id}/again", {}, page=home)

    assert deliver() == 1


def test_hundreds_of_messages_are_read_page_by_page(office: tuple[Client, Message, User, str]) -> None:
    client, message, _organiser, home = office
    for _ in range(120):
        make.message(message.participant, state=MessageState.SENT)

    page = client.get(home)

    assert "1 to 50 of 121" in page.text
    assert "sent 120" in page.text
    assert page.text.index("perhaps sent: the line broke") < page.text.index("1 to 50")


def test_links_end_some_days_after_the_conference_and_say_so(app: Flask) -> None:
    message = waits()
    person: Participant = message.participant
    ends = person.conference.day_ends + timedelta(days=7)

    with app.test_request_context():
        letter = notifications.compose(message, NOW)
    auth.mint_card(person, NOW)
    db.session.commit()

    assert {link.expires_at for link in db.session.query(PersonalLink)} == {ends}
    assert auth.link_for(letter.token, ends - timedelta(seconds=1))
    assert auth.link_for(letter.token, ends) is None
    assert "Er gilt bis" in letter.mail.body


@pytest.mark.parametrize("shut", ["archived_at", "deletes_at"])
def test_what_waits_in_a_conference_that_is_only_read_leaves_when_it_is_open_again(
    posted: Flask, server: MailServer, shut: str
) -> None:
    """It left, with a link into an archive, and while the page said that nothing changes any more."""
    message = waits()
    setattr(message.participant.conference, shut, NOW)
    db.session.commit()

    assert (outbox.waiting(clock.now()), deliver(), outbox.take(message.id, "w", clock.now())) == (0, 0, None)
    assert (message.state, message.attempts, living(), server.taken) == (MessageState.WAITING, 0, 0, [])

    setattr(message.participant.conference, shut, None)
    db.session.commit()
    assert (outbox.waiting(clock.now()), deliver(), living()) == (1, 1, 1)


def test_while_mail_is_off_nothing_is_put_among_what_waits(app: Flask) -> None:
    """The page draws no button then; what is sent all the same was called "on its way"."""
    app.extensions["planner"] = app.extensions["planner"].model_copy(update={"mail": "off"})
    message = waits(state=MessageState.FAILED)

    with app.test_request_context(), pytest.raises(outbox.NoMail) as refused:
        outbox.send_again(message, make.user(), clock.now())
    assert "PLANNER_MAIL" in str(refused.value.sentence)
    db.session.rollback()

    assert db.session.get_one(Message, message.id).state is MessageState.FAILED
