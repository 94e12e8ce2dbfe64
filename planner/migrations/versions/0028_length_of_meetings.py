"""A meeting keeps how many rounds it was planned for: what a session lasts may change after a plan is published."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("meeting", sa.Column("duration", sa.Integer(), nullable=False, server_default="1"))
    op.execute(
        "UPDATE meeting SET duration = (SELECT session.duration FROM session WHERE session.id = meeting.session_id)"
    )


def downgrade() -> None:
    op.drop_column("meeting", "duration")
