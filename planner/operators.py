"""Who says for all conferences of this installation how mails leave: only whoever has its command line names them."""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from planner.errors import PlannerError
from planner.extensions import db
from planner.models import AuditEntry, User


class LastOperator(PlannerError):
    status = 409
    sentence = _l("An installation needs an operator. Make somebody else one first: planner user operator EMAIL")


def nobody_is_here() -> bool:
    """Whether there is no account yet."""
    return db.session.scalar(select(User.id).limit(1)) is None


def count() -> int:
    """Those who can sign in."""
    return db.session.scalar(select(func.count()).select_from(User).where(User.is_operator, User.active)) or 0


def add(user: User, now: datetime) -> None:
    if not user.is_operator:
        user.is_operator = True
        _note(user, "account.operator", now)


def remove(user: User, now: datetime) -> None:
    """Raises LastOperator."""
    # Two who are removed at once come one after the other.
    db.session.scalars(select(User.id).where(User.is_operator).order_by(User.id).with_for_update()).all()
    db.session.refresh(user)
    if not user.is_operator:
        return
    user.is_operator = False
    db.session.flush()
    if not count():
        raise LastOperator
    _note(user, "account.operator_off", now)


def _note(user: User, action: str, now: datetime) -> None:
    db.session.flush()
    row = {"happened_at": now, "actor": "system", "action": action, "subject": f"organiser:{user.id}"}
    db.session.add(AuditEntry(**row))
