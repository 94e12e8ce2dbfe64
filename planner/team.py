"""Who works on a conference, and in which role: looked up with each request, so a removal holds at once everywhere."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from planner.extensions import db
from planner.models import Conference, Member, MemberRole, User


def role_of(user: User, conference: Conference, *, holds: bool = False) -> MemberRole | None:
    """`holds` for whoever writes: she is neither removed nor given another role between this look and her commit."""
    mine = select(Member.role).filter_by(user_id=user.id, conference_id=conference.id)
    return db.session.scalar(mine.with_for_update(read=True) if holds else mine)


def hold(conference: Conference) -> None:
    """Before anybody's role is looked at to change one: of two owners who remove each other one comes second."""
    everybody = select(Member).filter_by(conference_id=conference.id).order_by(Member.id).with_for_update()
    db.session.scalars(everybody.execution_options(populate_existing=True)).all()


def memberships(user: User) -> Sequence[Member]:
    """Her conferences, with what she is there."""
    mine = select(Member).filter_by(user_id=user.id).options(joinedload(Member.conference)).order_by(Member.id)
    return db.session.scalars(mine).all()
