"""Each entry of the audit is sealed with the one before it; those from before this version begin the chains."""

from types import SimpleNamespace

import sqlalchemy as sa
from alembic import op
from flask import current_app

from planner import audit
from planner.models.base import Instant

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ENTRY = sa.table(
    "audit_entry",
    sa.column("happened_at", Instant),
    sa.column("facts", sa.JSON),
    *(sa.column(name) for name in ("id", "conference_id", "actor", "action", "subject", "chain", "number", "digest")),
)
HEAD = sa.table("audit_head", *(sa.column(name) for name in ("chain", "number", "seal")))


def upgrade() -> None:
    op.create_table(
        "audit_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("chain", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("seal", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit_head"),
        sa.UniqueConstraint("chain", name="uq_audit_head_chain"),
    )
    for name, kind in (("chain", sa.Integer()), ("number", sa.Integer()), ("digest", sa.String(64))):
        op.add_column("audit_entry", sa.Column(name, kind, nullable=True))
    _chain(op.get_bind())
    with op.batch_alter_table("audit_entry") as table:
        table.create_unique_constraint("uq_audit_entry_chain_number", ["chain", "number"])
    op.create_index("ix_audit_entry_actor", "audit_entry", ["actor", "happened_at"])


def downgrade() -> None:
    op.drop_index("ix_audit_entry_actor", table_name="audit_entry")
    with op.batch_alter_table("audit_entry") as table:
        table.drop_constraint("uq_audit_entry_chain_number", type_="unique")
        for name in ("digest", "number", "chain"):
            table.drop_column(name)
    op.drop_table("audit_head")


def _chain(connection: sa.Connection) -> None:
    key = current_app.extensions["planner"].chain_key()
    old = connection.execute(sa.select(ENTRY).order_by(ENTRY.c.id)).all()
    conferences = list(dict.fromkeys(row.conference_id for row in old if row.conference_id))
    for chain in conferences:
        began = {"happened_at": old[0].happened_at, "facts": {}, "actor": "system", "action": "chain.began"}
        connection.execute(ENTRY.insert().values(**began, subject=f"conference:{chain}"))
    heads: dict[int, tuple[int, str]] = {}
    for row in connection.execute(sa.select(ENTRY).order_by(ENTRY.c.id)).all():
        chain = row.conference_id or audit.EVERYWHERE
        number, seal = heads.get(chain, (0, audit.first_seal(key, chain)))
        entry = SimpleNamespace(**{**row._mapping, "chain": chain, "number": number + 1})
        digest = audit.digest(key, seal, entry)
        place = {"chain": chain, "number": number + 1, "digest": digest}
        connection.execute(ENTRY.update().where(ENTRY.c.id == row.id).values(**place))
        heads[chain] = (number + 1, audit.next_seal(key, digest))
    for chain, (number, seal) in heads.items():
        connection.execute(HEAD.insert().values(chain=chain, number=number, seal=seal))
