"""Conferences side by side: create one with sensible dates, change its dates and texts."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import chain, count
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from sqlalchemy import case, func, select

from planner.errors import PlannerError
from planner.extensions import db
from planner.models import (
    AgendaItem,
    Conference,
    Group,
    Member,
    MemberRole,
    Participant,
    Room,
    Seating,
    Session,
    Slot,
    Submission,
    Theme,
    Translated,
    User,
    random_key,
)
from planner.rows import unless
from planner.texts import in_ascii

COLOURS = 8
LONGEST_MADE = 50  # leaves room for a number
ZONE = "Europe/Berlin"
MORNING, EVENING = time(9), time(18)
UNHURRIED = timedelta(
    days=10
)  # from so long before the day on, call and wishes begin in the morning, end in the evening
PHASES = ("call", "wishes", "allocation", "day")


class SlugTaken(PlannerError):
    sentence = _l("Another conference has this short name already.")


class ThemeInUse(PlannerError):
    sentence = _l("Submissions or sessions belong to this theme. Give them another theme first.")


class GroupInUse(PlannerError):
    sentence = _l("People belong to this group. Give them another group first.")


class LetterTaken(PlannerError):
    sentence = _l("Another group has this letter already.")


class DatesOutOfOrder(PlannerError):
    sentence = _l("Please check the dates: each phase ends after it begins, and the day comes last.")


class NotToPlayWith(PlannerError):
    sentence = _l("Only a demonstration can be moved in time.")


def refuse_a_taken_name(slug: str) -> None:
    if db.session.scalar(select(Conference.id).filter_by(slug=slug)):
        raise SlugTaken(field="slug")


def free_name(title: str, starts: datetime) -> str:
    """A short name from the title, or from the day where it has no plain letters; numbered where it is taken."""
    plain = re.sub("[^a-z0-9]+", "-", in_ascii(title).lower())[:LONGEST_MADE].strip("-")
    name = plain if len(plain) > 1 else f"{starts.astimezone(ZoneInfo(ZONE)):%Y-%m-%d}"
    taken = set(db.session.scalars(select(Conference.slug).where(Conference.slug.startswith(name))))
    return next(each for each in chain([name], (f"{name}-{number}" for number in count(2))) if each not in taken)


def create(slug: str, title: str, starts: datetime, ends: datetime, organiser: User, now: datetime) -> Conference:
    """A conference with three rounds and one theme; without `slug` its short name is made from the title."""
    slug = slug or free_name(title, starts)
    refuse_a_taken_name(slug)
    if starts <= now + timedelta(days=1):
        raise PlannerError(_l("The day must lie in the future."), field="day")
    conference = Conference(
        slug=slug,
        title={"de": title, "en": title},
        day_starts=starts,
        day_ends=ends,
        zone=ZONE,
        **_first_dates(now, starts, ZoneInfo(ZONE)),
    )
    with unless(SlugTaken(field="slug")):
        db.session.add(conference)
        conference.members.append(Member(user=organiser, role=MemberRole.OWNER, since=now))
    db.session.add(Theme(conference_id=conference.id, key="general", title={"de": "Allgemein", "en": "General"}))
    for number, hours in enumerate((1, 2.5, 5), start=1):
        begins = starts + timedelta(hours=hours)
        texts = {"de": f"Runde {number}", "en": f"Round {number}"}
        db.session.add(
            Slot(conference_id=conference.id, title=texts, starts=begins, ends=begins + timedelta(minutes=70))
        )
    return conference


def _first_dates(now: datetime, starts: datetime, zone: ZoneInfo) -> dict[str, datetime]:
    """Dates that people can keep in mind: whole hours in the conference's zone, evenings where there is time enough."""
    span = starts - now
    wanted = {
        "call_until": (0.4, EVENING),
        "wishes_from": (0.5, MORNING),
        "wishes_until": (0.8, EVENING),
    }
    unhurried = span >= UNHURRIED
    dates = {
        name: _on_the_hour(now + span * share, zone, hour if unhurried else None)
        for name, (share, hour) in wanted.items()
    }
    return {"call_from": _on_the_hour(now, zone), **dates}


