"""Who works on a conference: each account with its role there."""

import enum
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.models.base import Instant, Model, child_of, enumeration

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
    role: Mapped[MemberRole] = mapped_column(enumeration(MemberRole), default=MemberRole.OWNER)
    since: Mapped[datetime | None] = mapped_column(Instant)  # not known of those who were there before there were roles

    conference: Mapped["Conference"] = relationship(back_populates="members")
    user: Mapped["User"] = relationship(back_populates="memberships")
