"""Bounds and company also for people of whom the same is known, not only for those of a group."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None
TABLES = ("quota", "company")
WHOM = "(group_id is null) = (mark is not null) and (mark is null) = (value is null)"


def upgrade() -> None:
    for table in TABLES:
        with op.batch_alter_table(table) as batch:
            batch.alter_column("group_id", existing_type=sa.Integer(), nullable=True)
            batch.add_column(sa.Column("mark", sa.String(length=80), nullable=True))
            batch.add_column(sa.Column("value", sa.String(length=200), nullable=True))
            batch.create_check_constraint(op.f(f"ck_{table}_whom"), WHOM)
            if table == "company":
                columns = ["conference_id", "mark", "value"]
                batch.create_unique_constraint(op.f("uq_company_conference_id_mark_value"), columns)


def downgrade() -> None:
    for table in TABLES:
        op.execute(sa.text(f"delete from {table} where group_id is null"))  # noqa: S608, a name of ours
        with op.batch_alter_table(table) as batch:
            if table == "company":
                batch.drop_constraint(op.f("uq_company_conference_id_mark_value"), type_="unique")
            batch.drop_constraint(op.f(f"ck_{table}_whom"), type_="check")
            batch.drop_column("value")
            batch.drop_column("mark")
            batch.alter_column("group_id", existing_type=sa.Integer(), nullable=False)
