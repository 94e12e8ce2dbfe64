"""Whether mail goes out at all: an organiser sends one to herself, and reads how that ended."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from planner.extensions import db
from planner.models import MailTrial, User
from planner.post import Answer

LIMIT = 12.0
"""Seconds for all of it from the look-up of its name on, however slowly a server answers."""
PATIENCE = timedelta(minutes=2)
"""After that nobody is sending it."""


@dataclass(frozen=True)
class Tried:
    """How the last one stands: waiting, lost, or the name of a trouble or an ending; with the server's own words."""

    at: datetime
    stands: str
    reason: str


def ask(user: User, now: datetime) -> MailTrial:
    """A new one in the place of the last."""
    db.session.execute(select(User.id).filter_by(id=user.id).with_for_update())  # her roles, joined, cannot be locked
    row = db.session.scalar(select(MailTrial).filter_by(user_id=user.id)) or MailTrial(user_id=user.id)
    row.asked_at, row.begun_at, row.ending, row.reason = now, None, None, ""
    db.session.add(row)
    db.session.flush()
    return row


def begin(id: int, now: datetime) -> MailTrial | None:
    """For whoever sends it; None where somebody else does already."""
    mine = MailTrial.id == id, MailTrial.begun_at.is_(None)
    taken: Any = db.session.execute(update(MailTrial).where(*mine).values(begun_at=now))
    return db.session.get_one(MailTrial, id, populate_existing=True) if taken.rowcount == 1 else None


def note(id: int, begun: datetime, answer: Answer) -> None:
    """How it ended; nothing, where she has asked for another one since."""
    mine = MailTrial.id == id, MailTrial.begun_at == begun
    db.session.execute(
        update(MailTrial).where(*mine).values(ending=(answer.trouble or answer.ending).value, reason=answer.reason)
    )


def last(user: User, now: datetime) -> Tried | None:
    row = db.session.scalar(select(MailTrial).filter_by(user_id=user.id))
    if row is None:
        return None
    pending = "waiting" if now - row.asked_at < PATIENCE else "lost"
    return Tried(row.asked_at, row.ending or pending, row.reason)
