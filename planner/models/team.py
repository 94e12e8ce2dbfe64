"""Who works on a conference, each account with its role there; and who is invited to."""

import enum
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.models.base import Instant, Model, child_of, enumeration, points_to

if TYPE_CHECKING:
    from planner.models.accounts import User
    from planner.models.conference import Conference


class MemberRole(enum.StrEnum):
    OWNER = "owner"
    ORGANISER = "organiser"
    CLERK = "clerk"
    VIEWER = "viewer"


class Member(Model):
    """An account's part in one conference; policy says what each role may do."""

    __table_args__ = (UniqueConstraint("conference_id", "user_id"),)

    conference_id: Mapped[int] = child_of("conference", index=False)
    user_id: Mapped[int] = child_of("user")
    role: Mapped[MemberRole] = mapped_column(enumeration(MemberRole))
    since: Mapped[datetime | None] = mapped_column(Instant)  # not known of those who were there before there were roles

    conference: Mapped["Conference"] = relationship(back_populates="members")
    user: Mapped["User"] = relationship(back_populates="memberships")


class InvitationState(enum.StrEnum):
    """How the link reaches her: shown to its owner once, to be handed on, or by mail."""

    SHOWN = "shown"
    WAITING = "waiting"
    SENT = "sent"
    DOUBTFUL = "doubtful"
    FAILED = "failed"


class Invitation(Model):
    """Whoever has an account with this address may join; of the link only a hash is kept, and none once it is used."""

    __table_args__ = (UniqueConstraint("conference_id", "email"),)

    conference_id: Mapped[int] = child_of("conference", index=False)
    email: Mapped[str] = mapped_column(String(255))  # in small letters: nobody is invited twice
    role: Mapped[MemberRole] = mapped_column(enumeration(MemberRole))
    state: Mapped[InvitationState] = mapped_column(enumeration(InvitationState))
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    invited_by_id: Mapped[int | None] = points_to("user")
    expires_at: Mapped[datetime] = mapped_column(Instant, index=True)

    conference: Mapped["Conference"] = relationship()
    invited_by: Mapped["User | None"] = relationship()
