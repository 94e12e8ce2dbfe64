"""How many places a conference and its groups have; who waits since when; who has declined."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("conference", sa.Column("places", sa.Integer(), nullable=True))
    op.add_column("conference", sa.Column("no_shows", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("stakeholder_group", sa.Column("places", sa.Integer(), nullable=True))
    op.add_column("participant", sa.Column("waits_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("participant", sa.Column("has_declined", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    op.drop_column("participant", "has_declined")
    op.drop_column("participant", "waits_since")
    op.drop_column("stakeholder_group", "places")
    op.drop_column("conference", "no_shows")
    op.drop_column("conference", "places")
