"""A wrong code or password is counted at what it was tried at, and for the address that it came from."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The old rows say neither where nor from where, and count for ten minutes only.
    op.execute("delete from sign_in_failure")
    for name in ("subject", "address"):
        op.add_column("sign_in_failure", sa.Column(name, sa.String(64), nullable=False, server_default=""))
    op.drop_index("ix_sign_in_failure_kind", table_name="sign_in_failure")
    op.create_index("ix_sign_in_failure_counted", "sign_in_failure", ["kind", "subject", "happened_at"])


def downgrade() -> None:
    op.drop_index("ix_sign_in_failure_counted", table_name="sign_in_failure")
    op.create_index("ix_sign_in_failure_kind", "sign_in_failure", ["kind"])
    for name in ("address", "subject"):
        op.drop_column("sign_in_failure", name)
