"""What organisers ask of a plan beside bounds and programme: who is never alone, and who sits with whom."""

import enum
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.models.base import Model, child_of, enumeration, points_to

if TYPE_CHECKING:
    from planner.models.accounts import User
    from planner.models.people import Group, Participant


class Company(Model):
    """Nobody of a protected group sits alone: a meeting has none of them, or at least so many."""

    __table_args__ = (CheckConstraint("least >= 2", name="least"),)

    conference_id: Mapped[int] = child_of("conference")
    group_id: Mapped[int] = child_of("stakeholder_group", index=False, unique=True)
    least: Mapped[int] = mapped_column(default=2)

    group: Mapped["Group"] = relationship()


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
