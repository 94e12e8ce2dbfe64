"""An operator sets mail up in the browser: what is typed is checked, kept in a file of hers alone, and tried."""

import json
import ssl
import stat
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy.exc import OperationalError

from planner import clock, create_app, jobs, mail_settings, outbox, post, trials
from planner.config import Config
from planner.extensions import db
from planner.models import AuditEntry, MailTrial, Message, MessageState, User
from tests import conftest
from tests import factories as make
from tests.client import Client, Page
from tests.faults.server import MailServer
from tests.planner.smtp_stub import CUTS, DRIPS, NOTHING, TAKES, Stub, certificate, shows
from tests.planner.test_sign_in import work_off
from tests.postgresql import free_port

PAGE = "/organise/mail"
PASSWORD = "ein geheimes Wort".replace(" ", "-")
GIVEN = {
    "server": "127.0.0.1",
    "port": "587",
    "encryption": "none",
    "username": "",
    "password": "",
    "from_address": "ki@example.org",
    "from_name": "Stadt Duisburg, KI",
}


def unset(folder: Path, **changes: object) -> Config:
    """Of a machine on which nobody has set anything of mail."""
    known = {"_env_file": None, "instance": folder, "SECRET_KEY": conftest.KEY, "public_url": "http://localhost"}
    return conftest.Tested(**{**known, **changes})  # type: ignore[arg-type]


@pytest.fixture
def fresh(config: Config, tmp_path: Path) -> Iterator[Flask]:
    app = create_app(unset(tmp_path))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def operator(fresh: Flask) -> User:
    return make.user(email="betrieb@example.org", is_operator=True)


@pytest.fixture
def office(fresh: Flask, operator: User) -> Client:
    return Client(fresh).as_organiser(operator)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


def to(port: int, **more: str) -> dict[str, str]:
    return {**GIVEN, "port": str(port), **more}


def test_set_up_tried_and_sent_without_a_restart(
    fresh: Flask, office: Client, operator: User, server: MailServer, tmp_path: Path
) -> None:
    other = create_app(unset(tmp_path))  # another process of the same instance
    with other.app_context():
        assert mail_settings.present().way == "off"
    assert "Send me a test mail" not in office.get(PAGE).text.replace("Save and send me a test mail", "")

    waits = office.submit(PAGE, to(server.port, trial="yes"))
    assert "on its way" in waits.text
    work_off(other)

    page = office.get(PAGE)
    assert "accepted" in page.text
    assert server.recipients == [[operator.email]]
    assert b'From: "Stadt Duisburg, KI" <ki@example.org>' in server.texts[0]
    conference, _owner = make.organised()
    make.message(make.participant(conference, email="alma@example.org"))
    db.session.commit()
    with other.app_context():
        assert outbox.deliver(clock.now, "w", db.session.commit) == 1
    assert server.recipients[1] == ["alma@example.org"]
    db.session.expire_all()
    assert db.session.query(Message).one().state is MessageState.SENT


def test_it_is_kept_for_its_owner_alone_and_nowhere_else(
    fresh: Flask, office: Client, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    office.submit(PAGE, {**GIVEN, "username": "ki", "password": PASSWORD})
    office.submit(
        PAGE, {**GIVEN, "username": "ki", "from_address": "neu@example.org"}
    )  # an empty one keeps what is stored

    file = tmp_path / mail_settings.FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert json.loads(file.read_text())["password"] == PASSWORD
    assert mail_settings.present().sender_address == "neu@example.org"
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith("mail.json.")] == []
    assert PASSWORD not in office.fetch(PAGE).text
    assert PASSWORD not in repr(mail_settings.present())
    deeds = db.session.query(AuditEntry).filter(AuditEntry.action.like("mail.%")).all()
    assert [(row.action, row.conference_id, row.facts) for row in deeds] == [("mail.set_up", None, {})] * 2
    db.session.commit()
    db.engine.dispose()
    kept = [each for each in tmp_path.rglob("*") if each.is_file() and PASSWORD.encode() in each.read_bytes()]
    assert kept == [file]
    said = capsys.readouterr()
    assert PASSWORD not in said.out + said.err


