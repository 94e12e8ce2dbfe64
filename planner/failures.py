"""How many wrong codes and passwords are too many: counted in the database, so for all web processes together."""

import hashlib
import hmac
import ipaddress
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from flask import current_app
from flask_babel import lazy_ngettext
from sqlalchemy import and_, delete, func, or_, select, update

from planner import locks
from planner.errors import TooMany
from planner.extensions import db
from planner.models import SignInFailure

WINDOW = timedelta(minutes=10)
DAY = timedelta(days=1)
RIGHT = "right "
"""Before the kind of a try that was right: where it came from is kept for a day."""
KNOWN = 20
"""So many networks that right ones came from keep their whole share under attack, see _is_known."""


@dataclass(frozen=True)
class Limit:
    """Wrong tries within the window: of one address, and of all together before each address gets only a few."""

    most: int
    ceiling: int
    few: int
    many: int | None = None
    """After so many of one address a wrong try is told that they are, while a right one is still let in."""
    window: timedelta = WINDOW
    slows: bool = False
    """Whoever has used up her share is looked at once in so long as a share lasts evenly, instead of not at all."""

    def pause(self, share: int) -> timedelta:
        return self.window / share


# A school or venue has one address, and a few children who guess must not keep the others out. A code is one of 28^8 =
# 3.8 * 10^11. One address gets 300 guesses that could be right in 10 minutes, all together 1,500: if that went on for
# 30 days, day and night, it would be 1.3 or 6.5 million, and with 300 cards one of 1,000 or 200 such attacks would
# find a single card. From many addresses, each with its few: 1,000 of them 13 million, one of 100. Who has used up
# the 300 is looked at every 2 s (of the few: every 200 s). So the first 10 minutes have up to twice as many, each later
# ten no more than the 300: once 300 more of 1.3 million, and the sums stay. A right code is let in a moment after the
# guessing ends, and nobody has to wait until 10 minutes are over.
#
# Under attack three typos of a venue's people would make all others there wait. So the last 20 networks where a right
# code came from within a day keep the 300. Somebody who has a card and 20 networks tries 26 million in 30 days: one of
# 48 such attacks finds another card, and the audit names whose card she has.
#
# Six digits are one of 10^6, and those of a minute before and after are right too: 5 of them. Whoever knows the
# password has all addresses of the world, so here everybody counts together: 50 codes of a day, 1,500 of 30 days, find
# a right one in one of 130 attacks that nobody notices for so long. Her own recovery codes open meanwhile.
LIMITS = {
    "card": Limit(300, 1500, 3, many=60, slows=True),  # at one conference
    "password": Limit(10, 50, 2),  # of one account
    "code": Limit(10, 10, 0),  # of one app's key, whoever types: then nobody is listened to for the rest of the window
    "codes of a day": Limit(50, 50, 0, window=DAY),
    "recovery": Limit(10, 50, 2),  # of one account; 48 bits, so nobody needs to be kept out
    "link": Limit(10, 50, 2),  # the address that belongs to one used sign-in link
    # All of these, whatever the account: of the many who share a venue's network nobody waits for one who guesses. What
    # is looked at costs time: 400 hashes of argon2 are some 30 s of one core in 10 minutes, at first twice that.
    "sign-in": Limit(400, 4000, 5, many=40, slows=True),
    "afresh": Limit(10, 50, 2),  # of one account, by somebody who is signed in to it
}


class Slowed(TooMany):
    """One after very many of her network: it is looked at in a moment."""

    def __init__(self, pause: timedelta):
        super().__init__(ceil(pause.total_seconds()))
        self.sentence = lazy_ngettext(
            "Many wrong ones came from your network. Please wait %(num)s second and send it again.",
            "Many wrong ones came from your network. Please wait %(num)s seconds and send it again.",
            self.retry_after,
        )


@dataclass(frozen=True)
class Try:
    """A try that is counted as a wrong one until somebody has looked at it."""

    id: int
    many: bool  # of her network there were very many before


