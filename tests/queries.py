"""Counts what the database is asked."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from planner.extensions import db


@contextmanager
def counted() -> Iterator[list[str]]:
    """The SELECTs that run inside the block, asked with nothing remembered from before."""
    asked: list[str] = []

    def note(_connection, _cursor, statement: str, *_rest) -> None:  # type: ignore[no-untyped-def]
        if statement.lstrip().upper().startswith("SELECT"):
            asked.append(statement)

    db.session.flush()
    db.session.expire_all()
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
