"""A conference may be deleted; its number is never given to another one, for the audit calls it by it."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("conference", sa.Column("deletes_at", sa.DateTime(timezone=True), nullable=True))
    _count(for_ever=True)


def downgrade() -> None:
    _count(for_ever=False)
    op.drop_column("conference", "deletes_at")


CHECKS = {
    "call_ends_after_it_begins": "call_from <= call_until",
    "wishes_end_after_they_begin": "wishes_from <= wishes_until",
    "day_ends_after_it_begins": "day_starts < day_ends",
    "most_favourites": "most_favourites between 1 and 10",
}


def _count(*, for_ever: bool) -> None:
    """As for people, see 0008. What the table checks is said again, for nobody reads that from a table of SQLite."""
    if op.get_bind().dialect.name == "sqlite":
        checks = [sa.CheckConstraint(rule, name=op.f(f"ck_conference_{name}")) for name, rule in CHECKS.items()]
        options = {"recreate": "always", "table_kwargs": {"sqlite_autoincrement": for_ever}, "table_args": checks}
        with op.batch_alter_table("conference", **options):
            pass
