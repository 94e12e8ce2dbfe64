"""The command: accounts, the doctor, unsafe starts, loading a conference of one's own."""

import os
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from planner.cli import main
from planner.config import ROOT, Config, remember_address
from planner.demo.reading import read_duisburg
from tests import postgresql
from tests.forked import forked
from tests.postgresql import free_port

DUISBURG = str(ROOT / "planner" / "demo" / "duisburg")


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """The command on a machine where nothing was done before."""
    for name in ("PLANNER_PUBLIC_URL", "PLANNER_MAIL", "DATABASE_URL", "SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PLANNER_INSTANCE", str(tmp_path))

    def run(*words: str) -> Result:
        return CliRunner().invoke(main, words)

    return run


@pytest.fixture
def planner(empty, migrated: Path, tmp_path: Path):  # type: ignore[no-untyped-def]
    shutil.copy(migrated, tmp_path / "planner.sqlite3")
    return empty


def test_an_account_gets_a_link_that_signs_in_once(planner) -> None:  # type: ignore[no-untyped-def]
    assert "/s/" in planner("user", "add", "alma@example.org").output
    assert "/s/" in planner("user", "link", "alma@example.org").output


def test_an_unknown_account_is_told_how_to_make_one(planner) -> None:  # type: ignore[no-untyped-def]
    result = planner("user", "link", "nobody@example.org")

    assert result.exit_code == 2
    assert "planner user add nobody@example.org" in result.output


def test_a_second_factor_that_is_switched_off_here_stands_in_the_audit(  # type: ignore[no-untyped-def]
    planner, tmp_path: Path
) -> None:
    planner("user", "add", "alma@example.org")

    assert "without a second factor now" in planner("user", "forget-second-factor", "alma@example.org").output

    with closing(sqlite3.connect(tmp_path / "planner.sqlite3")) as database:
        rows = database.execute("select actor, subject from audit_entry where action = 'account.second_factor_off'")
        assert rows.fetchall() == [("system", "organiser:1")]
    assert "The audit is whole" in planner("audit", "verify").output


