"""Another program's server, a hostile one too: what is asked of it, and what each of its answers leads to."""

import gzip
import json
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from planner.imports.fetching import asking, wire
from planner.imports.fetching.asking import SOURCES, Fetched
from planner.imports.fetching.refusals import AskedTooOften, Refused
from planner.imports.reading import Table
from planner.models import ImportKind
from tests.planner.imports.stub import Stub, certificate, running, send, unused_port

TALKS, ORDERS = "/api/events/forum/", "/api/v1/organizers/stadt/events/forum/"
TOKEN = "geheim0123456789"
JSON = {"Content-Type": "application/json"}


@pytest.fixture(autouse=True)
def _asked_by_somebody(app: Flask) -> Iterator[None]:
    """Sentences are in the language of a request."""
    with app.test_request_context():
        yield


def fetch(stub: Stub, *kinds: ImportKind, source: str = "pretalx", token: str = TOKEN) -> Fetched:
    path = "/stadt/forum/" if source == "pretix" else "/forum/"
    wanted = kinds or tuple(SOURCES[source].lists)[:1]
    return asking.fetch(SOURCES[source], f"{stub.home}{path}", token, wanted, "de", [stub.name])


def rows(table: Table) -> list[dict[str, str]]:
    (_line, heads), *found = table.rows
    return [dict(zip(heads, cells, strict=True)) for _number, cells in found]


def refused(stub: Stub, *kinds: ImportKind, **given: Any) -> str:
    with pytest.raises(Refused) as refusal:
        fetch(stub, *kinds, **given)
    assert TOKEN not in str(refusal.value.sentence)
    return refusal.value.code


SESSIONS = [
    {
        "code": "ABC",
        "title": "Wohnen",
        "state": "confirmed",
        "track": {"id": 1, "name": {"de": "Wohnung", "en": "Housing"}},
        "submission_type": {"id": 2, "name": {"en": "Workshop"}},
        "content_locale": "de-formal",
        "abstract": "Was hilft? " * 60,
        "slot_count": 2,
        "speakers": ["X7"],
    },
    {"code": "DEF", "title": "Sprache", "state": "accepted", "track": 7, "abstract": None, "description": "Kurse"},
    {"code": "GHI", "title": "Abgelehnt", "state": "rejected"},
]


def test_sessions_rooms_and_rounds_of_pretalx_come_as_its_schedules_do(stub: Stub) -> None:
    stub.pages(f"{TALKS}submissions/", SESSIONS, size=2)
    stub.pages(
        f"{TALKS}rooms/",
        [
            {"id": 1, "name": {"en": "Hall", "de": "Saal"}, "capacity": 60, "description": {"de": "EG"}},
            {"id": 2, "name": "Lager", "hidden": True},
        ],
    )
    ten = {"start": "2027-05-21T10:00:00+02:00", "end": "2027-05-21T11:30:00+02:00"}
    stub.pages(
        f"{TALKS}slots/",
        [
            {"id": 1, "room": 1, "submission": {"code": "ABC", "title": "Wohnen"}, **ten},
            {"id": 2, "room": 2, "submission": "DEF", **ten},
            {"id": 3, "room": None, "submission": None, **ten, "description": {"de": "Pause"}},
            {"id": 4, "submission": "GHI", "start": None, "end": None},
        ],
    )

    found = fetch(stub, *SOURCES["pretalx"].lists)

    talks, rooms, rounds = (
        rows(found.lists[kind].tables[0]) for kind in (ImportKind.SESSIONS, ImportKind.ROOMS, ImportKind.ROUNDS)
    )
    assert [(each["title"], each["track"], each["type"], each["language"], each["offered"]) for each in talks] == [
        ("Wohnen", "Wohnung", "Workshop", "de", "2"),
        ("Sprache", "", "", "", "1"),
    ]
    assert len(talks[0]["abstract"]) <= 280
    assert [(each["name"], each["capacity"], each["description"]) for each in rooms] == [("Saal", "60", "EG")]
    assert [(each["starts"], each["held"], each["about"]) for each in rounds] == [(ten["start"], "2", "Wohnen; DEF")]
    assert found.counts == {ImportKind.ROUNDS: 1, ImportKind.ROOMS: 1, ImportKind.SESSIONS: 2}
    assert {headers["Authorization"] for _path, headers in stub.asked} == {f"Token {TOKEN}"}


