"""Publishing: one pointer moves, and only to a solved run whose stored rows keep every rule."""

from collections.abc import Collection, Mapping
from datetime import datetime

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext
from sqlalchemy import select

from planner import locks
from planner.allocations.results.answer import is_readable, question
from planner.allocations.results.idle import interprets_for_nobody
from planner.allocations.results.outdated import Outdated, outdated
from planner.allocations.runs.store import stored
from planner.errors import PlannerError
from planner.extensions import db
from planner.models import Allocation, AllocationState, Assignment, AuditEntry, User
from solver import Violation, verify

ON_WHAT_PEOPLE_SAID = {"everybody_understands", "quotas_hold", "nobody_isolated"}
"""Rules that an empty chair can break without anybody having moved: nobody knows any more who sat there."""


class NotSolved(PlannerError):
    sentence = _l("Only an allocation with a result can be published.")


class AskedFirst(PlannerError):
    """Somebody should say yes to what is wrong with it; `about` names it: "incomplete", "outdated"."""

    def __init__(self, about: str, sentence: object):
        super().__init__(sentence)
        self.about = about


class NotVerified(PlannerError):
    sentence = _l("This result does not fit the conference any more. Please start a new run.")


class Unreadable(PlannerError):
    sentence = _l(
        "What this plan was made from cannot be read any more, so nobody can check it. Please start a new run."
    )


def publish(
    allocation: Allocation, actor: User, now: datetime, accepted: Collection[str] = (), *, agreed: bool = False
) -> bool:
    """Everybody sees this allocation from now on; readers see the old one or this one, never a mixture.

    `accepted` are the things that the organiser was asked about and said yes to; what is wrong beyond them is
    refused with the question; `agreed` as for `outdated`. False, and nothing done, where everybody sees it already.
    """
    conference = allocation.conference
    locks.conference(conference, alone=True)
    db.session.refresh(allocation)
    if conference.published_id == allocation.id:
        return False
    if allocation.state is not AllocationState.SOLVED:
        raise NotSolved
    if not is_readable(allocation):
        raise Unreadable
    if not keeps_every_rule(allocation):
        raise NotVerified
    for about, asked in doubts(allocation, outdated(allocation, agreed=agreed)).items():
        if about not in accepted:
            raise AskedFirst(about, asked)
    conference.published_id = allocation.id
    allocation.published_at = now
    db.session.add(AuditEntry.by(actor, "allocation.published", allocation, now))
    return True


def doubts(allocation: Allocation, since: Outdated | None) -> dict[str, object]:
    """What an organiser should know before she publishes this, by what it is about; `since` as outdated() says."""
    found: dict[str, object] = {}
    if allocation.missing:
        found["incomplete"] = lazy_ngettext(
            "%(num)s place is missing in this plan.", "%(num)s places are missing in this plan.", allocation.missing
        )
    if since and since.is_changed:
        found["outdated"] = _l("Something has changed since this plan was made.")
    elif since:
        found["outdated"] = _l(
            "Since this plan was made a rule has changed: "
            "between two languages somebody interprets only where she is needed."
        )
    if not is_readable(allocation):
        found["unreadable"] = _l("What this plan was made from cannot be read any more.")
    return found


def unpublish(allocation: Allocation, actor: User, now: datetime) -> bool:
    """Nobody but organisers sees a result from now on; False, and nothing done, if another run is published."""
    conference = allocation.conference
    locks.conference(conference, alone=True)
    db.session.refresh(allocation)
    if conference.published_id != allocation.id:
        return False
    conference.published_id = None
    db.session.add(AuditEntry.by(actor, "allocation.unpublished", allocation, now))
    return True


def keeps_every_rule(allocation: Allocation) -> bool:
    """Counts what is stored, not what was once handed over: a lost or added row is found here.

    One rule may be younger than the plan: somebody who interprets for nobody makes it outdated, and no worse.
    """
    problem = question(allocation)
    if problem is None:
        return False
    plan = stored(allocation)
    chairs = _empty_chairs(allocation)
    return all(interprets_for_nobody(broken) or _cannot_be_counted(broken, chairs) for broken in verify(problem, plan))


def _empty_chairs(allocation: Allocation) -> dict[str, set[str]]:
    """By meeting the chairs of people who were erased."""
    rows = db.session.scalars(
        select(Assignment).where(Assignment.allocation_id == allocation.id, Assignment.chair.is_not(None))
    )
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(str(row.meeting_id), set()).add(row.key)
    return found


def _cannot_be_counted(broken: Violation, chairs: Mapping[str, Collection[str]]) -> bool:
    """Whether it rests on what somebody said of herself who was erased: it was kept when the plan was stored."""
    here = chairs.get(broken.facts.get("meeting", ""), ())
    named = broken.facts.get("participant") or broken.facts.get("interpreter")
    return broken.rule in ON_WHAT_PEOPLE_SAID and bool(here) and (named is None or named in here)
