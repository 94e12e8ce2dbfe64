"""What organisers write themselves instead of the program's own mails."""

import enum

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from planner.models.base import Model, child_of, enumeration


class MailKind(enum.StrEnum):
    """Which mails have a text that can be another one; the news of a plan are first and later ones."""

    INVITATION = "invitation"
    REMINDER = "reminder"
    NEWS = "news"


class MailText(Model):
    """Subject and text of one kind in one language, with placeholders in braces; where there is none, the program's."""

    __table_args__ = (UniqueConstraint("conference_id", "kind", "language"),)

    conference_id: Mapped[int] = child_of("conference", index=False)
    kind: Mapped[MailKind] = mapped_column(enumeration(MailKind))
    language: Mapped[str] = mapped_column(String(8))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