def position(number: int = 1, **given: Any) -> dict[str, Any]:
    facts = {"positionid": number, "item": 5, "attendee_name": f"Person {number}", "attendee_email": None}
    return {**facts, "addon_to": None, "answers": [], "secret": "nicht", **given}


def order(code: str, *positions: dict[str, Any], **given: Any) -> dict[str, Any]:
    facts = {"code": code, "status": "p", "email": f"{code.lower()}@example.org", "locale": "de-informal"}
    return {**facts, "secret": "nicht", "positions": list(positions), "invoice_address": None, **given}


def test_people_of_pretix_come_one_by_ticket_with_their_answers(stub: Stub) -> None:
    answer = {"question": 12, "question_identifier": "WY3", "answer": "Arabisch, etwas Deutsch"}
    buyer = {"name": "Käuferin", "company": "X"}
    entrance, shirt = {"id": 5, "name": {"de": "Eintritt"}, "admission": True}, {"id": 6, "admission": False}
    stub.pages(f"{ORDERS}items/", [entrance, shirt])
    stub.pages(f"{ORDERS}questions/", [{"id": 12, "question": {"de": "Welche Sprachen sprechen Sie?"}}])
    stub.pages(
        f"{ORDERS}orders/",
        [
            order("AAA", position(answers=[answer], company="Caritas"), position(2, item=6), position(3, addon_to=1)),
            order("BBB", position(1), position(2, attendee_email="zwei@example.org"), status="n"),
            order("CCC", position(attendee_name=None), status="c", invoice_address=buyer),
            order("TST", position(), testmode=True),
        ],
    )

    (table,) = fetch(stub, source="pretix").lists[ImportKind.PEOPLE].tables

    found = rows(table)
    columns = ("Order code", "Attendee name", "Attendee email", "Company", "Status", "Locale", "Product")
    assert [tuple(each[column] for column in columns) for each in found] == [
        ("AAA", "Person 1", "aaa@example.org", "Caritas", "paid", "de", "Eintritt"),
        ("BBB", "Person 1", "", "", "pending", "de", "Eintritt"),
        ("BBB-2", "Person 2", "zwei@example.org", "", "pending", "de", "Eintritt"),
        ("CCC", "Käuferin", "ccc@example.org", "X", "canceled", "de", "Eintritt"),
    ]
    assert found[0]["Welche Sprachen sprechen Sie?"] == "Arabisch, etwas Deutsch"
    assert "nicht" not in json.dumps(found)


def test_a_token_that_may_only_see_orders_will_do(stub: Stub) -> None:
    stub.says(f"{ORDERS}items/", {"detail": "no"}, status=403)
    answers = [{"question": 12, "question_identifier": "KLASSE", "answer": "7a"}]
    stub.pages(f"{ORDERS}orders/", [order("AAA", position(answers=answers))])

    found = fetch(stub, source="pretix")

    (table,) = found.lists[ImportKind.PEOPLE].tables
    assert rows(table)[0]["KLASSE"] == "7a"
    assert "items" in found.hidden


def test_ten_thousand_orders_are_refused_with_the_first_page(stub: Stub) -> None:
    stub.pages(f"{ORDERS}orders/", [order(f"A{number}", position()) for number in range(10_000)])

    assert refused(stub, source="pretix") == "rows"
    assert sum("/orders/" in path for path, _headers in stub.asked) == 1


def test_as_many_people_as_a_file_may_have_come_in_time(stub: Stub) -> None:
    stub.pages(f"{ORDERS}orders/", [order(f"A{number}", position()) for number in range(4_900)])
    begun = time.monotonic()

    (table,) = fetch(stub, source="pretix").lists[ImportKind.PEOPLE].tables

    assert len(rows(table)) == 4_900
    assert time.monotonic() - begun < wire.SECONDS


@pytest.mark.parametrize(
    ("status", "code"),
    [(401, "token"), (403, "token"), (404, "event"), (500, "down"), (503, "down"), (400, "version"), (204, "version")],
)
def test_each_refusal_of_the_server_has_its_sentence(stub: Stub, status: int, code: str) -> None:
    stub.says(f"{TALKS}slots/", {"detail": "x"}, status=status)

    assert refused(stub) == code


