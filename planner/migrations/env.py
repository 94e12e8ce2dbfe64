"""Alembic's environment: the application's own engine and metadata, the same on SQLite and PostgreSQL."""

from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy import Connection

from planner.models.base import Instant

database = current_app.extensions["migrate"].db


def written_plainly(kind: str, thing: object, _context: object) -> str | bool:
    """Revisions speak SQLAlchemy only, so that they outlive our own column types."""
    if kind == "type" and isinstance(thing, Instant):
        return "sa.DateTime(timezone=True)"
    return False


def run(connection: Connection) -> None:
    options: dict[str, Any] = current_app.extensions["migrate"].configure_args
    context.configure(
        connection=connection,
        target_metadata=database.metadata,
        render_item=written_plainly,
        **options,
    )
    with context.begin_transaction():
        context.run_migrations()


with database.engine.connect() as connection:
    run(connection)
    connection.commit()
