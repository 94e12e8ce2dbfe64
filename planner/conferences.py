"""Conferences side by side: create one with sensible dates, change its dates and texts."""

from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from planner.errors import PlannerError
from planner.extensions import db
from planner.models import Conference, Slot, Theme, User


class SlugTaken(PlannerError):
    sentence = _l("Another conference has this short name already.")


class DatesOutOfOrder(PlannerError):
    sentence = _l("Please check the dates: each phase ends after it begins, and the day comes last.")


def create(slug: str, title: str, starts: datetime, ends: datetime, organiser: User, now: datetime) -> Conference:
    """A conference with three rounds and one theme; the call runs until four weeks before the day."""
    if db.session.scalar(select(Conference.id).filter_by(slug=slug)):
        raise SlugTaken(field="slug")
    if starts <= now + timedelta(days=1):
        raise PlannerError(_l("The day must lie in the future."), field="day")
    span = starts - now
    conference = Conference(
        slug=slug,
        title={"de": title, "en": title},
        day_starts=starts,
        day_ends=ends,
        call_from=now,
        call_until=now + span * 0.4,
        wishes_from=now + span * 0.5,
        wishes_until=now + span * 0.8,
    )
    conference.organisers.append(organiser)
    db.session.add(conference)
    db.session.flush()
    db.session.add(Theme(conference_id=conference.id, key="general", title={"de": "Allgemein", "en": "General"}))
    for number, hours in enumerate((1, 2.5, 5), start=1):
        begins = starts + timedelta(hours=hours)
        texts = {"de": f"Runde {number}", "en": f"Round {number}"}
        db.session.add(
            Slot(conference_id=conference.id, title=texts, starts=begins, ends=begins + timedelta(minutes=70))
        )
    return conference


def check_dates(conference: Conference) -> None:
    """Raises DatesOutOfOrder before the database does."""
    ordered = (
        conference.call_from <= conference.call_until
        and conference.wishes_from <= conference.wishes_until <= conference.day_starts
        and conference.day_starts < conference.day_ends
    )
    if not ordered:
        raise DatesOutOfOrder
