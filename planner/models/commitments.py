"""What people who work at a conference answered to being asked for it."""

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from planner.models.allocations import CHANNEL, AssignmentRole
from planner.models.base import Instant, Model, child_of, enumeration


class Commitment(Model):
    """Somebody does, or cannot do, one task in one round; it holds for this task in whatever plan has it."""

    __table_args__ = (UniqueConstraint("participant_id", "slot_id", "session_id", "role", "channel"),)

    participant_id: Mapped[int] = child_of("participant", index=False)
    slot_id: Mapped[int] = child_of("slot")
    session_id: Mapped[int] = child_of("session")
    role: Mapped[AssignmentRole] = mapped_column(enumeration(AssignmentRole))
    channel: Mapped[str] = mapped_column(String(CHANNEL), default="")  # of an interpreter, see commitments.py
    is_taken: Mapped[bool]  # she does it
    reason: Mapped[str] = mapped_column(String(300), default="")  # why she cannot, if she says so
    answered_at: Mapped[datetime] = mapped_column(Instant)
    is_entered: Mapped[bool] = mapped_column(default=False)  # by those who organise, on her behalf
