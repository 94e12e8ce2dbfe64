"""How many wrong codes and passwords are too many: counted in the database, so for all web processes together."""

import hashlib
import hmac
import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import and_, delete, func, or_, select

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
    many: int | None = None
    """After so many of one address a wrong try is told that they are, while a right one is still let in."""
    window: timedelta = WINDOW


# A school or venue has one address, and a few children who guess must not keep the others out. A code is one of 28^8 =
# 3.8 * 10^11. One address gets 300 guesses that could be right in 10 minutes, all together 1,500: if that went on for
# 30 days, day and night, it would be 1.3 or 6.5 million, and with 300 cards one of 1,000 or 200 such attacks would
# find a single card. From many addresses, each with its few: 1,000 of them 13 million, one of 100.
#
# Six digits are one of 10^6, and those of a minute before and after are right too: 5 of them. Whoever knows the
# password has all addresses of the world, so here everybody counts together: 50 codes of a day, 1,500 of 30 days, find
# a right one in one of 130 attacks that nobody notices for so long. Her own recovery codes open meanwhile.
LIMITS = {
    "card": Limit(300, 1500, 3, many=60),  # at one conference
    "password": Limit(10, 50, 2),  # of one account
    "code": Limit(10, 10, 0),  # of one app's key, whoever types: then nobody is listened to for the rest of the window
    "codes of a day": Limit(50, 50, 0, window=timedelta(days=1)),
    "recovery": Limit(10, 50, 2),  # of one account; 48 bits, so nobody needs to be kept out
    "link": Limit(10, 50, 2),  # the address that belongs to one used sign-in link
    # All of these, whatever the account: of the many who share a venue's network nobody waits for one who guesses. What
    # is looked at costs time: 400 hashes of argon2 are some 30 s of one core in 10 minutes.
    "sign-in": Limit(400, 4000, 5, many=40),
    "afresh": Limit(10, 50, 2),  # of one account, by somebody who is signed in to it
}


def refuse_too_many(kind: str, subject: str, address: str | None, now: datetime) -> None:
    """Whoever tries too often waits; under attack from many addresses each gets few tries, of six digits nobody any."""
    limit, (own, everybody) = LIMITS[kind], _counted(kind, subject, address, now)
    if own >= (limit.few if everybody >= limit.ceiling else limit.most):
        raise TooMany(int(limit.window.total_seconds()))


def are_many(kind: str, subject: str, address: str | None, now: datetime) -> bool:
    """Whether one more wrong try of this address is one of very many; nothing is slowed down by that."""
    many = LIMITS[kind].many
    return many is not None and _counted(kind, subject, address, now)[0] >= many


def _counted(kind: str, subject: str, address: str | None, now: datetime) -> tuple[int, int]:
    """Wrong tries within the window: of this address, and of all."""
    knocked = (
        select(func.count())
        .select_from(SignInFailure)
        .where(
            SignInFailure.kind == kind,
            SignInFailure.subject == subject,
            SignInFailure.happened_at > now - LIMITS[kind].window,
        )
    )
    own = db.session.scalar(knocked.where(SignInFailure.address == _hashed(address))) or 0
    return own, db.session.scalar(knocked) or 0


def record(kind: str, subject: str, address: str | None, now: datetime) -> None:
    """Count a wrong try, and forget those that no longer count."""
    short = and_(SignInFailure.kind != "codes of a day", SignInFailure.happened_at <= now - WINDOW)
    long = SignInFailure.happened_at <= now - LIMITS["codes of a day"].window
    old = select(SignInFailure.id).where(or_(short, long)).limit(200)
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
