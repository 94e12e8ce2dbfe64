"""Who has not chosen is reminded: by mail or on a list, once a day, and not when it is not true any more."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale

from planner import allocations, clock, jobs, notifications, outbox, reminders
from planner.extensions import db
from planner.models import (
    AuditEntry,
    Conference,
    InterpreterPair,
    InterpretingMode,
    Message,
    MessageState,
    Participant,
    ParticipantState,
    PersonalLink,
    Session,
    SessionState,
    User,
)
from tests import factories as make
from tests.client import Client
from tests.planner.test_news import mails


@dataclass
class Town:
    """Alma (German) and Bela (English) have an address, Cem has none; Dora has chosen, Erik does not come."""

    conference: Conference
    organiser: User
    people: dict[str, Participant]
    session: Session

    @property
    def home(self) -> str:
        return f"/organise/{self.conference.slug}/messages/"

    def client(self, app: Flask) -> Client:
        return Client(app).as_organiser(self.organiser)

    def remind(self) -> reminders.Reach:
        told = reminders.remind(self.conference, clock.now)
        db.session.commit()
        return told

    def states(self) -> dict[str, list[str]]:
        rows = db.session.query(Message).order_by(Message.id)
        names = {person.id: name for name, person in self.people.items()}
        found: dict[str, list[str]] = {}
        for row in rows:
            found.setdefault(names[row.participant_id], []).append(f"{row.kind} {row.state}")
        return found


@pytest.fixture
def town(app: Flask) -> Town:
    conference, organiser = make.organised()
    make.slot(conference)
    session = make.session(conference)
    people = {
        name: make.participant(conference, name=name.title(), email=f"{name}@example.org")
        for name in ("alma", "bela", "cem", "dora", "erik")
    }
    people["bela"].locale, people["cem"].email = "en", None
    people["erik"].state = ParticipantState.CANCELLED
    make.wishes(people["dora"], session)
    db.session.commit()
    return Town(conference, organiser, people, session)


def deliver() -> int:
    return outbox.deliver(clock.now, "w", db.session.commit)


def names(rows: object) -> list[str]:
    return [row.name for row in rows]  # type: ignore[attr-defined]


def test_those_who_have_not_chosen_and_nobody_else_get_it_by_mail_or_stand_on_a_list(town: Town) -> None:
    told = town.remind()

    assert (names(told.by_mail), names(told.otherwise)) == (["Alma", "Bela"], ["Cem"])
    assert town.states() == {"alma": ["reminder waiting"], "bela": ["reminder waiting"], "cem": ["reminder by_hand"]}
    assert reminders.to_tell(town.conference) == ["Cem"]


def test_as_many_are_meant_as_every_page_counts(town: Town) -> None:
    town.session.move_to(SessionState.CANCELLED)  # what Dora chose is not offered any more
    make.session(town.conference)
    db.session.commit()

    told = reminders.reach(town.conference, clock.now())

    assert len(told.people) == len(allocations.who_counts(town.conference).without_wishes) == 4


def test_the_mail_is_in_her_language_and_holds_her_link_the_deadline_and_nobody(town: Town, tmp_path: Path) -> None:
    town.conference.wishes_until = clock.now().replace(hour=16, minute=0) + timedelta(days=3)
    town.conference.zone = "UTC"
    db.session.commit()
    town.remind()

    assert deliver() == 2

    told = mails(tmp_path)
    assert sorted(told) == ["alma", "bela"]
    german, english = told["alma"][0], told["bela"][0]
    # A long title is folded after the header's name, and Python keeps the space.
    assert german["Subject"].strip().startswith("Bitte wählen Sie Ihre Arbeitsgruppen")
    assert english["Subject"].strip().startswith("Please choose your sessions")
    assert "Wählen können Sie bis" in german.get_content()
    assert "You can choose until" in english.get_content()
    for mail in (german, english):
        text = mail.get_content()
        assert "16:00" in text
        assert text.count("http://localhost/l/") == 1
        assert not any(person.name in text for person in town.people.values())
    assert db.session.query(PersonalLink).count() == 2


def test_nobody_is_reminded_twice_within_a_day(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town.remind()
    deliver()

    again = town.remind()

    assert (again.people, again.lately) == ([], 3)
    assert db.session.query(Message).count() == 3
    later = clock.now() + reminders.PAUSE + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda conference=None: later)
    assert len(town.remind().people) == 3


def test_whom_nobody_has_reminded_yet_stands_on_the_list_once(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town.remind()
    later = clock.now() + reminders.PAUSE * 1.1
    monkeypatch.setattr(clock, "now", lambda conference=None: later)

    town.remind()

    assert town.states()["cem"] == ["reminder overtaken", "reminder by_hand"]
    assert town.states()["alma"] == ["reminder overtaken", "reminder waiting"]
    assert reminders.to_tell(town.conference) == ["Cem"]


def chooses(town: Town) -> None:
    make.wishes(town.people["alma"], town.session)


def cancels(town: Town) -> None:
    town.people["alma"].move_to(ParticipantState.CANCELLED)


def only_interprets(town: Town) -> None:
    town.people["alma"].attends = False


@pytest.mark.parametrize("what", [chooses, cancels, only_interprets])
def test_whoever_need_not_choose_any_more_when_it_leaves_gets_none(town: Town, tmp_path: Path, what: object) -> None:
    town.remind()
    what(town)  # type: ignore[operator]
    db.session.commit()

    assert deliver() == 1

    assert town.states()["alma"] == ["reminder overtaken"]
    assert sorted(mails(tmp_path)) == ["bela"]
    assert db.session.query(PersonalLink).count() == 1


@pytest.mark.parametrize("how", ["chooses", "cancels", "choosing ends"])
def test_whoever_need_not_choose_any_more_is_not_left_on_the_list(town: Town, how: str) -> None:
    """She was telephoned about a choice that she had made by then."""
    other = make.participant(town.conference, name="Fara")
    other.email = None
    town.people["fara"] = other
    db.session.commit()
    town.remind()
    jobs._messages()
    assert reminders.to_tell(town.conference) == ["Cem", "Fara"]
    if how == "chooses":
        make.wishes(town.people["cem"], town.session)
    elif how == "cancels":
        town.people["cem"].move_to(ParticipantState.CANCELLED)
    else:
        town.conference.wishes_until = clock.now() - timedelta(seconds=1)
    db.session.commit()

    jobs._messages()

    assert reminders.to_tell(town.conference) == ([] if how == "choosing ends" else ["Fara"])
    assert town.states()["cem"] == ["reminder overtaken"]
    assert town.states()["alma"] == ["reminder waiting"]  # that is looked at when it leaves


def test_after_choosing_has_ended_nothing_waiting_is_sent_and_nobody_is_reminded(town: Town) -> None:
    town.remind()
    town.conference.wishes_until = clock.now() - timedelta(seconds=1)
    db.session.commit()

    assert deliver() == 0
    with pytest.raises(reminders.NotNow):
        reminders.remind(town.conference, clock.now)

    assert town.states()["alma"] == ["reminder overtaken"]


def test_a_reminder_says_nothing_of_a_day_and_overtakes_no_news(town: Town) -> None:
    news = make.message(town.people["alma"], facts={"day": {}}, created_at=clock.now())
    town.remind()

    assert news.state is MessageState.WAITING


def test_the_page_says_how_many_shows_one_mail_and_makes_no_link(town: Town, app: Flask) -> None:
    client = town.client(app)

    page = client.get(f"{town.home}reminder")

    assert "(2); none leaves it" in page.text
    assert "1 person has no e-mail address" in page.text
    assert "For example to: Alma (German)" in page.text
    assert "Bitte wählen Sie Ihre Arbeitsgruppen" in page.text
    assert "http://localhost/l/…" in page.text
    assert db.session.query(PersonalLink).count() == 0
    assert db.session.query(Message).count() == 0
    assert f"{town.home}reminder" in client.get(town.home).links
    people = f"/organise/{town.conference.slug}/people/"
    assert f"{town.home}reminder" in client.get(f"{people}?only=not_chosen").links
    assert f"{town.home}reminder" not in client.get(people).links


def test_pressing_it_makes_rows_and_one_line_in_the_audit_with_the_same_figures(town: Town, app: Flask) -> None:
    client = town.client(app)

    page = client.submit(f"{town.home}remind", {}, page=f"{town.home}reminder")

    assert "Reminders written into files on this computer: 2." in page.text
    assert "Please remind yourself: 1." in page.text
    assert "Remind 1 person yourself" in page.headings
    assert "3 people were reminded less than a day ago" in page.text
    assert sorted(town.states()) == ["alma", "bela", "cem"]
    entry = db.session.query(AuditEntry).filter_by(action="messages.remind").one()
    assert (entry.actor, entry.facts["added message"]) == (f"organiser:{town.organiser.id}", 3)
    assert "those reminded who have not chosen" in client.get(f"/organise/{town.conference.slug}/audit/").text
    again = client.submit(f"{town.home}remind", {}, page=town.home)
    assert "Nobody was reminded." in again.text
    assert db.session.query(Message).count() == 3


def test_while_choosing_is_not_open_the_page_offers_nothing_and_refuses(town: Town, app: Flask) -> None:
    client = town.client(app)
    town.conference.wishes_until = clock.now() - timedelta(seconds=1)
    db.session.commit()

    assert f"{town.home}reminder" not in client.get(town.home).links
    assert f"{town.home}remind" not in client.fetch(f"{town.home}reminder").text.replace("reminder", "")
    page = client.submit(f"{town.home}remind", {}, page=town.home)

    assert "only while choosing is open" in page.text
    assert db.session.query(Message).count() == 0


def test_what_contradicts_itself_is_said_and_nobody_is_reminded(town: Town, app: Flask) -> None:
    pair = InterpreterPair(source="de", target="de-DE", mode=InterpretingMode.WHISPERING, listeners=2)
    town.people["dora"].interprets = [pair]
    db.session.commit()
    client = town.client(app)

    with pytest.raises(allocations.Contradiction), force_locale("en"):
        allocations.who_counts(town.conference)
    assert "What is set contradicts itself" in client.get(f"{town.home}reminder").text
    assert "What is set contradicts itself" in client.submit(f"{town.home}remind", {}, page=town.home).text

    assert db.session.query(Message).count() == 0


def test_without_mail_all_of_them_stand_on_the_list(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notifications, "way", lambda: "off")
    monkeypatch.setattr(notifications, "mail_is_set_up", lambda: False)

    told = town.remind()

    assert (names(told.by_mail), len(told.otherwise)) == ([], 3)
    with force_locale("en"):
        [asked] = reminders.question(told)
    assert asked == "Mail is not set up here: 3 people come onto a list, and you remind them yourself."
