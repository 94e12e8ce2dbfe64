"""When the rounds of a list are: read from its cells, and of those that overlap the one in which most is held."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from flask_babel import lazy_gettext as _l

from planner import dates, hours, programme
from planner.errors import PlannerError
from planner.imports.columns import Line
from planner.imports.plan import Plan
from planner.models import Conference
from planner.texts import tidy_line, whole

WHOLE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}\S*")
"""A day with its hour in one cell, as schedules and spreadsheets have it."""
LONGEST_TITLE = 60


@dataclass(frozen=True)
class Round:
    """What one line says; `held` is how many sessions a schedule has then, 0 where it says nothing of that."""

    line: int
    title: str
    starts: datetime
    ends: datetime
    held: int = 0
    about: str = ""


def read(conference: Conference, lines: Iterable[Line], plan: Plan) -> list[Round]:
    """Those that can be read; mistakes go into the plan."""
    return [found for line in lines if (found := _round(conference, line, plan))]


def _round(conference: Conference, line: Line, plan: Plan) -> Round | None:
    title = tidy_line(line.text("title"))
    if len(title) > LONGEST_TITLE:
        sentence = _l("This is too long: %(most)s characters at most.", most=LONGEST_TITLE)
        plan.fault(line.number, line.heading("title"), sentence)
    try:
        starts = _moment(conference, line, "begins", "day")
        ends = _moment(conference, line, "finishes", "until" if line.text("until") else "day")
        first, last = programme.period(conference, starts, ends)
    except Unclear as unclear:
        plan.fault(line.number, line.heading(unclear.key), unclear.sentence)
        return None
    except PlannerError as error:
        column = "finishes" if error.field == "ends" else "begins"
        plan.fault(line.number, line.heading(column), error.sentence)
        return None
    return Round(line.number, title, first, last, _number(line.text("held")), tidy_line(line.text("about"))[:200])


class Unclear(Exception):
    """A cell that is no time; `key` is its column."""

    def __init__(self, key: str, sentence: object):
        super().__init__(key)
        self.key, self.sentence = key, sentence


def _moment(conference: Conference, line: Line, key: str, day: str) -> datetime:
    """In the conference's zone, without it: a day with its hour in one cell, or in two."""
    text = tidy_line(line.text(key))
    if not text:
        raise Unclear(key, _l("There is no time. Every line needs one."))
    if WHOLE.fullmatch(text):
        try:
            moment = datetime.fromisoformat(text)
            return moment.astimezone(conference.tz).replace(tzinfo=None) if moment.tzinfo else moment
        except (ValueError, OverflowError) as error:
            sentence = _l("Please write the time like this: %(example)s", example="2027-05-21 09:00")
            raise Unclear(key, sentence) from error
    try:
        hour = hours.hour(text)
    except ValueError as error:
        raise Unclear(key, str(error)) from error
    if not line.text(day):
        raise Unclear(day if line.heading(day) else key, _l("There is no day. Every line needs one."))
    try:
        return datetime.combine(hours.day(tidy_line(line.text(day))), hour)
    except ValueError as error:
        raise Unclear(day, str(error)) from error


def _number(text: str) -> int:
    try:
        return whole(text)
    except ValueError:
        return 0


Pieces = list[tuple[datetime, datetime]]


def pieces(span: dates.Span, conference: Conference) -> Pieces:
    """When it is held, in UTC: a round over several days is held on each."""
    return [(first.astimezone(UTC), last.astimezone(UTC)) for first, last in dates.times(span, conference)]


def overlap(some: Pieces, others: Pieces) -> bool:
    return any(first < end and start < last for first, last in some for start, end in others)


class Taken:
    """Which times are taken, and by what; a question costs the same whatever there is."""

    def __init__(self) -> None:
        self.starts: list[datetime] = []
        self.ends: list[tuple[datetime, int]] = []

    def add(self, taken: Pieces, by: int) -> None:
        for first, last in taken:
            at = bisect_left(self.starts, first)
            self.starts.insert(at, first)
            self.ends.insert(at, (last, by))

    def by(self, wanted: Pieces) -> int | None:
        """Whoever has a part of these times already."""
        for first, last in wanted:
            at = bisect_left(self.starts, last)
            if at and self.ends[at - 1][0] > first:
                return self.ends[at - 1][1]
        return None


def beaten(conference: Conference, rounds: Sequence[Round]) -> dict[int, int]:
    """By its line each round that overlaps another of the list, in which more is held, and that other one's line."""
    taken, found = Taken(), {}
    for each in sorted(rounds, key=lambda each: (-each.held, each.line)):
        own = pieces(each, conference)
        other = taken.by(own)
        if other is None:
            taken.add(own, each.line)
        else:
            found[each.line] = other
    return found
