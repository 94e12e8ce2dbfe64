"""A conference may be left out of the public start page, and be archived."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("conference", sa.Column("is_listed", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("conference", sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("conference", "archived_at")
    op.drop_column("conference", "is_listed")
