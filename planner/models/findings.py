"""What a session found out, and what became of its recommendations."""

import enum
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar

from sqlalchemy import CheckConstraint, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.models.base import Instant, Model, Moves, Stateful, child_of, enumeration, points_to

if TYPE_CHECKING:
    from planner.models.allocations import Meeting


# These tables are kept for the pages on which a room writes down what it found, which are still to come.


class Finding(Model):
    __table_args__ = (UniqueConstraint("meeting_id"),)

    meeting_id: Mapped[int] = child_of("meeting")
    text: Mapped[str] = mapped_column(Text, default="")
    heads: Mapped[int | None]  # how many sat there, counted by the facilitator
    changed_at: Mapped[datetime] = mapped_column(Instant)
    changed_by_id: Mapped[int | None] = points_to("participant")

    meeting: Mapped["Meeting"] = relationship()
    recommendations: Mapped[list["Recommendation"]] = relationship(
        order_by="Recommendation.position", cascade="all, delete-orphan"
    )


class RequestKind(enum.StrEnum):
    POSTS = "posts"
    MONEY = "money"
    RULES = "rules"


class Competent(enum.StrEnum):
    CITY = "city"
    STATE = "state"
    FEDERATION = "federation"
    JOB_CENTRE = "job_centre"
    OTHER = "other"


class AnswerState(enum.StrEnum):
    OPEN = "open"
    PROMISED = "promised"
    DONE = "done"
    REFUSED = "refused"


class Recommendation(Model, Stateful):
    MOVES: ClassVar[Moves] = {
        AnswerState.OPEN: {AnswerState.PROMISED, AnswerState.DONE, AnswerState.REFUSED},
        AnswerState.PROMISED: {AnswerState.DONE, AnswerState.REFUSED, AnswerState.OPEN},
        AnswerState.DONE: {AnswerState.OPEN},
        AnswerState.REFUSED: {AnswerState.OPEN},
    }
    __table_args__ = (
        UniqueConstraint("finding_id", "position"),
        CheckConstraint("position between 1 and 3", name="at_most_three"),
    )

    finding_id: Mapped[int] = child_of("finding")
    position: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    kind: Mapped[RequestKind] = mapped_column(enumeration(RequestKind))
    competent: Mapped[Competent] = mapped_column(enumeration(Competent))
    addressee: Mapped[str] = mapped_column(Text, default="")
    due: Mapped[date | None]
    state: Mapped[AnswerState] = mapped_column(enumeration(AnswerState), default=AnswerState.OPEN)
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None] = mapped_column(Instant)
