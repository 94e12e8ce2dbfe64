"""Lists that organisers brought from elsewhere: what waits for its preview, and what each one made or changed."""

import enum
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import JSON, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.models.base import Instant, Model, Moves, Stateful, child_of, enumeration, points_to

if TYPE_CHECKING:
    from planner.models.accounts import User
    from planner.models.conference import Conference
    from planner.models.people import Participant


class ImportKind(enum.StrEnum):
    PEOPLE = "people"
    WISHES = "wishes"
    SESSIONS = "sessions"
    ROOMS = "rooms"
    ROUNDS = "rounds"

    @classmethod
    def naming_people(cls) -> list["ImportKind"]:
        """In whose files people stand: a list of sessions often says who leads them, in a column that is left out."""
        return [kind for kind in cls if kind is not cls.ROOMS]


class ImportState(enum.StrEnum):
    DRAFT = "draft"
    APPLIED = "applied"
    UNDONE = "undone"


class ImportBatch(Model, Stateful):
    """One list. As a draft it is its organiser's alone, and holds the rows; afterwards only what it did stays."""

    __table_args__ = ({"sqlite_autoincrement": True},)  # the audit calls lists by their numbers
    MOVES: ClassVar[Moves] = {
        ImportState.DRAFT: {ImportState.APPLIED},
        ImportState.APPLIED: {ImportState.UNDONE},
    }

    conference_id: Mapped[int] = child_of("conference")
    user_id: Mapped[int | None] = points_to("user")
    kind: Mapped[ImportKind] = mapped_column(enumeration(ImportKind))
    state: Mapped[ImportState] = mapped_column(enumeration(ImportState), default=ImportState.DRAFT)
    file_name: Mapped[str] = mapped_column(String(200), default="")
    charset: Mapped[str] = mapped_column(String(20), default="")
    created_at: Mapped[datetime] = mapped_column(Instant)
    applied_at: Mapped[datetime | None] = mapped_column(Instant)
    undone_at: Mapped[datetime | None] = mapped_column(Instant)
    tables: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON)  # emptied as soon as it is applied
    choices: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # columns and answers; emptied with the rows
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)

    conference: Mapped["Conference"] = relationship()
    user: Mapped["User | None"] = relationship()
    people: Mapped[list["ImportedPerson"]] = relationship(
        cascade="all, delete-orphan", order_by="ImportedPerson.id", back_populates="batch"
    )
    things: Mapped[list["ImportedThing"]] = relationship(cascade="all, delete-orphan", order_by="ImportedThing.id")

    @property
    def waits(self) -> bool:
        """Whether it can still be taken in."""
        return self.state is ImportState.DRAFT and not self.is_emptied

    @property
    def is_emptied(self) -> bool:
        """Whether somebody was erased while it waited: it may have had her row."""
        return self.state is ImportState.DRAFT and not self.choices


class ImportedPerson(Model):
    """What a list made of one person: her facts before and after. What she needs stands with the need itself."""

    __table_args__ = (UniqueConstraint("batch_id", "participant_id"),)

    batch_id: Mapped[int] = child_of("import_batch")
    participant_id: Mapped[int] = child_of("participant")
    is_new: Mapped[bool] = mapped_column(default=False)
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    batch: Mapped[ImportBatch] = relationship(back_populates="people")
    participant: Mapped["Participant"] = relationship()


class ImportedThing(Model):
    """The same of a room, round, session, group, organisation or theme; it may be gone by now."""

    batch_id: Mapped[int] = child_of("import_batch")
    kind: Mapped[str] = mapped_column(String(20))
    row_id: Mapped[int] = mapped_column()
    is_new: Mapped[bool] = mapped_column(default=False)
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
