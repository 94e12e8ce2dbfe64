"""Fetching lists from pretalx and pretix in the browser: the same preview, nothing doubled, the token nowhere."""

import json
import sqlite3
from contextlib import closing
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy import select
from werkzeug.test import TestResponse

from planner import limits
from planner.extensions import db
from planner.limits import FETCHES
from planner.models import AuditEntry, ImportBatch, MemberRole, Room, Session, Slot
from tests import factories as make
from tests.client import Client, Page
from tests.planner.imports.stub import Stub
from tests.planner.organiser.conftest import Office
from tests.planner.organiser.test_imports import people, take, undo

TALKS, ORDERS = "/api/events/forum/", "/api/v1/organizers/stadt/events/forum/"
TOKEN = "geheim0123456789"
ROOMS = [{"id": 1, "name": {"de": "Saal"}, "capacity": 60}, {"id": 2, "name": {"de": "R 7"}, "capacity": 12}]


@pytest.fixture
def server(app: Flask, stub: Stub) -> Stub:
    """One that this installation allows by name."""
    app.extensions["planner"] = app.extensions["planner"].model_copy(update={"import_hosts": stub.name})
    return stub


def programme(server: Stub, hour: int = 10) -> None:
    """Of pretalx: two sessions at one time, in two rooms."""
    when = {"start": f"2027-05-21T{hour}:00:00+02:00", "end": f"2027-05-21T{hour + 1}:30:00+02:00"}
    talks = [{"code": code, "title": title} for code, title in (("AAA", "Wohnen"), ("BBB", "Sprache"))]
    server.pages(f"{TALKS}submissions/", [{**each, "state": "confirmed", "content_locale": "de"} for each in talks])
    server.pages(f"{TALKS}rooms/", ROOMS)
    server.pages(f"{TALKS}slots/", [{"submission": each, **when} for each in talks])


def shop(server: Stub, *orders: tuple[str, str, str]) -> None:
    server.pages(
        f"{ORDERS}orders/",
        [
            {
                "code": code,
                "status": status,
                "email": f"{code.lower()}@example.org",
                "locale": "de",
                "positions": [{"positionid": 1, "item": 1, "attendee_name": name, "addon_to": None, "answers": []}],
            }
            for code, name, status in orders
        ],
    )


def fetch(office: Office, server: Stub, source: str = "pretalx", **given: Any) -> TestResponse:
    path = "/stadt/forum/" if source == "pretix" else "/forum/"
    form = {
        "source": source,
        "address": f"{server.home}{path}",
        "token": TOKEN,
        "wanted": ["rounds", "rooms", "sessions"],
    }
    return office.client.post(f"{office.home}imports/elsewhere", {**form, **given})


def rows(model: type) -> list[Any]:
    db.session.expire_all()
    return list(db.session.scalars(select(model).order_by(model.id)))


def take_everything(office: Office) -> None:
    drafts = db.session.scalars(select(ImportBatch.id).filter_by(state="draft").order_by(ImportBatch.id)).all()
    for id in drafts:
        take(office, f"{office.home}imports/{id}")


def test_a_programme_is_fetched_shown_and_taken_in_and_a_second_time_doubles_nothing(
    office: Office, server: Stub
) -> None:
    programme(server)
    answer = fetch(office, server)
    assert answer.headers["Location"] == f"{office.home}imports/"
    page = office.client.get(f"{office.home}imports/")
    assert "Fetched: Rounds 1, Rooms 2, Sessions 2. Nothing is changed yet." in page.text
    assert [kind in page.text for kind in ("/forum Rounds,", "/forum Rooms,", "/forum Sessions,")] == [True] * 3
    assert (rows(Room), rows(Session), rows(Slot)) == ([], [], [])

    take_everything(office)

    assert [room.name for room in rows(Room)] == ["Saal", "R 7"]
    assert [session.title["de"] for session in rows(Session)] == ["Wohnen", "Sprache"]
    assert [(slot.title["de"], f"{slot.starts:%d. %H:%M}") for slot in rows(Slot)] == [("Runde 1", "21. 08:00")]
    fetch(office, server)
    for batch in db.session.scalars(select(ImportBatch).filter_by(state="draft")):
        assert "There is nothing to change." in office.client.get(f"{office.home}imports/{batch.id}").text


