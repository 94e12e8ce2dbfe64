"""Sessions, the slots and rooms for them, and what is placed by hand."""

import enum
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.models.base import (
    MARK,
    MARK_VALUE,
    OF_WHOM,
    Instant,
    Model,
    Moves,
    Stateful,
    Translated,
    child_of,
    enumeration,
    points_to,
)

if TYPE_CHECKING:
    from planner.models.conference import Conference, Theme
    from planner.models.people import Group, Participant
    from planner.models.submissions import Submission


class Slot(Model):
    """A period in which sessions run side by side."""

    __table_args__ = (CheckConstraint("starts < ends", name="ends_after_it_begins"),)

    conference_id: Mapped[int] = child_of("conference")
    title: Mapped[Translated] = mapped_column(JSON)
    starts: Mapped[datetime] = mapped_column(Instant)
    ends: Mapped[datetime] = mapped_column(Instant)

    conference: Mapped["Conference"] = relationship(back_populates="slots")


class Seating(enum.StrEnum):
    CIRCLE = "circle"
    ROWS = "rows"


class Room(Model):
    __table_args__ = (
        UniqueConstraint("conference_id", "name"),
        CheckConstraint("capacity_circle >= 0 and capacity_rows >= 0", name="capacity"),
    )

    conference_id: Mapped[int] = child_of("conference")
    name: Mapped[str] = mapped_column(String(80))
    directions: Mapped[Translated] = mapped_column(JSON, default=dict)
    seating: Mapped[Seating] = mapped_column(enumeration(Seating), default=Seating.CIRCLE)
    capacity_circle: Mapped[int] = mapped_column(default=0)
    capacity_rows: Mapped[int] = mapped_column(default=0)
    features: Mapped[list[str]] = mapped_column(JSON, default=list)
    walking_minutes: Mapped[int] = mapped_column(default=0)
    position: Mapped[int] = mapped_column(default=0)

    conference: Mapped["Conference"] = relationship(back_populates="rooms")
    closures: Mapped[list["RoomClosure"]] = relationship(cascade="all, delete-orphan")

    @property
    def capacity(self) -> int:
        return self.capacity_circle if self.seating is Seating.CIRCLE else self.capacity_rows


class RoomClosure(Model):
    """A slot in which a room is not free."""

    __table_args__ = (UniqueConstraint("room_id", "slot_id"),)

    room_id: Mapped[int] = child_of("room")
    slot_id: Mapped[int] = child_of("slot")


class SessionState(enum.StrEnum):
    OPEN = "open"
    CANCELLED = "cancelled"


class Session(Model, Stateful):
    """A topic that will be worked on. The database's session is always spelled db.session."""

    MOVES: ClassVar[Moves] = {
        SessionState.OPEN: {SessionState.CANCELLED},
        SessionState.CANCELLED: {SessionState.OPEN},
    }
    __table_args__ = (
        UniqueConstraint("conference_id", "number"),
        CheckConstraint("0 <= minimum and minimum <= maximum", name="sizes"),
        CheckConstraint("offered >= 1 and duration >= 1", name="offered"),
    )

    conference_id: Mapped[int] = child_of("conference")
    theme_id: Mapped[int | None] = points_to("theme")
    number: Mapped[int]  # what a paper ballot names: "3, 7, 12"
    state: Mapped[SessionState] = mapped_column(enumeration(SessionState), default=SessionState.OPEN)
    title: Mapped[Translated] = mapped_column(JSON)
    sentence: Mapped[Translated] = mapped_column(JSON, default=dict)
    goal: Mapped[Translated] = mapped_column(JSON, default=dict)
    questions: Mapped[dict[str, list[str]]] = mapped_column(JSON, default=dict)
    minutes: Mapped[dict[str, list[str]]] = mapped_column(JSON, default=dict)  # the minute plan
    minimum: Mapped[int] = mapped_column(default=6)
    maximum: Mapped[int] = mapped_column(default=20)
    languages: Mapped[list[str]] = mapped_column(JSON, default=lambda: ["de"])  # it may be held in one of these
    two_language: Mapped[bool] = mapped_column(default=False)  # or in both at once; then there are exactly two
    features: Mapped[list[str]] = mapped_column(JSON, default=list)
    offered: Mapped[int] = mapped_column(default=1)
    duration: Mapped[int] = mapped_column(default=1)
    may_be_cancelled: Mapped[bool] = mapped_column(default=False)
    open_to: Mapped[dict[str, list[str]]] = mapped_column(JSON, default=dict)  # by people's attributes; empty: to all

    conference: Mapped["Conference"] = relationship(back_populates="sessions")
    theme: Mapped["Theme | None"] = relationship()
    roles: Mapped[list["SessionRole"]] = relationship(
        back_populates="session", cascade="all, delete-orphan", order_by="SessionRole.id"
    )
    submissions: Mapped[list["Submission"]] = relationship(back_populates="session")
    placements: Mapped[list["Placement"]] = relationship(
        back_populates="session", cascade="all, delete-orphan", order_by="Placement.id"
    )

    @property
    def is_held(self) -> bool:
        """Not, where it was cancelled; a plan that was made before may still have it."""
        return self.state is SessionState.OPEN


class Duty(enum.StrEnum):
    FACILITATOR = "facilitator"
    NOTE_TAKER = "note_taker"


class SessionRole(Model):
    """Who facilitates a session or takes its notes."""

    __table_args__ = (UniqueConstraint("session_id", "participant_id"),)

    session_id: Mapped[int] = child_of("session")
    participant_id: Mapped[int] = child_of("participant")
    duty: Mapped[Duty] = mapped_column(enumeration(Duty), default=Duty.FACILITATOR)

    session: Mapped[Session] = relationship(back_populates="roles")
    participant: Mapped["Participant"] = relationship(back_populates="roles")


class Placement(Model):
    """A meeting that the organiser placed by hand; what is left open the solver decides."""

    __table_args__ = (
        UniqueConstraint("slot_id", "room_id"),
        UniqueConstraint("session_id", "slot_id"),
    )

    conference_id: Mapped[int] = child_of("conference")
    session_id: Mapped[int] = child_of("session")
    slot_id: Mapped[int] = child_of("slot")
    room_id: Mapped[int | None] = points_to("room")
    language: Mapped[str | None] = mapped_column(String(8))  # the working language, if it is decided

    session: Mapped[Session] = relationship(back_populates="placements")
    slot: Mapped[Slot] = relationship()
    room: Mapped[Room | None] = relationship()

    @property
    def is_to_be_spoken(self) -> bool:
        """Whether its language is to be decided: one of several that its session may be held in."""
        return len(self.session.languages) > 1 and not self.session.two_language


class Quota(Model):
    """How many of one stakeholder group each meeting (or each of one session) has at least and at most.

    Or of those of whom the same is known: the value that their attribute `mark` has.
    """

    __table_args__ = (
        UniqueConstraint("conference_id", "group_id", "session_id"),
        CheckConstraint("minimum >= 0 and (maximum is null or minimum <= maximum)", name="bounds"),
        CheckConstraint(OF_WHOM, name="whom"),
    )

    conference_id: Mapped[int] = child_of("conference")
    group_id: Mapped[int | None] = child_of("stakeholder_group", nullable=True)
    mark: Mapped[str | None] = mapped_column(String(MARK))
    value: Mapped[str | None] = mapped_column(String(MARK_VALUE))
    session_id: Mapped[int | None] = mapped_column(ForeignKey("session.id", ondelete="CASCADE"), index=True)
    minimum: Mapped[int] = mapped_column(default=0)
    maximum: Mapped[int | None]

    group: Mapped["Group | None"] = relationship()
