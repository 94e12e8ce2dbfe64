"""What people are told of their places: a row of the outbox each, written with what it tells, and never twice."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, func, or_, select, update

from planner import news, notifications
from planner.extensions import db
from planner.models import COMING, Conference, Message, MessageState, Participant, ParticipantState

MOVED_UP, PUT_OFF, REPLACED = "place", "waits", "replaced"
TRUE = {
    MOVED_UP: COMING,
    PUT_OFF: (ParticipantState.WAITING,),
    REPLACED: (ParticipantState.CANCELLED,),
}
"""What each kind tells is so as long as she is in one of these states."""
NOT_SETTLED = (MessageState.WAITING, MessageState.FAILED, MessageState.DOUBTFUL, MessageState.BY_HAND)


def tell(people: Sequence[Participant], kind: str, now: datetime) -> None:
    """One message for each of them, who are of one conference; whom no mail reaches stands on the list to be told."""
    if not people:
        return
    conference = people[0].conference_id
    # Of one person each event has its own mark, made of what was written to her before it.
    latest = select(Message.participant_id, func.max(Message.id)).where(Message.conference_id == conference)
    before = {row[0]: row[1] for row in db.session.execute(latest.group_by(Message.participant_id))}
    db.session.add_all(
        notifications.message(conference, person, kind, f"{kind}:{before.get(person.id, 0)}:{person.id}", now)
        for person in people
    )


def overtake(conference: Conference) -> None:
    """What is not so any more is told to nobody; one that is being sent is not touched."""
    states = select(Participant.id).filter_by(conference_id=conference.id)
    untrue = or_(
        *(
            and_(Message.kind == kind, Message.participant_id.not_in(states.where(Participant.state.in_(true))))
            for kind, true in TRUE.items()
        )
    )
    open_ones = Message.conference_id == conference.id, Message.state.in_(NOT_SETTLED), Message.told_at.is_(None)
    done = update(Message).where(*open_ones, untrue).values(state=MessageState.OVERTAKEN)
    db.session.execute(done.execution_options(synchronize_session="fetch"))


def is_overtaken(message: Message) -> bool:
    """Whether she has got, lost or given up a place since."""
    return message.kind in TRUE and message.participant.state not in TRUE[message.kind]


def check_true(message: Message) -> None:
    """Raises NotTrue where sending it would tell her what is not so any more."""
    if is_overtaken(message):
        raise news.NotTrue