def test_whoever_reads_while_it_is_written_reads_what_was_before(
    fresh: Flask, office: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.submit(PAGE, GIVEN)

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("planner.config.os.fsync", full)
    refused = office.post(PAGE, {**GIVEN, "server": "localhost", "from_name": "Neu"})

    assert refused.status_code == 503
    assert "could not be stored" in refused.text
    assert "Neu" in refused.text
    assert mail_settings.present().server == "127.0.0.1"
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith("mail.json")] == ["mail.json"]
    assert db.session.query(AuditEntry).filter_by(action="mail.set_up").count() == 1


WRONG = [
    ({"server": ""}, "Please write something here."),
    ({"server": "https://mail.example.org"}, "only the server's name"),
    ({"server": "mail.example.org:587"}, "only the server's name"),
    ({"server": "mail example"}, "only the server's name"),
    ({"server": "a..b"}, "only the server's name"),
    ({"port": ""}, "Please choose a number from 1 to 65535"),
    ({"port": "99999"}, "Please choose a number from 1 to 65535"),
    ({"port": "zwölf"}, "whole number"),
    ({"port": "22"}, "Mail servers do not listen on this port"),
    ({"encryption": "rot13"}, "Not a valid choice"),
    ({"server": "mail.example.org"}, "Everybody in the network could read along"),
    ({"username": "ki"}, "Please type the password"),
    ({"password": PASSWORD}, "A password needs a user name"),
    ({"username": "büro", "password": PASSWORD}, "no umlauts"),
    ({"username": "ki", "password": "geheimnüs"}, "no umlauts"),
    ({"from_address": ""}, "Please write something here."),
    ({"from_address": "niemand"}, "one e-mail address"),
    ({"from_address": "büro@example.org"}, "one e-mail address"),
    ({"from_address": "KI <ki@example.org>"}, "one e-mail address"),
    ({"from_address": "a@example.org, b@example.org"}, "one e-mail address"),
]


@pytest.mark.parametrize(("changes", "sentence"), WRONG)
def test_each_mistake_has_a_sentence_and_nothing_typed_is_lost_but_the_password(
    fresh: Flask, office: Client, changes: dict[str, str], sentence: str
) -> None:
    answer = office.post(PAGE, {**GIVEN, "from_name": "Kanarienamt", **changes})

    assert answer.status_code == 422
    assert sentence in Page(answer.text).text
    assert "Kanarienamt" in answer.text
    assert PASSWORD not in answer.text
    assert mail_settings.present() == mail_settings.OFF


def test_in_the_open_only_with_a_tick_and_the_password_to_no_other_server_unasked(fresh: Flask, office: Client) -> None:
    """Else whoever finds the browser open sends the stored password to a server of hers."""
    first = {**GIVEN, "server": "mail.example.org", "in_the_open": "y", "username": "ki", "password": PASSWORD}
    office.submit(PAGE, first)

    for change in ({"server": "evil.example.org"}, {"port": "25"}, {"username": "kim"}, {"encryption": "tls"}):
        refused = office.post(PAGE, {**first, "password": "", **change})
        assert refused.status_code == 422
        assert "please type the password again" in refused.text
    office.submit(PAGE, {**first, "password": "", "username": ""})
    assert mail_settings.present().password.get_secret_value() == ""


def test_the_one_who_saves_second_reads_both_versions(fresh: Flask, office: Client) -> None:
    office.submit(PAGE, GIVEN)
    seen = office.get(PAGE).fields["seen"]
    office.submit(PAGE, {**GIVEN, "server": "localhost"})

    answer = office.post(PAGE, {**GIVEN, "from_address": "neu@example.org", "seen": seen})

    assert answer.status_code == 409
    assert "What is stored at the moment" in answer.text
    assert mail_settings.present().server == "localhost"


def test_who_is_no_operator_neither_sees_nor_does_it(fresh: Flask) -> None:
    conference, owner = make.organised()
    client, home = Client(fresh).as_organiser(owner), f"/organise/{conference.slug}/messages/"

    assert PAGE not in client.get("/organise/").links
    assert PAGE not in client.get(home).links
    assert "An operator of this installation can set it up." in client.get(home).text
    assert client.fetch(PAGE).status_code == 403
    answers = [client.post(path, GIVEN, page=home).status_code for path in (PAGE, f"{PAGE}/trial", f"{PAGE}/off")]
    assert answers == [403] * 3
    assert mail_settings.present() == mail_settings.OFF
    assert db.session.query(AuditEntry).filter_by(action="denied", conference_id=None).count() == 4


