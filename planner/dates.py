"""Instants in words, in the conference's zone and the page's language."""

from datetime import UTC, datetime
from datetime import date as date_type

from babel.dates import format_date, format_datetime, format_skeleton, format_time, format_timedelta
from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from planner.errors import PlannerError
from planner.languages import current
from planner.models import Conference


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


def stamp(instant: datetime, conference: Conference) -> str:
    """With seconds: for receipts."""
    return format_datetime(local(instant, conference), "medium", locale=current())


def local(instant: datetime, conference: Conference) -> datetime:
    return instant.astimezone(conference.tz)


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
