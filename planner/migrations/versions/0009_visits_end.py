"""A browser that signed out is signed out for good, and a code of the second factor works once."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ended_visit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("visit_hash", sa.String(64), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ended_visit"),
        sa.UniqueConstraint("visit_hash", name="uq_ended_visit_visit_hash"),
    )
    op.create_index("ix_ended_visit_ended_at", "ended_visit", ["ended_at"])
    op.add_column("user", sa.Column("tf_last_counter", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("user", "tf_last_counter")
    op.drop_table("ended_visit")
