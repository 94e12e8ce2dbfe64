"""What was deleted leaves SQLite's files too: pages are overwritten at once, the log of writes within half a minute."""

from typing import Any

from planner.extensions import db

BUSY_MS = 200
"""How long others wait for this at most; where somebody reads for longer, the next round does it."""


def wipe() -> bool:
    """Bring the log of writes into the database and cut it off; False where somebody stood in the way.

    PostgreSQL keeps old rows until it cleans up by itself (autovacuum), and shows them to nobody.
    """
    if db.engine.dialect.name != "sqlite":
        return True
    pooled = db.engine.raw_connection()
    try:
        connection: Any = pooled.driver_connection
        (patience,) = connection.execute("PRAGMA busy_timeout").fetchone()
        connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
        busy, *_pages = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        connection.execute(f"PRAGMA busy_timeout={patience}")
    finally:
        pooled.close()
    return not busy
