"""Which rules of a conference may give way, and at what price."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("conference", sa.Column("flexible", sa.JSON(), nullable=False, server_default="{}"))


def downgrade() -> None:
    op.drop_column("conference", "flexible")
