"""Who must be told otherwise has a message, too; and one that would not be true any more is not sent."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

BEFORE = ("waiting", "sending", "sent", "doubtful", "failed")
SINCE = ("by_hand", "overtaken")


def upgrade() -> None:
    _allow((*BEFORE, *SINCE))


def downgrade() -> None:
    """An earlier version sends what it finds waiting, and knows nothing of people without an address."""
    op.execute("delete from message where state in ('by_hand', 'overtaken')")
    _allow(BEFORE)


def _allow(states: tuple[str, ...]) -> None:
    allowed = ", ".join(f"'{state}'" for state in states)
    with op.batch_alter_table("message") as batch:
        batch.drop_constraint(op.f("ck_message_messagestate"), type_="check")
        batch.create_check_constraint("messagestate", sa.text(f"state in ({allowed})"))
