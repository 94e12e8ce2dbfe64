"""Whom a session is open to, in which rounds it is held, and beside or after which others."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table, column, other in (
        ("session_group", "group_id", "stakeholder_group"),
        ("session_closure", "slot_id", "slot"),
    ):
        op.create_table(
            table,
            sa.Column("id", sa.Integer(), nullable=False),
            sa.Column("session_id", sa.Integer(), nullable=False),
            sa.Column(column, sa.Integer(), nullable=False),
            _key(table, "session_id", "session"),
            _key(table, column, other),
            sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
            sa.UniqueConstraint("session_id", column, name=op.f(f"uq_{table}_session_id_{column}")),
        )
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    op.create_table(
        "session_order",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.CheckConstraint("kind in ('not_beside', 'after')", name=op.f("ck_session_order_order")),
        sa.CheckConstraint("session_id <> other_id", name=op.f("ck_session_order_another")),
        _key("session_order", "session_id", "session"),
        _key("session_order", "other_id", "session"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_order")),
        sa.UniqueConstraint(
            "session_id", "other_id", "kind", name=op.f("uq_session_order_session_id_other_id_kind")
        ),
    )
    op.create_index(op.f("ix_session_order_other_id"), "session_order", ["other_id"])
    op.add_column("session", sa.Column("open_to", sa.JSON(), nullable=False, server_default="{}"))


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete="CASCADE"
    )


def downgrade() -> None:
    op.drop_column("session", "open_to")
    for table in ("session_order", "session_closure", "session_group"):
        op.drop_table(table)
