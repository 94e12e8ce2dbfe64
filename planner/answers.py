"""That an author is told when organisers have declined what she brought, as other news is told."""

from datetime import datetime

from sqlalchemy import select, update

from planner import notifications
from planner.extensions import db
from planner.models import Message, MessageState, Submission, SubmissionState, Visibility

KIND = "declined"
UNHEARD = (MessageState.WAITING, MessageState.FAILED, MessageState.BY_HAND)


def tell(submission: Submission, now: datetime) -> None:
    """A message to her who gave her name; nobody else's, as the list of messages would say who wrote without a name.

    Those read the answer on their own pages. `now` is the real time, as the outbox counts it.
    """
    author = submission.author
    if author is None or submission.visibility is not Visibility.NAMED:
        return
    key, facts = f"{KIND}:{submission.id}:{now:%Y-%m-%dT%H:%M:%S.%f}", {"submission": submission.id}
    db.session.add(notifications.message(submission.conference_id, author, KIND, key, now, facts))


def take_back(submission: Submission) -> None:
    """It was decided otherwise: who has not heard of the answer does not hear of it."""
    mine = (Message.participant_id == submission.author_id, Message.kind == KIND, Message.told_at.is_(None))
    unheard = select(Message.id, Message.facts).where(*mine, Message.state.in_(UNHEARD))
    ids = [row.id for row in db.session.execute(unheard) if row.facts.get("submission") == submission.id]
    gone = update(Message).where(Message.id.in_(ids)).values(state=MessageState.OVERTAKEN)
    db.session.execute(gone.execution_options(synchronize_session="fetch"))


def is_overtaken(message: Message) -> bool:
    """Whether it is decided otherwise by now."""
    if message.kind != KIND:
        return False
    row = db.session.get(Submission, message.facts.get("submission", 0))
    return row is None or row.state is not SubmissionState.DECLINED