def count(kind: str, subject: str, address: str | None, now: datetime) -> Try:
    """Before it is looked at, or of thirty at once thirty would be; the caller commits and then looks.

    Whoever tries too often waits, or is looked at more rarely; under attack from many addresses each gets few tries,
    of six digits nobody any. Raises TooMany, Slowed.
    """
    locks.one_by_one(f"{kind}:{subject}")
    limit, (own, everybody, last) = LIMITS[kind], _counted(kind, subject, address, now)
    attacked = everybody >= limit.ceiling and not _is_known(kind, subject, address, now)
    share = limit.few if attacked else limit.most
    if own >= share and not limit.slows:
        raise TooMany(int(limit.window.total_seconds()))
    if own >= share and last is not None and last > now - limit.pause(share):
        raise Slowed(limit.pause(share))
    return Try(record(kind, subject, address, now).id, limit.many is not None and own >= limit.many)


def were_right(tries: Collection[Try]) -> None:
    """They do not count, and those of a kind that slows tell for a day that somebody there knows a right one."""
    known = SignInFailure.kind.in_([kind for kind, limit in LIMITS.items() if limit.slows])
    these = SignInFailure.id.in_([each.id for each in tries])
    db.session.execute(delete(SignInFailure).where(these, ~known))
    db.session.execute(update(SignInFailure).where(these).values(kind=RIGHT + SignInFailure.kind))


def take_back(tries: Collection[Try]) -> None:
    """They count no more."""
    if tries:
        db.session.execute(delete(SignInFailure).where(SignInFailure.id.in_([each.id for each in tries])))


def _counted(kind: str, subject: str, address: str | None, now: datetime) -> tuple[int, int, datetime | None]:
    """Wrong tries within the window: of this address, of all, and when the last one of this address was."""
    of_all = select(func.count(), func.max(SignInFailure.happened_at)).where(
        SignInFailure.kind == kind,
        SignInFailure.subject == subject,
        SignInFailure.happened_at > now - LIMITS[kind].window,
    )
    own, last = db.session.execute(of_all.where(SignInFailure.address == network(address))).one()
    return own, db.session.execute(of_all).one()[0], last


def _is_known(kind: str, subject: str, address: str | None, now: datetime) -> bool:
    """Whether a right one came from there within a day, and from few other networks since.

    Whoever has one right card cannot lift a thousand networks by it.
    """
    last = (
        select(SignInFailure.address)
        .where(
            SignInFailure.kind == RIGHT + kind,
            SignInFailure.subject == subject,
            SignInFailure.happened_at > now - DAY,
        )
        .group_by(SignInFailure.address)
        .order_by(func.max(SignInFailure.happened_at).desc())
        .limit(KNOWN)
    )
    return network(address) in db.session.scalars(last).all()


def record(kind: str, subject: str, address: str | None, now: datetime) -> SignInFailure:
    """Count a wrong try, and forget those that no longer count."""
    for_a_day = or_(SignInFailure.kind == "codes of a day", SignInFailure.kind.startswith(RIGHT))
    short = and_(~for_a_day, SignInFailure.happened_at <= now - WINDOW)
    long = SignInFailure.happened_at <= now - DAY
    old = select(SignInFailure.id).where(or_(short, long)).limit(200)
    ids = db.session.scalars(old.with_for_update(skip_locked=True)).all()
    db.session.execute(delete(SignInFailure).where(SignInFailure.id.in_(ids)))
    row = SignInFailure(kind=kind, subject=subject, address=network(address), happened_at=now)
    db.session.add(row)
    db.session.flush()
    return row


def network(address: str | None) -> str:
    """One household's or venue's network, as a keyed hash: IPv6 hands out a whole /64 to each."""
    name = address or ""
    try:
        parsed = ipaddress.ip_address(name)
    except ValueError:
        parsed = None
    if isinstance(parsed, ipaddress.IPv6Address):
        name = str(parsed.ipv4_mapped or ipaddress.ip_network((parsed, 64), strict=False))
    return hmac.new(str(current_app.secret_key).encode(), f"address:{name}".encode(), hashlib.sha256).hexdigest()
