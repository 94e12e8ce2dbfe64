"""The command: accounts, the doctor, unsafe starts, loading a conference of one's own."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from planner.cli import main
from planner.config import ROOT


@pytest.fixture
def planner(migrated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    shutil.copy(migrated, tmp_path / "planner.sqlite3")
    monkeypatch.setenv("PLANNER_INSTANCE", str(tmp_path))

    def run(*words: str) -> Result:
        return CliRunner().invoke(main, words)

    return run


def test_an_account_gets_a_link_that_signs_in_once(planner) -> None:  # type: ignore[no-untyped-def]
    assert "/s/" in planner("user", "add", "alma@example.org").output
    assert "/s/" in planner("user", "link", "alma@example.org").output


def test_an_unknown_account_is_told_how_to_make_one(planner) -> None:  # type: ignore[no-untyped-def]
    result = planner("user", "link", "nobody@example.org")

    assert result.exit_code == 1
    assert "planner user add nobody@example.org" in result.output


def test_the_doctor_finds_a_fresh_local_installation_fine(planner) -> None:  # type: ignore[no-untyped-def]
    result = planner("doctor")

    assert result.exit_code == 0, result.output
    assert "LOOK" not in result.output


def test_public_binding_over_plain_http_is_refused(planner) -> None:  # type: ignore[no-untyped-def]
    result = planner("run", "--host", "0.0.0.0")  # noqa: S104 - this is what must be refused

    assert result.exit_code == 1
    assert "PLANNER_PUBLIC_URL" in result.output


def test_the_demonstration_stays_on_this_computer(planner) -> None:  # type: ignore[no-untyped-def]
    assert "for this computer only" in planner("demo", "--host", "192.0.2.1").output


def test_a_weak_key_is_refused(planner, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("SECRET_KEY", "short")

    assert "32" in str(planner("doctor").exception or planner("doctor").output)


def test_an_own_conference_is_loaded_from_files(planner) -> None:  # type: ignore[no-untyped-def]
    result = planner("load", str(ROOT / "planner" / "demo" / "duisburg"), "alma@example.org")

    assert "with 190 people" in result.output, result.output
