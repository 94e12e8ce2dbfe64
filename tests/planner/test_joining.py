"""One link for many: who opens it registers herself once, in her language, while it has places and has not ended."""

import json
import re
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from planner import clock, erasure, joining, limits, locks, retention
from planner.extensions import db
from planner.models import (
    AuditEntry,
    Conference,
    GroupLink,
    LinkKind,
    Participant,
    ParticipantState,
    PersonalLink,
    Registration,
)
from tests import factories as make
from tests.at_once import DONE, at_once
from tests.client import Client, Page

CODE = re.compile(r"[A-Z2-9]{4}-[A-Z2-9]{4}")
TYPED = {"name": "Aylin", "agreed": "y"}


class Door:
    """A link with its address."""

    def __init__(self, app: Flask, **given: Any):
        self.app, self.conference = app, given.pop("conference", None) or make.conference()
        token = given.pop("token", "token")
        self.link = make.group_link(self.conference, token, **given)
        self.path = f"/c/{self.conference.slug}/g/{token}"
        self.start = f"/c/{self.conference.slug}/me/"

    def register(self, **typed: object) -> tuple[Client, str]:
        """Somebody with a browser of her own; what she reads then."""
        client = Client(self.app)
        answer = client.post(self.path, {**TYPED, **typed})
        assert answer.status_code == 302, answer.text
        return client, client.get(self.start).text

    @property
    def came(self) -> list[Participant]:
        return db.session.query(Participant).join(Registration).order_by(Participant.id).all()


@pytest.fixture
def door(app: Flask) -> Door:
    return Door(app)


def test_a_name_is_enough_and_she_stands_on_her_own_page_with_a_code_to_keep(door: Door) -> None:
    client, text = door.register(name="Nguyễn Văn Ân")

    [person] = door.came
    assert (person.name, person.email, person.state) == ("Nguyễn Văn Ân", None, ParticipantState.CONFIRMED)
    [code] = CODE.findall(text)
    assert "Nguyễn Văn Ân" in text
    guest = Client(door.app)
    assert guest.post(f"/c/{door.conference.slug}/enter", {"code": code}).status_code == 302
    assert "Nguyễn Văn Ân" in guest.get(door.start).text
    assert CODE.findall(client.get(door.start).text) == [code]  # until she says that she has kept it
    assert client.post(f"{door.start}kept", {}, page=door.start).status_code == 302
    assert CODE.findall(client.get(door.start).text) == []
    assert CODE.findall(guest.get(door.start).text) == []


def test_whoever_copies_the_cookie_reads_no_code_in_it(door: Door) -> None:
    client, text = door.register()
    [code] = CODE.findall(text)

    with client.http.session_transaction() as cookie:
        assert code.replace("-", "") not in str(dict(cookie))


