"""Problem statements that people brought, and who says "this concerns me too"."""

import enum
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from sqlalchemy import CheckConstraint, ColumnElement, String, Text, UniqueConstraint, and_, or_
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.models.base import Instant, Model, Moves, Stateful, child_of, enumeration, key_column, points_to

if TYPE_CHECKING:
    from planner.models.conference import Conference, Theme
    from planner.models.people import Participant
    from planner.models.programme import Session


class SubmissionState(enum.StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    MERGED = "merged"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


BROUGHT = (SubmissionState.SUBMITTED, SubmissionState.ACCEPTED, SubmissionState.MERGED)
"""What was brought and not taken back; others see of it what an organiser let through."""
WORKED_ON = (SubmissionState.ACCEPTED, SubmissionState.MERGED)
"""What belongs to a session."""


class Visibility(enum.StrEnum):
    """By name or not, and whether the text may be read aloud: the author's choice."""

    NAMED = "named"
    ANONYMOUS = "anonymous"


class Submission(Model, Stateful):
    MOVES: ClassVar[Moves] = {
        SubmissionState.DRAFT: {SubmissionState.SUBMITTED, SubmissionState.WITHDRAWN},
        SubmissionState.SUBMITTED: {
            SubmissionState.DRAFT,
            SubmissionState.ACCEPTED,
            SubmissionState.MERGED,
            SubmissionState.DECLINED,
            SubmissionState.WITHDRAWN,
        },
        SubmissionState.ACCEPTED: {SubmissionState.SUBMITTED, SubmissionState.WITHDRAWN},
        SubmissionState.MERGED: {SubmissionState.SUBMITTED, SubmissionState.WITHDRAWN},
        SubmissionState.DECLINED: {SubmissionState.SUBMITTED},
        SubmissionState.WITHDRAWN: {SubmissionState.DRAFT, SubmissionState.SUBMITTED},
    }
    __table_args__ = (
        CheckConstraint(
            "state not in ('accepted', 'merged') or session_id is not null", name="accepted_into_a_session"
        ),
        UniqueConstraint("conference_id", "receipt"),
        {"sqlite_autoincrement": True},  # a page that is old by now decides about no other text
    )

    conference_id: Mapped[int] = child_of("conference")
    author_id: Mapped[int | None] = points_to("participant")
    theme_id: Mapped[int | None] = points_to("theme")
    session_id: Mapped[int | None] = points_to("session")
    receipt: Mapped[str] = key_column()  # also the form's one-time key: a double click makes one row
    state: Mapped[SubmissionState] = mapped_column(enumeration(SubmissionState), default=SubmissionState.DRAFT)
    visibility: Mapped[Visibility] = mapped_column(enumeration(Visibility), default=Visibility.ANONYMOUS)
    may_be_read_aloud: Mapped[bool] = mapped_column(default=False)  # else it is only summarised
    language: Mapped[str] = mapped_column(String(8), default="de")
    problem: Mapped[str] = mapped_column(Text)
    experience: Mapped[str] = mapped_column(Text, default="")
    support_needed: Mapped[str] = mapped_column(Text, default="")
    question: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(Text, default="")  # told to the author when it is declined
    revision: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Instant)
    changed_at: Mapped[datetime] = mapped_column(Instant)
    note: Mapped[str] = mapped_column(Text, default="")  # organisers' own: on no page, file or message but theirs
    joined_to_id: Mapped[int | None] = points_to("submission")  # what it is part of; its decisions are this one's
    let_through_at: Mapped[datetime | None] = mapped_column(Instant)  # until then only its author and organisers see it

    conference: Mapped["Conference"] = relationship()
    author: Mapped["Participant | None"] = relationship(back_populates="submissions")
    theme: Mapped["Theme | None"] = relationship()
    session: Mapped["Session | None"] = relationship(back_populates="submissions")
    joined_to: Mapped["Submission | None"] = relationship(remote_side="Submission.id")
    supporters: Mapped[list["Supporter"]] = relationship(cascade="all, delete-orphan")

    @hybrid_property
    def stands(self) -> bool:
        """Whether others see it; where it is part of another one, they see that."""
        return self.state in BROUGHT and self.let_through_at is not None and self.joined_to_id is None

    @stands.inplace.expression
    @classmethod
    def _stands(cls) -> ColumnElement[bool]:
        return and_(cls.state.in_(BROUGHT), cls.let_through_at.is_not(None), cls.joined_to_id.is_(None))

    @hybrid_property
    def may_stay(self) -> bool:
        """Whether others read it or work with it, so that its author may leave it behind without her name."""
        return self.state in WORKED_ON or (self.state is SubmissionState.SUBMITTED and self.let_through_at is not None)

    @may_stay.inplace.expression
    @classmethod
    def _may_stay(cls) -> ColumnElement[bool]:
        read = and_(cls.state == SubmissionState.SUBMITTED, cls.let_through_at.is_not(None))
        return or_(cls.state.in_(WORKED_ON), read)


class Supporter(Model):
    __table_args__ = (UniqueConstraint("submission_id", "participant_id"),)

    submission_id: Mapped[int] = child_of("submission")
    participant_id: Mapped[int] = child_of("participant")


class MovedSupport(Model):
    """A support that counts where its submission is part of; it comes back when that is undone."""

    submission_id: Mapped[int] = child_of("submission")
    supporter_id: Mapped[int] = child_of("supporter", index=False, unique=True)
