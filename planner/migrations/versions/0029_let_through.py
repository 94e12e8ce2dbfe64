"""When an organiser let a submission through to the others; what they saw until now stays before them."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("submission", sa.Column("let_through_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE submission SET let_through_at = created_at WHERE state IN ('submitted', 'accepted', 'merged')"
    )


def downgrade() -> None:
    op.drop_column("submission", "let_through_at")
