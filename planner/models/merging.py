"""Sessions that became one, and what is needed to split them again exactly as they were."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.models.base import Instant, Model, child_of, enumeration
from planner.models.submissions import SubmissionState

if TYPE_CHECKING:
    from planner.models.programme import Session, SessionRole
    from planner.models.submissions import Submission


class SessionMerge(Model):
    """`session_id` is the one that stays; `before` and `after` are its own columns that the merge changed."""

    __table_args__ = ({"sqlite_autoincrement": True},)  # a page that is old by now splits no other merge

    conference_id: Mapped[int] = child_of("conference")
    session_id: Mapped[int] = child_of("session")
    merged_at: Mapped[datetime] = mapped_column(Instant)
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    session: Mapped["Session"] = relationship()
    parts: Mapped[list["MergedSession"]] = relationship(cascade="all, delete-orphan", order_by="MergedSession.id")
    roles: Mapped[list["MergedRole"]] = relationship(cascade="all, delete-orphan")
    submissions: Mapped[list["MergedSubmission"]] = relationship(cascade="all, delete-orphan")
    wishes: Mapped[list["WishesBefore"]] = relationship(cascade="all, delete-orphan", back_populates="merge")


class MergedSession(Model):
    """One that is held as part of another: cancelled until they are split."""

    merge_id: Mapped[int] = child_of("session_merge")
    session_id: Mapped[int] = child_of("session", index=False, unique=True)

    session: Mapped["Session"] = relationship()


class MergedRole(Model):
    """A duty in the session that stays which somebody has because she had it in another one."""

    merge_id: Mapped[int] = child_of("session_merge")
    role_id: Mapped[int] = child_of("session_role", index=False, unique=True)

    role: Mapped["SessionRole"] = relationship()


class MergedSubmission(Model):
    """A submission with the session that it came from, and its state there."""

    __table_args__ = (UniqueConstraint("merge_id", "submission_id"),)

    merge_id: Mapped[int] = child_of("session_merge", index=False)
    submission_id: Mapped[int] = child_of("submission")
    session_id: Mapped[int] = child_of("session")
    state: Mapped[SubmissionState] = mapped_column(enumeration(SubmissionState))

    submission: Mapped["Submission"] = relationship()


class WishesBefore(Model):
    """Somebody's list before a merge changed it, by numbers of sessions; `revision` is hers right after it."""

    __table_args__ = (UniqueConstraint("merge_id", "participant_id"),)

    merge_id: Mapped[int] = child_of("session_merge", index=False)
    participant_id: Mapped[int] = child_of("participant")
    favourites: Mapped[list[int]] = mapped_column(JSON, default=list)
    vetoes: Mapped[list[int]] = mapped_column(JSON, default=list)
    revision: Mapped[int] = mapped_column(default=0)

    merge: Mapped[SessionMerge] = relationship(back_populates="wishes")
