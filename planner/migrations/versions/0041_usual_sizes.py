"""How many people a session has for which nobody says otherwise: a school's project is no round of talks."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def _for_ever() -> dict[str, Any]:
    """A number of a conference is never given to another one."""
    lite = op.get_bind().dialect.name == "sqlite"
    return {"recreate": "always", "table_kwargs": {"sqlite_autoincrement": True}} if lite else {}


def upgrade() -> None:
    with op.batch_alter_table("conference", **_for_ever()) as batch:
        batch.add_column(sa.Column("usual_minimum", sa.Integer(), nullable=False, server_default="6"))
        batch.add_column(sa.Column("usual_maximum", sa.Integer(), nullable=False, server_default="20"))
        batch.create_check_constraint(
            op.f("ck_conference_usual_sizes"), "0 <= usual_minimum and usual_minimum <= usual_maximum"
        )


def downgrade() -> None:
    with op.batch_alter_table("conference", **_for_ever()) as batch:
        batch.drop_constraint(op.f("ck_conference_usual_sizes"), type_="check")
        batch.drop_column("usual_maximum")
        batch.drop_column("usual_minimum")
