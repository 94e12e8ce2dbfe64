"""How often a person, and all of a conference together, may ask for what is dear; never counted over conferences."""

import time
from dataclasses import dataclass
from typing import Any

from limits import RateLimitItem, RateLimitItemPerMinute

from planner.errors import TooMany
from planner.extensions import limiter
from planner.models import Conference


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
REPORTS = Allowance("reports", RateLimitItemPerMinute(120), RateLimitItemPerMinute(600))

DEAR: dict[str, Allowance] = {
    "participant.submissions.similar": TYPING,
    "participant.day.explained": REASONS,
    "participant.day.paper": PAPERS,
    "facilitator.papers.brief": PAPERS,
    "facilitator.papers.names": PAPERS,
    "facilitator.papers.confidential": PAPERS,
    "organiser.people.index": SEARCHES,
    "organiser.submissions.index": SEARCHES,
    "organiser.allocations.index": REPORTS,
    "organiser.allocations.forecast": REPORTS,
    "organiser.results.show": REPORTS,
    "organiser.results.meeting": REPORTS,
    "organiser.results.fairness": REPORTS,
    "organiser.results.fairness_table": REPORTS,
    "organiser.results.why": REPORTS,
}


def charge(endpoint: str, actor: Any, conference: Conference | None) -> None:
    """Count this request to who asks and where; raises TooMany, which says when it goes on."""
    allowance = DEAR.get(endpoint)
    if allowance is None or conference is None:
        return
    _hit(allowance.person, allowance.name, "person", type(actor).__name__, str(actor.id), str(conference.id))
    _hit(allowance.conference, allowance.name, "conference", str(conference.id))


def _hit(most: RateLimitItem, *who: str) -> None:
    if not limiter.limiter.hit(most, *who):
        again = limiter.limiter.get_window_stats(most, *who).reset_time
        raise TooMany(seconds=int(again - time.time()) + 1)
