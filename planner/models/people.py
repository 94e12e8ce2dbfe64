"""People and the bodies they speak for, with what each of them needs."""

import enum
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from sqlalchemy import JSON, CheckConstraint, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.models.base import (
    Instant,
    Model,
    Moves,
    Stateful,
    Translated,
    child_of,
    enumeration,
    key_column,
    points_to,
)

if TYPE_CHECKING:
    from planner.models.conference import Conference
    from planner.models.preferences import Preference, Veto
    from planner.models.programme import SessionRole, Slot
    from planner.models.submissions import Submission


class Group(Model):
    """A stakeholder group: the kind of body that a person speaks for."""

    __tablename__ = "stakeholder_group"
    __table_args__ = (
        UniqueConstraint("conference_id", "key"),
        UniqueConstraint("conference_id", "letter"),
        CheckConstraint("colour between 1 and 8", name="colour"),
    )

    conference_id: Mapped[int] = child_of("conference")
    key: Mapped[str] = mapped_column(String(40))
    title: Mapped[Translated] = mapped_column(JSON)
    letter: Mapped[str] = mapped_column(String(2))
    colour: Mapped[int] = mapped_column(default=1)
    position: Mapped[int] = mapped_column(default=0)
    is_sensitive: Mapped[bool] = mapped_column(default=False)
    places: Mapped[int | None]  # of the conference's; None: as many as there are

    conference: Mapped["Conference"] = relationship(back_populates="groups")


class Organisation(Model):
    __table_args__ = (UniqueConstraint("conference_id", "name"),)

    conference_id: Mapped[int] = child_of("conference")
    group_id: Mapped[int | None] = points_to("stakeholder_group")
    name: Mapped[str] = mapped_column(String(200))

    group: Mapped[Group | None] = relationship()


class ParticipantState(enum.StrEnum):
    REGISTERED = "registered"
    CONFIRMED = "confirmed"
    WAITING = "waiting"
    CANCELLED = "cancelled"


COMING = (ParticipantState.REGISTERED, ParticipantState.CONFIRMED)
"""Who counts on every page and in every run: nobody who waits or has cancelled."""


class Participant(Model, Stateful):
    MOVES: ClassVar[Moves] = {
        ParticipantState.REGISTERED: {
            ParticipantState.CONFIRMED,
            ParticipantState.WAITING,
            ParticipantState.CANCELLED,
        },
        ParticipantState.WAITING: {
            ParticipantState.REGISTERED,
            ParticipantState.CONFIRMED,
            ParticipantState.CANCELLED,
        },
        ParticipantState.CONFIRMED: {ParticipantState.CANCELLED, ParticipantState.WAITING},
        ParticipantState.CANCELLED: {
            ParticipantState.REGISTERED,
            ParticipantState.CONFIRMED,
            ParticipantState.WAITING,
        },
    }
    # Her number is never given to somebody else after she was erased: traces of her acts name it.
    __table_args__ = ({"sqlite_autoincrement": True},)

    conference_id: Mapped[int] = child_of("conference")
    key: Mapped[str] = key_column()
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str | None] = mapped_column(String(254))
    locale: Mapped[str] = mapped_column(String(8), default="de")
    state: Mapped[ParticipantState] = mapped_column(enumeration(ParticipantState), default=ParticipantState.CONFIRMED)
    waits_since: Mapped[datetime | None] = mapped_column(Instant)  # on the waiting list, which gives it its order
    # Cancelled by her own word, or somebody has her place: she may still look at her page, and come back.
    has_declined: Mapped[bool] = mapped_column(default=False)
    group_id: Mapped[int | None] = points_to("stakeholder_group")
    organisation_id: Mapped[int | None] = points_to("organisation")
    attributes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    external_key: Mapped[str | None] = mapped_column(String(80))  # what the organisers' own list calls her
    attends: Mapped[bool] = mapped_column(default=True)  # a person who only interprets does not
    revision: Mapped[int] = mapped_column(default=0)  # of her wishes: the loser of a race is told
    wishes_saved_at: Mapped[datetime | None] = mapped_column(Instant)
    wishes_entered: Mapped[bool] = mapped_column(default=False)  # by those who organise, from her paper
    details_saved_at: Mapped[datetime | None] = mapped_column(Instant)

    conference: Mapped["Conference"] = relationship(back_populates="participants")
    group: Mapped[Group | None] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    languages: Mapped[list["LanguageLevel"]] = relationship(
        order_by="LanguageLevel.language", cascade="all, delete-orphan"
    )
    needs: Mapped[list["Need"]] = relationship(cascade="all, delete-orphan")
    absences: Mapped[list["Absence"]] = relationship(cascade="all, delete-orphan")
    interprets: Mapped[list["InterpreterPair"]] = relationship(cascade="all, delete-orphan")
    roles: Mapped[list["SessionRole"]] = relationship(back_populates="participant")
    preferences: Mapped[list["Preference"]] = relationship(
        order_by="Preference.rank", cascade="all, delete-orphan", back_populates="participant"
    )
    vetoes: Mapped[list["Veto"]] = relationship(cascade="all, delete-orphan")
    submissions: Mapped[list["Submission"]] = relationship(order_by="Submission.id", back_populates="author")

    def move_to(self, state: ParticipantState) -> Self:
        """What was said with the state before does not hold for the next one."""
        super().move_to(state)
        self.waits_since, self.has_declined = None, False
        return self

    @property
    def is_coming(self) -> bool:
        return self.state in COMING

    @property
    def is_shut_out(self) -> bool:
        """Whether no way in of hers works."""
        return self.state is ParticipantState.CANCELLED and not self.has_declined


