"""A conference's frame before anybody comes: themes, groups, rounds, agenda as plain data, and how they get written."""

from collections.abc import Sequence
from dataclasses import dataclass as plain
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

from planner.extensions import db
from planner.models import AgendaItem as AgendaRow
from planner.models import Conference, Organisation, Translated
from planner.models import Group as GroupRow
from planner.models import Slot as SlotRow
from planner.models import Theme as ThemeRow

EXACT = ConfigDict(extra="forbid")
DATES = ("call_from", "call_until", "wishes_from", "wishes_until", "day_starts", "day_ends")


@dataclass(frozen=True, config=EXACT)
class Moment:
    """A local time on a day that counts from another one: the demonstration's first start, or a conference's day."""

    day: int
    time: time

    def at(self, first_day: date, zone: ZoneInfo) -> datetime:
        return datetime.combine(first_day + timedelta(days=self.day), self.time, zone)


@dataclass(frozen=True, config=EXACT)
class Dates:
    call_from: Moment
    call_until: Moment
    wishes_from: Moment
    wishes_until: Moment
    day_starts: Moment
    day_ends: Moment


@dataclass(frozen=True, config=EXACT, kw_only=True)
class Span:
    """Local times on the day of the conference, or so many days after it began."""

    title: Translated
    starts: time
    ends: time
    day: int = 0
    until_day: int | None = None

    @property
    def begins(self) -> Moment:
        return Moment(self.day, self.starts)

    @property
    def finishes(self) -> Moment:
        return Moment(self.day if self.until_day is None else self.until_day, self.ends)

    @property
    def is_turned_round(self) -> bool:
        begins, finishes = self.begins, self.finishes
        return (begins.day, begins.time) >= (finishes.day, finishes.time)


@dataclass(frozen=True, config=EXACT, kw_only=True)
class Slot(Span):
    key: str


@dataclass(frozen=True, config=EXACT, kw_only=True)
class AgendaItem(Span):
    place: Translated


@dataclass(frozen=True, config=EXACT)
class Theme:
    key: str
    title: Translated
    colour: int
    icon: str


@dataclass(frozen=True, config=EXACT)
class Group:
    key: str
    letter: str
    colour: int
    title: Translated
    organisations: tuple[str, ...] = ()
    is_sensitive: bool = False


class Frame(Protocol):
    @property
    def themes(self) -> Sequence[Theme]: ...
    @property
    def slots(self) -> Sequence[Slot]: ...
    @property
    def agenda(self) -> Sequence[AgendaItem]: ...


@plain
class Written:
    """The rows by the keys of the data; organisations by their names."""

    themes: dict[str, ThemeRow]
    groups: dict[str, GroupRow]
    organisations: dict[str, Organisation]
    slots: dict[str, SlotRow]


def write(conference: Conference, frame: Frame, groups: Sequence[Group], day: date) -> Written:
    """Everything of it, on the day on which the conference begins; the conference has its number already."""
    written = Written(
        themes={theme.key: _theme(conference, theme, at) for at, theme in enumerate(frame.themes)},
        groups={group.key: _group(conference, group, at) for at, group in enumerate(groups)},
        organisations={},
        slots={slot.key: SlotRow(**_span(conference, slot, day)) for slot in frame.slots},
    )
    _add(
        *written.themes.values(),
        *written.groups.values(),
        *written.slots.values(),
        *(AgendaRow(**_span(conference, item, day), place=item.place) for item in frame.agenda),
    )
    for group in groups:
        for name in group.organisations:
            row = Organisation(conference_id=conference.id, group_id=written.groups[group.key].id, name=name)
            written.organisations[name] = row
    _add(*written.organisations.values())
    return written


def _add(*rows: Any) -> None:
    db.session.add_all(rows)
    db.session.flush()


def _theme(conference: Conference, theme: Theme, at: int) -> ThemeRow:
    return ThemeRow(
        conference_id=conference.id,
        position=at,
        key=theme.key,
        title=theme.title,
        colour=theme.colour,
        icon=theme.icon,
    )


def _group(conference: Conference, group: Group, at: int) -> GroupRow:
    return GroupRow(
        conference_id=conference.id,
        position=at,
        key=group.key,
        title=group.title,
        letter=group.letter,
        colour=group.colour,
        is_sensitive=group.is_sensitive,
    )


def _span(conference: Conference, span: Span, day: date) -> dict[str, Any]:
    zone = conference.tz
    return {
        "conference_id": conference.id,
        "title": span.title,
        "starts": span.begins.at(day, zone),
        "ends": span.finishes.at(day, zone),
    }
