"""A copy of an earlier conference without its people: what was set up, on another day."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select

from planner import beginnings
from planner.dates import NoSuchTime, local
from planner.extensions import db
from planner.frame import DATES, Dates, Moment
from planner.models import (
    AgendaItem,
    AuditEntry,
    Company,
    Conference,
    Group,
    MailText,
    Placement,
    Quota,
    Room,
    RoomClosure,
    Session,
    SessionClosure,
    SessionGroup,
    SessionOrder,
    SessionState,
    Slot,
    Theme,
    User,
)
from planner.models.base import Instant
from planner.rows import unless

SETTINGS = (
    *("summary", "addressee", "place", "contact", "zone", "languages", "presumes_language"),
    *("most_favourites", "most_vetoes", "preset", "vocabulary", "is_listed", "most_of_one_organisation", "flexible"),
    *("places", "no_shows", "usual_minimum", "usual_maximum"),
)
FRAME = (Theme, Group, Slot, Room, RoomClosure, AgendaItem, MailText)
PROGRAMME = (Session, SessionGroup, SessionClosure, SessionOrder, Placement)
OF_A_SESSION = (SessionGroup, SessionClosure, SessionOrder)
RULES = (Quota, Company)
"""Not of what was known of people: that stays with them."""
COPIED = (*FRAME, *PROGRAMME, *RULES)
"""Each after what it points to."""

Numbers = dict[str, dict[int, int]]
"""By table, for the number of each row that was copied the copy's."""


def copy(
    earlier: Conference, slug: str, title: str, day: date, organiser: User, now: datetime, *, with_sessions: bool
) -> Conference:
    """Everything that is as it was, beginning on this day; sessions that were held only where they are wanted."""
    conference = Conference(
        title=dict.fromkeys((earlier.language, "de", "en"), title),
        **{name: getattr(earlier, name) for name in SETTINGS},
        **beginnings.fitting(_dates(earlier), day, earlier.tz, now),
    )
    beginnings.begin(conference, slug, day, organiser, now)
    numbers: Numbers = {"conference": {earlier.id: conference.id}}
    with unless(NoSuchTime(field="day")):
        for model in (*FRAME, *(PROGRAMME if with_sessions else ()), *RULES):
            numbers[model.__tablename__] = _copied(model, earlier, numbers, day)
    beginnings.note(conference, organiser, now, copy=earlier.id)
    _note_where_it_was_taken_from(earlier, conference, organiser, now)
    return conference


def _note_where_it_was_taken_from(earlier: Conference, copy: Conference, organiser: User, now: datetime) -> None:
    """Whoever owns it reads who took its settings and texts along; by number, as the copy may be deleted."""
    db.session.add(
        AuditEntry(
            conference_id=earlier.id,
            happened_at=now,
            actor=f"organiser:{organiser.id}",
            action="conference.copied",
            subject=f"conference:{copy.id}",
        )
    )


def _dates(earlier: Conference) -> Dates:
    """Counted from its day."""
    begun = _first_day(earlier)

    def moment(instant: datetime) -> Moment:
        there = local(instant, earlier)
        return Moment((there.date() - begun).days, there.time())

    return Dates(**{name: moment(getattr(earlier, name)) for name in DATES})


def _first_day(earlier: Conference) -> date:
    return local(earlier.day_starts, earlier).date()


def _copied(model: Any, earlier: Conference, numbers: Numbers, day: date) -> dict[int, int]:
    """The rows of one table, without those that belong to something that is left out."""
    pairs = []
    for row in db.session.scalars(_rows(model, earlier)):
        values = _values(row, earlier, day)
        for column in model.__table__.columns:
            for key in column.foreign_keys:
                values[column.key] = numbers.get(key.column.table.name, {}).get(values[column.key])
        if all(values[column.key] is not None for column in _needed(model, row)):
            pairs.append((row.id, model(**values)))
    db.session.add_all(new for _old, new in pairs)
    db.session.flush()
    return {old: new.id for old, new in pairs}


def _rows(model: Any, earlier: Conference) -> Any:
    rows = select(model).order_by(model.id)
    if model is RoomClosure:
        return rows.join(Room).where(Room.conference_id == earlier.id)
    if model in OF_A_SESSION:
        return rows.join(Session, Session.id == model.session_id).where(Session.conference_id == earlier.id)
    if model is Session:
        rows = rows.where(Session.state == SessionState.OPEN)
    if model in RULES:
        rows = rows.where(model.group_id.is_not(None))
    return rows.where(model.conference_id == earlier.id)


def _needed(model: Any, row: Any) -> list[Any]:
    """What the copy must point to, as its original does."""
    return [
        column for column in model.__table__.columns if column.foreign_keys and getattr(row, column.key) is not None
    ]


def _values(row: Any, earlier: Conference, day: date) -> dict[str, Any]:
    columns = [column for column in row.__table__.columns if not column.primary_key]
    found = {column.key: _shifted(column, getattr(row, column.key), earlier, day) for column in columns}
    if isinstance(row, Session):  # what was known of people stays with them: it is closed until somebody opens it
        found["open_to"] = {name: [] for name in row.open_to}
    return found


def _shifted(column: Any, value: Any, earlier: Conference, day: date) -> Any:
    """An instant keeps its hour there, however the clocks stand on the other day."""
    if not isinstance(column.type, Instant) or value is None:
        return value
    there = local(value, earlier)
    moved = day + (there.date() - _first_day(earlier))
    return datetime.combine(moved, there.time(), earlier.tz).astimezone(UTC)
