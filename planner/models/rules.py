"""What organisers ask of a plan beside bounds and programme: who is where with whom, and which session is when."""

import enum
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.models.base import MARK, MARK_VALUE, OF_WHOM, Model, child_of, enumeration, points_to

if TYPE_CHECKING:
    from planner.models.accounts import User
    from planner.models.people import Group, Participant


class Company(Model):
    """Nobody of a protected group sits alone: a meeting has none of them, or at least so many.

    Or nobody of those of whom the same is known: the value that their attribute `mark` has.
    """

    __table_args__ = (
        UniqueConstraint("conference_id", "mark", "value"),
        CheckConstraint("least >= 2", name="least"),
        CheckConstraint(OF_WHOM, name="whom"),
    )

    conference_id: Mapped[int] = child_of("conference")
    group_id: Mapped[int | None] = child_of("stakeholder_group", index=False, unique=True, nullable=True)
    mark: Mapped[str | None] = mapped_column(String(MARK))
    value: Mapped[str | None] = mapped_column(String(MARK_VALUE))
    least: Mapped[int] = mapped_column(default=2)

    group: Mapped["Group | None"] = relationship()


class BondKind(enum.StrEnum):
    TOGETHER = "together"
    APART = "apart"


class Bond(Model):
    """People who sit in the same meetings, or never in one.

    Who must be apart is confidential: only its author and the conference's owners see it, see `OrganiserScope.bond`.
    """

    conference_id: Mapped[int] = child_of("conference")
    kind: Mapped[BondKind] = mapped_column(enumeration(BondKind))
    author_id: Mapped[int | None] = points_to("user")

    author: Mapped["User | None"] = relationship()
    members: Mapped[list["BondMember"]] = relationship(cascade="all, delete-orphan", order_by="BondMember.id")


class BondMember(Model):
    __table_args__ = (UniqueConstraint("bond_id", "participant_id"),)

    bond_id: Mapped[int] = child_of("bond", index=False)
    participant_id: Mapped[int] = child_of("participant")

    participant: Mapped["Participant"] = relationship()


class SessionGroup(Model):
    """A session to which somebody may come of this group; one without such rows is open to everybody."""

    __table_args__ = (UniqueConstraint("session_id", "group_id"),)

    session_id: Mapped[int] = child_of("session", index=False)
    group_id: Mapped[int] = child_of("stakeholder_group")


class SessionClosure(Model):
    """A round in which a session is not held."""

    __table_args__ = (UniqueConstraint("session_id", "slot_id"),)

    session_id: Mapped[int] = child_of("session", index=False)
    slot_id: Mapped[int] = child_of("slot")


class Order(enum.StrEnum):
    NOT_BESIDE = "not_beside"  # said of both, once
    AFTER = "after"


class SessionOrder(Model):
    """A session that is never held at the same time as another one, or only after it."""

    __table_args__ = (
        UniqueConstraint("session_id", "other_id", "kind"),
        CheckConstraint("session_id <> other_id", name="another"),
    )

    session_id: Mapped[int] = child_of("session", index=False)
    other_id: Mapped[int] = child_of("session")
    kind: Mapped[Order] = mapped_column(enumeration(Order))
