"""A new conference: made of a template, with dates that fit between now and its day, under a name that is free."""

import re
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain, count
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from planner import frame
from planner.conference_templates import Template
from planner.conferences import Made, SlugTaken, made
from planner.errors import PlannerError
from planner.extensions import db
from planner.models import AuditEntry, Conference, Member, MemberRole, User
from planner.rows import unless
from planner.texts import in_ascii

LONGEST_MADE = 50  # leaves room for a number
ZONE = "Europe/Berlin"
SOON = timedelta(days=1)
MORNING, EVENING = time(9), time(18)
UNHURRIED = timedelta(
    days=10
)  # from so long before the day on, call and wishes begin in the morning, end in the evening


def refuse_a_taken_name(slug: str) -> None:
    if db.session.scalar(select(Conference.id).filter_by(slug=slug)):
        raise SlugTaken(field="slug")


def free_name(title: str, day: date) -> str:
    """A short name from the title, or from the day where it has no plain letters; numbered where it is taken."""
    plain = re.sub("[^a-z0-9]+", "-", in_ascii(title).lower())[:LONGEST_MADE].strip("-")
    name = plain if len(plain) > 1 else f"{day:%Y-%m-%d}"
    taken = set(db.session.scalars(select(Conference.slug).where(Conference.slug.startswith(name))))
    return next(each for each in chain([name], (f"{name}-{number}" for number in count(2))) if each not in taken)


def brings(template: Template) -> Made:
    """What a conference has that begins with it."""
    return Made(
        agenda=len(template.agenda),
        themes=len(template.themes),
        groups=len(template.groups),
        rooms=0,
        chairs=0,
        rounds=len(template.slots),
    )


def create(
    slug: str, title: str, day: date, key: str, template: Template, organiser: User, now: datetime
) -> Conference:
    """All that the template brings; without `slug` the short name is made from the title."""
    conference = Conference(
        title={"de": title, "en": title},
        zone=ZONE,
        languages=list(template.languages),
        most_favourites=template.most_favourites,
        most_vetoes=template.most_vetoes,
        preset=template.preset,
        vocabulary=template.vocabulary,
        usual_minimum=template.usual_minimum,
        usual_maximum=template.usual_maximum,
        **fitting(template.dates, day, ZoneInfo(ZONE), now),
    )
    begin(conference, slug, day, organiser, now)
    frame.write(conference, template, template.groups, day)
    note(conference, organiser, now, template=key)
    return conference


def begin(conference: Conference, slug: str, day: date, organiser: User, now: datetime) -> None:
    """It gets its name, its owner and its number."""
    conference.slug = slug or free_name(conference.title[conference.language], day)
    refuse_a_taken_name(conference.slug)
    with unless(SlugTaken(field="slug")):
        db.session.add(conference)
        conference.members.append(Member(user=organiser, role=MemberRole.OWNER, since=now))


def note(conference: Conference, organiser: User, now: datetime, **facts: object) -> None:
    """How much it began with, counted from what is stored."""
    found = made(conference)
    things = {"agenda_item": found.agenda, "room": found.rooms, "slot": found.rounds}
    things |= {"session": found.sessions, "stakeholder_group": found.groups, "theme": found.themes}
    counts = {f"added {thing}": number for thing, number in things.items() if number}
    db.session.add(
        AuditEntry(
            conference_id=conference.id,
            happened_at=now,
            actor=f"organiser:{organiser.id}",
            action="conference.created",
            subject=f"conference:{conference.id}",
            facts={**facts, **counts},
        )
    )


def fitting(dates: frame.Dates, day: date, zone: ZoneInfo, now: datetime) -> dict[str, datetime]:
    """The instants of all dates: as they are wanted where the call has a day left, else squeezed in before the day."""
    wanted = {name: getattr(dates, name).at(day, zone).astimezone(UTC) for name in frame.DATES}
    if wanted["day_starts"] <= now + SOON:
        raise PlannerError(_l("The day must lie in the future."), field="day")
    hour = _on_the_hour(now, zone)
    if min(wanted["call_until"], wanted["wishes_until"]) < now + SOON or wanted["wishes_until"] > wanted["day_starts"]:
        return wanted | {"call_from": hour} | _squeezed(now, wanted["day_starts"], zone)
    return wanted | {"call_from": max(hour, wanted["call_from"])}


def _squeezed(now: datetime, starts: datetime, zone: ZoneInfo) -> dict[str, datetime]:
    """Dates that people can keep in mind: whole hours in the conference's zone, evenings where there is time enough."""
    span = starts - now
    shares = {
        "call_until": (0.4, EVENING),
        "wishes_from": (0.5, MORNING),
        "wishes_until": (0.8, EVENING),
    }
    unhurried = span >= UNHURRIED
    return {
        name: _on_the_hour(now + span * share, zone, hour if unhurried else None)
        for name, (share, hour) in shares.items()
    }


def _on_the_hour(instant: datetime, zone: ZoneInfo, hour: time | None = None) -> datetime:
    """The same day at this hour there; without one the whole hour before."""
    local = instant.astimezone(zone)
    if hour:
        return datetime.combine(local.date(), hour, zone).astimezone(UTC)
    return local.replace(minute=0, second=0, microsecond=0).astimezone(UTC)