class Level(enum.StrEnum):
    UNDERSTANDS = "understands"
    SPEAKS = "speaks"
    NEEDS_HELP = "needs_help"


class LanguageLevel(Model):
    __table_args__ = (UniqueConstraint("participant_id", "language"),)

    participant_id: Mapped[int] = child_of("participant")
    language: Mapped[str] = mapped_column(String(8))
    level: Mapped[Level] = mapped_column(enumeration(Level))


class NeedKind(enum.StrEnum):
    STEP_FREE = "step_free"
    HEARING_LOOP = "hearing_loop"
    QUIET = "quiet"
    SEAT_NEAR_DOOR = "seat_near_door"
    SIGN_LANGUAGE = "sign_language"
    CHILD_CARE = "child_care"


class Need(Model):
    """What a person requires to take part: sensitive, with consent, read only through needs_of()."""

    __table_args__ = (UniqueConstraint("participant_id", "kind"),)

    participant_id: Mapped[int] = child_of("participant")
    kind: Mapped[NeedKind] = mapped_column(enumeration(NeedKind))
    note: Mapped[str] = mapped_column(Text, default="")
    consented_at: Mapped[datetime] = mapped_column(Instant)
    # Where somebody else entered it: from where her consent is, in the organisers' words; and with which list.
    consent_from: Mapped[str] = mapped_column(String(300), default="")
    import_batch_id: Mapped[int | None] = points_to("import_batch")


class Absence(Model):
    """A slot in which somebody is not there."""

    __table_args__ = (UniqueConstraint("participant_id", "slot_id"),)

    participant_id: Mapped[int] = child_of("participant")
    slot_id: Mapped[int] = child_of("slot")

    slot: Mapped["Slot"] = relationship()


class InterpretingMode(enum.StrEnum):
    WHISPERING = "whispering"
    CONSECUTIVE = "consecutive"
    SIMULTANEOUS = "simultaneous"


class InterpreterPair(Model):
    """Two languages between which a person interprets, in a mode that limits her listeners."""

    __table_args__ = (
        UniqueConstraint("participant_id", "source", "target"),
        CheckConstraint("listeners > 0", name="listeners"),
    )

    participant_id: Mapped[int] = child_of("participant")
    source: Mapped[str] = mapped_column(String(8))
    target: Mapped[str] = mapped_column(String(8))
    mode: Mapped[InterpretingMode] = mapped_column(enumeration(InterpretingMode), default=InterpretingMode.CONSECUTIVE)
    listeners: Mapped[int] = mapped_column(default=12)
    most_slots_in_a_row: Mapped[int] = mapped_column(default=2)
