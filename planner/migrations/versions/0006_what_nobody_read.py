"""Columns that no page wrote and no run read are gone; a run names the published one that it was to stay close to."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

GONE = {"conference": ("nouns", "rules"), "session": ("admits",)}


def upgrade() -> None:
    # Plain statements: SQLite would rebuild a table for anything else, and lose what points to it.
    for table, columns in GONE.items():
        for column in columns:
            op.drop_column(table, column)
    _rename("copied_from_id", "close_to_id")


def downgrade() -> None:
    _rename("close_to_id", "copied_from_id")
    for table, columns in GONE.items():
        for column in columns:
            op.add_column(table, sa.Column(column, sa.JSON(), nullable=False, server_default="{}"))


def _rename(before: str, now: str) -> None:
    op.drop_index(f"ix_allocation_{before}", table_name="allocation")
    op.execute(f"alter table allocation rename column {before} to {now}")
    op.create_index(f"ix_allocation_{now}", "allocation", [now])
