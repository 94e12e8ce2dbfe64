"""Somebody says for all conferences how mails leave.

Where there are accounts already nobody is it until `planner user operator` says so: all mails, links to sign in too, go
through the server that an operator names, so this is given to nobody by a guess.
"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("user", sa.Column("is_operator", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("user") as batch:
        batch.alter_column("is_operator", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("user") as batch:
        batch.drop_column("is_operator")
