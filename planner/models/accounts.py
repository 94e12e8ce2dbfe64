"""Ways in: organisers' accounts, people's personal links and cards, counted failures."""

import enum
from datetime import datetime
from typing import TYPE_CHECKING

from flask_security import RoleMixin, UserMixin
from sqlalchemy import JSON, Column, ForeignKey, Index, String, Table
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column, relationship

from planner.extensions import db
from planner.models.base import Instant, Model, child_of, enumeration

if TYPE_CHECKING:
    from planner.models.people import Participant
    from planner.models.team import Member

user_roles = Table(
    "user_roles",
    db.metadata,
    Column("user_id", ForeignKey("user.id", ondelete="CASCADE"), primary_key=True),
    Column("role_id", ForeignKey("role.id", ondelete="CASCADE"), primary_key=True),
)


class Role(Model, RoleMixin):
    name: Mapped[str] = mapped_column(String(80), unique=True)
    description: Mapped[str | None] = mapped_column(String(255))
    permissions: Mapped[list[str] | None] = mapped_column(JSON)


class User(Model, UserMixin):
    """An organiser's account; names and passwords are Flask-Security's business."""

    email: Mapped[str] = mapped_column(String(255), unique=True)
    name: Mapped[str] = mapped_column(String(120), default="")
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    locale: Mapped[str] = mapped_column(String(8), default="de")
    is_operator: Mapped[bool] = mapped_column(default=False)  # says for all conferences how mails leave
    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255))
    tf_phone_number: Mapped[str | None] = mapped_column(String(128))
    tf_last_counter: Mapped[int | None] = mapped_column()  # a code works once
    # Flask-Security takes a used code out of this very list, so changes inside it must be noticed.
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(MutableList.as_mutable(JSON))
    create_datetime: Mapped[datetime | None] = mapped_column(Instant)  # type: ignore[assignment]
    update_datetime: Mapped[datetime | None] = mapped_column(Instant)  # type: ignore[assignment]

    roles: Mapped[list[Role]] = relationship(secondary=user_roles)  # type: ignore[assignment]
    memberships: Mapped[list["Member"]] = relationship(back_populates="user", passive_deletes=True)


class SignInLink(Model):
    """An organiser's way in that works once; only a hash is kept."""

    user_id: Mapped[int] = child_of("user")
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime] = mapped_column(Instant)
    used_at: Mapped[datetime | None] = mapped_column(Instant)

    user: Mapped[User] = relationship()


class MailTrial(Model):
    """Whether mail goes out, as an organiser tried it last: one row for each account."""

    user_id: Mapped[int] = child_of("user", index=False, unique=True)
    asked_at: Mapped[datetime] = mapped_column(Instant)
    begun_at: Mapped[datetime | None] = mapped_column(Instant)  # by whoever sends it: she does so once
    ending: Mapped[str | None] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(300), default="")  # as the server said it

    user: Mapped[User] = relationship()


class LinkKind(enum.StrEnum):
    LINK = "link"
    CARD = "card"


class PersonalLink(Model):
    """A participant's way in: a link or the code on a card; only a hash is kept, several per person."""

    # A browser remembers the number of its link: nobody else's may ever have it.
    __table_args__ = ({"sqlite_autoincrement": True},)

    participant_id: Mapped[int] = child_of("participant")
    kind: Mapped[LinkKind] = mapped_column(enumeration(LinkKind), default=LinkKind.LINK)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(Instant)
    expires_at: Mapped[datetime | None] = mapped_column(Instant)
    revoked_at: Mapped[datetime | None] = mapped_column(Instant)

    participant: Mapped["Participant"] = relationship()

    def is_valid(self, now: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


class EndedVisit(Model):
    """A browser signed out: its cookie opens nothing any more, however often it is sent again."""

    visit_hash: Mapped[str] = mapped_column(String(64), unique=True)
    ended_at: Mapped[datetime] = mapped_column(Instant, index=True)


class SignInFailure(Model):
    """A wrong code or password, or where a right one came from; for all web processes, the address as a keyed hash."""

    __table_args__ = (Index("ix_sign_in_failure_counted", "kind", "subject", "happened_at"),)

    kind: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(64), default="")  # a conference, an account: what was knocked at
    address: Mapped[str] = mapped_column(String(64), default="")
    happened_at: Mapped[datetime] = mapped_column(Instant, index=True)
