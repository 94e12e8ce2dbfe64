"""Solver runs: settings, snapshot, state, result, and the meetings and places they decided."""

import enum
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.models.base import Instant, Model, Moves, Stateful, child_of, enumeration, key_column, points_to

if TYPE_CHECKING:
    from planner.models.conference import Conference
    from planner.models.people import Participant
    from planner.models.programme import Room, Session, Slot


class AllocationState(enum.StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    SOLVED = "solved"
    INFEASIBLE = "infeasible"
    UNKNOWN = "unknown"
    FAILED = "failed"
    CANCELLED = "cancelled"


CHANNEL = 17  # two codes and a dash
NOT_FROZEN = "not frozen yet"
"""Stands in place of the snapshot of a run that no worker has begun."""
ACTIVE = (AllocationState.QUEUED, AllocationState.RUNNING)
_ENDED = {
    AllocationState.SOLVED,
    AllocationState.INFEASIBLE,
    AllocationState.UNKNOWN,
    AllocationState.FAILED,
    AllocationState.CANCELLED,
}


class Allocation(Model, Stateful):
    MOVES: ClassVar[Moves] = {
        AllocationState.QUEUED: {AllocationState.RUNNING, AllocationState.CANCELLED, AllocationState.FAILED},
        AllocationState.RUNNING: {AllocationState.QUEUED} | _ENDED,
    }
    __table_args__ = (
        # Two organisers press at once: the database lets one run through.
        Index(
            "uq_allocation_active",
            "conference_id",
            unique=True,
            sqlite_where=text("state in ('queued', 'running')"),
            postgresql_where=text("state in ('queued', 'running')"),
        ),
        UniqueConstraint("conference_id", "number"),
    )

    conference_id: Mapped[int] = child_of("conference")
    number: Mapped[int]
    state: Mapped[AllocationState] = mapped_column(enumeration(AllocationState), default=AllocationState.QUEUED)
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)
    snapshot: Mapped[str] = mapped_column(Text)  # solver.Problem as JSON; people under random keys only
    snapshot_hash: Mapped[str] = mapped_column(String(64))
    # Of the part of the snapshot that can change afterwards; None: not known, the snapshot has to be read.
    rests_on: Mapped[str | None] = mapped_column(String(64))
    # By key of a person the rounds in which the plan has no place for her, counted when it was stored.
    without_place: Mapped[dict[str, list[str]] | None] = mapped_column(JSON)
    is_draft: Mapped[bool] = mapped_column(default=False)  # made before choosing ended
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # solver.Solution without its assignments
    reason: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # code and facts when there is no result
    created_at: Mapped[datetime] = mapped_column(Instant)
    started_at: Mapped[datetime | None] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    published_at: Mapped[datetime | None] = mapped_column(Instant)
    created_by_id: Mapped[int | None] = points_to("user")
    close_to_id: Mapped[int | None] = points_to("allocation")  # the published run that it was to change little of

    # The lease: the queue has no acknowledgement, so this row is the truth.
    worker: Mapped[str | None] = mapped_column(String(64))
    heartbeat_at: Mapped[datetime | None] = mapped_column(Instant)
    attempts: Mapped[int] = mapped_column(default=0)
    stop_wanted: Mapped[bool] = mapped_column(default=False)  # stop and keep the best
    cancel_wanted: Mapped[bool] = mapped_column(default=False)

    conference: Mapped["Conference"] = relationship(foreign_keys=[conference_id])
    progress: Mapped[list["AllocationProgress"]] = relationship(
        order_by="AllocationProgress.number", cascade="all, delete-orphan"
    )
    meetings: Mapped[list["Meeting"]] = relationship(
        cascade="all, delete-orphan", back_populates="allocation", order_by="Meeting.id"
    )

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE

    @property
    def is_frozen(self) -> bool:
        """Whether it knows what it is made from."""
        return self.snapshot != NOT_FROZEN

    @property
    def missing(self) -> int:
        """How many places the plan lacks."""
        return sum(map(len, (self.without_place or {}).values()))

    def lacks(self, key: str) -> int:
        """In how many rounds the plan has no place for the person with this key."""
        return len((self.without_place or {}).get(key, ()))

    @property
    def outcome(self) -> str:
        """The state in the word that people read: a plan with missing places is not solved but incomplete."""
        return "incomplete" if self.state is AllocationState.SOLVED and self.missing else self.state.value