def test_a_copy_of_the_anchors_tells_what_this_machine_has_lost(planner, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    planner("user", "add", "alma@example.org")
    planner("user", "forget-second-factor", "alma@example.org")
    copy = (tmp_path / "audit.anchors").rename(tmp_path / "copy")
    with closing(sqlite3.connect(tmp_path / "planner.sqlite3")) as database, database:
        database.execute("delete from audit_entry")
        database.execute("delete from audit_head")

    assert planner("audit", "verify").exit_code == 0
    told = planner("audit", "verify", "--anchors", str(copy))

    assert told.exit_code == 1
    assert "Chain 0: it is not the one that ended with entry 1" in told.output


def test_the_doctor_finds_a_fresh_local_installation_fine(planner) -> None:  # type: ignore[no-untyped-def]
    result = planner("doctor")

    assert result.exit_code == 0, result.output
    assert "LOOK" not in result.output
    assert "NOTE Mail is not set up" in result.output


def test_the_doctor_calls_a_public_installation_without_mail_unfinished(planner, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("PLANNER_PUBLIC_URL", "https://konferenz.example.org")

    result = planner("doctor")

    assert result.exit_code == 1
    assert "LOOK Mail is not set up (PLANNER_MAIL=off)" in result.output


def test_the_doctor_says_when_the_mail_server_does_not_answer(planner, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("PLANNER_MAIL", "smtp")
    monkeypatch.setenv("PLANNER_MAIL_PORT", str(free_port()))

    result = planner("doctor")

    assert result.exit_code == 1
    assert "does not answer" in result.output


def test_the_doctor_makes_nothing_on_an_empty_machine(empty, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    result = empty("doctor")

    assert result.exit_code == 0, result.output
    assert "The database is empty" in result.output


@pytest.mark.parametrize("words", [("user", "add", "you@example.org"), ("load", DUISBURG, "you@example.org")])
def test_an_empty_machine_gets_its_tables_from_the_first_command(empty, words: tuple[str, ...]) -> None:  # type: ignore[no-untyped-def]
    assert empty(*words).exit_code == 0
    assert "Its tables fit this version." in empty("doctor").output


def test_a_database_of_a_newer_version_is_left_alone(planner, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    with closing(sqlite3.connect(tmp_path / "planner.sqlite3")) as database, database:
        database.execute("update alembic_version set version_num = '9999'")

    result = planner("user", "add", "you@example.org")

    assert result.exit_code == 2
    assert "newer version" in result.output


def test_four_commands_at_once_on_an_empty_machine_all_succeed(tmp_path: Path) -> None:
    add_at_once(tmp_path, "")

    assert len((tmp_path / "secret_key").read_text()) >= 32


@pytest.mark.postgresql
def test_four_commands_at_once_make_the_tables_in_postgresql_once(tmp_path: Path, postgresql_server: str) -> None:
    with postgresql.database(postgresql_server) as address:
        add_at_once(tmp_path, address)


def add_at_once(folder: Path, database: str) -> None:
    """Four processes that all find no tables, and all succeed."""
    environment = {**os.environ, "PLANNER_INSTANCE": str(folder), "DATABASE_URL": database}
    command = 'main(["user", "add", f"organiser{os.getpid()}@example.org"])'

    links = forked(4, "from planner.cli import main", command, environment)

    assert len(set(re.findall(r"/s/\S+", links))) == 4


def test_half_a_key_is_never_used(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("")

    with pytest.raises(OSError, match="no whole key"):
        Config(instance=tmp_path).key()


def test_public_binding_over_plain_http_is_refused(planner) -> None:  # type: ignore[no-untyped-def]
    result = planner("run", "--host", "0.0.0.0")  # noqa: S104 - this is what must be refused

    assert result.exit_code == 2
    assert "PLANNER_PUBLIC_URL" in result.output


def test_the_demonstration_stays_on_this_computer(planner) -> None:  # type: ignore[no-untyped-def]
    assert "for this computer only" in planner("demo", "--host", "192.0.2.1").output


def test_a_weak_key_is_refused(planner, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("SECRET_KEY", "short")

    result = planner("doctor")

    assert result.exit_code == 2
    assert "needs 32" in result.output


def test_an_own_conference_is_loaded_from_files(planner) -> None:  # type: ignore[no-untyped-def]
    result = planner("load", str(ROOT / "planner" / "demo" / "duisburg"), "alma@example.org")

    assert f"with {len(read_duisburg().participants)} people" in result.output, result.output


def test_printed_links_lead_to_where_run_serves_by_itself(empty) -> None:  # type: ignore[no-untyped-def]
    ports = {option.name: option.default for option in main.commands["run"].params}

    added = empty("user", "add", "you@example.org")

    assert added.stdout.startswith(f"http://{ports['host']}:{ports['port']}/s/")
    # Nobody can know yet where it will be served, so that is said with the way to a link that fits.
    assert f"It leads to http://{ports['host']}:{ports['port']}." in added.stderr
    assert "start `planner run --port` first, then ask: planner user link you@example.org" in added.stderr


def test_printed_links_lead_to_where_run_served_last(planner, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    remember_address(tmp_path, "http://127.0.0.1:5211")

    assert planner("user", "add", "you@example.org").stdout.startswith("http://127.0.0.1:5211/s/")


def test_an_address_that_was_set_goes_before_a_remembered_one(planner, tmp_path: Path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    remember_address(tmp_path, "http://127.0.0.1:5211")
    monkeypatch.setenv("PLANNER_PUBLIC_URL", "https://konferenz.example.org")

    added = planner("user", "add", "you@example.org")

    assert added.stdout.startswith("https://konferenz.example.org/s/")
    assert "--port" not in added.stderr


def test_an_account_is_one_account_in_any_case_of_letters(planner) -> None:  # type: ignore[no-untyped-def]
    planner("user", "add", "alma@example.org")

    assert "/s/" in planner("user", "link", "Alma@Example.ORG").output
