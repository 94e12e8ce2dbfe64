"""What guards an organiser's account: what a password must be, wrong tries, the second factor."""

import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, current_app
from werkzeug.test import TestResponse

from planner import accounts, auth, clock, create_app, extensions, failures
from planner.config import Config
from planner.errors import TooMany
from planner.extensions import db
from planner.models import AuditEntry, User
from tests import factories as make
from tests.client import Client, Page
from tests.conftest import settings

ACCOUNT = "/organise/account"
PASSWORD = "vier sehr lange Wörter"


def choose(client: Client, password: str) -> TestResponse:
    return client.post(f"{ACCOUNT}/change", {"new_password": password, "new_password_confirm": password})


def with_password(app: Flask, **given: str) -> User:
    user = make.user(**given)
    assert choose(Client(app).as_organiser(user), PASSWORD).status_code == 302
    db.session.refresh(user)
    return user


def sign_in(client: Client, user: User, password: str = PASSWORD, address: str = "192.0.2.1") -> TestResponse:
    form = {"email": user.email, "password": password, "csrf_token": client.token(f"{ACCOUNT}/login")}
    return client.fetch(f"{ACCOUNT}/login", method="POST", data=form, environ_base={"REMOTE_ADDR": address})


@pytest.mark.parametrize(
    ("password", "told"),
    [
        ("elf Zeichen", "at least 12 characters"),
        ("passwordpassword", "easy to guess"),
        ("qwertzuiopasdf", "easy to guess"),
        ("123456789012", "easy to guess"),
        ("alma@example.org", "easy to guess"),
        ("x" * 5000, "at most 200 characters"),
    ],
)
def test_a_password_that_others_guess_is_refused_with_what_helps(app: Flask, password: str, told: str) -> None:
    client = Client(app).as_organiser(make.user(email="alma@example.org"))

    assert told in Page(choose(client, password).text).text


@pytest.mark.parametrize("password", [PASSWORD, "Trompete Regen Fahrrad", "كرسي نافذة مطر قطار", "x9#Lq2!vTr8$"])
def test_a_long_password_in_any_script_is_taken(app: Flask, password: str) -> None:
    assert choose(Client(app).as_organiser(make.user()), password).status_code == 302


def test_wrong_passwords_make_an_address_wait_and_nobody_else(app: Flask) -> None:
    """A hundred wrong ones were all answered, and the right one was let in after them."""
    user, other = with_password(app), with_password(app)
    client = Client(app)
    for _ in range(failures.LIMITS["password"].most):
        assert sign_in(client, user, "falsch und lang genug").status_code == 200

    waits = sign_in(client, user)
    assert waits.status_code == 429
    assert int(waits.headers["Retry-After"]) == 600
    assert sign_in(Client(app), user, address="192.0.2.2").status_code == 302
    assert sign_in(client, other).status_code == 302


