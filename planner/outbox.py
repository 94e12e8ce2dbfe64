"""The life of a message: it waits, is sent by one worker under a lease, and ends once; the row is the truth.

It is marked as being sent, and committed, before it leaves. What nothing was accepted of is tried again; what may have
arrived is not: it is doubtful, and an organiser decides.
"""

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Row, and_, func, or_, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import joinedload

from planner import answers, archive, auth, inviting, news, notifications, place_news, post, reminders
from planner.errors import MoveForbidden, PlannerError
from planner.extensions import db
from planner.models import AuditEntry, Conference, Message, MessageState, Participant, User
from planner.post import Ending

log = structlog.get_logger()
BATCH = 500
LEASE = timedelta(minutes=5)  # longer than a server may take for all its answers to one mail
PAUSE = 2.0  # seconds before a busy database is asked again
PATIENCE = timedelta(days=1)
LONGEST_PAUSE = 6  # as a power of two, in minutes
OPEN = (MessageState.DOUBTFUL, MessageState.FAILED)
"""Somebody has to look after these: nobody knows whether she has it, or she certainly has not."""
TO_SEE_TO = (*OPEN, MessageState.BY_HAND)
"""And somebody has to tell these herself, as no mail reaches them."""


def to_see_to() -> tuple[MessageState, ...]:
    """What lies in a file is the trial's own, until mails leave: then it has reached nobody, and somebody decides."""
    return TO_SEE_TO if notifications.way() == "file" else (*TO_SEE_TO, MessageState.WRITTEN)


class NoAddress(PlannerError):
    """Nothing can be sent to her, whatever is pressed."""


class NoMail(PlannerError):
    """Nothing leaves here, so nothing is put among what waits to leave."""


def _due(now: datetime) -> ColumnElement[bool]:
    """What waits in a conference that is only read leaves when that is open again, and has no link until then."""
    not_too_early = or_(Message.not_before.is_(None), Message.not_before <= now)
    return and_(Message.state == MessageState.WAITING, not_too_early, Message.conference_id.not_in(archive.shut()))


def waiting(now: datetime) -> int:
    """How many messages could leave now: none while mail is off, whatever waits from before."""
    if not notifications.mail_is_set_up():
        return 0
    return db.session.scalar(select(func.count()).select_from(Message).where(_due(now))) or 0


def deliver(now: Callable[[], datetime], worker: str, keep: Callable[[], None]) -> int:
    """Send what is due, and say how much was, or was written into a file; safe to be called five times at once.

    `keep` commits.

    Once a server is away this round ends, and the others wait without having been tried: the next look of the watchman
    asks it again, with the next of them.
    """
    if not notifications.mail_is_set_up():
        return 0
    sent = 0
    due = list(db.session.scalars(select(Message.id).where(_due(now())).order_by(Message.id).limit(BATCH)))
    keep()  # asking opened a transaction, which would keep others from writing
    for id in due:
        letter = take(id, worker, now())
        keep()
        if letter is None:
            continue
        ending = post.hand_over(letter.mail)
        _write_down(id, worker, ending, letter, now, keep)
        sent += ending in post.WENT_WELL
        if ending is Ending.AWAY:
            break
    return sent


def _is_overtaken(message: Message, now: datetime) -> bool:
    """Whether it would not be true any more, whatever it tells."""
    if reminders.is_overtaken(message, now):
        return True
    return any(kind.is_overtaken(message) for kind in (news, inviting, place_news, answers))


def take(id: int, worker: str, now: datetime) -> notifications.Letter | None:
    """Mark it as being sent and write it; None where another worker has it, or where it cannot be written."""
    taken: Any = db.session.execute(
        update(Message)
        .where(Message.id == id, _due(now))
        .values(state=MessageState.SENDING, worker=worker, taken_at=now, attempts=Message.attempts + 1)
        .execution_options(synchronize_session=False)
    )
    if taken.rowcount != 1:
        return None
    message = db.session.get_one(Message, id, populate_existing=True)
    if _is_overtaken(message, now):
        message.move_to(MessageState.OVERTAKEN)
        return None
    try:
        with db.session.begin_nested():  # a link in a mail that cannot be written is none
            return notifications.compose(message, now)
    except auth.WaysInEnded:
        _end(message, MessageState.FAILED, "ended")
    except Exception:  # whatever is wrong with this one, the others leave
        log.warning("message.unwritten", message=id, exc_info=True)
        _end(message, MessageState.FAILED, "unwritten" if message.participant.email else "no_address")
    return None


def _write_down(
    id: int,
    worker: str,
    ending: Ending,
    letter: notifications.Letter,
    now: Callable[[], datetime],
    keep: Callable[[], None],
) -> None:
    """Settle it, again and again while the database is busy: what is known would otherwise be called doubtful.

    Raises what the database says when it was busy for as long as the lease lasts.
    """
    until = now() + LEASE
    while True:
        try:
            settle(id, worker, ending, letter, now())
            keep()
            return
        except DBAPIError as error:
            db.session.rollback()
            log.warning("message.unsettled", message=id, ending=ending.value, error=error)
            if now() >= until:
                raise
        time.sleep(PAUSE)


