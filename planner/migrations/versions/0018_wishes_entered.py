"""Whose hand stored somebody's wishes: her own, or that of those who organise, from her paper."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("participant", sa.Column("wishes_entered", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("participant", "wishes_entered")
