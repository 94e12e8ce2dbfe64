"""Who has not chosen is reminded: whom a mail reaches, whom somebody has to tell, and when it is not true any more.

As every page counts those who have not chosen; nobody is reminded twice within a day.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import ColumnElement, or_, select, update

from planner import allocations, locks, notifications, roster
from planner.clock import Clock
from planner.errors import PlannerError
from planner.extensions import db
from planner.models import (
    COMING,
    Conference,
    Message,
    MessageState,
    Participant,
    Preference,
    Session,
    SessionState,
)

KIND = "reminder"
PAUSE = timedelta(days=1)
UNHEARD = (MessageState.WAITING, MessageState.FAILED, MessageState.BY_HAND)
"""What nobody has heard of; a newer one stands in its place."""
Person = Any
"""A row with somebody's id, key, name and email."""


class NotNow(PlannerError):
    sentence = _l("People can be reminded only while choosing is open.")


@dataclass(frozen=True)
class Reach:
    """Whom a reminder reaches by mail, whom somebody tells, and how many had one within a day."""

    way: str  # off, file, smtp: as PLANNER_MAIL says
    by_mail: Sequence[Person]
    otherwise: Sequence[Person]
    lately: int

    @property
    def people(self) -> Sequence[Person]:
        return [*self.by_mail, *self.otherwise]


def is_open(conference: Conference, now: datetime) -> bool:
    return conference.takes_wishes(now + timedelta(seconds=conference.clock_shift))


def reach(conference: Conference, now: datetime) -> Reach:
    """Of those who have not chosen; raises Contradiction where nobody can be counted."""
    silent = set(allocations.who_counts(conference, roster.everybody(conference)).without_wishes)
    recent = select(Message.participant_id).filter_by(conference_id=conference.id, kind=KIND)
    lately = set(db.session.scalars(recent.where(Message.created_at > now - PAUSE)))
    rows = select(Participant.id, Participant.key, Participant.name, Participant.email)
    mine = rows.filter_by(conference_id=conference.id).order_by(Participant.name, Participant.id)
    meant: list[Person] = [row for row in db.session.execute(mine) if row.key in silent]
    left = [row for row in meant if row.id not in lately]
    by_mail = [row for row in left if notifications.by_mail(row)]
    otherwise = [row for row in left if not notifications.by_mail(row)]
    return Reach(notifications.way(), by_mail, otherwise, len(meant) - len(left))


def remind(conference: Conference, clock: Clock) -> Reach:
    """One message for each of them, and none for whoever had one within a day; raises NotNow, Contradiction."""
    locks.conference(conference, alone=True)
    now = clock()
    if not is_open(conference, now):
        raise NotNow
    told = reach(conference, now)
    _overtake([row.id for row in told.people])
    db.session.add_all(_message(conference, row, now) for row in told.people)
    db.session.flush()
    return told


def _message(conference: Conference, person: Person, now: datetime) -> Message:
    """The day in its key is that of UTC, where each has the same length: a pause later it is another one."""
    return notifications.message(conference.id, person, KIND, f"{KIND}:{now:%Y-%m-%d}:{person.id}", now)


def sample(person: Participant, now: datetime) -> Message:
    """As she would get it now; it is nowhere, and never sent."""
    return Message(participant=person, kind=KIND, facts={}, created_at=now)


def _overtake(people: Sequence[int]) -> None:
    """An older reminder that she has not got: she stands on the list once."""
    older = Message.participant_id.in_(people), Message.kind == KIND, Message.told_at.is_(None)
    db.session.execute(
        update(Message)
        .where(*older, Message.state.in_(UNHEARD))
        .values(state=MessageState.OVERTAKEN)
        .execution_options(synchronize_session="fetch")
    )


def is_overtaken(message: Message, now: datetime) -> bool:
    """Whether she has chosen since, does not come any more, or cannot choose any more."""
    if message.kind != KIND:
        return False
    needless = select(Message.id).where(Message.id == message.id, _needless())
    return db.session.scalar(needless) is not None or not is_open(message.participant.conference, now)


