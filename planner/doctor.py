"""What is unsafe or missing on this machine, each finding in a sentence."""

import ipaddress
from collections.abc import Iterator
from urllib.parse import urlparse

import flask_migrate
from flask import current_app
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from planner import jobs
from planner.config import Config
from planner.extensions import db, sqlite

SAFE_SQLITE = (3, 51, 3)


def findings(config: Config) -> Iterator[tuple[bool, str]]:
    """Pairs of "is it fine?" and a sentence."""
    yield from _database(config)
    yield from _address(config)
    yield from _queue()


def _database(config: Config) -> Iterator[tuple[bool, str]]:
    try:
        db.session.execute(text("select 1 from conference limit 1"))
        db.session.rollback()  # the check of the tables opens a transaction of its own
    except SQLAlchemyError:
        yield False, "The database cannot be read. Run: planner db upgrade"
        return
    yield True, f"The database answers ({db.engine.dialect.name})."
    try:
        flask_migrate.check()
        yield True, "Its tables fit this version."
    except SystemExit:
        yield False, "Its tables do not fit this version. Run: planner db upgrade"
    if db.engine.dialect.name == "sqlite":
        found = sqlite.sqlite_version
        fine = tuple(int(part) for part in found.split(".")) >= SAFE_SQLITE
        advice = "" if fine else "; versions before 3.51.3 can corrupt a file with several writers: install pysqlite3"
        yield fine, f"SQLite is version {found} from the module {sqlite.__name__}{advice}."


def _address(config: Config) -> Iterator[tuple[bool, str]]:
    host = urlparse(config.public_url).hostname or ""
    fine = config.secure or is_local(host)
    yield fine, f"Links lead to {config.public_url}" + ("." if fine else ": use https, or cookies travel in the open.")
    if config.mail == "console":
        yield config.public_url.startswith("http://"), "Mails are only written to the console (PLANNER_MAIL=smtp)."


def is_local(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _queue() -> Iterator[tuple[bool, str]]:
    try:
        yield True, f"The queue answers; waiting tasks: {jobs.state()['waiting']}."
    except Exception as error:  # any engine's own error: the point is to name it
        yield False, f"The queue does not answer: {type(error).__name__}."
    if not current_app.config["SECRET_KEY"]:
        yield False, "There is no secret key."