SPELLINGS = [
    "Jörg@xn--mnchen-3ya.example",
    "jörg@münchen.example",
    "JöRG@MÜNCHEN.EXAMPLE",
    "jo\u0308rg@münchen.example",
    "jörg@ｍünchen.example",
    "jörg@münchen。ｅｘａｍｐｌｅ",
]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_wrong_passwords_of_an_account_are_counted_however_its_address_is_spelled(app: Flask, spelling: str) -> None:
    """Each of a domain's spellings found the same account and had ten tries of its own."""
    user, client = with_password(app, email=SPELLINGS[1]), Client(app)
    assert sign_in(Client(app), User(email=spelling)).status_code == 302
    written = [SPELLINGS[1], spelling] * (failures.LIMITS["password"].most // 2)

    for each in written:
        assert sign_in(client, User(email=each), "falsch und lang genug").status_code == 200

    assert sign_in(client, user).status_code == 429
    assert sign_in(client, User(email=spelling)).status_code == 429
    assert sign_in(Client(app), User(email=spelling), address="192.0.2.2").status_code == 302


def test_no_capital_letter_of_any_script_makes_another_count(app: Flask) -> None:
    """Databases find an address in either case, and each has its own idea of it: of PostgreSQL's, İ is an i."""
    letters = [chr(number) for number in range(sys.maxunicode) if not 0xD800 <= number < 0xE000]
    pairs = [(each, each.lower()) for each in letters if each != each.lower()] + [("İ", "i")]

    assert len(pairs) > 1000
    with app.test_request_context():
        assert [pair for pair in pairs if len({accounts.counted_as(letter) for letter in pair}) > 1] == []


def test_what_is_no_address_is_counted_too(app: Flask) -> None:
    client = Client(app)
    for number in range(failures.LIMITS["password"].most):
        assert sign_in(client, User(email=["no address", "NO address"][number % 2])).status_code == 200

    assert sign_in(client, User(email="no address")).status_code == 429


@contextmanager
def beside(app: Flask, monkeypatch: pytest.MonkeyPatch, act: str = "SELECT 1") -> Iterator[list[bool]]:
    """What a second writer does while a password is hashed or compared: whether she could, of each time."""
    could: list[bool] = []
    context = app.extensions["security"].pwd_context

    def spied(hasher: Callable[..., Any]) -> Callable[..., Any]:
        def hashing(*given: Any, **options: Any) -> Any:
            other = extensions.sqlite.connect(db.engine.url.database, timeout=0, isolation_level=None)
            try:
                other.execute("BEGIN IMMEDIATE")
                other.execute(act)
                other.execute("COMMIT")
                could.append(True)
            except extensions.sqlite.OperationalError:
                could.append(False)
            finally:
                other.close()
            return hasher(*given, **options)

        return hashing

    with monkeypatch.context() as patched:
        for name in ("hash", "verify"):
            patched.setattr(context, name, spied(getattr(context, name)))
        yield could


def test_while_a_password_is_hashed_others_write(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seven threads of wrong passwords made everybody's save wait for 2.3 s instead of 0.1."""
    user = with_password(app)
    other = "noch vier andere Wörter"

    def change(client: Client) -> TestResponse:
        new = {"password": PASSWORD, "new_password": other, "new_password_confirm": other}
        return client.post(f"{ACCOUNT}/change", new)

    inside = Client(app)
    acts: dict[str, Callable[[], TestResponse]] = {
        "unknown": lambda: sign_in(Client(app), User(email="nobody@example.org")),
        "wrong": lambda: sign_in(Client(app), user, "falsch und lang genug"),
        "right": lambda: sign_in(inside, user),
        "afresh": lambda: inside.post(f"{ACCOUNT}/verify", {"password": PASSWORD}),
        "first password": lambda: choose(Client(app).as_organiser(make.user()), PASSWORD),
        "change": lambda: change(inside),
    }
    could, statuses = {}, {}
    for name, act in acts.items():
        with beside(app, monkeypatch) as each:
            statuses[name] = act().status_code
        could[name] = set(each)

    assert could == {name: {True} for name in acts}
    assert statuses == dict.fromkeys(acts, 302) | {"unknown": 200, "wrong": 200}


def test_a_password_that_was_changed_while_it_was_compared_is_wrong(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = with_password(app)
    db.session.commit()

    with beside(app, monkeypatch, "UPDATE user SET password = 'new'"):
        answer = sign_in(Client(app), user)

    assert answer.status_code == 200
    db.session.expire_all()
    assert user.password == "new"


def test_a_weak_hash_is_made_anew_when_its_owner_signs_in(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    user = with_password(app)
    before = user.password
    monkeypatch.setattr(app.extensions["security"].pwd_context, "needs_update", lambda *_: True)

    assert sign_in(Client(app), user).status_code == 302

    db.session.expire_all()
    assert user.password != before
    assert sign_in(Client(app), user).status_code == 302


def knock(times: int, address: str = "192.0.2.1") -> None:
    """Wrong passwords for addresses that nobody has."""
    for _ in range(times):
        failures.record("sign-in", "", address, clock.now())
    db.session.commit()


def test_who_guesses_behind_a_venues_address_keeps_out_nobody_who_knows_her_password(app: Flask) -> None:
    """Forty wrong ones refused every right one from there, and nobody there could publish any more."""
    user = with_password(app)
    knock(failures.LIMITS["sign-in"].many or 0)
    before = db.session.query(AuditEntry).count()

    guessed = sign_in(Client(app), User(email="nobody@example.org"), "Sommer 2026 Duisburg")

    assert (guessed.status_code, guessed.headers["Retry-After"]) == (429, "600")
    assert "with the right one you can come in now" in Page(guessed.text).text
    assert db.session.query(AuditEntry).count() == before
    assert sign_in(Client(app), user).status_code == 302


def test_trying_one_password_on_many_accounts_ends_and_who_is_signed_in_goes_on(app: Flask) -> None:
    user = with_password(app)
    inside = Client(app)
    assert sign_in(inside, user).status_code == 302
    for address in ("192.0.2.1", "127.0.0.1"):
        knock(failures.LIMITS["sign-in"].most, address)
        failures.record("sign-in", "", address, clock.now() + timedelta(minutes=1))  # however slow this test is

    assert sign_in(Client(app), user).status_code == 429
    assert inside.post(f"{ACCOUNT}/verify", {"password": PASSWORD}).status_code == 302


def test_who_has_no_password_reads_how_to_go_on_whatever_she_types(app: Flask) -> None:
    """The library compared what was typed with nothing at all, and fell."""
    client = Client(app).as_organiser(make.user())

    answer = client.post(f"{ACCOUNT}/verify", {"password": PASSWORD}, page="/organise/")

    assert answer.status_code == 200
    assert "please come in with a new link" in Page(answer.text).text


def test_a_bad_new_password_is_no_wrong_try(app: Flask) -> None:
    client = Client(app).as_organiser(make.user())

    answers = {choose(client, "kurz").status_code for _ in range(failures.LIMITS["password"].most + 1)}

    assert answers == {200}


def test_nobody_learns_from_a_refused_password_which_addresses_have_an_account(app: Flask) -> None:
    known, unknown = with_password(app), User(email="nobody@example.org")

    texts = {
        Page(sign_in(Client(app), user, "falsch und lang genug").text).text.replace(user.email, "")
        for user in (known, unknown)
    }

    assert len(texts) == 1


def digits(user: User, later: int = 0) -> str:
    """What the app on her phone shows."""
    totp = current_app.extensions["security"].totp_factory._totp.from_source(user.tf_totp_secret)
    return totp.generate(time.time() + later).token


def switch_on(app: Flask, user: User) -> Client:
    client = Client(app).as_organiser(user)
    setup = client.post(f"{ACCOUNT}/tf-setup", {"setup": "authenticator"})
    return confirm(client, setup)


def confirm(client: Client, setup: TestResponse) -> Client:
    """Scan the key that the page shows, and type what the app makes of it."""
    key = re.search(r"<code dir=\"ltr\">([A-Z2-7-]+)</code>", setup.text)
    action = re.search(r'action="(/organise/account/tf-[^"]+)"', setup.text)
    assert key, setup.text
    assert action
    totp = current_app.extensions["security"].totp_factory._totp(key=key[1].replace("-", ""), format="base32")
    token = Page(setup.text).fields["csrf_token"]
    data = {"code": totp.generate().token, "csrf_token": token}
    assert client.fetch(action[1], method="POST", data=data).status_code == 302
    return client


def test_with_a_second_factor_password_and_link_alone_sign_nobody_in(app: Flask) -> None:
    user = with_password(app)
    switch_on(app, user)
    db.session.refresh(user)

    for first in (
        lambda client: sign_in(client, user),
        lambda client: client.post(f"/s/{auth.mint_sign_in(user, clock.now())}", {}),
    ):
        client = Client(app)
        asked = first(client)
        assert "/tf-validate" in asked.headers["Location"]
        assert client.fetch("/organise/").status_code == 302
        wrong = client.post(asked.headers["Location"], {"code": "000000"})
        assert wrong.status_code == 200
        assert client.fetch("/organise/").status_code == 302

    client = Client(app)
    asked = sign_in(client, user)
    assert client.post(asked.headers["Location"], {"code": digits(user, 60)}).status_code == 302
    assert client.fetch("/organise/").status_code == 200


@pytest.mark.parametrize("has_one", [False, True])
def test_who_is_in_is_led_on_from_the_page_that_asks_for_a_code(app: Flask, has_one: bool) -> None:
    """A look at it signed her out and spent her links: the library took it for an attack."""
    user = make.user()
    client = switch_on(app, user) if has_one else Client(app).as_organiser(user)

    assert client.fetch(f"{ACCOUNT}/tf-validate").headers["Location"] == "/organise/"

    assert client.fetch("/organise/").status_code == 200
    actions = {row.action for row in db.session.query(AuditEntry)}
    assert "account.signed_in" in actions
    assert "account.signed_out" not in actions


def test_the_same_six_digits_work_once(app: Flask) -> None:
    user = with_password(app)
    switch_on(app, user)
    db.session.refresh(user)
    code = digits(user, 60)

    answers = []
    for _ in range(2):
        client = Client(app)
        asked = sign_in(client, user)
        client.post(asked.headers["Location"], {"code": code})
        answers.append(client.fetch("/organise/").status_code)

    assert answers == [200, 302]


def test_guessing_six_digits_ends_soon(app: Flask) -> None:
    user = with_password(app)
    switch_on(app, user)
    db.session.refresh(user)
    client = Client(app)
    where = sign_in(client, user).headers["Location"]

    answers = [client.post(where, {"code": f"{number:06}"}, page=where).status_code for number in range(11)]

    assert answers == [200] * 10 + [429]


def test_no_second_address_helps_to_guess_six_digits_and_a_recovery_code_still_opens(app: Flask) -> None:
    """Every new network had two more tries, and of networks there are enough: 131,000 codes in ten minutes."""
    user = with_password(app)
    written = re.findall(
        r"[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}", switch_on(app, user).post(f"{ACCOUNT}/mf-recovery-codes", {}).text
    )
    db.session.refresh(user)
    client = Client(app)
    where = sign_in(client, user).headers["Location"]
    token = client.token(where)

    def guess(code: str, number: int) -> TestResponse:
        behind = {"REMOTE_ADDR": f"2001:db8:{number:x}::1"}
        return client.fetch(where, method="POST", data={"code": code, "csrf_token": token}, environ_base=behind)

    assert [guess(f"{number:06}", number).status_code for number in range(12)] == [200] * 10 + [429] * 2
    refused = guess(digits(user, 60), 100)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "600")
    assert "use a recovery code" in refused.text

    client.post(f"{ACCOUNT}/mf-recovery", {"code": written[0]})
    assert client.fetch("/organise/").status_code == 200


def test_six_digits_are_guessed_no_more_often_on_a_day_than_the_arithmetic_says(app: Flask) -> None:
    """Ten every ten minutes would be 1,440 a day."""
    most, now = failures.LIMITS["codes of a day"], make.NOW
    for number in range(most.most):
        failures.record("codes of a day", "a key", f"2001:db8:{number:x}::1", now)
    failures.record("card", "1", "192.0.2.1", now + 2 * failures.WINDOW)
    db.session.flush()

    with pytest.raises(TooMany) as refused:
        failures.count("codes of a day", "a key", "192.0.2.1", now + 2 * failures.WINDOW)
    assert refused.value.retry_after == 24 * 3600
    failures.count("codes of a day", "another key", "192.0.2.1", now)
    right = 1 + 2 * (app.config["SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY"] // 30)
    assert most.most * 30 * right / 10**6 < 1 / 130


def test_a_recovery_code_works_once_and_is_not_stored_as_it_is_read(app: Flask) -> None:
    user = with_password(app)
    client = switch_on(app, user)
    codes = re.findall(
        r"<code dir=\"ltr\">([0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4})</code>",
        client.post(f"{ACCOUNT}/mf-recovery-codes", {}).text,
    )
    assert len(codes) == 8
    db.session.refresh(user)
    assert not set(codes) & set(user.mf_recovery_codes or ())

    answers = []
    for _ in range(2):
        lost = Client(app)
        sign_in(lost, user)
        lost.post(f"{ACCOUNT}/mf-recovery", {"code": codes[0]})
        answers.append(lost.fetch("/organise/").status_code)

    assert answers == [200, 302]


@pytest.fixture
def strict(config: Config, tmp_path: Path) -> Iterator[Flask]:
    """Where the settings want a second factor of every organiser."""
    app = create_app(settings(tmp_path, second_factor="required"))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_where_it_is_required_nobody_gets_in_before_setting_it_up(strict: Flask) -> None:
    user, client = make.user(), Client(strict)

    asked = client.post(f"/s/{auth.mint_sign_in(user, clock.now())}", {})
    assert asked.headers["Location"].endswith("/tf-setup")
    assert client.fetch("/organise/").status_code == 302
    page = client.get(asked.headers["Location"])
    assert "asks all organisers for a second factor" in page.text

    confirm(client, client.post(f"{ACCOUNT}/tf-setup", {"setup": "authenticator"}))
    assert client.fetch("/organise/").status_code == 200


@pytest.mark.parametrize("language", ["de", "ar"])
@pytest.mark.parametrize("path", ["tf-setup", "mf-recovery-codes", "change", "verify"])
def test_the_accounts_pages_are_whole_in_every_language(app: Flask, language: str, path: str) -> None:
    client = Client(app).as_organiser(with_password(app))

    page = client.get(f"{ACCOUNT}/{path}", language=language)

    assert page.language == language
    assert page.headings
