"""The whole application, served over HTTP with its worker, and its database as an outsider reads it."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import flask_migrate
import psycopg
import structlog
from flask import Flask, got_request_exception
from sqlalchemy import JSON, DateTime
from waitress import create_server

from planner import create_app
from planner.extensions import db, limiter, sqlite
from planner.jobs import Worker
from planner.serve import patient
from tests.conftest import settings
from tests.faults import site
from tests.postgresql import free_port

Row = dict[str, Any]
Tables = dict[str, list[Row]]
"""Everything that is stored, by table, each in the order of its numbers."""


@dataclass
class Stage:
    """`errors` are what a server answers 500 for, in the order in which they happened."""

    app: Flask
    port: int
    key: bytes
    own: Any
    errors: list[str] = field(default_factory=list)

    def tables(self) -> Tables:
        """All rows in one moment, read past the application."""
        on_postgresql = isinstance(self.own, psycopg.Connection)
        self.own.execute("BEGIN ISOLATION LEVEL REPEATABLE READ" if on_postgresql else "BEGIN")
        try:
            return {table.name: self._rows(table) for table in db.metadata.sorted_tables}
        finally:
            self.own.execute("COMMIT")

    def _rows(self, table: Any) -> list[Row]:
        order = "id" if "id" in table.columns else "1"
        names = ", ".join(f'"{column.name}"' for column in table.columns)
        rows = self.own.execute(f'select {names} from "{table.name}" order by {order}').fetchall()  # noqa: S608
        return [{column.name: _plain(column, row[at]) for at, column in enumerate(table.columns)} for row in rows]

    def wipe(self) -> None:
        """Nothing is stored, and numbers begin anew."""
        names = [f'"{table.name}"' for table in db.metadata.sorted_tables]
        if isinstance(self.own, psycopg.Connection):
            self.own.execute(f"truncate {', '.join(names)} restart identity cascade")  # type: ignore[call-overload]
            return
        self.own.execute("PRAGMA foreign_keys=OFF")
        self.own.execute("BEGIN IMMEDIATE")
        for name in (*names, "sqlite_sequence"):
            self.own.execute(f"delete from {name}")  # noqa: S608
        self.own.execute("COMMIT")

    def forget_limits(self) -> None:
        """Nobody's steps are somebody's who was too fast: how much is too much has tests of its own."""
        limiter.reset()


def _plain(column: Any, value: Any) -> Any:
    """The same on both databases."""
    if isinstance(column.type, JSON) and isinstance(value, str):
        return json.loads(value)
    moment = isinstance(getattr(column.type, "impl", column.type), DateTime)
    if moment and isinstance(value, str):
        value = datetime.fromisoformat(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
    return value


@contextmanager
def served(database: str) -> Iterator[Stage]:
    """On "sqlite" or "postgresql", until the block ends."""
    with site.folder() as folder, site.database(database) as address:
        port = free_port()
        here = f"http://127.0.0.1:{port}"
        app = create_app(settings(folder, DATABASE_URL=address, public_url=here, mail="off"))
        app.config["PROPAGATE_EXCEPTIONS"] = False  # as in production: people read a page
        structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
        with app.app_context():
            flask_migrate.upgrade()
        stage = Stage(app, port, app.extensions["planner"].chain_key(), _opened(folder, address))

        def remember(_app: Flask, exception: BaseException, **_: Any) -> None:
            stage.errors.append(repr(exception)[:500])

        got_request_exception.connect(remember, app)
        with _running(app, port):
            yield stage
        stage.own.close()
        with app.app_context():
            db.engine.dispose()


@contextmanager
def _running(app: Flask, port: int) -> Iterator[None]:
    server = create_server(app, host="127.0.0.1", port=port, **patient(app))
    worker = Worker(app)
    worker.start()
    thread = threading.Thread(target=server.run, daemon=True, name="server")
    thread.start()
    try:
        yield
    finally:
        worker.stop()
        server.close()
        thread.join(10)


def _opened(folder: Path, address: str) -> Any:
    if address:
        return psycopg.connect(address, autocommit=True)
    # The same library as the application's: two in one process take each other's locks away.
    return sqlite.connect(str(folder / "planner.sqlite3"), isolation_level=None, timeout=30, check_same_thread=False)