def test_without_a_token_a_closed_door_asks_for_one(stub: Stub) -> None:
    stub.says(f"{TALKS}slots/", {"detail": "x"}, status=401)

    assert refused(stub, token="") == "no_token"
    assert "Authorization" not in stub.asked[0][1]


def test_an_event_without_this_list_has_an_older_program(stub: Stub) -> None:
    stub.says(TALKS, {"slug": "forum"})

    assert refused(stub) == "version"


@pytest.mark.parametrize(("header", "seconds"), [("17", 17), ("99999999", 3600), ("morgen", 60), ("", 60)])
def test_a_server_that_wants_us_to_wait_is_told_with_its_seconds(stub: Stub, header: str, seconds: int) -> None:
    stub.says(f"{TALKS}slots/", {}, status=429, Retry_After=header)
    with pytest.raises(AskedTooOften) as refusal:
        fetch(stub)

    assert (refusal.value.retry_after, str(seconds) in str(refusal.value.sentence)) == (seconds, True)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "not_json"),
        (b"[" * 200_000, "not_json"),
        (b"1" * 10_000, "not_json"),
        (b"\xff\xfe\x00", "not_json"),
        (b'"text"', "version"),
        (b"null", "version"),
        (b'{"detail": "hello"}', "version"),
        (b'{"results": {"a": 1}}', "version"),
        (b'{"results": [1, 2]}', "version"),
        (b'{"results": [], "next": 7}', "version"),
        (b'{"results": [], "next": null}', "nothing"),
    ],
)
def test_strange_answers_are_told_and_break_nothing(stub: Stub, body: bytes, code: str) -> None:
    stub.says(f"{TALKS}slots/", body)

    assert refused(stub) == code


def test_a_page_for_people_is_no_data(stub: Stub) -> None:
    stub.says(f"{TALKS}slots/", b"<html>", Content_Type="text/html")

    assert refused(stub) == "not_json"


@pytest.mark.parametrize("shape", [{}, [], None, 7, "x", {"a": [{}]}, [[1]], True, 1e400])
def test_whatever_stands_in_a_field_is_read_or_left_out(stub: Stub, shape: Any) -> None:
    keys = ("code", "title", "track", "submission_type", "content_locale", "abstract", "slot_count", "submission")
    odd = dict.fromkeys((*keys, "start", "end", "name", "capacity", "id"), shape)
    people = dict.fromkeys(("attendee_name", "attendee_email", "item", "positionid", "answers", "company"), shape)
    stub.pages(f"{TALKS}submissions/", [odd])
    stub.pages(f"{TALKS}rooms/", [odd])
    plain = {"submission": "A", "start": "2027-01-01T10:00:00Z", "end": "2027-01-01T11:00:00Z"}
    stub.pages(f"{TALKS}slots/", [odd, plain])
    answers = [dict.fromkeys(("question", "question_identifier", "answer"), shape), shape]
    stub.pages(f"{ORDERS}items/", [{"id": shape, "name": shape, "admission": shape}])
    stub.pages(f"{ORDERS}questions/", [{"id": shape, "question": shape}])
    stub.pages(
        f"{ORDERS}orders/",
        [
            dict.fromkeys(("code", "positions", "status", "email", "locale", "invoice_address"), shape),
            {"code": shape, "status": shape, "positions": [people, shape, {"answers": answers}]},
        ],
    )

    fetch(stub, *SOURCES["pretalx"].lists)
    assert fetch(stub, source="pretix").counts[ImportKind.PEOPLE] >= 2


def test_names_with_formulas_and_turned_letters_are_text(stub: Stub) -> None:
    names = ["=cmd|' /C calc'!A0", "\u202eنيز\u202c", "محمد", "@SUM(1)", "a\u0000b", "Nguyễn Văn Ân"]
    stub.pages(f"{ORDERS}orders/", [order(f"A{at}", position(attendee_name=name)) for at, name in enumerate(names)])

    (table,) = fetch(stub, source="pretix").lists[ImportKind.PEOPLE].tables

    assert [each["Attendee name"] for each in rows(table)] == [name.replace("\0", "") for name in names]


# What a server does that means harm.


