"""What a participant wishes: her ordered favourites, and what is not for her."""

from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.models.base import Model, child_of

if TYPE_CHECKING:
    from planner.models.people import Participant
    from planner.models.programme import Session


class Preference(Model):
    __table_args__ = (
        UniqueConstraint("participant_id", "rank"),
        UniqueConstraint("participant_id", "session_id"),
        CheckConstraint("rank >= 1", name="rank"),
    )

    participant_id: Mapped[int] = child_of("participant")
    session_id: Mapped[int] = child_of("session")
    rank: Mapped[int] = mapped_column()  # 1 is the most wanted, on every screen and in every export

    participant: Mapped["Participant"] = relationship(back_populates="preferences")
    session: Mapped["Session"] = relationship()


class Veto(Model):
    __table_args__ = (UniqueConstraint("participant_id", "session_id"),)

    participant_id: Mapped[int] = child_of("participant")
    session_id: Mapped[int] = child_of("session")

    session: Mapped["Session"] = relationship()
