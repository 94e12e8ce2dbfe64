"""A stored plan says how many places it lacks."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("allocation", sa.Column("missing", sa.Integer(), nullable=True))
    table = sa.table("allocation", sa.column("id"), sa.column("state"), sa.column("result", sa.JSON), sa.column("missing"))
    connection = op.get_bind()
    for id, result in connection.execute(sa.select(table.c.id, table.c.result).where(table.c.state == "solved")).all():
        known = json.loads(result) if isinstance(result, str) else result or {}
        value = next((goal["value"] for goal in known.get("goals", ()) if goal["name"] == "unplaced"), 0)
        connection.execute(table.update().where(table.c.id == id).values(missing=int(value)))


def downgrade() -> None:
    op.drop_column("allocation", "missing")