class AllocationProgress(Model):
    """One line of a run's story: the goal in hand, its value and its bound after some seconds."""

    __table_args__ = (UniqueConstraint("allocation_id", "number"),)

    allocation_id: Mapped[int] = child_of("allocation")
    number: Mapped[int]
    seconds: Mapped[float]
    goal: Mapped[str] = mapped_column(String(30))
    value: Mapped[float | None]
    bound: Mapped[float | None]


class Meeting(Model):
    """One session in one room in one slot, as an allocation decided it."""

    __table_args__ = (
        UniqueConstraint("allocation_id", "slot_id", "room_id"),
        UniqueConstraint("allocation_id", "session_id", "slot_id"),
        UniqueConstraint("id", "allocation_id", "slot_id"),
    )

    allocation_id: Mapped[int] = child_of("allocation")
    key: Mapped[str] = key_column()  # stable in calendar files
    session_id: Mapped[int] = child_of("session")
    slot_id: Mapped[int] = child_of("slot")
    room_id: Mapped[int] = child_of("room")
    language: Mapped[str | None] = mapped_column(String(8))  # the working language
    second_language: Mapped[str | None] = mapped_column(String(8))  # the other, where it is held in two at once
    duration: Mapped[int] = mapped_column(default=1, server_default="1")  # in rounds, as it was planned

    allocation: Mapped[Allocation] = relationship(back_populates="meetings")
    session: Mapped["Session"] = relationship()
    slot: Mapped["Slot"] = relationship()
    room: Mapped["Room"] = relationship()
    assignments: Mapped[list["Assignment"]] = relationship(
        cascade="all, delete-orphan", back_populates="meeting", foreign_keys="Assignment.meeting_id"
    )

    @property
    def slots(self) -> list["Slot"]:
        """The rounds that it takes: as many as its session lasted when this was planned."""
        if self.duration == 1:
            return [self.slot]
        every = self.session.conference.slots
        return every[every.index(self.slot) :][: self.duration]

    @property
    def starts(self) -> datetime:
        return self.slot.starts

    @property
    def ends(self) -> datetime:
        return self.slots[-1].ends


class AssignmentRole(enum.StrEnum):
    ATTENDEE = "attendee"
    FACILITATOR = "facilitator"
    NOTE_TAKER = "note_taker"
    INTERPRETER = "interpreter"


EMPTY = "–"
"""What stands where the name of somebody stood who was erased."""
IN_CHARGE = (AssignmentRole.FACILITATOR, AssignmentRole.NOTE_TAKER)
"""Who knows beforehand who comes into a room."""


class Assignment(Model):
    """One participant at one meeting in one allocation: never twice in a slot, says the database.

    Of somebody who was erased an empty chair stays, under a name that the run's snapshot alone knows.
    """

    __table_args__ = (
        UniqueConstraint("allocation_id", "participant_id", "slot_id"),
        UniqueConstraint("allocation_id", "chair", "slot_id"),
        CheckConstraint("listens_in is null or role = 'attendee'", name="listener"),
        CheckConstraint("(participant_id is null) = (chair is not null)", name="somebody_or_a_chair"),
    )

    allocation_id: Mapped[int] = child_of("allocation")
    participant_id: Mapped[int | None] = child_of("participant", nullable=True)
    chair: Mapped[str | None] = mapped_column(String(16))
    slot_id: Mapped[int] = child_of("slot")
    meeting_id: Mapped[int] = mapped_column(ForeignKey("meeting.id", ondelete="CASCADE"), index=True)
    role: Mapped[AssignmentRole] = mapped_column(enumeration(AssignmentRole), default=AssignmentRole.ATTENDEE)
    # A channel of the meeting: a language into which it is interpreted, or the two of a two-language one ("ar-de").
    listens_in: Mapped[str | None] = mapped_column(String(CHANNEL))  # what she hears
    voices: Mapped[str | None] = mapped_column(String(CHANNEL))  # where the interpreter works

    meeting: Mapped[Meeting] = relationship(back_populates="assignments", foreign_keys=[meeting_id])
    participant: Mapped["Participant | None"] = relationship()

    @property
    def key(self) -> str:
        """Who sits there in the run's snapshot."""
        return self.participant.key if self.participant else self.chair or ""

    @property
    def person(self) -> "Participant":
        """Where it is known that no chair is empty."""
        if self.participant is None:
            raise LookupError("an empty chair")
        return self.participant

    @property
    def name(self) -> str:
        return self.participant.name if self.participant else EMPTY
