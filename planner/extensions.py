"""The Flask extensions, created once here and bound to the application in create_app."""

import sqlite3
from typing import Any

from flask import g, has_request_context
from flask_babel import Babel
from flask_compress import Compress
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_mailman import Mail
from flask_migrate import Migrate
from flask_security import Security
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy import Engine, MetaData, event
from sqlalchemy.orm import DeclarativeBase

try:  # SQLite 3.7.0-3.51.2 can corrupt a WAL file with several writers; this wheel brings a newer one.
    import pysqlite3 as sqlite
except ImportError:  # pragma: no cover - other platforms than linux
    import sqlite3 as sqlite  # type: ignore[no-redef]


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base)
migrate = Migrate(render_as_batch=True)
csrf = CSRFProtect()
babel = Babel()
compress = Compress()
limiter = Limiter(key_func=get_remote_address)
mail = Mail()
security = Security()


def engine_options(url: str) -> dict[str, Any]:
    if url.startswith("sqlite"):
        return {"module": sqlite, "connect_args": {"timeout": 30, "check_same_thread": False}}
    return {"pool_pre_ping": True}


@event.listens_for(Engine, "connect")
def prepare_sqlite(connection: Any, _record: Any) -> None:
    if not isinstance(connection, sqlite3.Connection | sqlite.Connection):
        return
    connection.isolation_level = None  # we send BEGIN ourselves, see begin()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # NORMAL lost acknowledged writes in a power-cut simulation
        "foreign_keys=ON",
        "secure_delete=ON",
        "busy_timeout=30000",
    ):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def begin(connection: Any) -> None:
    """Writers queue up at BEGIN; a reader never waits and never upgrades to a writer half-way."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN" if only_reads() else "BEGIN IMMEDIATE")


def only_reads() -> bool:
    """As policy.py says of the endpoint; whatever it has not looked at may write."""
    return has_request_context() and not g.get("writes", True)
