"""Rules that organisers set: protected groups, organisations, who sits together and who apart."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "company",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conference_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.CheckConstraint("least >= 2", name=op.f("ck_company_least")),
        _key("company", "conference_id", "conference"),
        _key("company", "group_id", "stakeholder_group"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company")),
        sa.UniqueConstraint("group_id", name=op.f("uq_company_group_id")),
    )
    op.create_table(
        "bond",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conference_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("kind in ('together', 'apart')", name=op.f("ck_bond_bondkind")),
        _key("bond", "conference_id", "conference"),
        _key("bond", "author_id", "user", "SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bond")),
    )
    op.create_table(
        "bond_member",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bond_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        _key("bond_member", "bond_id", "bond"),
        _key("bond_member", "participant_id", "participant"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bond_member")),
        sa.UniqueConstraint("bond_id", "participant_id", name=op.f("uq_bond_member_bond_id_participant_id")),
    )
    for table, column in INDEXES:
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    op.add_column("conference", sa.Column("most_of_one_organisation", sa.Integer(), nullable=True))


INDEXES = (
    ("company", "conference_id"),
    ("bond", "conference_id"),
    ("bond", "author_id"),
    ("bond_member", "participant_id"),
)


def _key(table: str, column: str, other: str, rule: str = "CASCADE") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}"), ondelete=rule
    )


def downgrade() -> None:
    op.drop_column("conference", "most_of_one_organisation")
    for table in ("bond_member", "bond", "company"):
        op.drop_table(table)
