"""A conference that is over is archived: everything can be read, nothing is changed, until its owner opens it again.

Nothing is begun for it by the program either, as for one that is to be deleted: no mail leaves, no run is started.
"""

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, or_, select

from planner import locks
from planner.errors import PlannerError
from planner.extensions import db
from planner.models import ACTIVE, Allocation, Conference


class RunUnderWay(PlannerError):
    status = 409
    sentence = _l("An allocation is being calculated. Please wait for it, or cancel it, and archive afterwards.")


def archive(conference: Conference, now: datetime) -> None:
    """Alone in the conference: a save that was faster is kept, a slower one is refused. Raises RunUnderWay."""
    locks.conference(conference, alone=True)
    active = select(Allocation.id).filter_by(conference_id=conference.id).where(Allocation.state.in_(ACTIVE))
    if db.session.scalar(active.limit(1)):
        raise RunUnderWay
    conference.archived_at = conference.archived_at or now


def shut() -> Select[int]:
    """The numbers of all that are only read, as `is_shut` says it of one: for whatever asks about many."""
    only_read = or_(Conference.archived_at.is_not(None), Conference.deletes_at.is_not(None))
    return select(Conference.id).where(only_read)


def restore(conference: Conference) -> None:
    locks.conference(conference, alone=True)
    conference.archived_at = None