def test_what_changed_there_changes_here_and_can_be_taken_back(office: Office, server: Stub) -> None:
    server.pages(f"{TALKS}rooms/", ROOMS)
    take(office, fetch(office, server, wanted=["rooms"]).headers["Location"])
    server.pages(f"{TALKS}rooms/", [{**ROOMS[0], "capacity": 80}, *ROOMS[1:], {"id": 3, "name": "Neu", "capacity": 9}])
    preview = fetch(office, server, wanted=["rooms"]).headers["Location"]
    assert "60 → 80" in office.client.get(preview).text

    take(office, preview)

    assert [(room.name, room.capacity_circle) for room in rows(Room)] == [("Saal", 80), ("R 7", 12), ("Neu", 9)]
    undo(office)
    assert [(room.name, room.capacity_circle) for room in rows(Room)] == [("Saal", 60), ("R 7", 12)]


def test_people_of_a_shop_come_and_who_cancels_there_cancels_here(office: Office, server: Stub) -> None:
    shop(server, ("AAA", "Erika Beispiel", "p"), ("BBB", "=2+2", "n"), ("CCC", "محمد", "p"))
    preview = fetch(office, server, "pretix").headers["Location"]
    page = office.client.get(preview)
    assert "recognised as a list of pretix" in page.text
    assert "saved as" not in page.text
    assert "3 new" in page.text
    take(office, preview)
    assert {name: (p.email, p.state.value, p.external_key) for name, p in people().items()} == {
        "Erika Beispiel": ("aaa@example.org", "confirmed", "AAA"),
        "=2+2": ("bbb@example.org", "registered", "BBB"),
        "محمد": ("ccc@example.org", "confirmed", "CCC"),
    }
    shop(server, ("AAA", "Erika Beispiel", "c"), ("BBB", "=2+2", "n"), ("CCC", "محمد", "p"))
    again = fetch(office, server, "pretix").headers["Location"]
    assert "1 changes" in office.client.get(again).text
    assert "2 stays as it is" in office.client.get(again).text
    take(office, again)
    assert people()["Erika Beispiel"].state.value == "cancelled"


@pytest.mark.parametrize("status", [200, 403])
def test_where_products_are_not_told_it_is_said_that_goods_may_be_among_the_people(
    office: Office, server: Stub, status: int
) -> None:
    shop(server, ("AAA", "Erika Beispiel", "p"))
    server.says(f"{ORDERS}items/", {"results": []}, status=status)

    page = office.client.get(fetch(office, server, "pretix").headers["Location"])

    assert ("The token may not see the products." in page.text) == (status == 403)


def test_mistakes_have_their_place_and_nothing_is_taken_in(office: Office, server: Stub) -> None:
    server.pages(f"{TALKS}rooms/", [*ROOMS, {"id": 3, "name": {"de": ""}, "capacity": 7}, {"id": 4, "name": "Ohne"}])

    page = office.client.get(fetch(office, server, wanted=["rooms"]).headers["Location"])

    assert "3 name There is no name. Every line needs one." in page.text
    assert "4 capacity Please say how many chairs there are." in page.text


def test_the_token_is_on_no_page_in_no_row_and_in_no_log(
    office: Office, server: Stub, config: Any, capfd: pytest.CaptureFixture[str]
) -> None:
    server.says(f"{TALKS}slots/", {}, status=403)
    failed = fetch(office, server)
    programme(server)
    fetch(office, server)
    shop(server, ("AAA", "Erika Beispiel", "p"))
    fetch(office, server, "pretix")

    assert (failed.status_code, TOKEN in failed.text) == (422, False)
    assert server.asked[-1][1]["Authorization"] == f"Token {TOKEN}"
    db.session.commit()
    for file in Path(config.instance).rglob("*"):
        assert not file.is_file() or TOKEN.encode() not in file.read_bytes(), file
    printed = capfd.readouterr()
    assert TOKEN not in printed.out + printed.err


def test_a_refusal_stands_at_the_address_and_what_was_typed_stays(office: Office, server: Stub) -> None:
    answer = fetch(office, server)

    page = Page(answer.text)
    assert answer.status_code == 422
    assert f"{server.name} does not know this event. Is the address spelled right?" in page.text
    sent = page.form("form").sent
    assert (sent["address"], sent["token"], sent["source"]) == ([f"{server.home}/forum/"], [""], ["pretalx"])
    assert rows(ImportBatch) == []


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"address": ""}, "Please write something here."),
        ({"address": "http://pretalx.example.org/x/"}, "must begin with https://"),
        ({"address": "https://127.0.0.1/x/"}, "127.0.0.1 is not on the public internet"),
        ({"address": "https://localhost/x/"}, "localhost is not on the public internet"),
        ({"token": "zwei Wörter"}, "There is something else in it than a token."),
        ({"token": "x" * 300}, "200 characters"),
        ({"wanted": []}, "Please choose one."),
        ({"wanted": ["people"]}, "people"),
        ({"source": "ftp"}, "Not a valid choice"),
    ],
)
def test_what_cannot_be_fetched_is_said_in_a_sentence(
    office: Office, server: Stub, given: dict[str, Any], sentence: str
) -> None:
    answer = fetch(office, server, **given)

    assert answer.status_code == 422
    assert sentence in Page(answer.text).text
    assert server.asked == []


