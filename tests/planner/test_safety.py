"""Secure by default: who else may read, under which name it answers, what does not start, one key for all."""

import os
import runpy
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from gunicorn import config as gunicorn

from planner import create_app
from planner.cli import main
from planner.config import ROOT, Config, UnsafeStart
from planner.doctor import Finding, findings
from planner.extensions import db
from planner.models import User
from tests import factories as make
from tests.client import Client
from tests.conftest import settings
from tests.forked import forked


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_whatever_is_made_is_closed_to_others_on_the_machine(tmp_path: Path) -> None:
    """Database, queue and mails could be read by everybody who has an account there."""
    before = os.umask(0o022)
    try:
        folder = tmp_path / "instance"
        command = [sys.executable, "-m", "planner", "user", "add", "alma@example.org"]
        subprocess.run(command, cwd=ROOT, env=environment(folder), check=True, capture_output=True)
    finally:
        os.umask(before)

    assert mode(folder) == 0o700
    found = {path.name: mode(path) & 0o077 for path in folder.rglob("*")}
    assert {"planner.sqlite3", "secret_key"} <= set(found)
    assert set(found.values()) == {0}


def environment(folder: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PLANNER_")}
    return {**kept, "PLANNER_INSTANCE": str(folder), "PYTHONPATH": str(ROOT), **more}


def test_processes_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    """Twenty-five times four of them, each time all let go in the same moment."""
    key = f"Config(instance=Path({str(tmp_path)!r}, str(number))).key()"
    imports = "from pathlib import Path; from planner.config import Config"
    line = f"str(number) + ' ' + {key} + chr(10)"  # written at once, so that no other one's stands inside it
    act = f"for number in range(25): start.wait(); sys.stdout.write({line}); sys.stdout.flush()"

    told = forked(4, imports, act, environment(tmp_path)).splitlines()

    kept = [(tmp_path / str(number) / "secret_key").read_text() for number in range(25)]
    assert sorted(told) == sorted(f"{number} {key}" for number, key in enumerate(kept) for _ in range(4))
    assert len(set(kept)) == 25
    for folder in tmp_path.iterdir():
        assert [path.name for path in folder.iterdir()] == ["secret_key"]
        assert mode(folder / "secret_key") == 0o600


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """A machine on which nobody has set anything."""
    for name in os.environ:
        if name.startswith("PLANNER_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PLANNER_INSTANCE", str(tmp_path))
    return monkeypatch


def test_another_server_than_ours_starts_with_a_safe_address_only(bare: pytest.MonkeyPatch) -> None:
    """gunicorn on 0.0.0.0 served cookies in the open, whatever was set."""
    with pytest.raises(UnsafeStart, match="PLANNER_PUBLIC_URL is missing"):
        create_app()
    bare.setenv("PLANNER_PUBLIC_URL", "http://konferenz.example.org")
    with pytest.raises(UnsafeStart, match="in the open"):
        create_app()

    for address in ("https://konferenz.example.org", "http://127.0.0.1:8000"):
        bare.setenv("PLANNER_PUBLIC_URL", address)
        assert create_app().extensions["planner"].public_url == address


def test_gunicorn_says_why_it_does_not_start(tmp_path: Path) -> None:
    command = [str(Path(sys.executable).with_name("gunicorn")), "-b", "127.0.0.1:0", "planner:create_app()"]

    ran = subprocess.run(
        command, cwd=ROOT, env=environment(tmp_path), capture_output=True, text=True, timeout=60, check=False
    )

    assert ran.returncode != 0
    assert "PLANNER_PUBLIC_URL is missing" in ran.stderr


def test_gunicorn_writes_nothing_outside_the_instance() -> None:
    """Its control socket lay in the home folder, and a second server of the same user took it over."""
    ours, known = runpy.run_path(str(ROOT / "planner" / "deploy" / "gunicorn.py")), gunicorn.make_settings()

    assert [name for name in ("bind", "control_socket_disable") if name not in known] == []
    assert ours["control_socket_disable"] is True


def test_no_setting_makes_a_server_throw_its_errors_at_people(bare: pytest.MonkeyPatch) -> None:
    bare.setenv("PLANNER_TESTING", "1")
    bare.setenv("TESTING", "1")

    assert create_app(Config()).testing is False


@pytest.fixture
def public(app: Flask, tmp_path: Path) -> Flask:
    return create_app(settings(tmp_path, public_url="https://konferenz.example.org"))


@pytest.mark.parametrize("host", ["evil.example", "konferenz.example.org.evil.example", "konferenz.example.org@evil"])
@pytest.mark.parametrize("path", ["/", "/organise", "/c/nowhere", "/healthz"])
def test_under_another_name_nothing_is_answered(public: Flask, host: str, path: str) -> None:
    """A redirect to the address with a slash led to whatever name the request had come under."""
    answer = public.test_client().get(path, headers={"Host": host})

    assert answer.status_code == 400
    assert "evil" not in answer.headers.get("Location", "")
    assert host not in answer.text


def test_redirects_name_a_path(public: Flask) -> None:
    answer = public.test_client().get("/organise", headers={"Host": "konferenz.example.org:8443"})

    assert answer.status_code == 308
    assert answer.headers["Location"] == "/organise/"


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:8000"])
def test_a_local_installation_answers_under_both_its_names(app: Flask, host: str) -> None:
    assert app.test_client().get("/", headers={"Host": host}).status_code == 200


def told(app: Flask, config: Config) -> dict[str, Finding]:
    with app.app_context():
        return {sentence: mark for mark, sentence in findings(config)}


def looked_at(app: Flask, config: Config) -> str:
    return " ".join(sentence for sentence, mark in told(app, config).items() if mark is Finding.LOOK)


def test_the_doctor_names_files_that_others_may_read(app: Flask, config: Config) -> None:
    assert "chmod" not in looked_at(app, config)

    (config.instance / "planner.sqlite3").chmod(0o644)

    assert f"chmod -R go= {config.instance}" in looked_at(app, config)


def test_the_doctor_names_a_missing_proxy_and_accounts_with_a_password_alone(app: Flask, tmp_path: Path) -> None:
    user: User = make.user()
    db.session.commit()
    config = settings(tmp_path, public_url="https://konferenz.example.org")

    assert "PLANNER_PROXIES is 0" in looked_at(app, config)
    assert "Organisers without a second factor: 1" in looked_at(app, config)

    user.tf_primary_method = "authenticator"
    db.session.commit()
    better = settings(tmp_path, public_url="https://konferenz.example.org", proxies=1)
    assert "PROXIES" not in looked_at(app, better)
    assert "second factor" not in looked_at(app, better)
    assert any("no backups" in sentence for sentence in told(app, better))


def test_the_doctor_names_an_address_in_the_open_and_one_that_takes_any_name(app: Flask, tmp_path: Path) -> None:
    assert "cookies travel in the open" in looked_at(app, settings(tmp_path, public_url="http://konferenz.example.org"))
    assert "Requests under any name are answered" in looked_at(
        app, settings(tmp_path, public_url="https://[2001:db8::1]")
    )
    better = looked_at(app, settings(tmp_path, public_url="https://konferenz.example.org"))
    assert "in the open" not in better
    assert "any name" not in better


def test_the_doctor_says_why_settings_cannot_be_used(bare: pytest.MonkeyPatch) -> None:
    bare.setenv("PLANNER_MAIL_SENDER", "b\u00fcro@example.org")

    told = CliRunner().invoke(main, ["doctor"])

    assert told.exit_code == 2
    assert "PLANNER_MAIL_SENDER: 'b\u00fcro@example.org': write one address as NAME@EXAMPLE.ORG" in told.output


def test_the_audit_is_verified_and_anchored_on_the_command_line(bare: pytest.MonkeyPatch) -> None:
    run = CliRunner()
    assert run.invoke(main, ["user", "add", "alma@example.org"]).exit_code == 0
    assert run.invoke(main, ["audit", "anchor"]).exit_code == 0

    whole = run.invoke(main, ["audit", "verify"])

    assert whole.exit_code == 0, whole.output
    assert "The audit is whole" in whole.output


def test_cookies_of_a_public_installation_travel_by_https_alone(public: Flask) -> None:
    with public.app_context():
        client = Client(public)
        client.http.environ_base["HTTP_HOST"] = "konferenz.example.org"
        answer = client.http.get("/organise/account/login", base_url="https://konferenz.example.org")

    [cookie] = answer.headers.getlist("Set-Cookie")
    assert cookie.startswith("__Host-")
    for word in ("Secure", "HttpOnly", "SameSite=Lax"):
        assert word in cookie
