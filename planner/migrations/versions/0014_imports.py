"""Lists that organisers bring from elsewhere, and what each made or changed."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conference_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("charset", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tables", sa.JSON(), nullable=True),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.CheckConstraint("kind in ('people', 'wishes', 'sessions', 'rooms')", name=op.f("ck_import_batch_importkind")),
        sa.CheckConstraint("state in ('draft', 'applied', 'undone')", name=op.f("ck_import_batch_importstate")),
        sa.ForeignKeyConstraint(
            ["conference_id"], ["conference.id"], name=op.f("fk_import_batch_conference_id_conference"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_import_batch_user_id_user"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    op.create_index(op.f("ix_import_batch_conference_id"), "import_batch", ["conference_id"])
    op.create_index(op.f("ix_import_batch_user_id"), "import_batch", ["user_id"])
    op.create_table(
        "imported_person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("is_new", sa.Boolean(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_imported_person_batch_id_import_batch"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_imported_person_participant_id_participant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_person")),
        sa.UniqueConstraint("batch_id", "participant_id", name=op.f("uq_imported_person_batch_id_participant_id")),
    )
    op.create_index(op.f("ix_imported_person_batch_id"), "imported_person", ["batch_id"])
    op.create_index(op.f("ix_imported_person_participant_id"), "imported_person", ["participant_id"])
    op.create_table(
        "imported_thing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("is_new", sa.Boolean(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["import_batch.id"], name=op.f("fk_imported_thing_batch_id_import_batch"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_thing")),
    )
    op.create_index(op.f("ix_imported_thing_batch_id"), "imported_thing", ["batch_id"])
    op.add_column("participant", sa.Column("external_key", sa.String(length=80), nullable=True))
    op.add_column("need", sa.Column("consent_from", sa.String(length=300), server_default="", nullable=False))
    with op.batch_alter_table("need") as batch:
        batch.alter_column("consent_from", server_default=None)
        batch.add_column(sa.Column("import_batch_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_need_import_batch_id_import_batch"), "import_batch", ["import_batch_id"], ["id"], ondelete="SET NULL"
        )
        batch.create_index(op.f("ix_need_import_batch_id"), ["import_batch_id"])


def downgrade() -> None:
    with op.batch_alter_table("need") as batch:
        batch.drop_index(op.f("ix_need_import_batch_id"))
        batch.drop_constraint(op.f("fk_need_import_batch_id_import_batch"), type_="foreignkey")
        batch.drop_column("import_batch_id")
        batch.drop_column("consent_from")
    op.drop_column("participant", "external_key")
    op.drop_table("imported_thing")
    op.drop_table("imported_person")
    op.drop_table("import_batch")
