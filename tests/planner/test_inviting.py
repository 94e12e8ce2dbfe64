"""Invitations by mail: whom they reach, in her language, once, and again only by a second yes."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from planner import clock, inviting, jobs, notifications, outbox
from planner.extensions import db
from planner.models import (
    AuditEntry,
    Conference,
    Message,
    MessageState,
    Participant,
    ParticipantState,
    PersonalLink,
    User,
)
from planner.post import Ending
from tests import factories as make
from tests.at_once import DONE, at_once
from tests.client import Client
from tests.planner.test_news import mails


@dataclass
class Town:
    """Alma (German) and Bela (English) have an address, Cem has none, Dora has cancelled."""

    conference: Conference
    organiser: User
    people: dict[str, Participant]

    @property
    def home(self) -> str:
        return f"/organise/{self.conference.slug}/"

    @property
    def page(self) -> str:
        return f"{self.home}messages/invitation"

    def client(self, app: Flask) -> Client:
        return Client(app).as_organiser(self.organiser)

    def invite(self, of: str = "", *, again: bool = False) -> list[str]:
        people = inviting.invite(self.conference, of, clock.now, again=again)
        db.session.commit()
        return [row.name for row in people]

    def states(self, name: str) -> list[MessageState]:
        mine = db.session.query(Message).filter_by(participant_id=self.people[name].id, kind=inviting.KIND)
        return [row.state for row in mine.order_by(Message.id)]


def town_in(_app: Flask) -> Town:
    conference, organiser = make.organised(place="Rathaus")
    people = {
        name: make.participant(conference, name=name.title(), email=f"{name}@example.org")
        for name in ("alma", "bela", "cem", "dora")
    }
    people["bela"].locale, people["cem"].email = "en", None
    people["dora"].state = ParticipantState.CANCELLED
    db.session.commit()
    return Town(conference, organiser, people)


@pytest.fixture
def town(app: Flask) -> Town:
    return town_in(app)


def deliver() -> int:
    return outbox.deliver(clock.now, "w", db.session.commit)


def test_each_gets_a_mail_in_her_language_with_a_link_of_her_own_that_is_made_when_it_leaves(
    town: Town, tmp_path: Path
) -> None:
    assert town.invite() == ["Alma", "Bela"]
    assert db.session.query(PersonalLink).count() == 0

    assert deliver() == 2

    told = mails(tmp_path)
    assert sorted(told) == ["alma", "bela"]
    assert told["alma"][0]["Subject"].strip().startswith("Ihre Einladung")
    assert told["bela"][0]["Subject"].strip().startswith("Your invitation")
    texts = [told[name][0].get_content() for name in ("alma", "bela")]
    links = [text.partition("http://localhost")[2].split()[0] for text in texts]
    assert all("Rathaus" in text and text.count("http://localhost/l/") == 1 for text in texts)
    assert len(set(links)) == 2
    assert Client(jobs.current_app._get_current_object()).fetch(links[0]).status_code == 302


def test_nobody_gets_a_second_one_but_by_a_second_yes(town: Town, tmp_path: Path) -> None:
    town.invite()
    with pytest.raises(inviting.NobodyMeant):
        inviting.invite(town.conference, "", clock.now, again=True)  # on its way: she has it once at least
    db.session.rollback()
    deliver()
    with pytest.raises(inviting.NobodyMeant):
        inviting.invite(town.conference, "", clock.now, again=False)
    db.session.rollback()

    assert town.invite(str(town.people["alma"].id), again=True) == ["Alma"]
    deliver()

    assert {name: len(found) for name, found in mails(tmp_path).items()} == {"alma": 2, "bela": 1}


def test_only_those_marked_are_meant(town: Town) -> None:
    assert town.invite(str(town.people["bela"].id)) == ["Bela"]
    assert town.invite() == ["Alma"]


def test_whose_invitation_did_not_leave_is_not_invited_yet_and_stands_on_the_list_once(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    town.invite()
    monkeypatch.setattr(
        "planner.post.hand_over", lambda mail: Ending.REJECTED if "alma" in mail.to[0] else Ending.DOUBTFUL
    )
    deliver()

    told = inviting.reach(town.conference)

    assert [row.name for row in told.new] == ["Alma"]
    assert [row.name for row in told.had] == ["Bela"]  # she may have it
    assert town.invite() == ["Alma"]
    assert town.states("alma") == [MessageState.OVERTAKEN, MessageState.WAITING]


@pytest.mark.parametrize("state", [ParticipantState.CANCELLED, ParticipantState.WAITING])
def test_whoever_has_no_place_when_it_leaves_gets_none(town: Town, tmp_path: Path, state: ParticipantState) -> None:
    town.invite()
    town.people["alma"].move_to(state)
    db.session.commit()

    assert deliver() == 1
    assert town.states("alma") == [MessageState.OVERTAKEN]
    assert sorted(mails(tmp_path)) == ["bela"]


def test_whoever_waits_for_a_place_is_not_invited(town: Town) -> None:
    town.people["alma"].move_to(ParticipantState.WAITING)
    town.people["cem"].move_to(ParticipantState.WAITING)
    db.session.commit()

    told = inviting.reach(town.conference)

    assert [row.name for row in told.new] == ["Bela"]
    assert told.unreached == []


def test_after_the_ways_in_have_ended_nobody_is_invited(town: Town, app: Flask) -> None:
    town.conference.day_starts = town.conference.day_starts.replace(year=2020)
    town.conference.day_ends = town.conference.day_ends.replace(year=2020)
    db.session.commit()

    with pytest.raises(inviting.NoWaysIn):
        inviting.invite(town.conference, "", clock.now, again=False)
    db.session.rollback()
    assert "Ways into this conference have ended" in town.client(app).get(town.page).text


def test_of_several_presses_at_once_each_person_gets_one(either_app: Flask) -> None:
    town = town_in(either_app)
    number = town.conference.id

    def press() -> None:
        inviting.invite(db.session.get_one(Conference, number), "", clock.now, again=False)

    acts: list[Callable[[], None]] = [press] * 5
    ended = at_once(either_app, *acts)

    assert sorted(map(str, ended)) == sorted([DONE] + [str(inviting.NobodyMeant)] * 4)
    assert db.session.query(Message).count() == 2


def test_the_page_says_how_many_get_one_shows_a_real_mail_and_lists_who_has_no_address(town: Town, app: Flask) -> None:
    client = town.client(app)

    before = client.get(town.page).text
    client.post(f"{town.home}messages/invite", {"of": ""}, page=town.page)
    deliver()
    after = client.get(town.page).text

    assert "Invitations that would be written: 2." in before
    assert "Ihre Einladung" in before
    assert "http://localhost/l/…" in before
    assert "No mail reaches 1 person" in before
    assert "Cem" in before
    assert "Dora" not in before
    assert "Nobody is left whom a mail reaches" in after
    assert "2 people were invited already, and get no second mail." in after
    trace = db.session.query(AuditEntry).filter_by(action="messages.invite").one()
    assert "example.org" not in str(trace.facts)


def test_from_the_list_those_marked_are_invited(town: Town, app: Flask) -> None:
    client, alma = town.client(app), town.people["alma"].id
    answer = client.post(
        f"{town.home}people/mark", {"marked": [str(alma)], "act": "invite"}, page=f"{town.home}people/"
    )
    shown = client.get(answer.headers["Location"])

    assert "Invitations that would be written: 1." in shown.text
    [form] = [form for form in shown.forms if form.action.endswith("/invite")]
    client.fetch(form.action, method="POST", data=form.sent)
    assert [town.states(name) for name in ("alma", "bela")] == [[MessageState.WAITING], []]


@pytest.mark.parametrize("of", ["x", "1-", "9" * 4000, "1;2"])
def test_numbers_that_cannot_be_read_mean_nobody(town: Town, app: Flask, of: str) -> None:
    town.client(app).post(f"{town.home}messages/invite", {"of": of}, page=town.page)

    assert db.session.query(Message).count() == 0


def test_too_many_one_by_one_are_refused_in_a_sentence() -> None:
    assert inviting.in_an_address([3, 1, 2]) == "1-3"
    with pytest.raises(inviting.TooScattered):
        inviting.in_an_address(range(1, 4000, 2))


def test_where_mail_is_off_everybody_stands_on_the_list(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notifications, "mail_is_set_up", lambda: False)

    told = inviting.reach(town.conference)

    assert [row.name for row in told.unreached] == ["Alma", "Bela", "Cem"]
    assert told.meant(again=True) == []
