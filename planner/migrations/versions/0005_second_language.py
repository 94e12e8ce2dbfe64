"""A meeting held in two languages names both, so that it stays true when its session is changed later."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("meeting", sa.Column("second_language", sa.String(length=8), nullable=True))


def downgrade() -> None:
    op.drop_column("meeting", "second_language")
