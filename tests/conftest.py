"""One migrated database per run, copied for each test; a client that checks every page it fetches."""

import os
import shutil
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar

import flask_migrate
import pytest
from flask import Flask

from planner import create_app, extensions, turns
from planner.config import Config
from planner.extensions import db
from tests import postgresql, thrift
from tests.client import Client

os.environ["STUHLKREIS_STRICT"] = "1"  # two proofs that contradict each other fail a test instead of a log line
KEY = "a key for the tests alone, long enough to be accepted"
PATIENCE = 60.0
DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


class Tested(Config):
    """Errors are thrown at the test; no setting can say so."""

    testing: ClassVar[bool] = True


def settings(folder: Path, **changes: object) -> Config:
    return Tested(
        **{  # type: ignore[arg-type]
            "_env_file": None,
            "instance": folder,
            "SECRET_KEY": KEY,
            "mail": "file",
            "public_url": "http://localhost",
            "untranslated": True,  # Arabic, for pages from right to left
            **changes,
        }
    )


def pytest_xdist_auto_num_workers() -> int:
    """Two more than there are cores: three groups wait for servers and a browser while the others are computed."""
    return (os.cpu_count() or 1) + 2


def pytest_configure() -> None:
    """Here and not above: campaigns import this module, too, and know power cuts."""
    thrift.compile_once()
    thrift.hash_lightly()
    thrift.trust_in_the_power()


@pytest.hookimpl(tryfirst=True)  # before xdist looks for its groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What shares something dear (a running demonstration, a solved plan, a server) runs on one worker."""
    for item in items:
        shared = [name for name in ("browser", "postgresql") if item.get_closest_marker(name)]
        # Two groups of one test would be a third, beside both.
        if shared and not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(shared[0]))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where everything is installed a skipped test is a failure, but for those that read others' instances."""
    report = yield
    strict = os.environ.get("STUHLKREIS_NOTHING_SKIPPED") and not item.get_closest_marker("shared_data")
    if report.skipped and strict:
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be skipped: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("migrated")
    app = create_app(settings(folder))
    with app.app_context():
        flask_migrate.upgrade()
        db.engine.dispose()
    return folder / "planner.sqlite3"


@pytest.fixture
def config(migrated: Path, tmp_path: Path) -> Config:
    return settled(migrated, tmp_path)


@pytest.fixture
def app(config: Config) -> Iterator[Flask]:
    yield from _opened(config)


@pytest.fixture(scope="module")
def module_app(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """For what is dear to build and only read: all tests of a module share it."""
    folder = tmp_path_factory.mktemp("module")
    yield from _opened(settled(migrated, folder))


def settled(database: Path, folder: Path, **changes: object) -> Config:
    """A copy of the database and of the queue beside it: to make a queue costs more than most tests do."""
    for name in ("planner.sqlite3", "queue.sqlite3"):
        shutil.copy(database.with_name(name), folder / name)
    return settings(folder, **changes)


def _opened(config: Config) -> Iterator[Flask]:
    app = create_app(config)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> Client:
    return Client(app)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    with postgresql.server() as address:
        yield address


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql_server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with postgresql.database(postgresql_server) as address:
        with contextmanager(_opened)(settings(tmp_path_factory.mktemp("migrated"), DATABASE_URL=address)):
            flask_migrate.upgrade()
        yield address


@pytest.fixture
def postgresql_app(postgresql_server: str, migrated_postgresql: str, tmp_path: Path) -> Iterator[Flask]:
    with postgresql.database(postgresql_server, like=migrated_postgresql) as address:
        yield from _opened(settings(tmp_path, DATABASE_URL=address))


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is told to come back only because the machine has other things to do."""
    monkeypatch.setattr(turns, "LONGEST", PATIENCE)
    monkeypatch.setattr(turns, "STUCK", PATIENCE)
    monkeypatch.setattr(extensions, "WAIT_MS", round(PATIENCE * 1000))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def either_app(request: pytest.FixtureRequest) -> Flask:
    """The same test on both databases."""
    return request.getfixturevalue("app" if request.param == "sqlite" else "postgresql_app")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    if not DATA.is_dir():
        pytest.skip("the folder with other projects' instances is not beside this checkout")
    return DATA
