"""A conference is deleted: its owner says so by its name, can take that back for a day, then nothing of it is left."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, or_, select

from planner import locks, notifications
from planner.errors import PlannerError
from planner.extensions import db
from planner.models import (
    AuditEntry,
    AuditHead,
    Conference,
    Invitation,
    Participant,
    SentForm,
    SignInFailure,
)

GRACE = timedelta(hours=24)


class NotItsName(PlannerError):
    sentence = _l("That is not its short name, which stands at the field.")


def ask(conference: Conference, typed: str, now: datetime) -> None:
    """From now on it is only read; in a day it is gone. Raises NotItsName."""
    locks.thing(conference)
    if typed != conference.slug:
        raise NotItsName(field="name")
    conference.deletes_at = conference.deletes_at or now + GRACE


def take_back(conference: Conference) -> None:
    """Raises MoveForbidden where it is gone already."""
    locks.thing(conference)
    conference.deletes_at = None


def due(now: datetime) -> Sequence[int]:
    """The numbers of those whose day of grace is over."""
    return db.session.scalars(select(Conference.id).where(Conference.deletes_at <= now).order_by(Conference.id)).all()


def erase(id: int, now: datetime) -> int:
    """It is gone with all that belongs to it, in whatever table or file; that it was, the site's audit says by number.

    How many rows are gone by themselves: 1, or 0 where its owner has taken it back or somebody was faster.
    """
    held = select(Conference).filter_by(id=id).with_for_update().execution_options(populate_existing=True)
    conference = db.session.scalar(held)
    if conference is None or conference.deletes_at is None or now < conference.deletes_at:
        return 0
    addresses = _addresses(id)
    pages = [SentForm.leads_to.like(f"/{place}/{conference.slug}/%") for place in ("c", "organise")]
    _delete(SentForm, or_(*pages))
    _delete(SignInFailure, (SignInFailure.kind == "card") & (SignInFailure.subject == str(id)))
    _delete(AuditEntry, AuditEntry.chain == id)
    _delete(AuditHead, AuditHead.chain == id)
    _delete(Conference, Conference.id == id)  # whatever belongs to it goes with it: the tables say so
    db.session.expire_all()
    db.session.add(AuditEntry(happened_at=now, actor="system", action="conference.deleted", subject=f"conference:{id}"))
    notifications.remove_copies(addresses)
    return 1


def _addresses(id: int) -> set[str]:
    """To which mails may lie in files."""
    people = select(Participant.email).filter_by(conference_id=id).where(Participant.email.is_not(None))
    invited = select(Invitation.email).filter_by(conference_id=id)
    return {address for query in (people, invited) for address in db.session.scalars(query) if address}


def _delete(model: Any, which: Any) -> None:
    db.session.execute(delete(model).where(which).execution_options(synchronize_session=False))
