"""What people answered who are asked to lead, to take notes or to interpret."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None
ROLES = ("attendee", "facilitator", "note_taker", "interpreter")


def upgrade() -> None:
    role = sa.Enum(*ROLES, name="assignmentrole", native_enum=False, create_constraint=True, length=20)
    op.create_table(
        "commitment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("role", role, nullable=False),
        sa.Column("channel", sa.String(length=17), nullable=False),
        sa.Column("is_taken", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_entered", sa.Boolean(), nullable=False),
        _key("participant_id", "participant"),
        _key("slot_id", "slot"),
        _key("session_id", "session"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment")),
        sa.UniqueConstraint(
            "participant_id",
            "slot_id",
            "session_id",
            "role",
            "channel",
            name=op.f("uq_commitment_participant_id_slot_id_session_id_role_channel"),
        ),
    )
    op.create_index(op.f("ix_commitment_slot_id"), "commitment", ["slot_id"])
    op.create_index(op.f("ix_commitment_session_id"), "commitment", ["session_id"])


def _key(column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_commitment_{column}_{other}"), ondelete="CASCADE"
    )


def downgrade() -> None:
    op.drop_table("commitment")
