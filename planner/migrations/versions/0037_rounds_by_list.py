"""Rounds come by a list, too."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

BEFORE = "kind in ('people', 'wishes', 'sessions', 'rooms')"
SINCE = "kind in ('people', 'wishes', 'sessions', 'rooms', 'rounds')"


def _kinds(allowed: str) -> None:
    """SQLite makes the table anew, and its numbers must go on being given once, see 0017."""
    with op.batch_alter_table("import_batch", **_for_ever()) as batch:
        batch.drop_constraint(op.f("ck_import_batch_importkind"), type_="check")
        batch.create_check_constraint(op.f("ck_import_batch_importkind"), sa.text(allowed))


def _for_ever() -> dict[str, Any]:
    return {"table_kwargs": {"sqlite_autoincrement": True}} if op.get_bind().dialect.name == "sqlite" else {}


def upgrade() -> None:
    _kinds(SINCE)


def downgrade() -> None:
    op.execute("delete from imported_thing where kind = 'slot'")
    op.execute("delete from import_batch where kind = 'rounds'")
    _kinds(BEFORE)
