"""SEC-5: what opens a door stands in no log, database or queue; scanners wear no link out; addresses are alike."""

import re
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from time import perf_counter

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from planner import auth, clock, create_app, failures, outbox, team
from planner.config import Config
from planner.extensions import db, limiter
from planner.models import Invitation, Participant, PersonalLink, SignInLink, User
from tests import factories as make
from tests.client import Client, Page
from tests.conftest import settings
from tests.faults.server import MailServer
from tests.planner.test_sign_in import PASSWORD, set_password, work_off
from tests.planner.world import build

PAIRS = 24
TOLD_APART = 0.85
"""How often one answer of a pair takes longer than the other, if the pair can be told apart; 0.5 by chance."""


@pytest.fixture
def posted(config: Config, tmp_path: Path) -> Iterator[tuple[Flask, MailServer]]:
    with MailServer() as server:
        app = create_app(settings(tmp_path, mail="smtp", mail_port=server.port))
        app.config["PROPAGATE_EXCEPTIONS"] = False  # as in production: people read a page, and a line is logged
        with app.app_context():
            yield app, server
            db.session.remove()
            db.engine.dispose()


def test_nothing_that_opens_a_door_is_in_the_log_the_database_or_the_queue(
    posted: tuple[Flask, MailServer], tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    app, server = posted
    world = build(app)
    world.organiser.email, world.person.email = "orga@example.org", "alma@example.org"
    make.message(world.person)
    client = Client(app).as_organiser(world.organiser)
    set_password(client)
    page = f"/organise/{world.here.slug}/people/{world.person.id}"
    shown = [Page(client.post(f"{page}/{way}", {}, page=page).text).text for way in ("link", "card")]
    office, guest = f"/organise/{world.here.slug}/team/", {"email": "gast@example.org", "role": "viewer"}
    shown.append(Page(client.post(office, {**guest, "way": "link"}).text).text)
    client.post(office, {**guest, "email": "mail@example.org", "way": "mail"})
    Client(app).post("/sign-in-link", {"email": world.organiser.email})
    queue = (tmp_path / "queue.sqlite3").read_bytes()
    work_off(app)
    outbox.deliver(clock.now, "w", db.session.commit)
    mailed = b"".join(server.texts).replace(b"=\r\n", b"").decode()

    links = set(re.findall(r"/([lsi])/([\w-]{32})(?![\w-])", " ".join([*shown, mailed])))
    cards = set(re.findall(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", shown[1]))
    visitors = [Client(app) for _ in range(6)]
    for visitor, (kind, token) in zip(visitors, sorted(links), strict=False):
        for path in (f"/{kind}/{token}", f"/{kind}/{token}/", f"/{kind}/{token}x", f"/nowhere/{token}"):
            visitor.fetch(path)
    for card in cards:
        visitors[5].post(f"/c/{world.here.slug}/enter", {"code": card})
    for fault in (OperationalError("", {}, Exception("locked")), ZeroDivisionError()):
        monkeypatch.setattr(auth, "link_for", _broken(fault))
        monkeypatch.setattr(auth, "sign_in_link", _broken(fault))
        monkeypatch.setattr(team, "invitation_for", _broken(fault))
        for kind, token in links:
            assert Client(app).fetch(f"/{kind}/{token}").status_code in {500, 503}

    cookies = [each.http.get_cookie("stuhlkreis") for each in (client, *visitors)]
    hidden = {token for _kind, token in links} | {card.replace("-", "") for card in cards} | cards | {PASSWORD}
    hidden |= {cookie.value for cookie in cookies if cookie}
    hashes = {row.token_hash for table in (PersonalLink, SignInLink) for row in db.session.query(table)}
    hashes |= {row.token_hash for row in db.session.query(Invitation) if row.token_hash}
    places = {file.name: file.read_bytes() for file in tmp_path.iterdir() if file.is_file()}
    places |= {"log": "".join(capfd.readouterr()).encode(), "queue before it was worked off": queue}
    assert {kind for kind, _token in links} == {"l", "s", "i"}
    assert (len(links), len(cards)) == (5, 1)
    assert b"request.failed" in places["log"]
    assert {auth.hashed(token) for _kind, token in links} <= hashes
    assert all(each.encode() in places["planner.sqlite3"] + places["planner.sqlite3-wal"] for each in hashes)
    assert {(name, each) for name, content in places.items() for each in hidden if each.encode() in content} == set()


def _broken(fault: Exception) -> Callable[..., None]:
    def broken(*_: object) -> None:
        raise fault

    return broken


def test_a_scanner_that_opens_and_presses_wears_no_personal_link_out(app: Flask) -> None:
    """It opens the link as often as it likes, keeps cookies, and presses what it finds on the page that follows."""
    world = build(app)
    link = f"/l/{auth.mint_link(world.person, clock.now())}"
    before = everything_of(world.person)

    for _ in range(3):
        scanner = Client(app)
        start = scanner.fetch(link).headers["Location"]
        assert everything_of(world.person) == before
        for form in Page(scanner.fetch(start).text).forms:
            scanner.fetch(form.action or start, method="POST", data=form.sent)

    assert everything_of(world.person) == before
    answer = Client(app).fetch(link)
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/c/{world.here.slug}/me/")


def everything_of(person: Participant) -> dict[str, list[tuple[object, ...]]]:
    """Her rows in every table that leads to her."""
    tables = [
        table for table in db.metadata.sorted_tables if table.name == "participant" or "participant_id" in table.c
    ]
    return {
        table.name: [
            tuple(row)
            for row in db.session.execute(
                table.select().where(table.c["id" if table.name == "participant" else "participant_id"] == person.id)
            )
        ]
        for table in tables
    }


def longer(one: Sequence[float], other: Sequence[float]) -> float:
    """How often one of the first took longer than one of the second: whatever else the machine does, 0.5 by chance."""
    return sum((a > b) + (a == b) / 2 for a in one for b in other) / (len(one) * len(other))


def taken(app: Flask, path: str, forms: Callable[[bool], dict[str, str]]) -> tuple[list[float], list[float]]:
    """Seconds of answers about known and unknown addresses, taken in turns."""
    client = app.test_client()
    seconds: dict[bool, list[float]] = {True: [], False: []}
    for number in range(2 * PAIRS + 4):
        known, form = number % 2 == 0, forms(number % 2 == 0)
        db.session.rollback()
        limiter.reset()
        began = perf_counter()
        with app.app_context():
            client.post(path, data=form)
        if number >= 4:  # the first ones still load code
            seconds[known].append(perf_counter() - began)
    return seconds[True], seconds[False]


@pytest.fixture
def doors(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """Asked again and again without a token, by somebody whom no limit stops."""
    app.config["WTF_CSRF_ENABLED"] = False
    monkeypatch.setattr(failures, "_counted", lambda *_: (0, 0, None))
    for email in ("alma@example.org", "berta@example.org"):
        make.user(email=email, password=None if email.startswith("b") else hashed_password())
    db.session.commit()
    return app


def hashed_password() -> str:
    from flask_security import hash_password

    return str(hash_password(PASSWORD))


def somebody(email: str, **more: str) -> Callable[[bool], dict[str, str]]:
    """A known address, or one as long that nobody has."""
    return lambda known: {"email": email if known else f"{secrets.token_hex(2)}@example.org", **more}


@pytest.mark.parametrize(
    ("path", "email"),
    [
        ("/sign-in-link", "alma@example.org"),
        ("/organise/account/login", "alma@example.org"),
        ("/organise/account/login", "berta@example.org"),  # whose account has no password yet
    ],
)
def test_no_answer_takes_longer_for_an_address_that_is_known(doors: Flask, path: str, email: str) -> None:
    more = {"password": "falsch und lang genug"} if "login" in path else {}

    known, unknown = taken(doors, path, somebody(email, **more))

    assert 1 - TOLD_APART < longer(known, unknown) < TOLD_APART


def test_an_answer_that_waits_for_the_mail_tells_them_apart(doors: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """So the test above can fail."""

    def at_once(user: User | None) -> None:
        if user:
            time.sleep(0.1)  # what a mail server takes; much less is lost in the noise of a busy machine

    monkeypatch.setattr("planner.jobs.sign_in_link", at_once)

    known, unknown = taken(doors, "/sign-in-link", somebody("alma@example.org"))

    assert longer(known, unknown) > TOLD_APART
