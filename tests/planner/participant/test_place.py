"""My place: what my start page asks, what I may still see when I do not come, and that my word can be taken back."""

import pytest
from flask import Flask

from planner.extensions import db
from planner.models import Conference, Participant, ParticipantState
from tests import factories as make
from tests.client import Client, Page

REGISTERED, CONFIRMED, WAITING, CANCELLED = ParticipantState


@pytest.fixture
def here(app: Flask) -> Conference:
    return make.conference(places=1)


def visitor(app: Flask, here: Conference, state: ParticipantState, **given: object) -> tuple[Participant, Client, str]:
    person = make.participant(here, state=state, **given)
    return person, Client(app).as_participant(person), f"/c/{here.slug}/me/"


def says(client: Client, start: str, wish: str) -> Page:
    return client.submit(f"{start}place/", {"wish": wish}, page=start)


def test_whoever_has_not_confirmed_is_asked_and_may_change_her_mind(app: Flask, here: Conference) -> None:
    person, client, start = visitor(app, here, REGISTERED)
    assert "Do you come?" in client.get(start).headings

    assert "You have a place" in says(client, start, "come").headings
    declined = says(client, start, "decline")
    assert "You do not take part" in declined.headings
    assert "say it here: a place is free" in declined.text
    assert "You have a place" in says(client, start, "come").headings
    assert db.session.get_one(Participant, person.id).state is CONFIRMED


def test_while_others_have_all_places_she_can_wait(app: Flask, here: Conference) -> None:
    make.participant(here)
    _person, client, start = visitor(app, here, CANCELLED, has_declined=True)
    assert "All places are taken now." in client.get(start).text

    assert "All places are taken by now." in says(client, start, "come").text
    waits = says(client, start, "wait")

    assert "You are on the waiting list" in waits.headings
    assert "Choose your wishes" in waits.headings


def test_who_moves_up_is_promised_only_where_places_are_counted(app: Flask, here: Conference) -> None:
    make.participant(here)
    _person, client, start = visitor(app, here, WAITING)
    _other, elsewhere, uncounted = visitor(app, make.conference(), WAITING)

    promised = "As soon as one is free it is yours"
    assert promised in client.get(start).text
    told = elsewhere.get(uncounted).text
    assert promised not in told
    assert "The organisers decide who gets one, and you hear of it." in told


def test_where_places_are_not_scarce_nothing_is_asked(app: Flask) -> None:
    _person, client, start = visitor(app, make.conference(), CONFIRMED)
    assert "You have a place" not in client.get(start).headings

    assert "Whether you come is not asked here." in says(client, start, "decline").text


@pytest.mark.parametrize("wish", ["", "cancel", "wait"])
def test_what_the_page_does_not_offer_is_refused(app: Flask, here: Conference, wish: str) -> None:
    person, client, start = visitor(app, here, CONFIRMED)

    assert "Whether you come is not asked here." in says(client, start, wish).text
    assert db.session.get_one(Participant, person.id).state is CONFIRMED


def test_whoever_does_not_come_sees_her_data_and_nothing_of_the_others(app: Flask, here: Conference) -> None:
    _person, client, start = visitor(app, here, CANCELLED, has_declined=True)

    for page in ("day/", "others/", "wishes/", "about/", "submissions/", "day/calendar.ics"):
        answer = client.fetch(f"{start}{page}")
        assert (answer.status_code, answer.headers["Location"]) == (302, start), page
    assert client.post(f"{start}about/", {}, page=start).status_code == 409
    nav = client.get(start).links
    assert {link for link in nav if link.startswith(start)} == {start, f"{start}data/"}
    assert "You said so, or the organisers noted it for you." in client.get(f"{start}data/").text


def test_whoever_waits_does_all_but_look_at_a_day(app: Flask, here: Conference) -> None:
    make.participant(here)
    person, client, start = visitor(app, here, WAITING)
    session = make.session(here)
    make.role(session, person)

    for page in ("others/", "wishes/", "about/", "submissions/", "data/"):
        client.get(f"{start}{page}")
    assert client.fetch(f"{start}day/").status_code == 302
    assert client.fetch(f"/c/{here.slug}/lead/").status_code in {302, 404}
    assert "My meetings" not in client.get(start).text


def test_whom_the_organisers_took_off_the_list_does_not_get_in(app: Flask, here: Conference) -> None:
    person, client, start = visitor(app, here, CONFIRMED)
    person.state = CANCELLED

    assert client.fetch(start).status_code == 302
    assert "me" not in client.fetch(start).headers["Location"].split("/")


def test_where_no_places_are_counted_nobody_takes_one_from_the_waiting_list_herself(app: Flask) -> None:
    uncounted = make.conference()
    make.participant(uncounted, state=WAITING)
    waits, client, start = visitor(app, uncounted, WAITING)

    says(client, start, "come")
    assert db.session.get_one(Participant, waits.id, populate_existing=True).state is WAITING
    says(client, start, "decline")
    says(client, start, "come")

    assert db.session.get_one(Participant, waits.id, populate_existing=True).state is WAITING
