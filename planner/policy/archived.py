"""The gate of a conference that is only read: whatever is sent there is refused, so no page has to think of it."""

from flask import g, has_request_context, request
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from planner.errors import Archived, Doomed
from planner.extensions import db
from planner.models import Conference
from planner.policy.table import OPEN_IN_AN_ARCHIVE


def is_shut(endpoint: str) -> bool:
    """Whether nothing is changed there, because the conference that is asked for is archived."""
    conference = g.get("conference")
    return conference is not None and conference.is_shut and endpoint not in OPEN_IN_AN_ARCHIVE


def refuse() -> None:
    """Raises Archived, Doomed where something is sent that would change what is only read."""
    if g.writes and is_shut(str(request.endpoint)):
        raise Doomed if g.conference.deletes_at else Archived


@event.listens_for(db.session, "before_commit")
def refuse_who_was_slower(session: Session) -> None:
    """After the audit has put what is written into an order with the archiving, or a lock of the conference has.

    Whoever waited there came in at a door that was open then.
    """
    writes = has_request_context() and g.get("writes") and not session.in_nested_transaction()
    if not writes or g.get("conference") is None or request.endpoint in OPEN_IN_AN_ARCHIVE:
        return
    with session.no_autoflush:
        asked = select(Conference.archived_at, Conference.deletes_at).filter_by(id=g.conference.id)
        archived_at, deletes_at = session.execute(asked).one_or_none() or (None, None)
    if archived_at or deletes_at:
        raise Doomed if deletes_at else Archived