def settle(id: int, worker: str, ending: Ending, letter: notifications.Letter, now: datetime) -> bool:
    """Write down how it ended; False where its time was over and it is not this worker's any more."""
    message = db.session.scalar(
        select(Message)
        .filter_by(id=id, worker=worker, state=MessageState.SENDING)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if message is None:
        log.warning("message.late", message=id)
        return False
    if ending in {Ending.REFUSED, Ending.REJECTED, Ending.AWAY}:
        auth.forget_link(letter.token)  # nobody has it
    if ending is Ending.SENT:
        message.move_to(MessageState.SENT).sent_at = now
    elif ending is Ending.WRITTEN:
        message.move_to(MessageState.WRITTEN)
    elif ending is Ending.DOUBTFUL:
        _end(message, MessageState.DOUBTFUL, "cut")
    elif ending is Ending.REJECTED:
        _end(message, MessageState.FAILED, "rejected")
    elif message.attempts > LONGEST_PAUSE and now - _tried_since(message) > PATIENCE:
        _end(message, MessageState.FAILED, "too_long")
    else:
        message.move_to(MessageState.WAITING)
        message.not_before = now + timedelta(minutes=2 ** min(message.attempts, LONGEST_PAUSE))
    log.info(f"message.{ending.value}", message=id)
    return True


def _tried_since(message: Message) -> datetime:
    """When it was written, or when an organiser last wanted it sent again: that begins anew."""
    wanted = select(AuditEntry.happened_at).filter_by(
        conference_id=message.conference_id, action="message.again", subject=f"message:{message.id}"
    )
    last = db.session.scalar(wanted.order_by(AuditEntry.happened_at.desc()).limit(1))
    return max(message.created_at, last) if last else message.created_at


def _end(message: Message, state: MessageState, why: str) -> None:
    message.move_to(state)
    message.facts = {**message.facts, "why": why}


def reap(now: datetime) -> None:
    """A worker that died while sending leaves a doubtful message: nobody knows how far it came."""
    lost = or_(Message.taken_at.is_(None), Message.taken_at < now - LEASE)
    for message in db.session.scalars(select(Message).where(Message.state == MessageState.SENDING, lost)):
        _end(message, MessageState.DOUBTFUL, "lost")
        log.warning("message.lost", message=message.id)


def listed(conference: Conference) -> Sequence[Row[Any]]:
    """All that was written to people or has to be told them, as plain facts with her name; the newest first."""
    facts = select(Message.id, Message.kind, Message.state, Message.facts, Message.created_at, Message.told_at)
    named = facts.add_columns(Participant.name).join(Participant, Participant.id == Message.participant_id)
    return db.session.execute(named.filter(Message.conference_id == conference.id).order_by(Message.id.desc())).all()


def unreached(conference: Conference) -> Sequence[Message]:
    """Whom a message has perhaps not reached, or certainly not, until somebody has seen to it."""
    open_ones = Message.state.in_(OPEN), Message.told_at.is_(None)
    query = select(Message).filter_by(conference_id=conference.id).where(*open_ones).order_by(Message.id)
    return db.session.scalars(query.options(joinedload(Message.participant))).all()


@dataclass(frozen=True)
class Left:
    """How many people a message has perhaps not reached, how many somebody still has to tell herself.

    And how many messages only lie in files, where mails are written into files for trying.
    """

    unreached: int
    to_tell: int
    in_files: int = 0


def left(conference: Conference) -> Left:
    """Each person once, whatever she has still to be told."""
    open_ones = select(Message.participant_id, Message.state).filter_by(conference_id=conference.id)
    asked, sought = to_see_to(), (*TO_SEE_TO, MessageState.WRITTEN)
    rows = db.session.execute(open_ones.where(Message.state.in_(sought), Message.told_at.is_(None))).all()
    by_hand = {row.participant_id for row in rows if row.state is MessageState.BY_HAND}
    unreached = {row.participant_id for row in rows if row.state in asked and row.state is not MessageState.BY_HAND}
    return Left(len(unreached), len(by_hand), sum(row.state not in asked for row in rows))


def send_again(message: Message, actor: User, now: datetime) -> None:
    """It is wanted once more, at the risk that it arrives twice; raises MoveForbidden, NoMail, NoAddress, NotTrue."""
    db.session.refresh(message, with_for_update=True)
    if not notifications.mail_is_set_up():
        raise NoMail(notifications.way_in_words())
    if message.state not in to_see_to():
        raise MoveForbidden
    if not message.participant.email:
        raise NoAddress(notifications.no_address())
    news.check_true(message)
    place_news.check_true(message)
    if message.state is MessageState.DOUBTFUL:
        message.facts = {**message.facts, "perhaps": True}  # also if it is refused now: the first may have arrived
    message.move_to(MessageState.WAITING)
    message.attempts, message.not_before, message.told_at = 0, None, None
    db.session.add(AuditEntry.by(actor, "message.again", message, now))


def all_told(conference: Conference, ids: Collection[int], now: datetime) -> list[int]:
    """The same of several; which of them nobody had told before."""
    open_ones = select(Message).where(Message.id.in_(ids), Message.conference_id == conference.id)
    rows = open_ones.where(Message.state.in_(to_see_to()), Message.told_at.is_(None)).order_by(Message.id)
    found = db.session.scalars(rows.with_for_update().execution_options(populate_existing=True)).all()
    for message in found:
        message.told_at = now
    return [message.id for message in found]


def told_otherwise(message: Message, actor: User, now: datetime) -> None:
    """She knows: the message needs nobody any more."""
    db.session.refresh(message, with_for_update=True)
    if message.state in to_see_to() and message.told_at is None:
        message.told_at = now
        db.session.add(AuditEntry.by(actor, "message.told", message, now))
