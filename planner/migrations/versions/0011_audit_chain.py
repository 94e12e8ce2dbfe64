"""Each entry of the audit is sealed with the one before it; those from before this version begin the chains."""

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op
from flask import current_app

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ENTRY = sa.table(
    "audit_entry",
    sa.column("happened_at", sa.DateTime(timezone=True)),
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


# The seals as they were when this revision was written: its own copy, so that it makes the same ones for ever.
EVERYWHERE = 0


def _sealed(key: bytes, *parts: object) -> str:
    return hmac.new(key, json.dumps(parts).encode(), hashlib.sha256).hexdigest()


def _digest(key: bytes, seal: str, chain: int, number: int, row: Any) -> str:
    at = _in_utc(row.happened_at).isoformat(timespec="microseconds")
    facts = json.dumps(row.facts, sort_keys=True)
    return _sealed(key, "entry", seal, chain, number, at, row.actor, row.action, row.subject, facts)


def _in_utc(at: datetime) -> datetime:
    """SQLite forgets the zone of an instant, which is always UTC."""
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _chain(connection: sa.Connection) -> None:
    key = current_app.extensions["planner"].chain_key()
    old = connection.execute(sa.select(ENTRY).order_by(ENTRY.c.id)).all()
    conferences = list(dict.fromkeys(row.conference_id for row in old if row.conference_id))
    for chain in conferences:
        began = {"happened_at": old[0].happened_at, "facts": {}, "actor": "system", "action": "chain.began"}
        connection.execute(ENTRY.insert().values(**began, subject=f"conference:{chain}"))
    heads: dict[int, tuple[int, str]] = {}
    for row in connection.execute(sa.select(ENTRY).order_by(ENTRY.c.id)).all():
        chain = row.conference_id or EVERYWHERE
        before, seal = heads.get(chain, (0, _sealed(key, "begin", chain)))
        place = {"chain": chain, "number": before + 1, "digest": _digest(key, seal, chain, before + 1, row)}
        connection.execute(ENTRY.update().where(ENTRY.c.id == row.id).values(**place))
        heads[chain] = (before + 1, _sealed(key, "head", place["digest"]))
    for chain, (number, seal) in heads.items():
        connection.execute(HEAD.insert().values(chain=chain, number=number, seal=seal))