def test_whoever_waits_while_the_link_gets_another_address_is_not_registered(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = locks.thing

    def renewed(row: GroupLink) -> None:
        db.session.execute(update(GroupLink).values(token_hash="another"))
        real(row)

    monkeypatch.setattr(joining.locks, "thing", renewed)

    assert Client(door.app).post(door.path, TYPED).status_code == 409
    assert door.came == []


def test_the_link_says_for_which_group_and_in_which_language(app: Flask) -> None:
    conference = make.conference()
    group = make.group(conference)
    door = Door(app, conference=conference, group_id=group.id)
    client = Client(app)

    page = client.get(door.path, language="en").text
    client.post(door.path, {**TYPED, "email": "aylin@example.org"}, language="en")

    assert group.title["en"] in page
    [person] = door.came
    assert (person.group_id, person.locale, person.email) == (group.id, "en", "aylin@example.org")


def test_looking_changes_nothing_however_often(door: Door) -> None:
    for _ in range(3):
        assert Client(door.app).fetch(door.path).status_code == 200
        assert Client(door.app).fetch(door.path, method="HEAD").status_code == 200

    assert door.came == []
    assert db.session.query(PersonalLink).count() == 0


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"name": " ", "email": "aylin@example.org"}, "email", "Please write something here."),
        ({"email": "no address"}, "name", "Please check the e-mail address."),
        ({"agreed": ""}, "name", "Please tick that you agree."),
        ({"name": "x" * 121}, "name", "Please shorten this"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_what_was_typed_stays(
    door: Door, typed: dict[str, str], field: str, sentence: str
) -> None:
    client = Client(door.app)
    sent = {**TYPED, **typed}
    form = {**client.get(door.path, language="en").fields, **{k: v for k, v in sent.items() if v}}
    if not sent["agreed"]:
        form.pop("agreed", None)
    answer = client.fetch(door.path, method="POST", data=form)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert Page(answer.text).fields[field] == form[field]
    assert door.came == []


@pytest.mark.parametrize("spoiled", ["withdrawn", "ended", "archived", "full"])
def test_a_link_that_registers_nobody_says_so_kindly_and_keeps_what_was_typed(door: Door, spoiled: str) -> None:
    client = Client(door.app)
    client.get(door.path, language="en")
    form = {**client.get(door.path, language="en").fields, **TYPED}
    sentence = {
        "withdrawn": "The organisers have taken this link back.",
        "ended": "This link has ended.",
        "archived": "This conference is archived",
        "full": "All places of this link are taken.",
    }[spoiled]
    if spoiled == "withdrawn":
        door.link.withdrawn_at = clock.now()
    elif spoiled == "ended":
        door.link.ends_at = clock.now()
    elif spoiled == "archived":
        door.conference.archived_at = clock.now()
    else:
        door.link.places = 1
        door.register(name="Die Erste")
    db.session.commit()
    before = len(door.came)

    answer = client.fetch(door.path, method="POST", data=form)
    shown = Client(door.app).fetch(door.path, language="en")

    assert answer.status_code == 409
    assert sentence in answer.text
    assert "Aylin" in answer.text
    assert shown.status_code == 410
    assert len(door.came) == before


def test_a_link_that_nobody_made_or_that_is_another_conferences_is_none(door: Door) -> None:
    other = make.conference()

    assert Client(door.app).fetch(f"/c/{door.conference.slug}/g/other").status_code == 404
    assert Client(door.app).fetch(f"/c/{other.slug}/g/token").status_code == 404


def test_after_the_ways_in_have_ended_it_registers_nobody(app: Flask) -> None:
    over = clock.now() - timedelta(days=20)
    conference = make.conference(day_starts=over, day_ends=over + timedelta(hours=9))
    door = Door(app, conference=conference, ends_at=clock.now() + timedelta(days=1))

    assert Client(app).fetch(door.path).status_code == 410


def at_the_door(app: Flask, number: int, mark: str | None = None) -> Callable[[], Any]:
    """Registers in a transaction of its own."""

    def act() -> None:
        link = db.session.query(GroupLink).one()
        joining.register(link, joining.Applicant(f"P{number}", "", "de", mark or f"form {number}"), clock.now)

    return act


def test_of_two_who_want_the_last_place_at_once_one_gets_it(either_app: Flask) -> None:
    door = Door(either_app, places=3)
    acts = [at_the_door(either_app, number) for number in range(8)]
    db.session.commit()
    with either_app.test_request_context():
        ended = at_once(either_app, *acts)

    assert sorted(map(str, ended)) == sorted([DONE] * 3 + [str(joining.Full)] * 5)
    assert len(door.came) == 3


def test_the_same_form_sent_at_once_makes_one_person_and_each_answer_lets_her_in(either_app: Flask) -> None:
    door = Door(either_app, places=1)
    client = Client(either_app)
    form = {**client.get(door.path).fields, **TYPED}
    cookie = client.http.get_cookie("stuhlkreis")
    assert cookie
    browsers = [either_app.test_client() for _ in range(5)]
    found, start = [], threading.Barrier(len(browsers))
    db.session.rollback()

    def once(browser: Any) -> None:
        browser.set_cookie("stuhlkreis", cookie.value)
        start.wait()
        with either_app.app_context():
            browser.post(door.path, data=form)
            found.append(browser.get(door.start).text)

    threads = [threading.Thread(target=once, args=(browser,)) for browser in browsers]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    assert len(door.came) == 1
    codes = [CODE.findall(text) for text in found]
    assert all(len(each) == 1 for each in codes)
    assert len({each[0] for each in codes}) == 1
    assert db.session.query(PersonalLink).filter_by(kind=LinkKind.CARD).count() == 1


def test_two_people_of_one_name_are_two(door: Door) -> None:
    door.register()
    door.register()

    assert len(door.came) == 2


def test_whoever_is_in_already_is_not_registered_again_and_the_next_person_can_be(door: Door) -> None:
    client, _text = door.register()

    shown = client.get(door.path, language="en").text
    again = client.post(door.path, {**TYPED, "name": "Andere"})
    client.post(f"/c/{door.conference.slug}/leave", {}, page=door.path)
    client.post(door.path, {**TYPED, "name": "Andere"})

    assert "You are registered already" in shown
    assert again.headers["Location"] == door.start
    assert [person.name for person in door.came] == ["Aylin", "Andere"]


def test_after_finished_next_person_the_groups_link_stands_open_again(door: Door) -> None:
    client, _text = door.register()
    leave = f"/c/{door.conference.slug}/leave"

    assert client.post(leave, {}, page=door.start).headers["Location"] == door.path
    assert client.post(door.path, {**TYPED, "name": "Berfin"}, page=door.path).headers["Location"] == door.start
    assert [person.name for person in door.came] == ["Aylin", "Berfin"]

    door.link.withdrawn_at = clock.now()
    db.session.commit()
    assert client.post(leave, {}, page=door.start).headers["Location"] == f"/c/{door.conference.slug}/"


def test_whoever_opens_the_link_beside_somebody_elses_pages_comes_to_it_by_finishing(door: Door) -> None:
    person = make.participant(door.conference)
    client = Client(door.app).as_participant(person)
    leave = f"/c/{door.conference.slug}/leave"
    client.get(door.path)

    assert client.post(leave, {}, page=door.path).headers["Location"] == door.path

    other = make.conference(slug="andere")
    client.as_participant(make.participant(other))
    assert client.post("/c/andere/leave", {}, page="/c/andere/me/").headers["Location"] == "/c/andere/"


def test_too_many_from_one_network_wait_and_others_do_not(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "JOINING", limits.RateLimitItemPerMinute(2))
    door.link.places = 9
    elsewhere = Door(door.app, token="another")
    db.session.commit()
    door.register()
    door.register()

    client = Client(door.app)
    refused = client.post(door.path, {**TYPED, "name": "Zu schnell"}, language="en")

    assert refused.status_code == 429
    assert "Zu schnell" in refused.text
    assert int(refused.headers["Retry-After"]) > 0
    elsewhere.register()
    other = Client(door.app)
    form = {**other.get(door.path).fields, **TYPED}
    far = other.fetch(door.path, method="POST", data=form, environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert far.status_code == 302


def test_neither_the_link_nor_the_code_is_stored_or_logged(door: Door, caplog: pytest.LogCaptureFixture) -> None:
    _client, text = door.register()
    [code] = CODE.findall(text)

    rows = [repr(tuple(row)) for table in db.metadata.sorted_tables for row in db.session.execute(table.select())]
    for secret in (code, code.replace("-", ""), "'token'", "/g/token"):
        assert not [row for row in rows if secret in row]
        assert secret not in caplog.text
    trace = db.session.query(AuditEntry).filter_by(action="participant.joined").one()
    assert (trace.actor, trace.subject) == (f"participant:{door.came[0].id}", f"links:{door.link.id}")


def test_she_sees_by_which_link_she_came_and_whoever_is_erased_leaves_a_place(door: Door) -> None:
    client, _text = door.register()
    [person] = door.came

    assert door.link.name in client.get(f"{door.start}data/").text
    file = json.loads(client.fetch(f"{door.start}data/my-data.json").text)
    assert file["person"]["registration"]["group_link"] == door.link.name
    assert joining.taken(door.link) == 1
    erasure.erase(person, clock.now(), leaves_statements=False)
    db.session.commit()
    assert joining.taken(door.link) == 0
    assert db.session.query(Registration).count() == 0


def test_links_go_with_the_people(door: Door) -> None:
    door.conference.day_ends = clock.now() - timedelta(days=365)
    door.conference.day_starts = door.conference.day_ends - timedelta(hours=5)
    db.session.commit()

    retention.forget(door.conference, clock.now())
    db.session.commit()

    assert db.session.query(GroupLink).count() == 0


def test_it_usually_ends_when_choosing_ends_or_else_with_the_conference() -> None:
    now = clock.now()
    dates = {"wishes_until": now + timedelta(days=2), "day_starts": now + timedelta(days=3)}
    conference = Conference(**dates, day_ends=now + timedelta(days=4))

    assert joining.usual_end(conference, now) == conference.wishes_until
    assert joining.usual_end(conference, now + timedelta(days=2)) == conference.day_starts
    assert joining.usual_end(conference, now + timedelta(days=3)) == conference.day_ends
    assert joining.usual_end(conference, now + timedelta(days=9)) == now + timedelta(days=10)
