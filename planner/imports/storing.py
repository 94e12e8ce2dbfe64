"""Takes rooms and sessions of a list in as a whole, and takes back what nobody uses or changed since."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import count
from typing import Any

import sqlalchemy
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select

from planner import conferences, locks
from planner.extensions import db
from planner.imports import whom
from planner.imports.plan import Plan
from planner.imports.things import Values, facts
from planner.imports.undoing import Stays, unused
from planner.models import (
    Conference,
    ImportBatch,
    ImportedThing,
    Meeting,
    MergedSession,
    Placement,
    Preference,
    Quota,
    Room,
    RoomClosure,
    Seating,
    Session,
    SessionClosure,
    SessionMerge,
    SessionOrder,
    Submission,
    Veto,
)

USERS = {
    "room": (Meeting.room_id, Placement.room_id, RoomClosure.room_id),
    "session": (
        Meeting.session_id,
        Placement.session_id,
        Preference.session_id,
        Quota.session_id,
        Veto.session_id,
        SessionClosure.session_id,
        SessionOrder.session_id,
        SessionOrder.other_id,
        Submission.session_id,
        SessionMerge.session_id,
        MergedSession.session_id,
    ),
}


def mark(row: Room | Session) -> str:
    """Of all its columns, also those that no list can set; where it stands among the others is not its own."""
    columns = sqlalchemy.inspect(type(row)).column_attrs
    stored = {each.key: getattr(row, each.key) for each in columns if each.key != "position"}
    return hashlib.sha256(json.dumps(stored, sort_keys=True, default=str).encode()).hexdigest()[:16]


def write(row: Room | Session, values: Values, conference: Conference) -> None:
    """Set these facts, but for those in other tables; a text in one language leaves its translations."""
    for key, value in values.items():
        if key in {whom.STAFF, whom.GROUPS}:
            continue
        if key in {"directions", "title", "sentence"}:
            setattr(row, key, {**(getattr(row, key) or {}), conference.language: value})
        else:
            setattr(row, key, Seating(value) if key == "seating" else value)


def take(conference: Conference, plan: Plan, batch: ImportBatch, _consent: str, _now: datetime) -> None:
    """Write what the plan says; the caller holds the conference alone."""
    is_room = batch.kind.value == "rooms"
    model: Any = Room if is_room else Session
    themes = _themes(conference, plan.made.get("theme", {}).values(), batch)
    stored = {row.id: row for row in (conference.rooms if is_room else conference.sessions)}
    further = {} if is_room else whom.stored(conference)
    last = max((row.position if is_room else row.number for row in stored.values()), default=0)
    given = {row.values["number"] for row in plan.doing() if row.values.get("number")} | {
        row.number for row in stored.values() if not is_room
    }
    free = (number for number in count(1) if number not in given)
    told = []
    for each in plan.doing():
        if isinstance(each.values.get("theme_id"), str):
            each.values["theme_id"] = themes[each.values["theme_id"]]
        row = stored[each.target] if each.target else model(conference_id=conference.id)
        now = facts(row, conference) | further.get(row.id, {}) if each.target else {}
        before = {key: value for key, value in now.items() if key in each.values}
        values = dict(each.values)
        if not each.target and is_room:
            last += 1
            row.position = last
        elif not each.target:
            _new_session(conference, values, free)
        write(row, values, conference)
        told.append((each, row, before))
    db.session.add_all(row for _each, row, _before in told)
    db.session.flush()  # once: each flush looks at every row that was loaded
    for each, row, _before in told:
        if isinstance(row, Session):
            whom.write(row, each.values)
    batch.things += [
        ImportedThing(
            kind=row.__tablename__,
            row_id=row.id,
            is_new=not each.target,
            before=before,
            after=whom.kept(each.values) if each.target else {**whom.kept(each.values), "mark": mark(row)},
        )
        for each, row, before in told
    ]


def _new_session(conference: Conference, values: Values, free: Iterator[int]) -> None:
    if "number" not in values:
        values["number"] = next(free)
    least, most = conference.usual_minimum, conference.usual_maximum
    least = values.setdefault("minimum", min(least, values.get("maximum", most)))
    values.setdefault("maximum", max(most, least))
    values.setdefault("languages", [conference.language])


def _themes(conference: Conference, names: Iterable[str], batch: ImportBatch) -> dict[str, int]:
    found = {}
    for name in names:
        theme = conferences.save_theme(conference, None, {conference.language: name}, "speech")
        db.session.flush()
        db.session.expire(conference, ["themes"])
        batch.things.append(ImportedThing(kind="theme", row_id=theme.id, is_new=True))
        found[name] = theme.id
    return found


def undo(batch: ImportBatch, _now: datetime, _actor: str) -> list[Stays]:
    """Take back rooms or sessions; what is placed, wished for or changed stays."""
    conference, model = batch.conference, Room if batch.kind.value == "rooms" else Session
    kind = model.__tablename__
    ours = [thing for thing in batch.things if thing.kind == kind]
    rows = locks.things(model, [thing.row_id for thing in ours])
    used = {
        id for column in USERS[kind] for id in db.session.scalars(select(column).where(column.in_(rows)).distinct())
    }
    further = whom.stored(conference) if model is Session else {}
    stays, gone = [], []
    for thing in ours:
        row = rows.get(thing.row_id)
        if row is None:
            continue
        now = whom.kept({**facts(row, conference), **further.get(row.id, {}), "mark": mark(row)})
        name = now["name"] if isinstance(row, Room) else now["title"]
        after = {**(whom.kept(whom.EMPTY) if thing.is_new and further else {}), **thing.after}
        mine = {key: value for key, value in thing.before.items() if now[key] == after.get(key)}
        if not thing.is_new:
            write(row, mine, conference)
            if isinstance(row, Session):
                whom.write(row, mine)
            stays += [Stays(name, _l("was changed since"))] if mine.keys() != thing.before.keys() else []
        elif row.id in used:
            stays.append(Stays(name, _l("is used")))
        elif any(now[key] != value for key, value in after.items()):
            stays.append(Stays(name, _l("was changed since")))
        else:
            gone.append(row.id)
    db.session.flush()
    db.session.execute(delete(model).where(model.id.in_(gone)).execution_options(synchronize_session=False))
    db.session.expire_all()
    return stays + unused(batch)
