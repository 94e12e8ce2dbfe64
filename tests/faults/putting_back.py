"""A database as it was: kept once, and put back only where something has changed it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import psycopg
from psycopg.sql import SQL, Identifier

from planner.extensions import db, sqlite


class Kept(Protocol):
    def put_back(self) -> None: ...


@contextmanager
def kept(folder: Path, address: str) -> Iterator[Kept]:
    """What is committed now, in the file of this instance's folder or at PostgreSQL's address."""
    db.session.remove()
    own = OnPostgresql(address) if address else OnSqlite(folder / "planner.sqlite3")
    try:
        yield own
    finally:
        own.close()


class OnSqlite:
    def __init__(self, file: Path):
        # The same library as the application's: two in one process take each other's locks away.
        self.live = sqlite.connect(str(file), isolation_level=None, timeout=30)
        self.live.execute("PRAGMA synchronous=OFF")
        self.copy = sqlite.connect(":memory:")
        self.live.backup(self.copy)
        self.version = self._version()

    def _version(self) -> int:
        """Counts what others commit."""
        return int(self.live.execute("PRAGMA data_version").fetchone()[0])

    def put_back(self) -> None:
        if self._version() != self.version:
            self.copy.backup(self.live)
            self.version = self._version()

    def close(self) -> None:
        self.live.close()
        self.copy.close()


class OnPostgresql:
    def __init__(self, address: str):
        self.own = psycopg.connect(address, autocommit=True)
        self.own.execute("SET session_replication_role = replica")  # rows come back in any order
        names = [table.name for table in db.metadata.sorted_tables]
        self.empty = SQL("TRUNCATE {}").format(SQL(", ").join(map(Identifier, names)))
        rows = {name: self._rows(name) for name in names}
        self.rows = {name: data for name, data in rows.items() if data}
        self.version = self._version()

    def _rows(self, name: str) -> bytes:
        with self.own.cursor() as cursor, cursor.copy(SQL("COPY {} TO STDOUT").format(Identifier(name))) as out:
            return b"".join(bytes(part) for part in out)

    def _version(self) -> Any:
        """Grows with every transaction that writes."""
        return self.own.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text").fetchone()

    def put_back(self) -> None:
        if self._version() == self.version:
            return
        with self.own.transaction(), self.own.cursor() as cursor:
            cursor.execute(self.empty)
            for name, data in self.rows.items():
                with cursor.copy(SQL("COPY {} FROM STDIN").format(Identifier(name))) as into:
                    into.write(data)
        self.version = self._version()

    def close(self) -> None:
        self.own.close()
