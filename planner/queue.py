"""The queue: carries the numbers of runs, nothing that the rows do not know."""

import sqlite3
from contextlib import suppress
from functools import partial
from typing import Any
from urllib.parse import urlparse

from huey import PostgresHuey, RedisHuey
from huey.api import Huey
from huey.storage import SqliteStorage

from planner import silence

PATIENCE = 4  # seconds in which a queue elsewhere lets somebody in


class File(SqliteStorage):  # type: ignore[misc]
    def initialize_schema(self) -> None:
        """Pages are read although the disk is read-only when the process starts: the tables are there by then."""
        with suppress(sqlite3.OperationalError):
            super().initialize_schema()


def make(url: str) -> Huey:
    """A queue in an SQLite file, in PostgreSQL or in Redis; the same tasks, by the settings' address."""
    kind = urlparse(url).scheme.partition("+")[0]
    options: dict[str, Any] = {"results": False, "utc": True}
    if kind == "sqlite":
        return Huey("stuhlkreis", storage_class=File, filename=url.removeprefix("sqlite:///"), **options)
    if kind in {"redis", "rediss"}:
        return RedisHuey("stuhlkreis", url=url, **options)
    if kind in {"postgres", "postgresql"}:
        connect = partial(silence.Connection.connect, url.replace("+psycopg", ""), connect_timeout=PATIENCE)
        return PostgresHuey("stuhlkreis", connection=connect, **options)
    raise ValueError(f"PLANNER_QUEUE_URL: {kind!r} is none of sqlite, postgresql, redis")
