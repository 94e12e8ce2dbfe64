"""A run keeps a hash of what it rests on, so that a list can say which no longer fit; of older ones it is not known."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("allocation", sa.Column("rests_on", sa.String(length=64), nullable=True))


def downgrade() -> None:
    op.drop_column("allocation", "rests_on")
