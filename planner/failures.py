"""How many wrong codes and passwords are too many: counted in the database, so for all web processes together."""

import hashlib
import hmac
import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import delete, func, select

from planner.errors import TooMany
from planner.extensions import db
from planner.models import SignInFailure

WINDOW = timedelta(minutes=10)


@dataclass(frozen=True)
class Limit:
    """Wrong tries within the window: of one address, and of all together before each address gets only a few."""

    most: int
    ceiling: int
    few: int


LIMITS = {
    "card": Limit(60, 600, 3),  # at one conference; a venue's guests may share one address
    "password": Limit(10, 50, 2),  # of one account
    "code": Limit(10, 50, 2),  # of one account's second factor
    "link": Limit(10, 50, 2),  # the address that belongs to one used sign-in link
    "sign-in": Limit(40, 4000, 5),  # all of these, whatever the account
}


def refuse_too_many(kind: str, subject: str, address: str | None, now: datetime) -> None:
    """Whoever tries too often waits; under attack from many addresses everybody gets few tries, nobody none."""
    limit = LIMITS[kind]
    knocked = (
        select(func.count())
        .select_from(SignInFailure)
        .where(
            SignInFailure.kind == kind,
            SignInFailure.subject == subject,
            SignInFailure.happened_at > now - WINDOW,
        )
    )
    everybody = db.session.scalar(knocked) or 0
    own = db.session.scalar(knocked.where(SignInFailure.address == _hashed(address))) or 0
    if own >= (limit.few if everybody >= limit.ceiling else limit.most):
        raise TooMany(int(WINDOW.total_seconds()))


def record(kind: str, subject: str, address: str | None, now: datetime) -> None:
    """Count a wrong try, and forget those that no longer count."""
    old = select(SignInFailure.id).where(SignInFailure.happened_at <= now - WINDOW).limit(200)
    ids = db.session.scalars(old.with_for_update(skip_locked=True)).all()
    db.session.execute(delete(SignInFailure).where(SignInFailure.id.in_(ids)))
    db.session.add(SignInFailure(kind=kind, subject=subject, address=_hashed(address), happened_at=now))


def _hashed(address: str | None) -> str:
    """One household's or venue's network, as a keyed hash: IPv6 hands out a whole /64 to each."""
    network = address or ""
    try:
        parsed = ipaddress.ip_address(network)
    except ValueError:
        parsed = None
    if isinstance(parsed, ipaddress.IPv6Address):
        network = str(parsed.ipv4_mapped or ipaddress.ip_network((parsed, 64), strict=False))
    return hmac.new(str(current_app.secret_key).encode(), f"address:{network}".encode(), hashlib.sha256).hexdigest()
