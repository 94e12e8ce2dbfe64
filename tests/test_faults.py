"""The short forms of the campaigns of faults (`python -m tests.faults`): the same code, fewer rounds."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults import audit, child, forms, orphan, parsers, privacy, workflow


def quiet(line: str) -> None:
    """Nobody reads along."""


@pytest.mark.skipif(sys.platform != "linux", reason="whose child a process is stands in /proc")
def test_no_solver_outlives_the_process_that_waits_for_it() -> None:
    told = orphan.run(2, 1, database="sqlite", unguarded=False, say=quiet)

    assert told.broken == []


@pytest.mark.skipif(sys.platform != "linux", reason="whose child a process is stands in /proc")
def test_without_the_death_signal_a_solver_is_left_behind() -> None:
    told = orphan.run(1, 1, database="sqlite", unguarded=True, say=quiet)

    assert told.broken == ["round 0: a solver was left behind"]


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_nothing_of_somebody_erased_is_left_in_any_file(database: str) -> None:
    told = privacy.run(1, 1, database=database, unguarded=False, say=quiet)

    assert told.broken == []


@pytest.mark.parametrize("number", range(3))
def test_without_one_of_the_protections_words_are_left(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    only = privacy.PROTECTIONS["sqlite"][number]
    monkeypatch.setitem(privacy.PROTECTIONS, "sqlite", (only,))

    assert privacy.run(1, 1, database="sqlite", unguarded=True, say=quiet).broken


@pytest.mark.skipif(sys.platform != "linux", reason="whose child a process is stands in /proc")
def test_a_run_whose_solver_is_killed_or_stopped_ends_well() -> None:
    told = child.run(2, 1, database="sqlite", unguarded=False, say=quiet, people=40, late=60)  # how fast: the campaign

    assert told.broken == []
    assert [row["fault"] for row in told.rows] == ["solver killed", "solver stopped"]


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_whatever_is_changed_in_the_audit_is_found(database: str) -> None:
    told = audit.run(48, 1, database=database, unguarded=False, say=quiet)

    assert told.broken == []


def test_without_the_servers_key_in_the_seals_changes_are_missed() -> None:
    told = audit.run(48, 1, database="sqlite", unguarded=True, say=quiet)

    assert told.broken


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_whatever_is_sent_is_no_server_error(database: str) -> None:
    told = forms.run(1, 1, database=database, unguarded=False, say=quiet)

    assert told.broken == []
    assert told.figures["forms"] > 60
    assert told.figures["pages"] > 60


def test_a_form_that_believes_python_about_digits_is_found() -> None:
    told = forms.run(20, 1, database="sqlite", unguarded=True, say=quiet, only="organiser.groups.*")

    assert any("ValueError" in line for line in told.broken)


def test_no_broken_file_makes_a_parser_raise_anything_but_its_sentence() -> None:
    told = parsers.run(25, 1, database="sqlite", unguarded=False, say=quiet)

    assert told.broken == []
    assert all(row["refused"] for row in told.rows)


def test_a_parser_that_raises_is_found() -> None:
    """What else is refused in a sentence counts as broken here."""
    told = parsers.run(2, 1, database="sqlite", unguarded=True, say=quiet)

    assert told.broken


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_whoever_does_what_in_whatever_order_all_that_is_promised_holds(database: str) -> None:
    told = workflow.run(2, 5, database=database, unguarded=False, say=quiet, steps=8)

    assert told.broken == []
    assert told.figures["steps"] > 8


@pytest.mark.browser
def test_no_text_runs_on_any_page(tmp_path: Path) -> None:
    """One of twelve rounds: each field holds five of the sixty texts. In a process of its own, as its browser is."""
    command = [sys.executable, "-m", "tests.faults", "scripts", "--count", "1", "--into", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)

    told = json.loads((tmp_path / "scripts.json").read_text())
    assert told["broken"] == []
    assert told["figures"]["pages"] > 70
    assert told["figures"]["forms"] > 15