@pytest.mark.parametrize("page", ["messages/", "messages/invitation", "messages/reminder", "team/", ""])
def test_where_mail_is_off_an_operator_is_led_to_the_page(fresh: Flask, operator: User, page: str) -> None:
    conference = make.conference()
    make.member(conference, operator)
    office = Client(fresh).as_organiser(operator)

    shown = office.get(f"/organise/{conference.slug}/{page}")
    assert shown.links.count(PAGE) == (1 if page == "" else 2)  # in her menu, and below the sentence
    office.submit(PAGE, GIVEN)
    assert office.get(f"/organise/{conference.slug}/{page}").links.count(PAGE) == 1


def test_the_way_in_says_that_no_link_comes_until_mail_is_set_up(fresh: Flask, office: Client) -> None:
    login = "/organise/account/login"
    assert "Mail is not set up here, so no link comes by e-mail." in Client(fresh).get(login).text

    office.submit(PAGE, GIVEN)

    page = Client(fresh).get(login)
    assert "Mail is not set up here" not in page.text
    assert "/sign-in-link" in page.links


def test_it_is_asked_for_her_password_again_before_and_what_she_typed_stays(
    fresh: Flask, office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = office.get(PAGE).fields
    monkeypatch.setattr("planner.auth.is_fresh", lambda _now: False)

    assert "verify" in office.fetch(PAGE).headers["Location"]
    monkeypatch.setattr("planner.auth.is_fresh", lambda _now: True)
    office.get(PAGE)
    monkeypatch.setattr("planner.auth.is_fresh", lambda _now: False)
    form = {**GIVEN, "password": PASSWORD, "csrf_token": shown["csrf_token"]}
    answer = office.fetch(PAGE, method="POST", data=form)
    assert answer.status_code == 401
    assert "Stadt Duisburg, KI" in answer.text
    assert PASSWORD not in answer.text


def test_what_the_administrator_has_set_is_shown_and_not_changed(config: Config, tmp_path: Path) -> None:
    mail_file = tmp_path / mail_settings.FILE
    mail_file.write_text("{}")
    given = {"mail": "smtp", "mail_server": "relay.intern", "mail_username": "ki", "mail_password": PASSWORD}
    app = create_app(unset(tmp_path, **given))
    with app.app_context():
        client = Client(app).as_organiser(make.user(is_operator=True))
        page = client.get(PAGE)
        assert "cannot be changed here" in page.text
        assert "relay.intern" in page.text
        assert PASSWORD not in client.fetch(PAGE).text
        assert "server" not in page.fields
        refused = client.post(PAGE, GIVEN)
        assert refused.status_code == 409
        assert "Whoever runs the server has set mail up outside the browser" in refused.text
        assert client.post(f"{PAGE}/off", {}, page=PAGE).status_code == 409
        assert mail_settings.present().server == "relay.intern"
        assert mail_file.read_text() == "{}"
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize(
    ("source", "text"),
    [("environment", "off"), ("planner.toml", 'mail_sender = "a@example.org"\n'), (".env", "PLANNER_MAIL=smtp\n")],
)
def test_whoever_sets_any_of_it_outside_decides_on_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, text: str
) -> None:
    assert not mail_settings.are_fixed(unset(tmp_path))
    (tmp_path / source).write_text(text)
    if source == "environment":
        monkeypatch.setenv("PLANNER_MAIL", text)

    assert mail_settings.are_fixed(unset(tmp_path, **{"_env_file": tmp_path / ".env"}))


