"""A plan keeps an empty chair of somebody who is erased; her numbers are never given to somebody else."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

UNIQUE = "uq_assignment_allocation_id_chair_slot_id"
CHECK = "somebody_or_a_chair"
COUNTED = ("participant", "personal_link")


def upgrade() -> None:
    with op.batch_alter_table("assignment") as batch:
        batch.add_column(sa.Column("chair", sa.String(length=16), nullable=True))
        batch.alter_column("participant_id", existing_type=sa.Integer(), nullable=True)
        batch.create_unique_constraint(UNIQUE, ["allocation_id", "chair", "slot_id"])
        batch.create_check_constraint(CHECK, "(participant_id is null) = (chair is not null)")
    _count(for_ever=True)


def downgrade() -> None:
    _count(for_ever=False)
    op.execute("delete from assignment where participant_id is null")
    with op.batch_alter_table("assignment") as batch:
        batch.drop_constraint(op.f(f"ck_assignment_{CHECK}"), type_="check")
        batch.drop_constraint(UNIQUE, type_="unique")
        batch.alter_column("participant_id", existing_type=sa.Integer(), nullable=False)
        batch.drop_column("chair")


def _count(*, for_ever: bool) -> None:
    """PostgreSQL never gives a number twice; SQLite does after the newest row is gone, unless a table says otherwise."""
    if op.get_bind().dialect.name == "sqlite":
        for table in COUNTED:
            with op.batch_alter_table(table, recreate="always", table_kwargs={"sqlite_autoincrement": for_ever}):
                pass
