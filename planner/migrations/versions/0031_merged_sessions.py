"""Sessions that became one, with what is needed to split them again."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

STATES = "state in ('draft', 'submitted', 'accepted', 'merged', 'declined', 'withdrawn')"


def upgrade() -> None:
    op.create_table(
        "session_merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conference_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        _key("session_merge", "conference_id", "conference"),
        _key("session_merge", "session_id", "session"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_merge")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "merged_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("merge_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        _key("merged_session", "merge_id", "session_merge"),
        _key("merged_session", "session_id", "session"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merged_session")),
        sa.UniqueConstraint("session_id", name=op.f("uq_merged_session_session_id")),
    )
    op.create_table(
        "merged_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("merge_id", sa.Integer(), nullable=False),
        sa.Column("role_id", sa.Integer(), nullable=False),
        _key("merged_role", "merge_id", "session_merge"),
        _key("merged_role", "role_id", "session_role"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merged_role")),
        sa.UniqueConstraint("role_id", name=op.f("uq_merged_role_role_id")),
    )
    op.create_table(
        "merged_submission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("merge_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.CheckConstraint(STATES, name=op.f("ck_merged_submission_submissionstate")),
        _key("merged_submission", "merge_id", "session_merge"),
        _key("merged_submission", "submission_id", "submission"),
        _key("merged_submission", "session_id", "session"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merged_submission")),
        sa.UniqueConstraint(
            "merge_id", "submission_id", name=op.f("uq_merged_submission_merge_id_submission_id")
        ),
    )
    op.create_table(
        "wishes_before",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("merge_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("favourites", sa.JSON(), nullable=False),
        sa.Column("vetoes", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        _key("wishes_before", "merge_id", "session_merge"),
        _key("wishes_before", "participant_id", "participant"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wishes_before")),
        sa.UniqueConstraint("merge_id", "participant_id", name=op.f("uq_wishes_before_merge_id_participant_id")),
    )
    for table, column in INDEXES:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])


INDEXES = (
    ("session_merge", "conference_id"),
    ("session_merge", "session_id"),
    ("merged_session", "merge_id"),
    ("merged_role", "merge_id"),
    ("merged_submission", "submission_id"),
    ("merged_submission", "session_id"),
    ("wishes_before", "participant_id"),
)


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete="CASCADE"
    )


def downgrade() -> None:
    for table in ("wishes_before", "merged_submission", "merged_role", "merged_session", "session_merge"):
        op.drop_table(table)
