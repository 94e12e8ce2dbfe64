"""Alembic's environment: the application's own engine and metadata, the same on SQLite and PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from planner import word_index
from planner.models.base import Instant

database = current_app.extensions["migrate"].db


def written_plainly(kind: str, thing: object, _context: object) -> str | bool:
    """Revisions speak SQLAlchemy only, so that they outlive our own column types."""
    if kind == "type" and isinstance(thing, Instant):
        return "sa.DateTime(timezone=True)"
    return False


def is_a_models(name: str | None, kind: str, _parents: object) -> bool:
    return kind not in {"table", "index"} or not word_index.is_ours(name)


@contextmanager
def tables_may_be_rebuilt(connection: Connection) -> Iterator[None]:
    """SQLite rebuilds a table for most changes, and what points to it would be deleted with the old one.

    So nothing that a row points to is looked after meanwhile; before it counts, every row is asked once more.
    """
    if connection.dialect.name != "sqlite":
        yield
        connection.commit()
        return
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
        lost = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if lost:
            raise RuntimeError(f"rows that point to nothing after the migration: {lost[:5]}")
        connection.commit()
    finally:
        connection.rollback()
        driver.execute("PRAGMA foreign_keys=ON")


def run(connection: Connection) -> None:
    options: dict[str, Any] = current_app.extensions["migrate"].configure_args
    context.configure(
        connection=connection,
        target_metadata=database.metadata,
        render_item=written_plainly,
        include_name=is_a_models,
        **options,
    )
    with context.begin_transaction():
        context.run_migrations()
        word_index.put(connection)


with database.engine.connect() as connection, tables_may_be_rebuilt(connection):
    run(connection)
