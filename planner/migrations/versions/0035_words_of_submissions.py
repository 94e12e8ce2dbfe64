"""An index of the words of submissions, in which those are found that may say the same.

It is only begun here: what fills it is put there again after each migration, because a table that is rebuilt loses it.
"""

from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    dialect = op.get_bind().dialect
    if dialect.name == "postgresql":
        op.execute(
            "CREATE INDEX ix_submission_words ON submission "
            "USING gin (to_tsvector('simple'::regconfig, left(problem, 1000)))"
        )
    elif dialect.dbapi.sqlite_version_info >= (3, 42):
        op.execute("CREATE VIRTUAL TABLE submission_words USING fts5(problem, tokenize = 'unicode61', prefix = '4')")


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP INDEX IF EXISTS ix_submission_trigrams")
        op.execute("DROP INDEX IF EXISTS ix_submission_words")
        return
    for name in ("come", "go", "change"):
        op.execute(f"DROP TRIGGER IF EXISTS submission_words_{name}")
    op.execute("DROP TABLE IF EXISTS submission_words")
