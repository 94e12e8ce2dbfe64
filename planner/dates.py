"""Instants in words, in the conference's zone and the page's language."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from datetime import date as date_type
from typing import Protocol

from babel.dates import format_date, format_datetime, format_skeleton, format_time, format_timedelta
from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from planner.errors import PlannerError
from planner.languages import current
from planner.models import Conference

NIGHT = timedelta(hours=5)
"""So long after midnight it is still the evening before."""


def moment(instant: datetime, conference: Conference) -> str:
    """ "Sonntag, 28. Oktober, 18:00 Uhr"."""
    return _(
        "%(day)s, %(time)s",
        day=_("%(weekday)s, %(date)s", weekday=weekday(instant, conference), date=date(instant, conference)),
        time=clock(instant, conference),
    )


def deadline(instant: datetime, conference: Conference, now: datetime) -> str:
    """The same, with how long that still is."""
    left = format_timedelta(instant - now, granularity="hour", add_direction=True, locale=current())
    return _("%(moment)s (%(left)s)", moment=moment(instant, conference), left=left)


def weekday(instant: datetime, conference: Conference) -> str:
    return format_date(local(instant, conference), "EEEE", locale=current())


def date(instant: datetime, conference: Conference) -> str:
    return format_skeleton("MMMMd", local(instant, conference), locale=current())


def day(instant: datetime, conference: Conference) -> str:
    return format_skeleton("MMMd", local(instant, conference), locale=current())


def calendar_day(day: date_type) -> str:
    """Of a day that is one in the conference's zone already."""
    return format_skeleton("MMMd", day, locale=current())


def long_day(instant: datetime, conference: Conference) -> str:
    return format_date(local(instant, conference), "full", locale=current())


def clock(instant: datetime, conference: Conference) -> str:
    return format_time(local(instant, conference).timetz(), "HH:mm", locale=current())


def in_words(value: date_type) -> str:
    """What stands in a field, in the conference's zone already: a day, or a day and a time."""
    day = format_date(value, "long", locale=current())
    return _("%(day)s, %(time)s", day=day, time=f"{value:%H:%M}") if isinstance(value, datetime) else day


def short_moment(instant: datetime, conference: Conference) -> str:
    """ "28. Okt., 18:00 Uhr": in lists."""
    return _("%(day)s, %(time)s", day=day(instant, conference), time=clock(instant, conference))


def stamp(instant: datetime, conference: Conference) -> str:
    """With seconds: for receipts."""
    return format_datetime(local(instant, conference), "medium", locale=current())


def local(instant: datetime, conference: Conference) -> datetime:
    return instant.astimezone(conference.tz)


class Span(Protocol):
    """A round, an agenda item, a line of somebody's day."""

    @property
    def starts(self) -> datetime: ...
    @property
    def ends(self) -> datetime: ...


@dataclass(frozen=True)
class Between:
    starts: datetime
    ends: datetime


def times(span: Span, conference: Conference) -> list[tuple[datetime, datetime]]:
    """When it is held: once; or, where it ends on a later day at a later hour, on each day between these hours."""
    first, last = local(span.starts, conference), local(span.ends, conference)
    if first.date() == last.date() or last.time() <= first.time():
        return [(span.starts, span.ends)]
    each = [first.date() + timedelta(days=day) for day in range((last.date() - first.date()).days + 1)]
    return [
        (
            datetime.combine(day, first.time(), conference.tz).astimezone(UTC),
            datetime.combine(day, last.time(), conference.tz).astimezone(UTC),
        )
        for day in each
    ]


def hours(span: Span, conference: Conference) -> str:
    """ "09:00–10:30"; with the day where the conference has several, and with all its days where it is held on each."""
    between = f"{clock(span.starts, conference)}–{clock(span.ends, conference)}"
    if len(times(span, conference)) > 1:
        days = {"first": short_day(span.starts, conference), "last": short_day(span.ends, conference)}
        return _("%(first)s to %(last)s, each day %(hours)s", **days, hours=between)
    if takes_days(conference):
        return _("%(day)s, %(time)s", day=short_day(span.starts, conference), time=between)
    return between


def when(span: Span, conference: Conference) -> str:
    """The same in a list of its own, always with the day."""
    if len(times(span, conference)) > 1 or takes_days(conference):
        return hours(span, conference)
    return f"{moment(span.starts, conference)} – {clock(span.ends, conference)}"


def joins(before: Span, after: Span, conference: Conference) -> bool:
    """Whether what lasts several rounds runs on from one into the next: not into the next day."""
    return local(before.ends, conference).date() == local(after.starts, conference).date()


def takes_days(conference: Conference) -> bool:
    """Whether it has several days; one that goes on until late in the night has not."""
    first, last = local(conference.day_starts, conference), local(conference.day_ends - NIGHT, conference)
    return first.date() != last.date() and conference.day_ends - conference.day_starts > timedelta(hours=12)


def long_days(conference: Conference) -> str:
    """The day of a conference, or its first and its last one."""
    first = long_day(conference.day_starts, conference)
    if not takes_days(conference):
        return first
    return _("%(first)s to %(last)s", first=first, last=long_day(conference.day_ends, conference))


def short_day(instant: datetime, conference: Conference) -> str:
    return format_skeleton("MMMEd", local(instant, conference), locale=current())


def phases(conference: Conference) -> list[tuple[str, str, str]]:
    """The key of each phase, its name and when it is: until a day, or on one."""
    programme_ends = max(conference.call_until, conference.wishes_from)
    return [
        ("call", _("Call"), _until(conference.call_until, conference)),
        ("programme", _("Programme"), _until(programme_ends, conference)),
        ("wishes", _("Wishes"), _until(conference.wishes_until, conference)),
        ("allocation", _("Allocation"), _until(conference.day_starts, conference)),
        ("day", _("The day"), day(conference.day_starts, conference)),
        ("results", _("Results"), ""),
    ]


def _until(instant: datetime, conference: Conference) -> str:
    return _("until %(date)s", date=day(instant, conference))


def install(app: Flask) -> None:
    app.jinja_env.filters |= {
        "moment": moment,
        "day": day,
        "calendar_day": calendar_day,
        "long_day": long_day,
        "long_days": long_days,
        "hours": lambda span, conference: hours(Between(**span) if isinstance(span, dict) else span, conference),
        "when": when,
        "clock": clock,
        "stamp": stamp,
        "phases": phases,
    }


class NoSuchTime(PlannerError):
    sentence = _l("This time does not exist, or exists twice, because the clocks change. Please choose another.")


YEARS = range(2000, 2200)


def instant(typed: datetime, conference: Conference, field: str) -> datetime:
    """What somebody typed in the conference's zone; a missing or ambiguous time is asked about."""
    if typed.year not in YEARS:
        raise PlannerError(_l("Please check the year."), field=field)
    early = typed.replace(tzinfo=conference.tz, fold=0)
    late = typed.replace(tzinfo=conference.tz, fold=1)
    if early.utcoffset() != late.utcoffset():
        raise NoSuchTime(field=field)
    return early.astimezone(UTC)
