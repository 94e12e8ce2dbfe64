"""What the present request does: its first commit that changes something tells the audit, by names and numbers."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from flask import g, has_app_context
from sqlalchemy import event, inspect
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction

from planner.extensions import db
from planner.models import AuditEntry

UNNAMED = {"need", "needs", "audit_entry", "quota", "company", "bond", "bond_member"}
"""Tables and columns of which nothing is told but that something was done: needs, and rules that have a row.

All such rules, because a rule of which nothing is told would else be one about who sits with whom.
"""
MOST_NAMES = 20


@dataclass
class Done:
    """Names of columns and numbers of rows, never a value; what people need is not even counted, but `something`."""

    changes: frozenset[str] = frozenset()
    counts: Counter[str] = field(default_factory=Counter)
    something: bool = False

    def with_flush(self, session: Session) -> "Done":
        names = {f"{_table(row)}.{name}": name for row in session.dirty for name in _changed(row)}
        rows = [("added", row) for row in session.new] + [("removed", row) for row in session.deleted]
        here = [f"{what} {_table(row)}" for what, row in rows if _table(row) not in UNNAMED]
        return Done(
            self.changes | {told for told, name in names.items() if not {name, told.partition(".")[0]} & UNNAMED},
            self.counts + Counter(here),
            self.something or bool(names) or any(not isinstance(row, AuditEntry) for _, row in rows),
        )


@dataclass
class Act:
    """What the present request is about to change; the first commit that changes something writes it down.

    What was taken back was not done: `before` keeps for each savepoint what was done before it.
    """

    conference_id: int | None
    at: datetime
    actor: str
    action: str
    subject: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    done: Done = field(default_factory=Done)
    before: dict[SessionTransaction, Done] = field(default_factory=dict)

    def take_back(self, transaction: SessionTransaction) -> None:
        if transaction.nested:
            self.done = self.before.pop(transaction, self.done)
        elif transaction.parent is None:
            self.done, self.before = Done(), {}

    def entry(self) -> AuditEntry:
        return AuditEntry(
            conference_id=self.conference_id,
            happened_at=self.at,
            actor=self.actor,
            action=self.action,
            subject=self.subject,
            facts={
                **self.facts,
                "changed": sorted(self.done.changes)[:MOST_NAMES],
                **dict(sorted(self.done.counts.items())[:MOST_NAMES]),
            },
        )


def _changed(row: Any) -> Iterator[str]:
    return (attribute.key for attribute in inspect(row).attrs if attribute.history.has_changes())


def _table(row: Any) -> str:
    return str(row.__tablename__)


def expect(act: Act) -> None:
    """From here on the first commit of this request is this act."""
    g.act = act


def tell(**facts: Any) -> None:
    """What else is known of this act, for example to whom it was done."""
    if "act" in g:
        g.act.facts |= facts


def about(subject: str) -> None:
    """To whom or what it is done, where the address does not say it."""
    if "act" in g:
        g.act.subject = subject


def nothing() -> None:
    """What this request keeps concerns nobody but her who sends it."""
    g.pop("act", None)


def present(session: Session) -> Act | None:
    """The act that this commit is, unless it was written down already."""
    ours = has_app_context() and session is db.session()
    return g.get("act") if ours and not g.get("kept") else None


@event.listens_for(Session, "before_flush")
def remember(session: Session, *_: object) -> None:
    act = present(session)
    if act:
        act.done = act.done.with_flush(session)


@event.listens_for(Session, "do_orm_execute")
def remember_many(state: ORMExecuteState) -> None:
    """A statement that changes rows without loading them."""
    act = present(state.session) if state.is_update or state.is_delete or state.is_insert else None
    if act:
        act.done = replace(act.done, something=True)


@event.listens_for(Session, "after_transaction_create")
def mark(session: Session, transaction: SessionTransaction) -> None:
    act = present(session) if transaction.nested else None
    if act:
        act.before[transaction] = act.done


@event.listens_for(Session, "after_soft_rollback")
def take_back(session: Session, transaction: SessionTransaction) -> None:
    """A request that is tried again tells what it did the last time."""
    act = present(session)
    if act:
        act.take_back(transaction)
