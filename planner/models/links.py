"""One link for many: whoever has it registers herself, and which people came by it."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.models.base import Instant, Model, child_of, points_to

if TYPE_CHECKING:
    from planner.models.conference import Conference
    from planner.models.people import Group, Participant


class GroupLink(Model):
    """Only a hash of the link is kept; a new one makes the one before worthless."""

    __table_args__ = (CheckConstraint("places > 0", name="places"),)

    conference_id: Mapped[int] = child_of("conference")
    group_id: Mapped[int | None] = points_to("stakeholder_group")
    name: Mapped[str] = mapped_column(String(80))
    places: Mapped[int]
    ends_at: Mapped[datetime] = mapped_column(Instant)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Instant)

    conference: Mapped["Conference"] = relationship()
    group: Mapped["Group | None"] = relationship()


class Registration(Model):
    """A person came by a group link, and agreed then to what it says is stored; she takes one of its places."""

    participant_id: Mapped[int] = child_of("participant", index=False, unique=True)
    group_link_id: Mapped[int] = child_of("group_link")
    registered_at: Mapped[datetime] = mapped_column(Instant)

    participant: Mapped["Participant"] = relationship()
    group_link: Mapped[GroupLink] = relationship()
