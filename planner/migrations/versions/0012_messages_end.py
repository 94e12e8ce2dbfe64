"""A message is sent under a lease, and whoever is told otherwise is told."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("message", sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("message", sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("message") as batch:
        batch.drop_column("taken_at")
        batch.drop_column("told_at")
