"""How often a person, and all of a conference together, may ask for what is dear.

A person's share is one, in however many conferences she is: else each more would be a share more.

Where several processes count in one place and it is away, each counts for itself meanwhile: a little more is let
through, and nobody is locked out.
"""

import time
from dataclasses import dataclass
from typing import Any

import structlog
from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter, RateLimiter

from planner import failures
from planner.errors import TooMany
from planner.extensions import limiter
from planner.models import Conference

log = structlog.get_logger()
AGAIN = 10.0
"""Seconds after which the place where all count together is asked again."""
ANSWERS = 1.0
"""Seconds in which it answers, or is away."""


def storage(url: str) -> dict[str, Any]:
    """What the limiter is told of it: its errors are to be known from ours, and nobody waits for it long."""
    patience = {"socket_timeout": ANSWERS, "socket_connect_timeout": ANSWERS} if url.startswith("redis") else {}
    return {"wrap_exceptions": True, **patience}


@dataclass(frozen=True)
class Allowance:
    """Counted under its name: one person's share must never be the whole conference's."""

    name: str
    person: RateLimitItem
    conference: RateLimitItem


TYPING = Allowance("typing", RateLimitItemPerMinute(40), RateLimitItemPerMinute(1200))
PAPERS = Allowance("papers", RateLimitItemPerMinute(30), RateLimitItemPerMinute(600))
REASONS = Allowance("reasons", RateLimitItemPerMinute(30), RateLimitItemPerMinute(600))
SEARCHES = Allowance("searches", RateLimitItemPerMinute(120), RateLimitItemPerMinute(600))
MAILS = Allowance("mails", RateLimitItemPerHour(6), RateLimitItemPerHour(30))
TRIALS = Allowance("mail trials", RateLimitItemPerMinute(5), RateLimitItemPerMinute(5))
REPORTS = Allowance("reports", RateLimitItemPerMinute(120), RateLimitItemPerMinute(600))

JOINING = RateLimitItemPerMinute(120)
UPLOADS = Allowance("uploads", RateLimitItemPerMinute(20), RateLimitItemPerMinute(60))
FETCHES = Allowance("fetches", RateLimitItemPerMinute(15), RateLimitItemPerMinute(30))  # with mistyped addresses

DEAR: dict[str, Allowance] = {
    "participant.submissions.similar": TYPING,
    "participant.day.explained": REASONS,
    "participant.day.paper": PAPERS,
    "facilitator.papers.brief": PAPERS,
    "facilitator.papers.names": PAPERS,
    "facilitator.papers.confidential": PAPERS,
    "organiser.people.index": SEARCHES,
    "organiser.imports.start": UPLOADS,
    "organiser.imports.fetch": FETCHES,
    "organiser.imports.show": REPORTS,
    "organiser.imports.apply": REPORTS,
    "organiser.messages.trial": MAILS,
    "organiser.mail.trial": TRIALS,
    "organiser.submissions.index": SEARCHES,
    "organiser.submissions.show": SEARCHES,
    "organiser.allocations.index": REPORTS,
    "organiser.allocations.forecast": REPORTS,
    "organiser.interpreting.index": REPORTS,
    "organiser.interpreting.table": REPORTS,
    "organiser.results.show": REPORTS,
    "organiser.results.meeting": REPORTS,
    "organiser.results.fairness": REPORTS,
    "organiser.results.fairness_table": REPORTS,
    "organiser.results.schedule": REPORTS,
    "organiser.results.why": REPORTS,
}


def charge(endpoint: str, actor: Any, conference: Conference | None) -> None:
    """Count this request to who asks and where, if that is a conference; raises TooMany: when it goes on."""
    allowance = DEAR.get(endpoint)
    if allowance is None:
        return
    _hit(allowance.person, allowance.name, "person", type(actor).__name__, str(actor.id))
    if conference is not None:
        _hit(allowance.conference, allowance.name, "conference", str(conference.id))


def charge_joining(conference: Conference, address: str | None) -> None:
    """Registrations by group links, of one network at one conference: a school has one, and others none of its."""
    _hit(JOINING, "joining", str(conference.id), failures.network(address))


class Counting:
    """Where it is counted at present."""

    def __init__(self) -> None:
        self.alone = FixedWindowRateLimiter(MemoryStorage())
        self.away_until = 0.0

    def at_present(self) -> RateLimiter:
        return self.alone if time.monotonic() < self.away_until else limiter.limiter

    def goes_on_alone(self, error: StorageError) -> None:
        log.warning("limits.away", error=error.storage_error)
        self.away_until = time.monotonic() + AGAIN


counting = Counting()


def _hit(most: RateLimitItem, *who: str) -> None:
    try:
        again = _full_until(counting.at_present(), most, who)
    except StorageError as error:
        counting.goes_on_alone(error)
        again = _full_until(counting.alone, most, who)
    if again is not None:
        raise TooMany(seconds=int(again - time.time()) + 1)


def _full_until(counts: RateLimiter, most: RateLimitItem, who: tuple[str, ...]) -> float | None:
    """Counts; when the next one is let through, if this one is not."""
    return None if counts.hit(most, *who) else counts.get_window_stats(most, *who).reset_time