def drip(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", "1000000")
    handler.end_headers()
    for _byte in range(200):
        handler.wfile.write(b" ")
        time.sleep(0.05)


def slow_head(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    for number in range(200):
        handler.wfile.write(f"X-{number}: ".encode())
        time.sleep(0.05)


def silent(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(4)


def never_ending(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
    while True:
        handler.wfile.write(b"10000\r\n" + b" " * 0x10000 + b"\r\n")


def continues_for_ever(handler: BaseHTTPRequestHandler) -> None:
    while True:
        handler.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")


def bomb(handler: BaseHTTPRequestHandler) -> None:
    send(handler, 200, {**JSON, "Content-Encoding": "gzip"}, gzip.compress(b" " * 200_000_000, 1))


def cut_off(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{")
    handler.close_connection = True


def no_http(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"SSH-2.0-OpenSSH\r\n")
    handler.close_connection = True


def long_head(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 100_000)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (drip, "slow"),
        (slow_head, "slow"),
        (silent, "slow"),
        (continues_for_ever, "slow"),
        (never_ending, "bytes_of_a_page"),
        (bomb, "version"),
        (cut_off, "broken"),
        (no_http, "broken"),
        (long_head, "broken"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_no_server_holds_us_up_or_fills_our_memory(
    stub: Stub, answer: Callable[[BaseHTTPRequestHandler], None], code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "SECONDS", 1.0 if code == "slow" else 10.0)
    stub.answers[f"{TALKS}slots/"] = answer
    begun = time.monotonic()

    assert refused(stub) == code
    assert time.monotonic() - begun < (2.0 if code == "slow" else 10.0)


@pytest.mark.parametrize(("page", "in_all", "most"), [(1, 24, 1), (4, 2, 2)])
def test_what_is_too_large_is_told_with_the_limit_that_it_passed(
    stub: Stub, page: int, in_all: int, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire, "MOST_PAGE", page * wire.MB)
    monkeypatch.setattr(wire, "MOST_IN_ALL", in_all * wire.MB)
    stub.says(f"{TALKS}slots/", [{"about": "x" * 3 * wire.MB}])

    with pytest.raises(Refused) as refusal:
        fetch(stub)

    assert f" {most} MB" in str(refusal.value.sentence)


def test_many_pages_share_one_time(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "SECONDS", 1.0)
    path, calls = f"{TALKS}slots/", iter(range(10_000))

    def endless(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(0.1)
        body = {"results": [], "next": f"{stub.home}{path}?page={next(calls)}"}
        send(handler, 200, JSON, json.dumps(body).encode())

    stub.answers[path] = endless

    assert refused(stub) == "slow"


def test_a_list_that_leads_in_a_circle_ends(stub: Stub) -> None:
    path = f"{TALKS}slots/"
    stub.says(path, {"results": [], "next": f"{stub.home}{path}?page=1"})

    assert refused(stub) == "version"
    assert len(stub.asked) == 2


@pytest.mark.parametrize(
    "following",
    [
        "https://127.0.0.1:{port}/api/events/forum/slots/?page=2",
        "https://evil.example/api/events/forum/slots/?page=2",
        "https://localhost:{port}@evil.example/api/events/forum/slots/?page=2",
        "https://localhost:22/api/events/forum/slots/?page=2",
        "https://localhost:{port}/admin/?page=2",
        "//evil.example/api/events/forum/slots/?page=2",
        "file:///etc/passwd",
        "/api/events/forum/slots/?page=2",
        "https://[",
        "https://localhost:{port}/api/events/forum/slots/?page=2 HTTP/1.1\\r\\nX: y",
    ],
)
def test_the_next_page_is_one_of_the_same_list(stub: Stub, following: str) -> None:
    stub.says(f"{TALKS}slots/", {"results": [], "next": following.format(port=stub.port)})

    assert refused(stub) == "elsewhere"
    assert len(stub.asked) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_nobody_is_followed_elsewhere(stub: Stub, status: int) -> None:
    stub.says(f"{TALKS}slots/", {}, status=status, Location=f"{stub.home}/inside/")

    assert refused(stub) == "redirect"
    assert [path for path, _headers in stub.asked if "inside" in path] == []


def test_a_host_of_ones_own_network_is_not_asked_unless_it_is_allowed(stub: Stub) -> None:
    for typed in ("localhost", "127.0.0.1", "[::1]", "2130706433", "0x7f000001", "127.1", "[::ffff:127.0.0.1]"):
        with pytest.raises(Refused) as refusal:
            asking.fetch(SOURCES["pretalx"], f"https://{typed}/forum/", TOKEN, [ImportKind.ROOMS], "de", [stub.name])
        assert refusal.value.code in {"private", "address", "unknown"}, typed
    assert stub.asked == []


def test_a_name_is_looked_up_once_and_each_page_goes_there(stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that leads elsewhere the second time is not asked a second time, though each page hangs up."""
    looked: list[str] = []

    def resolver(host: str, port: int, **_options: Any) -> list[Any]:
        looked.append(host)
        where = ("127.0.0.1", port) if len(looked) == 1 else ("127.0.0.2", port)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", where)]

    stub.pages(f"{TALKS}rooms/", [{"id": at, "name": f"R{at}"} for at in range(6)], size=2)
    paged = stub.answers[f"{TALKS}rooms/"]

    def hangs_up(handler: BaseHTTPRequestHandler) -> None:
        paged(handler)  # type: ignore[operator]
        handler.close_connection = True

    stub.answers[f"{TALKS}rooms/"] = hangs_up
    monkeypatch.setattr(socket, "getaddrinfo", resolver)

    assert fetch(stub, ImportKind.ROOMS).counts == {ImportKind.ROOMS: 6}
    assert (looked, len(stub.asked)) == (["localhost"], 3)


def test_a_name_with_one_address_inside_is_not_asked_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolver(host: str, port: int, **_options: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (where, port)) for where in ("8.8.8.8", "10.0.0.1")]

    def connect(*_args: Any) -> None:
        raise AssertionError("a connection was made")

    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    monkeypatch.setattr(socket.socket, "connect", connect)
    with pytest.raises(Refused) as refusal:
        asking.fetch(SOURCES["pretalx"], "https://rebind.example/x/", TOKEN, [ImportKind.ROOMS], "de", [])

    assert refusal.value.code == "private"


@pytest.mark.parametrize(("answer", "code"), [(socket.gaierror(-2, "unknown"), "unknown"), (None, "slow")])
def test_a_name_that_is_not_found_or_never_answered(
    monkeypatch: pytest.MonkeyPatch, answer: Exception | None, code: str
) -> None:
    def resolver(*_args: Any, **_options: Any) -> list[Any]:
        if answer:
            raise answer
        time.sleep(1.5)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    monkeypatch.setattr(wire, "SECONDS", 0.3)
    with pytest.raises(Refused) as refusal:
        asking.fetch(SOURCES["pretalx"], "https://nowhere.example/x/", TOKEN, [ImportKind.ROOMS], "de", [])

    assert refusal.value.code == code


def test_nobody_there_is_told() -> None:
    name = f"localhost:{unused_port()}"
    with pytest.raises(Refused) as refusal:
        asking.fetch(SOURCES["pretalx"], f"https://{name}/x/", TOKEN, [ImportKind.ROOMS], "de", [name])

    assert refusal.value.code == "away"


def test_a_certificate_of_nobody_we_know_gets_no_token(pem: Path) -> None:
    with running(pem) as stranger:
        stranger.says(f"{TALKS}slots/", {"results": []})
        assert refused(stranger) == "certificate"
        assert stranger.asked == []


def test_a_certificate_for_another_name_gets_none_either(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = certificate(tmp_path, "other.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(other))
    with running(other) as stranger:
        assert refused(stranger) == "certificate"
        assert stranger.asked == []


def test_a_server_that_hung_up_between_two_pages_is_called_once_more(stub: Stub) -> None:
    stub.pages(f"{TALKS}rooms/", [{"id": at, "name": f"R{at}"} for at in range(4)], size=2)
    paged = stub.answers[f"{TALKS}rooms/"]

    def without_a_word(handler: BaseHTTPRequestHandler) -> None:
        paged(handler)  # type: ignore[operator]
        handler.close_connection = True

    stub.answers[f"{TALKS}rooms/"] = without_a_word

    assert fetch(stub, ImportKind.ROOMS).counts == {ImportKind.ROOMS: 4}


def test_only_a_few_fetch_at_once(stub: Stub) -> None:
    with asking.one_of_few(), asking.one_of_few(), pytest.raises(asking.Busy):
        fetch(stub)
    assert stub.asked == []


def test_our_client_verifies_with_the_machines_certificates() -> None:
    context = ssl.create_default_context()

    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, True)
