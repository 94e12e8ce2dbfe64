"""A conference may have words of its own: a school says project."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("conference", sa.Column("vocabulary", sa.String(length=20), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("conference", "vocabulary")