def let_go(now: datetime) -> int:
    """Nobody need tell those any more who have chosen since, do not come, or cannot choose; how many they were.

    Found by reading, so that the watchman, who asks every other second, holds up no writer where there are none.
    """
    listed = Message.kind == KIND, Message.state.in_((MessageState.BY_HAND, MessageState.FAILED))
    open_ones = *listed, Message.told_at.is_(None)
    asked = select(Conference).where(Conference.id.in_(select(Message.conference_id).where(*open_ones)))
    over = [conference.id for conference in db.session.scalars(asked) if not is_open(conference, now)]
    done = or_(_needless(), Message.conference_id.in_(over))
    ids = db.session.scalars(select(Message.id).where(*open_ones, done)).all()
    if ids:
        gone = update(Message).where(Message.id.in_(ids), *open_ones).values(state=MessageState.OVERTAKEN)
        db.session.execute(gone.execution_options(synchronize_session="fetch"))
    return len(ids)


def _needless() -> ColumnElement[bool]:
    """Of a message: she has chosen something that is offered, or does not come to choose."""
    wishes = select(Preference.participant_id).join(Session, Session.id == Preference.session_id)
    chose = wishes.where(Session.state == SessionState.OPEN)
    comes = select(Participant.id).where(Participant.state.in_(COMING), Participant.attends.is_(True))
    return or_(Message.participant_id.in_(chose), Message.participant_id.not_in(comes))


def to_tell(conference: Conference) -> Sequence[str]:
    """The names of those whom somebody still has to remind herself."""
    names = select(Participant.name).join(Message, Message.participant_id == Participant.id)
    open_ones = Message.kind == KIND, Message.state == MessageState.BY_HAND, Message.told_at.is_(None)
    mine = names.where(Message.conference_id == conference.id, *open_ones)
    return db.session.scalars(mine.order_by(Participant.name, Participant.id)).all()


def question(told: Reach) -> list[str]:
    """What pressing the button does: whom a mail reaches, and whom it does not."""
    if not told.people:
        return [*_lately(told.lately)] or [
            _("Nobody is left to remind: whoever can choose has chosen something that is offered.")
        ]
    return [*_by_mail(told), *_otherwise(told), *_lately(told.lately)]


def done(told: Reach) -> list[str]:
    """The same after it was pressed."""
    if not told.people:
        return [_("Nobody was reminded.")]
    count = len(told.by_mail)
    way = (
        _("Reminders written into files on this computer: %(count)s. None leaves it.", count=count)
        if told.way == "file"
        else _("Reminders on their way: %(count)s.", count=count)
    )
    return [
        *([way] if count else []),
        *([_("Please remind yourself: %(count)s.", count=len(told.otherwise))] if told.otherwise else []),
    ]


def _by_mail(told: Reach) -> list[str]:
    count = len(told.by_mail)
    if not count:
        return []
    if told.way == "file":
        return [_("Mails are only written into files on this computer (%(count)s); none leaves it.", count=count)]
    return [ngettext("%(num)s person is reminded by mail.", "%(num)s people are reminded by mail.", count)]


def _otherwise(told: Reach) -> list[str]:
    count = len(told.otherwise)
    if not count:
        return []
    if told.way == "off":
        return [
            ngettext(
                "Mail is not set up here: %(num)s person comes onto a list, and you remind her yourself.",
                "Mail is not set up here: %(num)s people come onto a list, and you remind them yourself.",
                count,
            )
        ]
    return [
        ngettext(
            "%(num)s person has no e-mail address: she comes onto a list, and you remind her yourself.",
            "%(num)s people have no e-mail address: they come onto a list, and you remind them yourself.",
            count,
        )
    ]


def _lately(count: int) -> list[str]:
    if not count:
        return []
    return [
        ngettext(
            "%(num)s person was reminded less than a day ago, and is left out.",
            "%(num)s people were reminded less than a day ago, and are left out.",
            count,
        )
    ]
