"""What was sent to whom, and who did what: rows that are only ever added to."""

import enum
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import JSON, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.models.base import Instant, Model, Moves, Stateful, child_of, enumeration, points_to

if TYPE_CHECKING:
    from planner.models.accounts import User
    from planner.models.allocations import Allocation
    from planner.models.people import Participant


class MessageState(enum.StrEnum):
    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    WRITTEN = "written"  # into a file on this computer, for trying: nobody has got it
    DOUBTFUL = "doubtful"
    FAILED = "failed"
    BY_HAND = "by_hand"  # no mail reaches her: somebody tells her
    OVERTAKEN = "overtaken"  # it would not be true any more


class Message(Model, Stateful):
    """A row of the outbox: written in the caller's transaction, sent by the worker."""

    # What did not end well may be sent again, if an organiser wants it.
    MOVES: ClassVar[Moves] = {
        MessageState.WAITING: {MessageState.SENDING, MessageState.FAILED, MessageState.OVERTAKEN},
        MessageState.DOUBTFUL: {MessageState.WAITING, MessageState.OVERTAKEN},
        MessageState.FAILED: {MessageState.WAITING, MessageState.OVERTAKEN},
        MessageState.BY_HAND: {MessageState.WAITING, MessageState.OVERTAKEN},
        MessageState.WRITTEN: {MessageState.WAITING, MessageState.OVERTAKEN},
        MessageState.SENDING: {
            MessageState.SENT,
            MessageState.WRITTEN,
            MessageState.WAITING,
            MessageState.DOUBTFUL,
            MessageState.FAILED,
            MessageState.OVERTAKEN,
        },
    }
    __table_args__ = (UniqueConstraint("conference_id", "dedupe_key"),)

    conference_id: Mapped[int] = child_of("conference")
    participant_id: Mapped[int] = child_of("participant")
    kind: Mapped[str] = mapped_column(String(40))
    dedupe_key: Mapped[str] = mapped_column(String(120))
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[MessageState] = mapped_column(enumeration(MessageState), default=MessageState.WAITING)
    created_at: Mapped[datetime] = mapped_column(Instant)
    not_before: Mapped[datetime | None] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)
    attempts: Mapped[int] = mapped_column(default=0)
    told_at: Mapped[datetime | None] = mapped_column(Instant)  # she knows, though the message did not do it

    # The lease: whoever dies while sending leaves a row of which nobody knows.
    worker: Mapped[str | None] = mapped_column(String(64))
    taken_at: Mapped[datetime | None] = mapped_column(Instant)

    participant: Mapped["Participant"] = relationship()


class SentForm(Model):
    """A form that made something: sent again, by a double click or a reload, it makes nothing more."""

    fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    leads_to: Mapped[str | None] = mapped_column(String(300))  # where the first one was sent on to
    sent_at: Mapped[datetime] = mapped_column(Instant, index=True)


class AuditEntry(Model):
    """Who did what to whom, when and why; ids only, never a sensitive value. Chained by audit.py when it is kept."""

    __table_args__ = (UniqueConstraint("chain", "number"), Index("ix_audit_entry_actor", "actor", "happened_at"))

    conference_id: Mapped[int | None] = points_to("conference")
    happened_at: Mapped[datetime] = mapped_column(Instant)
    actor: Mapped[str] = mapped_column(String(40))  # "organiser:3", "participant:17", "system"
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(80), default="")
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    chain: Mapped[int | None] = mapped_column()  # the conference's number, or 0; stays when the conference goes
    number: Mapped[int | None] = mapped_column()
    digest: Mapped[str | None] = mapped_column(String(64))

    @classmethod
    def by(cls, organiser: "User", action: str, thing: "Allocation | Message", now: datetime) -> "AuditEntry":
        """An organiser did this to something of her conference."""
        return cls(
            conference_id=thing.conference_id,
            happened_at=now,
            actor=f"organiser:{organiser.id}",
            action=action,
            subject=f"{thing.__tablename__}:{thing.id}",
        )


class AuditHead(Model):
    """Where a chain of audit entries ends: how many there are, and a seal over the last one."""

    chain: Mapped[int] = mapped_column(unique=True)
    number: Mapped[int] = mapped_column(default=0)
    seal: Mapped[str] = mapped_column(String(64))