def test_where_no_trace_can_be_kept_nothing_is_changed(
    fresh: Flask, office: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.submit(PAGE, GIVEN)
    before = (tmp_path / mail_settings.FILE).read_text()

    def full(*_: object) -> None:
        raise OperationalError("commit", {}, Exception("database or disk is full"))

    shown = office.get(PAGE).fields
    with monkeypatch.context() as patch:
        patch.setattr(db.session, "commit", full)
        form = {**GIVEN, "port": "2525", "csrf_token": shown["csrf_token"], "seen": shown["seen"]}
        status = office.http.post(PAGE, data=form).status_code

    assert status == 503
    assert (tmp_path / mail_settings.FILE).read_text() == before


def test_switched_off_nothing_is_kept(fresh: Flask, office: Client, tmp_path: Path) -> None:
    office.submit(PAGE, {**GIVEN, "username": "ki", "password": PASSWORD})

    page = office.submit(f"{PAGE}/off", {}, page=PAGE)

    assert "Mail is switched off" in page.text
    assert not (tmp_path / mail_settings.FILE).exists()
    assert mail_settings.present() == mail_settings.OFF
    assert db.session.query(AuditEntry).filter_by(action="mail.off").count() == 1


KEPT = {"way": "smtp", "server": "a", "port": 25, "encryption": "none", "username": "", "password": "", "sender": ""}
BROKEN = ["", "{", "[]", "{}", "[" * 100_000, json.dumps({**KEPT, "server": 5}), json.dumps({**KEPT, "way": "x"})]


@pytest.mark.parametrize("broken", BROKEN, ids=lambda text: text[:20])
def test_a_broken_file_sends_nothing_and_is_named(fresh: Flask, office: Client, tmp_path: Path, broken: str) -> None:
    (tmp_path / mail_settings.FILE).write_text(broken)

    assert mail_settings.present() == mail_settings.OFF
    assert "cannot be read any more" in office.get(PAGE).text
    office.submit(PAGE, GIVEN)
    assert not mail_settings.are_broken()


Serve = Callable[[Path], Stub]
FAILS: list[tuple[str, Serve, dict[str, str], str]] = [
    ("not a server", lambda _: Stub("SSH-2.0-OpenSSH"), {}, "or is no mail server"),
    ("busy", lambda _: Stub("421 come again"), {}, "takes no mail now"),
    ("silent", lambda _: Stub(NOTHING), {}, "Nobody answers there in time"),
    ("drips", lambda _: Stub(DRIPS), {}, "Nobody answers there in time"),
    ("cut at once", lambda _: Stub(CUTS), {}, "The line broke before"),
    ("cut later", lambda _: Stub(RCPT=CUTS), {}, "The line broke before"),
    ("no STARTTLS", lambda _: Stub(), {"encryption": "starttls"}, "does not encrypt in this way"),
    ("no TLS", lambda _: Stub(), {"encryption": "tls"}, "does not encrypt in this way"),
    ("own certificate", lambda f: Stub(tls=shows(certificate(f))), {"encryption": "tls"}, "certificate is not valid"),
    (
        "own certificate later",
        lambda f: Stub(starttls=shows(certificate(f)), EHLO="250-stub\r\n250 STARTTLS"),
        {"encryption": "starttls"},
        "certificate is not valid",
    ),
    (
        "wrong password",
        lambda _: Stub(AUTH=f"535 {PASSWORD}"),
        {"username": "ki", "password": PASSWORD},
        "refuses the sign-in",
    ),
    (
        "no sign-in",
        lambda _: Stub(EHLO="250 stub"),
        {"username": "ki", "password": PASSWORD},
        "asks for no user name in this way",
    ),
    ("wants a sign-in", lambda _: Stub(MAIL="530 5.7.0 no"), {}, "wants a user name and a password"),
    ("from_address", lambda _: Stub(MAIL="553 not yours"), {}, "sends nothing from this sender"),
    ("recipient", lambda _: Stub(RCPT="550 nobody"), {}, "takes no mail for your address"),
    ("text", lambda _: Stub(**{".": "554 spam"}), {}, "has refused the mail itself"),
    ("perhaps", lambda _: Stub(**{".": CUTS}), {}, "perhaps sent: the line broke"),
]


@pytest.mark.parametrize(("serve", "more", "sentence"), [fail[1:] for fail in FAILS], ids=[fail[0] for fail in FAILS])
def test_each_way_of_failing_has_a_sentence_in_time(
    fresh: Flask,
    office: Client,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    serve: Serve,
    more: dict[str, str],
    sentence: str,
) -> None:
    monkeypatch.setattr(trials, "LIMIT", 2.0)
    with serve(tmp_path) as stub:
        office.submit(PAGE, to(stub.port, trial="yes", **more))
        began = time.monotonic()
        work_off(fresh)
        took = time.monotonic() - began

    page = office.get(PAGE)
    assert sentence in page.text
    assert "accepted" not in page.text
    assert PASSWORD not in office.fetch(PAGE).text
    assert took < 8
    assert not stub.texts
    if "certificate" in sentence:
        assert not any(line.startswith(("AUTH", "MAIL")) for line in stub.heard)


@pytest.mark.parametrize(
    ("server", "sentence"),
    [("gibt-es-nicht.invalid", "No computer has this name"), ("127.0.0.1", "no mail server listens")],
)
def test_nobody_there(fresh: Flask, office: Client, server: str, sentence: str) -> None:
    office.submit(PAGE, {**to(free_port()), "server": server, "in_the_open": "y", "trial": "yes"})
    work_off(fresh)

    assert sentence in office.get(PAGE).text


@pytest.mark.parametrize("encryption", ["tls", "starttls"])
def test_encrypted_and_signed_in_it_is_accepted(
    fresh: Flask, office: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encryption: str
) -> None:
    file = certificate(tmp_path)
    real = ssl.create_default_context
    monkeypatch.setattr(post.ssl, "create_default_context", lambda: real(cafile=str(file)))
    how = {"tls": shows(file)} if encryption == "tls" else {"starttls": shows(file)}
    offers = TAKES["EHLO"] if encryption == "tls" else "250-stub\r\n250-STARTTLS\r\n250 AUTH PLAIN"
    with Stub(EHLO=offers, **how) as stub:  # type: ignore[arg-type]
        form = to(stub.port, encryption=encryption, username="ki", password=PASSWORD, trial="yes")
        office.submit(PAGE, form)
        work_off(fresh)

    assert "accepted" in office.get(PAGE).text
    assert len(stub.texts) == 1
    heard = [line.split()[0] for line in stub.heard]
    assert heard.index("AUTH") > (heard.index("STARTTLS") if encryption == "starttls" else -1)


def test_not_all_the_time(fresh: Flask, office: Client) -> None:
    office.submit(PAGE, to(free_port()))
    answers = [office.post(f"{PAGE}/trial", {}, page=PAGE).status_code for _ in range(6)]
    assert answers == [302] * 5 + [429]

    shown = office.submit(PAGE, to(free_port(), trial="yes", from_address="neu@example.org"))
    assert "Saved." in shown.text
    assert "That was a lot in a short time" in shown.text
    assert mail_settings.present().sender_address == "neu@example.org"


def test_without_settings_no_test_is_asked_for(fresh: Flask, office: Client) -> None:
    shown = office.submit(f"{PAGE}/trial", {}, page=PAGE)

    assert "Please save first by which server mails leave." in shown.text
    assert db.session.query(MailTrial).count() == 0


def test_the_part_that_changes_asks_until_it_is_over(fresh: Flask, office: Client, operator: User) -> None:
    trials.ask(operator, clock.now())
    db.session.commit()
    assert "hx-get" in office.fetch(f"{PAGE}/trial").text

    row = db.session.query(MailTrial).one()
    row.ending = "login"
    db.session.commit()
    text = office.fetch(f"{PAGE}/trial").text
    assert "hx-get" not in text
    assert "refuses the sign-in" in text


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str]]:
    from planner.cli import main

    for name in ("PLANNER_PUBLIC_URL", "PLANNER_MAIL", "DATABASE_URL", "SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PLANNER_INSTANCE", str(tmp_path))
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> tuple[int, str]:
        result = CliRunner().invoke(main, words)
        return result.exit_code, result.output

    return run


