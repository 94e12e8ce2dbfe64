"""What people are told of their places: once each, by mail or otherwise, and only as long as it is so."""

from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale

from planner import admission, clock, news, notifications, outbox, place_news
from planner.extensions import db
from planner.models import Conference, Message, MessageState, Participant, ParticipantState
from tests import factories as make
from tests.client import Client
from tests.planner.test_news import mails

REGISTERED, CONFIRMED, WAITING, CANCELLED = ParticipantState
NOW = make.NOW
LATER = NOW + make.DAY


@pytest.fixture
def here(app: Flask) -> Conference:
    return make.conference(places=1)


def guest(here: Conference, state: ParticipantState, name: str = "alma", **given: object) -> Participant:
    return make.participant(here, state=state, name=name, **{"email": f"{name}@example.org", **given})


def told(person: Participant) -> list[tuple[str, str]]:
    rows = db.session.query(Message).filter_by(participant_id=person.id).order_by(Message.id)
    return [(row.kind, row.state.value) for row in rows]


def deliver() -> int:
    return outbox.deliver(clock.now, "w", db.session.commit)


def test_whoever_moves_up_is_told_by_mail_or_stands_on_the_list_and_nobody_else_is(here: Conference) -> None:
    here.places = 2
    leave = [guest(here, CONFIRMED, name) for name in ("bela", "cem")]
    first, second, third = guest(here, WAITING), guest(here, WAITING, "dora", email=None), guest(here, WAITING, "erik")

    admission.cancel(here, leave, NOW)
    admission.settle(here, NOW)

    assert (told(first), told(second)) == ([("place", "waiting")], [("place", "by_hand")])
    assert [told(each) for each in (*leave, third)] == [[], [], []]


def test_where_no_mail_goes_everybody_stands_on_the_list(here: Conference, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notifications, "mail_is_set_up", lambda: False)
    person = guest(here, WAITING)

    admission.settle(here, NOW)

    assert told(person) == [("place", "by_hand")]


def test_what_is_not_so_any_more_is_told_to_nobody(here: Conference) -> None:
    person, other = guest(here, WAITING), guest(here, WAITING, "bela", email=None)
    admission.settle(here, NOW)
    admission.wait(here, [person], LATER)
    admission.decline(here, [other], LATER)

    assert told(person) == [("place", "overtaken"), ("waits", "overtaken"), ("place", "waiting")]
    assert told(other) == [("place", "overtaken")]
    keys = [row.dedupe_key for row in db.session.query(Message)]
    assert len(set(keys)) == len(keys)


def test_whoever_is_put_off_is_told_and_whoever_says_it_herself_is_not(here: Conference) -> None:
    person, _next = guest(here, CONFIRMED), guest(here, WAITING, "bela")
    herself = guest(here, CANCELLED, "cem", has_declined=True)
    db.session.commit()

    admission.wait(here, [person], NOW)
    admission.answer(herself, "wait", NOW)

    assert (told(person), told(herself)) == ([("waits", "waiting")], [])


def test_for_whom_it_is_said_that_she_comes_is_told_where_she_waited(here: Conference) -> None:
    here.places = 3
    herself = guest(here, WAITING, "cem")
    db.session.commit()
    admission.answer(herself, "come", NOW)
    waits, registered = guest(here, WAITING), guest(here, REGISTERED, "bela")

    admission.confirm(here, [waits, registered], NOW)

    assert [told(each) for each in (waits, registered, herself)] == [[("place", "waiting")], [], []]


def test_whom_a_list_gives_a_place_or_puts_off_is_told(here: Conference) -> None:
    here.places = 1
    comes, off = guest(here, WAITING), guest(here, CONFIRMED, "bela")
    stays, leaves = guest(here, WAITING, "cem"), guest(here, WAITING, "dora")
    given = {comes: CONFIRMED, off: WAITING, leaves: CANCELLED}

    with admission.by_list(here, NOW):
        for person, state in given.items():
            person.move_to(state)

    assert [told(each) for each in (comes, off, stays, leaves)] == [
        [("place", "waiting")],
        [("waits", "waiting")],
        [],
        [],
    ]


def test_whoever_moves_up_after_a_list_is_told_once(here: Conference) -> None:
    leaves, next_one = guest(here, CONFIRMED), guest(here, WAITING, "bela")

    with admission.by_list(here, NOW):
        leaves.move_to(CANCELLED)

    assert (told(leaves), told(next_one)) == ([], [("place", "waiting")])


@pytest.mark.parametrize(
    ("language", "subject", "says"),
    [
        ("de", "Sie haben einen Platz: Konferenz", "ein Platz bei der Konferenz ist frei"),
        ("en", "You have a place: Conference", "a place at the conference is free, and it is yours."),
    ],
)
def test_the_mail_is_in_her_language_and_its_link_opens_her_page(
    app: Flask, here: Conference, tmp_path: Path, language: str, subject: str, says: str
) -> None:
    person = guest(here, WAITING, locale=language)
    admission.settle(here, NOW)
    db.session.commit()

    assert (deliver(), deliver()) == (1, 0)

    body = " ".join(mails(tmp_path)["alma"][0].get_content().split())
    assert says in body
    with force_locale(language):
        assert notifications.preview(db.session.query(Message).one(), NOW).subject.startswith(subject)
    link = next(word for word in body.split() if "/l/" in word).partition("localhost")[2]
    client = Client(app)
    client.fetch(link)
    assert "Do you come?" in client.get(f"/c/{person.conference.slug}/me/").headings


@pytest.mark.parametrize("kind", list(place_news.TRUE))
def test_each_kind_has_its_words_and_speaks_of_no_plan(here: Conference, kind: str) -> None:
    message = make.message(guest(here, place_news.TRUE[kind][0]), kind=kind)

    with force_locale("en"):
        mail, heading = notifications.preview(message, NOW), notifications.heading(kind, 0)

    assert "/l/…" in mail.body
    assert heading != kind


def test_a_mail_that_is_not_true_any_more_does_not_leave(here: Conference, tmp_path: Path) -> None:
    person = guest(here, WAITING)
    admission.settle(here, NOW)
    person.state = CANCELLED  # by a way that settles nothing
    db.session.commit()

    assert (deliver(), told(person)) == (0, [("place", "overtaken")])


def test_what_failed_is_not_sent_again_once_it_is_not_true(here: Conference) -> None:
    person, organiser = guest(here, CANCELLED), make.user()
    message = make.message(person, kind="place", state=MessageState.FAILED)

    with pytest.raises(news.NotTrue):
        outbox.send_again(message, organiser, NOW)