def _on_the_hour(instant: datetime, zone: ZoneInfo, hour: time | None = None) -> datetime:
    """The same day at this hour there; without one the whole hour before."""
    local = instant.astimezone(zone)
    if hour:
        return datetime.combine(local.date(), hour, zone).astimezone(UTC)
    return local.replace(minute=0, second=0, microsecond=0).astimezone(UTC)


def check_dates(conference: Conference) -> None:
    """Raises DatesOutOfOrder before the database does."""
    ordered = (
        conference.call_from <= conference.call_until
        and conference.wishes_from <= conference.wishes_until <= conference.day_starts
        and conference.day_starts < conference.day_ends
    )
    if not ordered:
        raise DatesOutOfOrder


def add_theme(conference: Conference, title: Translated, icon: str) -> Theme:
    """A theme after the others, in the next colour."""
    position = 1 + max((theme.position for theme in conference.themes), default=0)
    theme = Theme(
        conference_id=conference.id,
        key=random_key(),
        title=title,
        icon=icon,
        position=position,
        colour=len(conference.themes) % COLOURS + 1,
    )
    db.session.add(theme)
    return theme


def remove_theme(theme: Theme) -> None:
    """Only a theme that nothing belongs to; drafts count too."""
    for kind in (Session, Submission):
        if db.session.scalar(select(kind.id).filter_by(theme_id=theme.id).limit(1)):
            raise ThemeInUse
    db.session.delete(theme)


def save_group(
    conference: Conference, group: Group | None, title: Translated, letter: str, *, sensitive: bool
) -> Group:
    """Change a group, or add one after the others; its letter tells it apart where colours do not."""
    others = [other for other in conference.groups if other is not group]
    if letter.casefold() in {other.letter.casefold() for other in others}:
        raise LetterTaken(field="letter")
    if group is None:
        position = 1 + max((other.position for other in others), default=0)
        group = Group(
            conference_id=conference.id, key=random_key(), position=position, colour=len(others) % COLOURS + 1
        )
        db.session.add(group)
    group.title, group.letter, group.is_sensitive = title, letter, sensitive
    return group


def remove_group(group: Group) -> None:
    if db.session.scalar(select(Participant.id).filter_by(group_id=group.id).limit(1)):
        raise GroupInUse
    db.session.delete(group)


def people_by_group(conference: Conference) -> dict[int, int]:
    """How many people speak for each group."""
    rows = db.session.execute(
        select(Participant.group_id, func.count())
        .filter_by(conference_id=conference.id)
        .where(Participant.group_id.is_not(None))
        .group_by(Participant.group_id)
    )
    return {row[0] or 0: row[1] for row in rows}


@dataclass(frozen=True)
class Made:
    """How much of each there is; `chairs` as the rooms are placed."""

    agenda: int
    themes: int
    groups: int
    rooms: int
    chairs: int


def made(conference: Conference) -> Made:
    """One question for all of it."""

    def number(table: type[AgendaItem | Theme | Group | Room], what: Any = None) -> Any:
        found = select(func.count() if what is None else what).select_from(table)
        return found.where(table.conference_id == conference.id).scalar_subquery()

    placed = case((Room.seating == Seating.CIRCLE, Room.capacity_circle), else_=Room.capacity_rows)
    chairs = number(Room, func.coalesce(func.sum(placed), 0))
    return Made(
        *db.session.execute(select(number(AgendaItem), number(Theme), number(Group), number(Room), chairs)).one()
    )


def go_to(conference: Conference, phase: str, now: datetime) -> None:
    """Let a demonstration's clock stand in a phase; a real conference has only its own dates."""
    if not conference.is_demonstration or phase not in PHASES:
        raise NotToPlayWith
    beginnings = {
        "call": max(conference.call_from, conference.wishes_from),
        "wishes": max(conference.call_until, conference.wishes_from),
        "allocation": conference.wishes_until,
        "day": conference.day_starts,
    }
    wanted = beginnings[phase] + timedelta(minutes=30)
    conference.clock_shift = round((wanted - now).total_seconds())
    conference.passed = None


def notice_deadlines(clock: Callable[[Conference], datetime]) -> None:
    """Note the deadlines that have passed, so that they stay passed whatever a clock says later."""
    for conference in db.session.scalars(select(Conference)):
        due = conference.due(clock(conference))
        if due:
            conference.passed = due