def test_the_first_account_is_the_operators_and_the_last_one_stays_it(command: Callable[..., tuple[int, str]]) -> None:
    assert command("user", "add", "first@example.org")[0] == 0
    assert command("user", "add", "second@example.org")[0] == 0

    code, said = command("user", "operator", "first@example.org", "--off")
    assert (code, "needs an operator" in said) == (2, True)
    assert command("user", "operator", "second@example.org") == (0, "second@example.org is an operator now.\n")
    assert command("user", "operator", "first@example.org", "--off")[0] == 0
    code, said = command("user", "operator", "second@example.org", "--off")
    assert (code, "needs an operator" in said) == (2, True)
    assert command("user", "operator", "third@example.org")[0] == 2
    assert "Somebody can set up mail in the browser." in command("doctor")[1]


def test_of_an_older_installation_nobody_is_operator_until_somebody_says_so(app: Flask) -> None:
    from planner import operators

    make.user()

    assert not operators.nobody_is_here()
    assert operators.count() == 0


def test_a_trial_ends_with_what_was_the_matter(fresh: Flask, operator: User, office: Client) -> None:
    office.submit(PAGE, to(free_port()))
    row = trials.ask(operator, clock.now())
    db.session.commit()

    jobs.send_mail_trial(row.id)

    db.session.refresh(row)
    assert row.ending == "shut"
