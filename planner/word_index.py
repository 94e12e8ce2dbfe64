"""The databases' own index of what submissions say: SQLite's FTS5 table, kept by triggers; PostgreSQL's by expression.

SQLite forgets what is deleted at once (`secure-delete`): without that a word of somebody who is erased stays in the
file until segments are merged. PostgreSQL also compares trigrams, where pg_trgm may be installed.
"""

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

NAMES = ("submission_words", "ix_submission_words", "ix_submission_trigrams")
PROBLEM = "left(submission.problem, 1000)"  # as many letters as planner.likeness.LETTERS
VECTOR = "to_tsvector('simple'::regconfig, left(submission.problem, 1000))"

ON_SQLITE = (
    "INSERT INTO submission_words (submission_words, rank) VALUES ('secure-delete', 1)",
    "CREATE TRIGGER IF NOT EXISTS submission_words_come AFTER INSERT ON submission BEGIN "
    "INSERT INTO submission_words (rowid, problem) VALUES (new.id, substr(new.problem, 1, 1000)); END",
    "CREATE TRIGGER IF NOT EXISTS submission_words_go AFTER DELETE ON submission BEGIN "
    "DELETE FROM submission_words WHERE rowid = old.id; END",
    "CREATE TRIGGER IF NOT EXISTS submission_words_change AFTER UPDATE OF problem ON submission BEGIN "
    "DELETE FROM submission_words WHERE rowid = old.id; "
    "INSERT INTO submission_words (rowid, problem) VALUES (new.id, substr(new.problem, 1, 1000)); END",
    "DELETE FROM submission_words WHERE rowid NOT IN (SELECT id FROM submission)",
    "INSERT INTO submission_words (rowid, problem) SELECT id, substr(problem, 1, 1000) FROM submission "
    "WHERE id NOT IN (SELECT rowid FROM submission_words)",
)
TRIGRAMS = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX IF NOT EXISTS ix_submission_trigrams ON submission USING gin (left(problem, 1000) gin_trgm_ops)",
)
BEGUN = {
    "sqlite": "SELECT 1 FROM sqlite_master WHERE name = 'submission_words'",
    "postgresql": "SELECT 1 FROM pg_indexes WHERE indexname = 'ix_submission_words'",
}


def put(connection: Connection) -> None:
    """After each migration: fill what one of them has begun. A table that was rebuilt has lost its triggers."""
    if connection.exec_driver_sql(BEGUN[connection.dialect.name]).first() is None:
        return
    if connection.dialect.name == "sqlite":
        _say(connection, ON_SQLITE)
        return
    try:
        with connection.begin_nested():
            _say(connection, TRIGRAMS)
    except DBAPIError:  # whoever runs the database does not let us: words alone are compared
        return


def _say(connection: Connection, statements: tuple[str, ...]) -> None:
    for statement in statements:
        connection.exec_driver_sql(statement)


def is_ours(name: str | None) -> bool:
    """Of a table or an index: whether it is this one's, which no model names."""
    return bool(name) and str(name).startswith(NAMES)