def test_a_server_that_wants_us_to_wait_is_passed_on(office: Office, server: Stub) -> None:
    server.says(f"{TALKS}slots/", {}, status=429, Retry_After="17")
    answer = fetch(office, server)

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "17")
    assert "Please try again in 17 seconds." in Page(answer.text).text


def test_nothing_there_yet_is_told_and_empty_lists_are_left_out(office: Office, server: Stub) -> None:
    server.pages(f"{TALKS}rooms/", [])
    server.pages(f"{TALKS}slots/", [])
    server.pages(f"{TALKS}submissions/", [])
    assert f"{server.name} has nothing of this yet." in Page(fetch(office, server).text).text
    server.pages(f"{TALKS}rooms/", ROOMS)
    preview = fetch(office, server).headers["Location"]

    assert "Fetched: Rounds 0, Rooms 2, Sessions 0." in office.client.get(preview).text


def test_who_fetched_what_from_where_is_written_down(office: Office, server: Stub) -> None:
    programme(server)
    fetch(office, server)

    entry = db.session.scalars(select(AuditEntry).filter_by(action="imports.fetch")).one()
    assert entry.facts["host"] == server.name
    assert entry.facts["fetched"] == {"rounds": 1, "rooms": 2, "sessions": 2}
    assert TOKEN not in json.dumps(entry.facts)
    page = office.client.get(f"{office.home}audit/")
    assert "lists fetched from another program" in page.text
    assert "Rooms: 2" in page.text


def test_others_write_while_another_server_is_waited_for(office: Office, server: Stub, config: Any) -> None:
    """Neither a lock nor a transaction is held meanwhile: somebody else's write goes through at once."""
    wrote: list[str] = []
    server.pages(f"{TALKS}rooms/", ROOMS)
    paged = server.answers[f"{TALKS}rooms/"]

    def meanwhile(handler: BaseHTTPRequestHandler) -> None:
        with closing(sqlite3.connect(config.instance / "planner.sqlite3", timeout=0.2)) as other:
            other.execute("begin immediate")
            wrote.append(other.execute("select count(*) from room").fetchone())
            other.rollback()
        paged(handler)  # type: ignore[operator]

    server.answers[f"{TALKS}rooms/"] = meanwhile
    fetch(office, server, wanted=["rooms"])

    assert wrote == [(0,)]


def test_whoever_was_removed_meanwhile_gets_no_draft(office: Office, server: Stub, config: Any) -> None:
    server.pages(f"{TALKS}rooms/", ROOMS)
    paged = server.answers[f"{TALKS}rooms/"]

    def removed(handler: BaseHTTPRequestHandler) -> None:
        with closing(sqlite3.connect(config.instance / "planner.sqlite3", timeout=0.2)) as other:
            other.execute("update member set role = 'viewer'")
            other.commit()
        paged(handler)  # type: ignore[operator]

    server.answers[f"{TALKS}rooms/"] = removed

    assert fetch(office, server, wanted=["rooms"]).status_code in {403, 404}
    assert rows(ImportBatch) == []


def test_after_six_in_a_minute_the_others_wait_and_the_address_is_kept(
    office: Office, server: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits.counting, "alone", FixedWindowRateLimiter(MemoryStorage()))
    monkeypatch.setattr(limits.counting, "away_until", float("inf"))
    answers = [fetch(office, server) for _ in range(FETCHES.person.amount + 1)]

    assert [answer.status_code for answer in answers[-2:]] == [422, 429]
    assert answers[-1].headers["Retry-After"]
    assert "/forum/" in answers[-1].text
    assert TOKEN not in answers[-1].text


def test_another_language_keeps_the_address_and_asks_nobody(office: Office, server: Stub) -> None:
    answer = fetch(office, server, switch_language="de")

    assert "Aus pretalx oder pretix holen" in Page(answer.text).text
    assert Page(answer.text).form("form").sent["address"] == [f"{server.home}/forum/"]
    assert server.asked == []


def test_an_entry_clerk_fetches_nothing(app: Flask, office: Office, server: Stub) -> None:
    clerk = make.user()
    make.member(office.conference, clerk, MemberRole.CLERK)
    client = Client(app).as_organiser(clerk)

    assert client.fetch(f"{office.home}imports/elsewhere").status_code == 403
    assert client.fetch(f"{office.home}imports/elsewhere", method="POST").status_code in {400, 403}
    assert server.asked == []
