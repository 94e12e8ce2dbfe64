"""A list's number is never given to another one: the audit and pages that are still open call lists by it."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """As for people, see 0008."""
    if op.get_bind().dialect.name == "sqlite":
        with op.batch_alter_table("import_batch", recreate="always", table_kwargs={"sqlite_autoincrement": True}):
            pass


def downgrade() -> None:
    """Numbers that are given once are good for an earlier version, too."""
