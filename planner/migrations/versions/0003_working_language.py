"""A meeting has a working language, or two at once; a conference says what those without a language understand."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NEW = {
    "session": ["two_language"],
    "placement": ["language"],
    "meeting": ["language"],
    "conference": ["presumes_language"],
}


def upgrade() -> None:
    # Plain additions: SQLite would rebuild a table for anything else, and lose what points to it.
    op.add_column("session", sa.Column("two_language", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("placement", sa.Column("language", sa.String(length=8), nullable=True))
    op.add_column("meeting", sa.Column("language", sa.String(length=8), nullable=True))
    op.add_column("conference", sa.Column("presumes_language", sa.Boolean(), nullable=False, server_default=sa.true()))
    _widen_channels(8, 17)


def downgrade() -> None:
    _widen_channels(17, 8)
    for table, columns in NEW.items():
        for column in columns:
            op.drop_column(table, column)


def _widen_channels(before: int, now: int) -> None:
    """Nothing points to a place, so this table may be rebuilt."""
    with op.batch_alter_table("assignment") as batch:
        for column in ("listens_in", "voices"):
            batch.alter_column(column, existing_type=sa.String(length=before), type_=sa.String(length=now))
