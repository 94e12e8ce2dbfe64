"""Submissions that are part of another one, with the supports that moved; and organisers' notes."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def _for_ever() -> dict[str, Any]:
    """A number is never given to another one: a page that is old by now decides about no text that nobody has read."""
    if op.get_bind().dialect.name != "sqlite":
        return {}
    rule = "state not in ('accepted', 'merged') or session_id is not null"
    check = sa.CheckConstraint(rule, name=op.f("ck_submission_accepted_into_a_session"))
    return {"recreate": "always", "table_kwargs": {"sqlite_autoincrement": True}, "table_args": [check]}


def upgrade() -> None:
    with op.batch_alter_table("submission", **_for_ever()) as batch:
        batch.add_column(sa.Column("note", sa.Text(), nullable=False, server_default=""))
        batch.add_column(sa.Column("joined_to_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_submission_joined_to_id_submission"), "submission", ["joined_to_id"], ["id"], ondelete="SET NULL"
        )
        batch.create_index(op.f("ix_submission_joined_to_id"), ["joined_to_id"])
    op.create_table(
        "moved_support",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("supporter_id", sa.Integer(), nullable=False),
        _key("submission_id", "submission"),
        _key("supporter_id", "supporter"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moved_support")),
        sa.UniqueConstraint("supporter_id", name=op.f("uq_moved_support_supporter_id")),
    )
    op.create_index(op.f("ix_moved_support_submission_id"), "moved_support", ["submission_id"])


def _key(column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_moved_support_{column}_{other}"), ondelete="CASCADE"
    )


def downgrade() -> None:
    op.drop_table("moved_support")
    with op.batch_alter_table("submission") as batch:
        batch.drop_index(op.f("ix_submission_joined_to_id"))
        batch.drop_constraint(op.f("fk_submission_joined_to_id_submission"), type_="foreignkey")
        batch.drop_column("joined_to_id")
        batch.drop_column("note")
