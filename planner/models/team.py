"""Who works on a conference, each account with its role there; and who is invited to."""

import enum
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.models.base import Instant, Model, child_of, enumeration, points_to

if TYPE_CHECKING:
    from planner.models.accounts import User
    from planner.models.conference import Conference
    from planner.models.people import Group


class MemberRole(enum.StrEnum):
    OWNER = "owner"
    ORGANISER = "organiser"
    CLERK = "clerk"
    VIEWER = "viewer"
    GROUP_CLERK = "group_clerk"

    @property
    def of_a_group(self) -> bool:
        """Whether she is limited to the people of one group, as a teacher to her class."""
        return self is MemberRole.GROUP_CLERK


def one_group() -> CheckConstraint:
    """Who is limited to a group has one, and nobody else has."""
    return CheckConstraint("(role = 'group_clerk') = (group_id is not null)", name="one_group")


class Member(Model):
    """An account's part in one conference; policy says what each role may do."""

    __table_args__ = (UniqueConstraint("conference_id", "user_id"), one_group())

    conference_id: Mapped[int] = child_of("conference", index=False)
    user_id: Mapped[int] = child_of("user")
    role: Mapped[MemberRole] = mapped_column(enumeration(MemberRole))
    # With the group goes who was limited to it: nobody reaches more people because a row is gone.
    group_id: Mapped[int | None] = child_of("stakeholder_group")
    since: Mapped[datetime | None] = mapped_column(Instant)  # not known of those who were there before there were roles

    conference: Mapped["Conference"] = relationship(back_populates="members")
    user: Mapped["User"] = relationship(back_populates="memberships")
    group: Mapped["Group | None"] = relationship()


class InvitationState(enum.StrEnum):
    """How the link reaches her: shown to its owner once, to be handed on, or by mail."""

    SHOWN = "shown"
    WAITING = "waiting"
    SENT = "sent"
    WRITTEN = "written"  # into a file on this computer, for trying
    DOUBTFUL = "doubtful"
    FAILED = "failed"


class Invitation(Model):
    """Whoever has an account with this address may join; of the link only a hash is kept, and none once it is used."""

    __table_args__ = (UniqueConstraint("conference_id", "email"), one_group())

    conference_id: Mapped[int] = child_of("conference", index=False)
    email: Mapped[str] = mapped_column(String(255))  # in small letters: nobody is invited twice
    role: Mapped[MemberRole] = mapped_column(enumeration(MemberRole))
    group_id: Mapped[int | None] = child_of("stakeholder_group")
    state: Mapped[InvitationState] = mapped_column(enumeration(InvitationState))
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    invited_by_id: Mapped[int | None] = points_to("user")
    expires_at: Mapped[datetime] = mapped_column(Instant, index=True)

    conference: Mapped["Conference"] = relationship()
    invited_by: Mapped["User | None"] = relationship()
    group: Mapped["Group | None"] = relationship()
