"""Texts of a conference's own: placeholders are checked and filled once, in her language; the usual text comes back."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from planner import clock, inviting, mail_texts, news, notifications, outbox, reminders
from planner.extensions import db
from planner.mail_texts import Own, Wrong
from planner.models import Conference, MailKind, MailText, Message, MessageState, Participant, Registration
from tests import factories as make
from tests.at_once import DONE, at_once
from tests.client import Client, Page
from tests.planner.organiser.conftest import Office, office
from tests.planner.test_news import mails

__all__ = ["office"]
GERMAN = Own("Kommen Sie, {Name}?", "Hallo {Name},\n\n{Titel}, {Tag}, bis {Frist}:\n{Link}\ngültig bis {gültig}")
INVITATION = "mail-texts/?kind=invitation&language=de"


def save(
    conference: Conference, text: Own = GERMAN, kind: MailKind = MailKind.INVITATION, language: str = "de"
) -> None:
    mail_texts.save(conference, kind, language, text)
    db.session.commit()


def sent(folder: Path) -> dict[str, str]:
    outbox.deliver(clock.now, "w", db.session.commit)
    return {
        name: found[-1]["Subject"].strip() + "\n" + found[-1].get_content() for name, found in mails(folder).items()
    }


def test_it_stands_in_the_mail_of_whoever_reads_its_language(office: Office, tmp_path: Path) -> None:
    make.participant(office.conference, name="Alma", email="alma@example.org")
    make.participant(office.conference, name="Bela", email="bela@example.org", locale="en")
    office.conference.place = "Rathaus"
    save(office.conference)
    inviting.invite(office.conference, "", clock.now, again=False)

    texts = sent(tmp_path)

    assert texts["alma"].startswith("Kommen Sie, Alma?\nHallo Alma,")
    assert office.conference.title["de"] in texts["alma"]
    assert "Rathaus" in texts["alma"]
    assert texts["alma"].count("http://localhost/l/") == 1
    assert "{" not in texts["alma"]
    assert texts["bela"].startswith("Your invitation")


def test_reminders_and_news_have_texts_of_their_own_and_news_are_never_left_out(office: Office, tmp_path: Path) -> None:
    person = make.participant(office.conference, name="Alma", email="alma@example.org")
    make.slot(office.conference)
    make.session(office.conference)
    save(office.conference, Own("Erinnerung", "Bis {Frist}: {Link}"), MailKind.REMINDER)
    save(office.conference, Own("Plan", "{Nachricht}\n\n{Link}"), MailKind.NEWS)
    reminders.remind(office.conference, clock.now)
    reminded = sent(tmp_path)["alma"]
    told = make.message(person, state=MessageState.WAITING, facts={"day": {"1": None}})
    office.conference.published = make.allocation(office.conference)
    db.session.commit()
    assert not news.is_overtaken(told)
    published = sent(tmp_path)["alma"]

    assert reminded.startswith("Erinnerung\nBis ")
    assert published.startswith("Plan\n")
    assert "keinen Platz für Sie" in published or "kein Platz" in published


@pytest.mark.parametrize(
    ("text", "kind", "field", "word"),
    [
        (Own("Hallo", "Ohne Weg hinein"), MailKind.INVITATION, "body", "{Link}"),
        (Own("Hallo", "{Link} {Vorname}"), MailKind.INVITATION, "body", "{Vorname}"),
        (Own("Hallo", "{Link} {Nachricht}"), MailKind.INVITATION, "body", "{Nachricht}"),
        (Own("Hallo", "{Link}"), MailKind.NEWS, "body", "{Nachricht}"),
        (Own("Hallo", "{Link} {Nachricht} {Frist}"), MailKind.NEWS, "body", "{Frist}"),
        (Own("{Link}", "{Link}"), MailKind.REMINDER, "subject", "{Link}"),
        (Own("Hallo", "{Link} {Name"), MailKind.REMINDER, "body", "{Name}"),
        (Own("Hallo }", "{Link}"), MailKind.REMINDER, "subject", "{Name}"),
    ],
)
def test_what_is_unknown_or_missing_is_refused_at_its_field(
    app: Flask, text: Own, kind: MailKind, field: str, word: str
) -> None:
    with app.test_request_context(), pytest.raises(Wrong) as refused:
        mail_texts.check(text, kind, "de")

    assert refused.value.field == field
    assert word in str(refused.value.sentence)


def test_words_of_either_language_are_understood_in_any_case(app: Flask) -> None:
    mail_texts.check(Own("{NAME}", "{link} { Deadline }"), MailKind.REMINDER, "de")

    assert mail_texts.filled("{Name} {NAME} {name}", {"name": "A"}) == "A A A"


def test_all_that_is_not_known_is_told_at_once(app: Flask) -> None:
    with app.test_request_context(), pytest.raises(Wrong) as wrong:
        mail_texts.check(Own("Hallo", "{Ort} {Uhrzeit} {Link} {Ort}"), MailKind.REMINDER, "de")

    assert "{Ort}, {Uhrzeit}" in str(wrong.value.sentence)


def test_what_somebody_is_called_is_no_placeholder_and_breaks_no_head(office: Office, tmp_path: Path) -> None:
    name = "{Link}\r\nBcc: all@example.org"
    make.participant(office.conference, name=name, email="alma@example.org")
    save(office.conference)
    inviting.invite(office.conference, "", clock.now, again=False)
    sent(tmp_path)

    [mail] = mails(tmp_path)["alma"]

    assert mail["Bcc"] is None
    assert mail.get_content().count("http://localhost/l/") == 1
    assert "{Link} Bcc" in mail.get_content()


def test_whoever_registered_herself_is_called_guest(office: Office, tmp_path: Path) -> None:
    person = make.participant(office.conference, name="Kaufen Sie bei example.org", email="alma@example.org")
    link = make.group_link(office.conference)
    make.add(Registration(participant_id=person.id, group_link_id=link.id, registered_at=clock.now()))
    save(office.conference)
    inviting.invite(office.conference, "", clock.now, again=False)

    assert sent(tmp_path)["alma"].startswith("Kommen Sie, Gast?\nHallo Gast,")


@pytest.mark.parametrize("kind", list(MailKind))
@pytest.mark.parametrize("language", mail_texts.LANGUAGES)
@pytest.mark.parametrize("vocabulary", ["", "school"])
def test_the_usual_text_can_be_sent_as_it_is(office: Office, kind: MailKind, language: str, vocabulary: str) -> None:
    office.conference.vocabulary = vocabulary
    with office.client.app.test_request_context():
        usual = notifications.standard(office.conference, kind, language)
        mail_texts.check(usual, kind, language)

    assert "%(" not in usual.body


def test_the_page_shows_a_real_persons_mail_before_it_is_saved_and_takes_the_usual_text_back(office: Office) -> None:
    make.participant(office.conference, name="Alma", email="alma@example.org")
    page = office.home + INVITATION
    typed = {"subject": GERMAN.subject, "body": GERMAN.body}

    shown = office.client.post(page, {**typed, "more": "preview"})
    nothing = db.session.query(MailText).count()
    saved = office.client.post(page, typed)
    after = office.client.get(page)
    office.client.post(f"{office.home}mail-texts/reset", {"kind": "invitation", "language": "de"}, page=page)

    assert shown.status_code == 200
    assert "Kommen Sie, Alma?" in shown.text
    assert "http://localhost/l/…" in shown.text
    assert nothing == 0
    assert saved.status_code == 302
    assert "Kommen Sie, Alma?" in after.text
    assert "your own text" in after.text
    assert db.session.query(MailText).count() == 0
    assert "Ihre Einladung" in office.client.get(page).text


def test_what_is_refused_stays_on_the_page(office: Office) -> None:
    answer = office.client.post(office.home + INVITATION, {"subject": "Betreff", "body": "Ohne Link"}, language="en")

    assert answer.status_code == 422
    assert "Please put {Link} into the text" in answer.text
    assert Page(answer.text).fields["subject"] == "Betreff"
    assert "Ohne Link" in answer.text


def test_who_saves_over_another_ones_text_is_told(office: Office) -> None:
    page = office.home + INVITATION
    seen = office.client.get(page).fields["seen"]
    save(office.conference)

    answer = office.client.post(page, {"subject": "Meiner", "body": "{Link}", "seen": seen}, language="en")

    assert answer.status_code == 409
    assert db.session.query(MailText).one().subject == GERMAN.subject


def test_two_who_write_the_first_text_at_once_leave_one(either_app: Flask) -> None:
    conference, organiser = make.organised()
    page = f"/organise/{conference.slug}/{INVITATION}"
    clients = [Client(either_app).as_organiser(organiser) for _ in range(3)]
    forms = [{**client.get(page).fields, "subject": f"Nr. {n}", "body": "{Link}"} for n, client in enumerate(clients)]
    codes: list[int] = []

    def press(number: int) -> Callable[[], None]:
        return lambda: codes.append(clients[number].http.post(page, data=forms[number]).status_code)

    ended = at_once(either_app, *(press(number) for number in range(3)))

    assert ended == [DONE] * 3
    assert sorted(codes) == [302, 409, 409]
    assert db.session.query(MailText).count() == 1


def test_where_nobody_reads_the_language_the_page_says_so(office: Office) -> None:
    assert "Nobody with an e-mail address" in office.client.get(f"{office.home}mail-texts/?kind=x&language=en").text
    assert db.session.query(Message).count() == db.session.query(Participant).count() == 0
