"""Conferences with what everybody shares: dates, themes, agenda items."""

import enum
from collections.abc import Sized
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.models.base import Instant, Model, Translated, child_of

if TYPE_CHECKING:
    from planner.models.allocations import Allocation
    from planner.models.people import Group, Organisation, Participant
    from planner.models.programme import Room, Session, Slot
    from planner.models.team import Member


class Speaker(Protocol):
    """Somebody who may have said which languages she knows."""

    @property
    def languages(self) -> Sized: ...


class Phase(enum.StrEnum):
    CALL = "call"
    PROGRAMME = "programme"
    WISHES = "wishes"
    ALLOCATION = "allocation"
    DAY = "day"
    RESULTS = "results"


class Conference(Model):
    __table_args__ = (
        CheckConstraint("call_from <= call_until", name="call_ends_after_it_begins"),
        CheckConstraint("wishes_from <= wishes_until", name="wishes_end_after_they_begin"),
        CheckConstraint("day_starts < day_ends", name="day_ends_after_it_begins"),
        CheckConstraint("most_favourites between 1 and 10", name="most_favourites"),
        CheckConstraint("0 <= usual_minimum and usual_minimum <= usual_maximum", name="usual_sizes"),
        {"sqlite_autoincrement": True},  # the audit calls conferences by their numbers, of those that are deleted, too
    )

    slug: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[Translated] = mapped_column(JSON)
    summary: Mapped[Translated] = mapped_column(JSON, default=dict)
    addressee: Mapped[Translated] = mapped_column(JSON, default=dict)
    place: Mapped[str] = mapped_column(String(200), default="")
    contact: Mapped[str] = mapped_column(String(200), default="")
    zone: Mapped[str] = mapped_column(String(60), default="Europe/Berlin")
    languages: Mapped[list[str]] = mapped_column(JSON, default=lambda: ["de", "en"])
    # Who has given no language is taken to understand the first of these.
    presumes_language: Mapped[bool] = mapped_column(default=True)
    call_from: Mapped[datetime] = mapped_column(Instant)
    call_until: Mapped[datetime] = mapped_column(Instant)
    wishes_from: Mapped[datetime] = mapped_column(Instant)
    wishes_until: Mapped[datetime] = mapped_column(Instant)
    day_starts: Mapped[datetime] = mapped_column(Instant)
    day_ends: Mapped[datetime] = mapped_column(Instant)
    most_favourites: Mapped[int] = mapped_column(default=5)
    most_vetoes: Mapped[int] = mapped_column(default=0)
    usual_minimum: Mapped[int] = mapped_column(default=6)  # of a session for which nobody says otherwise
    usual_maximum: Mapped[int] = mapped_column(default=20)
    preset: Mapped[str] = mapped_column(String(20), default="balanced")
    flexible: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)  # by rule, how soon it gives way
    vocabulary: Mapped[str] = mapped_column(String(20), default="")  # whose words its pages use; none: the usual ones
    most_of_one_organisation: Mapped[int | None]  # in a meeting; None: as many as come
    places: Mapped[int | None]  # for people who take part; None: as many as come
    no_shows: Mapped[int] = mapped_column(default=0)  # in percent: how many of those with a place will not come
    clock_shift: Mapped[int] = mapped_column(default=0)  # seconds; only a demonstration is ever shifted
    # The latest of its deadlines that was seen to have passed: a clock that goes back opens nothing again.
    passed: Mapped[datetime | None] = mapped_column(Instant)
    is_demonstration: Mapped[bool] = mapped_column(default=False)
    is_listed: Mapped[bool] = mapped_column(default=True)  # on the public start page; its address works all the same
    archived_at: Mapped[datetime | None] = mapped_column(Instant)  # from then on it is only read
    deletes_at: Mapped[datetime | None] = mapped_column(
        Instant
    )  # then nothing of it is left; until then it is only read
    published_id: Mapped[int | None] = mapped_column(
        ForeignKey("allocation.id", ondelete="SET NULL", use_alter=True), index=True
    )

    members: Mapped[list["Member"]] = relationship(
        order_by="Member.id", back_populates="conference", cascade="all, delete-orphan", passive_deletes=True
    )
    published: Mapped["Allocation | None"] = relationship(foreign_keys=[published_id], post_update=True)
    themes: Mapped[list["Theme"]] = relationship(order_by="Theme.position", back_populates="conference")
    agenda: Mapped[list["AgendaItem"]] = relationship(order_by="AgendaItem.starts")
    groups: Mapped[list["Group"]] = relationship(order_by="Group.position", back_populates="conference")
    organisations: Mapped[list["Organisation"]] = relationship(order_by="Organisation.name")
    slots: Mapped[list["Slot"]] = relationship(order_by="Slot.starts", back_populates="conference")
    rooms: Mapped[list["Room"]] = relationship(order_by="Room.position", back_populates="conference")
    sessions: Mapped[list["Session"]] = relationship(order_by="Session.number", back_populates="conference")
    participants: Mapped[list["Participant"]] = relationship(order_by="Participant.name", back_populates="conference")

    @property
    def usual_sizes(self) -> dict[str, int]:
        """As a session has them."""
        return {"minimum": self.usual_minimum, "maximum": self.usual_maximum}

    @property
    def is_shut(self) -> bool:
        """Whether it is only read."""
        return self.archived_at is not None or self.deletes_at is not None

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @property
    def language(self) -> str:
        """The language that every text of this conference has."""
        return self.languages[0]

    @property
    def shows_groups_in_rooms(self) -> bool:
        """Whether anything that is made for a room says who speaks for whom."""
        return not any(group.is_sensitive for group in self.groups)

    def understands_by_default(self, person: "Speaker") -> bool:
        """Whether she is taken to understand the first language, having given none."""
        return self.presumes_language and not person.languages

    def due(self, now: datetime) -> datetime | None:
        """A deadline that has passed without anybody having noted it."""
        latest = max((end for end in (self.call_until, self.wishes_until) if end <= now), default=None)
        return latest if latest and (self.passed is None or self.passed < latest) else None

    def at_least(self, now: datetime) -> datetime:
        return max(now, self.passed) if self.passed else now

    def takes_submissions(self, now: datetime) -> bool:
        return self.call_from <= self.at_least(now) < self.call_until

    def takes_wishes(self, now: datetime) -> bool:
        return self.wishes_from <= self.at_least(now) < self.wishes_until

    def wishes_may_change(self, now: datetime) -> bool:
        """Before choosing begins, too: what is planned then is not settled."""
        return self.at_least(now) < self.wishes_until

    def open_phases(self, now: datetime) -> set[Phase]:
        """The present one, and what people can do beside it: call and choosing may overlap."""
        call = {Phase.CALL} if self.takes_submissions(now) else set()
        wishes = {Phase.WISHES} if self.takes_wishes(now) else set()
        return {self.phase(now)} | call | wishes

    def is_over(self, now: datetime) -> bool:
        """At this real time, which a demonstration's clock is ahead of: from then on nobody is asked any more."""
        return self.phase(now + timedelta(seconds=self.clock_shift)) is Phase.RESULTS

    def phase(self, now: datetime) -> Phase:
        ends = {
            Phase.CALL: self.call_until,
            Phase.PROGRAMME: self.wishes_from,
            Phase.WISHES: self.wishes_until,
            Phase.ALLOCATION: self.day_starts,
            Phase.DAY: self.day_ends,
        }
        return next((phase for phase, end in ends.items() if self.at_least(now) < end), Phase.RESULTS)


class Theme(Model):
    __table_args__ = (
        UniqueConstraint("conference_id", "key"),
        CheckConstraint("colour between 1 and 8", name="colour"),
    )

    conference_id: Mapped[int] = child_of("conference")
    key: Mapped[str] = mapped_column(String(40))
    title: Mapped[Translated] = mapped_column(JSON)
    colour: Mapped[int] = mapped_column(default=1)
    icon: Mapped[str] = mapped_column(String(30), default="speech")
    position: Mapped[int] = mapped_column(default=0)

    conference: Mapped[Conference] = relationship(back_populates="themes")


class AgendaItem(Model):
    __table_args__ = (CheckConstraint("starts < ends", name="ends_after_it_begins"),)

    conference_id: Mapped[int] = child_of("conference")
    title: Mapped[Translated] = mapped_column(JSON)
    place: Mapped[Translated] = mapped_column(JSON, default=dict)
    starts: Mapped[datetime] = mapped_column(Instant)
    ends: Mapped[datetime] = mapped_column(Instant)
