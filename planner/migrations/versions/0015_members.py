"""Who works on a conference has a role in it; whoever organised it until now owns it."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conference_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("role in ('owner', 'organiser', 'clerk', 'viewer')", name=op.f("ck_member_memberrole")),
        sa.ForeignKeyConstraint(
            ["conference_id"], ["conference.id"], name=op.f("fk_member_conference_id_conference"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_member_user_id_user"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
        sa.UniqueConstraint("conference_id", "user_id", name=op.f("uq_member_conference_id_user_id")),
    )
    op.create_index(op.f("ix_member_user_id"), "member", ["user_id"])
    op.execute(
        "insert into member (conference_id, user_id, role) "
        "select conference_id, user_id, 'owner' from conference_organisers order by conference_id, user_id"
    )
    op.drop_table("conference_organisers")


def downgrade() -> None:
    """Only owners and organisers: before there were roles, whoever was let in could do everything."""
    op.create_table(
        "conference_organisers",
        sa.Column("conference_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conference_id"],
            ["conference.id"],
            name=op.f("fk_conference_organisers_conference_id_conference"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_conference_organisers_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("conference_id", "user_id", name=op.f("pk_conference_organisers")),
    )
    op.execute(
        "insert into conference_organisers (conference_id, user_id) "
        "select conference_id, user_id from member where role in ('owner', 'organiser')"
    )
    op.drop_table("member")
