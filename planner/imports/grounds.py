"""What the plan of a list rests on: whether any of it has changed since is seen sooner than the list is read again."""

import hashlib
from typing import Any

from sqlalchemy import Select, func, select

from planner.extensions import db
from planner.models import (
    Absence,
    Conference,
    Group,
    ImportBatch,
    LanguageLevel,
    Need,
    Organisation,
    Participant,
    Preference,
    Room,
    Session,
    SessionGroup,
    SessionRole,
    Slot,
    Theme,
    Veto,
)


def mark(batch: ImportBatch) -> str:
    """Of what its organiser chose, and of everything that a list is compared with."""
    found = hashlib.sha256(
        repr((batch.state, batch.choices, batch.conference.language, batch.conference.zone)).encode()
    )
    for query in _compared(batch.conference_id):
        for row in db.session.execute(query):
            found.update(repr(tuple(row)).encode())
    return found.hexdigest()


def _compared(conference: int) -> list[Select[Any]]:
    """Columns and no objects: thousands of those cost others a second of their turn.

    Of needs only how many there are and the newest: who needs what is read with a trace, and any change changes these.
    """
    whole = (Participant, Organisation, Group, Slot, Room, Session, Theme)
    rows: list[Select[Any]] = [_rows(model).where(model.conference_id == conference) for model in whole]
    rows += [
        select(Conference.most_favourites).where(Conference.id == conference),
        select(ImportBatch.id, ImportBatch.state)  # type: ignore[list-item]
        .where(ImportBatch.conference_id == conference)
        .order_by(ImportBatch.id),
    ]
    needs = select(func.count(Need.id), func.max(Need.id), func.max(Need.consented_at))
    rows.append(needs.join(Participant).where(Participant.conference_id == conference))  # type: ignore[arg-type]
    own = (LanguageLevel, Absence, Preference, Veto)
    rows += [_rows(each).join(Participant).where(Participant.conference_id == conference) for each in own]
    of_sessions = (SessionRole, SessionGroup)
    rows += [_rows(each).join(Session).where(Session.conference_id == conference) for each in of_sessions]
    return rows


def _rows(model: Any) -> Select[Any]:
    return select(*model.__table__.columns).order_by(model.id)
