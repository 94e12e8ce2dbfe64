"""The load campaigns in their short forms: nothing acknowledged is lost, and each control arm is caught."""

import shutil

import pytest

from tests.campaigns.report import Report
from tests.load import hostile, last_minute, organiser
from tests.load.pages import PAGES, PAPERS

pytestmark = pytest.mark.xdist_group("load")


def quiet(_line: str) -> None:
    """Nobody watches."""


BUSY = ("says when to come back", "TimeoutError", "p95", "p99")
"""What is said of a machine that has other things to do: how fast it is, the campaign asks on a quiet one."""
FEW = 5


def wrong(report: Report) -> list[str]:
    return [each for each in report.broken if not any(word in each for word in BUSY)]


def saved(server: str, database: str = "sqlite", *, unguarded: bool = False) -> Report:
    needs(server)
    return last_minute.run(
        "last-minute", 15, 3, database=database, server=server, unguarded=unguarded, say=quiet, people=20
    )


def beside(server: str, connections: int, seconds: float, *, unguarded: bool = False) -> Report:
    needs(server)
    return hostile.run(
        "hostile", connections, seconds, database="sqlite", server=server, unguarded=unguarded, say=quiet, people=40
    )


def needs(server: str) -> None:
    if server == "proxy" and shutil.which("nginx") is None:
        pytest.skip("nginx is not installed")


@pytest.mark.parametrize("server", ["run", "proxy"])
def test_what_is_acknowledged_in_the_last_minute_is_stored(server: str) -> None:
    report = saved(server)

    assert report.figures["missing"] == 0
    assert FEW <= report.figures["acknowledged"] <= 15
    assert wrong(report) == []


@pytest.mark.postgresql
def test_what_is_acknowledged_in_the_last_minute_is_stored_in_postgresql() -> None:
    report = saved("gunicorn", "postgresql")

    assert report.figures["missing"] == 0
    assert FEW <= report.figures["acknowledged"] <= 15
    assert wrong(report) == []


@pytest.mark.parametrize("server", ["run", "gunicorn"])
def test_a_save_that_is_acknowledged_before_its_commit_is_found_by_the_ledger(server: str) -> None:
    report = saved(server, unguarded=True)

    assert FEW <= report.figures["missing"] == report.figures["acknowledged"] <= 15
    assert report.as_expected


@pytest.mark.parametrize("server", ["run", "proxy"])
def test_slow_people_and_large_bodies_are_shed_beside_a_polite_user(server: str) -> None:
    report = beside(server, 150, 4)

    assert wrong(report) == []
    assert report.figures["acknowledged"] >= FEW
    assert {
        row["hostile"]: row["answer"][0] for row in report.rows if row["hostile"] in hostile.LARGE
    } == dict.fromkeys(hostile.LARGE, "4")


def test_without_the_proxy_slow_people_starve_a_polite_user() -> None:
    report = beside("proxy", 100, 6, unguarded=True)

    assert any("p95" in each or "broken" in each for each in report.broken)


def test_every_page_and_paper_of_an_organiser_is_measured() -> None:
    """The campaign met the limit of papers a minute, and ended there."""
    report = organiser.run("organiser", 0, 0, database="sqlite", server="run", unguarded=False, say=quiet, people=30)

    assert [row["page"] for row in report.rows] == [*PAGES, *PAPERS]
    assert [each for each in report.broken if "queries" in each] == []
