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
from flask_sqlalchemy import SQLAlchemy
from flask_wtf import CSRFProtect
from sqlalchemy import Engine, ExceptionContext, MetaData, event
from sqlalchemy.orm import DeclarativeBase

from planner import silence
from planner.turns import LONGEST, Turns

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
turns = Turns()
WAIT_MS = round(LONGEST * 1000)
"""How long a statement waits for somebody else's lock; PostgreSQL's half as long, because a write takes two."""
TRY_MS = 20  # SQLite looks again ever more rarely; so it is asked anew


def engine_options(url: str) -> dict[str, Any]:
    if url.startswith("sqlite"):
        own = {"module": sqlite, "connect_args": {"timeout": WAIT_MS / 1000, "check_same_thread": False}}
    else:
        waits = {"connect_timeout": WAIT_MS // 1000, "options": f"-c lock_timeout={WAIT_MS // 2}"}
        own = {"pool_pre_ping": True, "connect_args": waits}
    # A thread holds two connections at most, see rows.trace: nobody waits for one.
    return {"hide_parameters": True, "max_overflow": -1, **own}


@event.listens_for(Engine, "do_connect")
def connect(dialect: Any, _record: Any, words: Any, options: Any) -> Any:
    return silence.Connection.connect(*words, **options) if dialect.driver == "psycopg" else None


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
        f"busy_timeout={WAIT_MS}",
    ):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "handle_error")
def let_go(context: ExceptionContext) -> None:
    """A file that was read-only when it was opened stays so for this connection, whatever becomes of the disk."""
    if "readonly" in str(context.original_exception):
        context.is_disconnect = True


@event.listens_for(Engine, "begin")
def begin(connection: Any) -> None:
    """Whoever only reads sees one state to the end, never waits, and never becomes a writer half-way.

    SQLite's writers queue up at BEGIN; PostgreSQL's see at each statement what is there by then, and lock rows.
    """
    wanted, lite = connection.get_execution_options(), connection.dialect.name == "sqlite"
    if wanted.get("reads") or (only_reads() and not wanted.get("writes")):
        connection.exec_driver_sql("BEGIN" if lite else "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
    elif lite:
        connection.info["writes"] = True
        if not turns.take(lambda: _begin_to_write(connection)):
            _begin_to_write(connection, last=True)


@event.listens_for(Engine, "checkin")
def end(_connection: Any, record: Any) -> None:
    """After its commit, which may take longest of all."""
    if record.info.pop("writes", False):
        turns.give_back()


def _begin_to_write(connection: Any, *, last: bool = False) -> bool:
    """One short try; False while somebody else writes. The last one raises what the database says."""
    own = connection.connection.driver_connection
    own.execute(f"PRAGMA busy_timeout={TRY_MS}")
    try:
        own.execute("BEGIN IMMEDIATE")
    except (sqlite3.OperationalError, sqlite.OperationalError) as error:
        if "locked" in str(error) and not last:
            return False
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        own.execute(f"PRAGMA busy_timeout={WAIT_MS}")
    return True


def only_reads() -> bool:
    """As policy says of the endpoint; whatever it has not looked at may write."""
    return has_request_context() and not g.get("writes", True)
