"""A form sent twice, one after the other or at once, makes one thing and gets the same answer."""

import threading
from typing import Any

import pytest
from flask import Flask

from planner.extensions import db
from planner.models import Conference, Group, Participant, Room, SentForm, Session, Slot, Theme
from tests import factories as make
from tests.client import Client, Page

TEXTS = {"title_de": "Wohnen", "title_en": "Housing"}
FORMS: dict[str, tuple[type[Any], dict[str, object]]] = {
    "people": (Participant, {"name": "Erika Beispiel", "group_id": 0, "organisation_id": 0, "locale": "de"}),
    "sessions": (Session, {**TEXTS, "minimum": 2, "maximum": 9, "offered": 1, "languages": ["de"]}),
    "rounds": (Slot, {**TEXTS, "starts": "2031-05-04T10:00", "ends": "2031-05-04T11:00"}),
    "rooms": (Room, {"name": "Saal", "seating": "circle", "capacity_circle": 9}),
    "themes": (Theme, {**TEXTS, "icon": "speech"}),
    "groups": (Group, {**TEXTS, "letter": "Q"}),
}


@pytest.fixture
def office(either_app: Flask) -> tuple[Client, str]:
    conference, organiser = make.organised()
    FORMS["sessions"][1]["theme_id"] = make.theme(conference).id
    return Client(either_app).as_organiser(organiser), f"/organise/{conference.slug}/"


def shown(client: Client, page: str, typed: dict[str, object]) -> dict[str, Any]:
    """The form as a browser has it, with what somebody typed."""
    fields = {name: value for name, value in Page(client.fetch(page).text).fields.items() if name != "language"}
    return {**fields, **typed}


def send(client: Client, page: str, form: dict[str, Any], times: int) -> list[tuple[int, str]]:
    """The same request so often at once, each on a connection of its own."""
    cookie = client.http.get_cookie("stuhlkreis")
    assert cookie
    headers, found, start = {"Cookie": f"stuhlkreis={cookie.value}"}, [], threading.Barrier(times)

    def once() -> None:
        start.wait()
        with client.app.app_context():
            answer = client.app.test_client(use_cookies=False).post(page, data=form, headers=headers)
        found.append((answer.status_code, answer.headers.get("Location", "")))

    db.session.rollback()
    threads = [threading.Thread(target=once) for _ in range(times)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    return found


@pytest.mark.parametrize("noun", FORMS)
def test_at_once_it_makes_one_row_and_every_answer_is_the_same(office: tuple[Client, str], noun: str) -> None:
    client, home = office
    kind, typed = FORMS[noun]
    before = db.session.query(kind).count()
    page = f"{home}{noun}/new"
    form = shown(client, page, typed)

    answers = send(client, page, form, 5)

    assert [status for status, _where in answers] == [302] * 5
    assert len(set(answers)) == 1
    assert db.session.query(kind).count() == before + 1


def test_a_conference_is_made_once(office: tuple[Client, str]) -> None:
    client, _home = office
    form = shown(client, "/organise/new", {"title": "Neu", "slug": "neu", "day": "2031-05-04"})

    answers = send(client, "/organise/new", form, 5)

    assert answers == [(302, "/organise/neu/")] * 5
    assert db.session.query(Conference).filter_by(slug="neu").count() == 1


def test_a_conference_is_copied_once(office: tuple[Client, str]) -> None:
    client, home = office
    form = shown(client, f"{home}copy/", {"title": "Neu", "slug": "", "day": "2031-05-04"})

    answers = send(client, f"{home}copy/", form, 5)

    assert answers == [(302, "/organise/neu/")] * 5
    assert db.session.query(Conference).filter_by(slug="neu").count() == 1


def test_a_form_that_is_filled_in_anew_makes_another_one(office: tuple[Client, str]) -> None:
    client, home = office
    page = f"{home}people/new"
    first = shown(client, page, FORMS["people"][1])

    locations = {client.fetch(page, method="POST", data=form).headers["Location"] for form in (first, first)}
    changed = client.fetch(page, method="POST", data={**first, "name": "Erik Beispiel"})

    assert len(locations) == 1
    assert changed.headers["Location"] not in locations
    assert db.session.query(Participant).count() == 2


def test_a_refused_form_may_be_sent_again(office: tuple[Client, str]) -> None:
    client, home = office
    form = shown(client, f"{home}people/new", {**FORMS["people"][1], "name": ""})

    for _ in range(2):
        assert client.fetch(f"{home}people/new", method="POST", data=form).status_code == 422
    assert db.session.query(SentForm).count() == 0
