"""How organisers get in, get in again, and what a stranger can find out on the way."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from planner import auth, clock, create_app, jobs
from planner.config import Config
from planner.extensions import db
from planner.models import SignInLink, User
from tests import factories as make
from tests.client import Client, Page
from tests.conftest import settings

PASSWORD = "vier sehr lange Wörter"


@pytest.fixture
def silent(config: Config, tmp_path: Path) -> Iterator[Flask]:
    """Where mail is not set up."""
    app = create_app(settings(tmp_path, mail="off"))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def link_of(user: User) -> str:
    return f"/s/{auth.mint_sign_in(user, clock.now())}"


def set_password(client: Client) -> None:
    page = "/organise/account/change"
    client.submit(page, {"new_password": PASSWORD, "new_password_confirm": PASSWORD}, page=page)


def test_a_password_is_offered_at_the_first_sign_in_and_gets_her_in_again(silent: Flask) -> None:
    user, client = make.user(), Client(silent)

    offered = client.submit(link_of(user), {})
    assert offered.headings[0] == "Set a password"
    assert "password" not in offered.fields  # nobody asks for an old one
    assert "Not now" in offered.text

    set_password(client)
    client.post("/organise/account/logout", {}, page="/organise/")
    assert client.fetch("/organise/").status_code == 302

    entered = client.submit("/organise/account/login", {"email": user.email, "password": PASSWORD})
    assert entered.headings[0] == "My conferences"


def test_whoever_has_a_password_is_not_asked_for_one_again(silent: Flask) -> None:
    user, client = make.user(), Client(silent)
    client.submit(link_of(user), {})
    set_password(client)
    db.session.refresh(user)

    assert Client(silent).submit(link_of(user), {}).headings[0] == "My conferences"


def test_the_offer_stays_in_the_menu_and_signing_out_asks_until_it_is_taken(silent: Flask) -> None:
    client = Client(silent).as_organiser(make.user())

    before = client.get("/organise/")
    assert "Set a password" in before.text
    assert "You have no password yet. To come back you then need a new link." in before.text

    set_password(client)
    after = client.get("/organise/")
    assert "Set a password" not in after.text
    assert "You have no password yet" not in after.text


@pytest.mark.parametrize(("age", "told"), [(timedelta(0), "used already"), (timedelta(hours=25), "too old")])
def test_a_link_that_is_over_says_why_on_a_page_of_its_own(silent: Flask, age: timedelta, told: str) -> None:
    user = make.user()
    token = auth.mint_sign_in(user, clock.now() - age)
    if not age:
        auth.sign_in_link(token, clock.now()).used_at = clock.now()  # type: ignore[union-attr]

    page = Client(silent).get(f"/s/{token}", status=410)

    assert told in page.headings[0]
    assert "planner user link" in page.text
    assert user.email not in page.text
    assert "email" not in page.fields  # nothing would arrive


def test_a_link_cut_while_copying_is_not_called_used(silent: Flask) -> None:
    page = Client(silent).get(link_of(make.user())[:-3], status=404)

    assert page.headings[0] == "We do not know this link"
    assert "planner user link" in page.text


def test_a_used_link_leads_on_whoever_is_signed_in(silent: Flask) -> None:
    user, client = make.user(), Client(silent)
    link = link_of(user)
    client.submit(link, {})

    page = client.get(link, status=410)

    assert "You are signed in already." in page.text
    assert "/organise/" in page.links


def mails(folder: Path) -> list[str]:
    return [path.read_text() for path in (folder / "mail").iterdir()] if (folder / "mail").is_dir() else []


def work_off(app: Flask) -> None:
    queue = app.extensions["jobs"].huey
    while task := queue.dequeue():
        queue.execute(task)


def test_where_mail_is_set_up_a_new_link_comes_by_mail(app: Flask, tmp_path: Path) -> None:
    user, client = make.user(email="alma@example.org"), Client(app)
    token = auth.mint_sign_in(user, clock.now() - timedelta(hours=25))
    assert "email" in client.get(f"/s/{token}", status=410).fields

    client.post("/sign-in-link", {"email": "Alma@Example.org"})
    work_off(app)

    [mail] = mails(tmp_path)
    address = re.search(r"http://localhost(/s/\S+)", mail)
    assert address
    assert "To: alma@example.org" in mail
    assert client.post(address[1], {}).status_code == 302


def test_nobody_learns_which_addresses_have_an_account(app: Flask, tmp_path: Path) -> None:
    make.user(email="alma@example.org")

    answers = []
    for email in ("alma@example.org", "nobody@example.org"):
        waiting = app.extensions["jobs"].huey.pending_count()
        answer = Client(app).post("/sign-in-link", {"email": email})
        queued = app.extensions["jobs"].huey.pending_count() - waiting
        answers.append((answer.status_code, Page(answer.text).text, queued))
    work_off(app)

    assert answers[0] == answers[1]
    assert answers[0][2] == 1
    assert len(mails(tmp_path)) == 1


def test_asking_in_her_name_again_and_again_fills_no_mailbox(app: Flask, tmp_path: Path) -> None:
    user = make.user()
    db.session.commit()

    for _ in range(auth.LINKS_AN_HOUR + 3):
        jobs.send_sign_in_link(user.id)

    assert db.session.query(SignInLink).count() == auth.LINKS_AN_HOUR
    assert sum(text.count("To: ") for text in mails(tmp_path)) == auth.LINKS_AN_HOUR


def test_without_mail_nobody_is_asked_for_an_address(silent: Flask) -> None:
    client = Client(silent)

    assert client.fetch("/sign-in-link").status_code == 404
    page = client.get("/organise/account/login")
    assert "so no link comes by e-mail" in page.text
    assert "/sign-in-link" not in page.links


def test_the_demonstration_offers_what_helps_there(config: Config, tmp_path: Path) -> None:
    app = create_app(settings(tmp_path, demonstration=True))
    with app.app_context():
        user, client = make.user(), Client(app)
        link = link_of(user)

        assert client.submit(link, {}).headings[0] == "My conferences"
        again = Client(app).get(link, status=410)

        assert "start it again" in again.text
        assert "planner user link" not in again.text
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "This address and this password do not belong together."),
        ("de", "Diese E-Mail-Adresse und dieses Passwort passen nicht zusammen."),
    ],
)
def test_a_wrong_password_is_told_in_plain_words(app: Flask, language: str, sentence: str) -> None:
    """ "Authentication failed - identity or password/passcode invalid" is no sentence for people."""
    user, client = make.user(), Client(app)

    for email in (user.email, "nobody@example.org"):
        form = {"email": email, "password": "a guess, and a wrong one"}
        assert sentence in client.post("/organise/account/login", form, language=language).text
