"""Somebody may enter the people of one group only, as a teacher her class."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

BEFORE = "role in ('owner', 'organiser', 'clerk', 'viewer')"
SINCE = "role in ('owner', 'organiser', 'clerk', 'viewer', 'group_clerk')"
ONE_GROUP = "(role = 'group_clerk') = (group_id is not null)"


def upgrade() -> None:
    for table in ("member", "invitation"):
        with op.batch_alter_table(table) as batch:
            batch.add_column(sa.Column("group_id", sa.Integer(), nullable=True))
            batch.create_foreign_key(
                op.f(f"fk_{table}_group_id_stakeholder_group"),
                "stakeholder_group",
                ["group_id"],
                ["id"],
                ondelete="CASCADE",
            )
            batch.drop_constraint(op.f(f"ck_{table}_memberrole"), type_="check")
            batch.create_check_constraint(op.f(f"ck_{table}_memberrole"), SINCE)
            batch.create_check_constraint(op.f(f"ck_{table}_one_group"), ONE_GROUP)
            batch.create_index(op.f(f"ix_{table}_group_id"), ["group_id"])


def downgrade() -> None:
    """Whoever was limited to a group would see everybody: she goes."""
    for table in ("member", "invitation"):
        op.execute(f"delete from {table} where role = 'group_clerk'")  # noqa: S608
        with op.batch_alter_table(table) as batch:
            batch.drop_index(op.f(f"ix_{table}_group_id"))
            batch.drop_constraint(op.f(f"ck_{table}_one_group"), type_="check")
            batch.drop_constraint(op.f(f"ck_{table}_memberrole"), type_="check")
            batch.create_check_constraint(op.f(f"ck_{table}_memberrole"), BEFORE)
            batch.drop_constraint(op.f(f"fk_{table}_group_id_stakeholder_group"), type_="foreignkey")
            batch.drop_column("group_id")
