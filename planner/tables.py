"""Brings the database to this version's tables, whoever comes first; the others wait and find it done."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import flask_migrate
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import text

from planner import word_index
from planner.config import Config
from planner.errors import PlannerError
from planner.extensions import db

LOCK = 5_281_964  # any number, as long as nobody else uses it in this database
PATIENCE = 120.0  # seconds


class TooNew(PlannerError):
    sentence = (
        "The database was used by a newer version of this program, which this one does not understand. "
        "Install that version again, or restore a backup from before."
    )


def bring_up_to_date() -> None:
    """Make or change the tables where they are not as this version needs them; needs an application context."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with one_at_a_time(current_app.extensions["planner"]):
        found, known = _revisions()
        if not found <= known:
            raise TooNew
        if found != {*ScriptDirectory.from_config(_alembic()).get_heads()}:
            flask_migrate.upgrade()


def are_made() -> bool:
    """Whether anybody ever made tables here."""
    return bool(_revisions()[0])


def fit() -> bool:
    """Whether the tables are what this version's models say."""
    with db.engine.connect() as connection:
        options = {"compare_type": True, "include_object": _is_of_a_model}
        return not compare_metadata(MigrationContext.configure(connection, opts=options), db.metadata)


def _is_of_a_model(_thing: object, name: str | None, kind: str, *_more: object) -> bool:
    """No model names the index of words."""
    return kind not in {"table", "index"} or not word_index.is_ours(name)


def _revisions() -> tuple[set[str], set[str]]:
    """Where the database stands, and every place that this version knows."""
    with db.engine.connect() as connection:
        found = set(MigrationContext.configure(connection).get_current_heads())
    return found, {script.revision for script in ScriptDirectory.from_config(_alembic()).walk_revisions()}


def _alembic():  # type: ignore[no-untyped-def]
    return current_app.extensions["migrate"].migrate.get_config()


@contextmanager
def one_at_a_time(config: Config) -> Iterator[None]:
    """Two processes that start together do not both make the tables."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect() as connection:
            # Requests wait a few seconds at most; whoever waits for tables waits until they are made.
            connection.execute(text(f"set local lock_timeout = '{PATIENCE:.0f}s'"))
            connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            yield
    else:
        # A lock that the system frees by itself when we die, in a way that every system has.
        with closing(sqlite3.connect(config.instance / "tables.lock", timeout=PATIENCE)) as lock:
            lock.isolation_level = None
            lock.execute("begin exclusive")
            yield
