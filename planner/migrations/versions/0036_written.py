"""What was only written into a file, for trying, is not called sent."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

MESSAGES = ("waiting", "sending", "sent", "doubtful", "failed", "by_hand", "overtaken")
INVITATIONS = ("shown", "waiting", "sent", "doubtful", "failed")


def upgrade() -> None:
    _allow("message", "messagestate", (*MESSAGES, "written"))
    _allow("invitation", "invitationstate", (*INVITATIONS, "written"))


def downgrade() -> None:
    """An earlier version called it sent."""
    for table in ("message", "invitation"):
        op.execute(f"update {table} set state = 'sent' where state = 'written'")  # noqa: S608
    _allow("message", "messagestate", MESSAGES)
    _allow("invitation", "invitationstate", INVITATIONS)


def _allow(table: str, name: str, states: tuple[str, ...]) -> None:
    allowed = ", ".join(f"'{state}'" for state in states)
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
        batch.create_check_constraint(name, sa.text(f"state in ({allowed})"))
