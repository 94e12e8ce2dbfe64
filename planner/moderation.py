"""What organisers decide about submissions: let through to the others, accept, decline, and each taken back."""

from collections.abc import Mapping
from datetime import datetime

from planner import doubles, locks, programme
from planner.doubles import Rewritten
from planner.errors import MoveForbidden
from planner.extensions import db
from planner.models import WORKED_ON, Conference, Session, Submission, SubmissionState, Translated

TOGETHER = 20
"""So many submissions at most are decided about at once: one reads them all first."""


def let_through(conference: Conference, read: Mapping[int, int], now: datetime) -> int:
    """Show these to everybody of the conference; what she read is named by row and revision. How many are shown now.

    What its author has changed since, and what is withdrawn or decided, stays as it is.
    """
    locks.conference(conference)
    found = 0
    for row in locks.things(Submission, read).values():
        fits = row.conference_id == conference.id and row.revision == read[row.id]
        alone = row.state is SubmissionState.SUBMITTED and row.joined_to_id is None
        if fits and alone and row.let_through_at is None:
            row.let_through_at = now
            found += 1
    return found


def hold_back(submission: Submission) -> None:
    """Others do not see it any more; whom it concerns too stays known."""
    hold(submission)
    only_from(submission, SubmissionState.SUBMITTED)
    submission.let_through_at = None


def accept(submission: Submission, session: Session, read: int, now: datetime) -> None:
    """Work on it in this session, and show it to the others: the first one makes the session, the later ones join it.

    `read` is the revision that the organiser has seen. Raises Rewritten where there is another one by now.
    """
    hold(submission)
    _decided_by_itself(submission)
    if submission.revision != read:
        raise Rewritten
    first = not any(other.state is SubmissionState.ACCEPTED for other in session.submissions)
    move(submission, SubmissionState.ACCEPTED if first else SubmissionState.MERGED, now)
    submission.session = session
    submission.let_through_at = submission.let_through_at or now
    db.session.flush()
    doubles.follow(submission, now)


def accept_as_new(submission: Submission, title: Translated, sentence: Translated, read: int, now: datetime) -> Session:
    """Make a session of it."""
    session = programme.create_session(submission.conference, title, sentence, submission.theme_id)
    accept(submission, session, read, now)
    return session


def decline(submission: Submission, reason: str, now: datetime, read: int | None = None) -> None:
    """Say no, with an answer that the author reads; `read` as in `accept`."""
    hold(submission)
    _decided_by_itself(submission)
    if read not in {None, submission.revision}:
        raise Rewritten
    move(submission, SubmissionState.DECLINED, now)
    submission.reason = reason
    db.session.flush()
    doubles.follow(submission, now)


def reopen(submission: Submission, now: datetime) -> None:
    """Undo a decision: it waits again, before the others only where it was before them without it.

    What its author has withdrawn is hers alone to send again.
    """
    hold(submission)
    _decided_by_itself(submission)
    only_from(submission, *WORKED_ON, SubmissionState.DECLINED)
    if submission.let_through_at == submission.changed_at:  # it was accepting that let it through
        submission.let_through_at = None
    submission.session, submission.reason = None, ""
    move(submission, SubmissionState.SUBMITTED, now)
    db.session.flush()
    doubles.follow(submission, now)


def decline_together(conference: Conference, rows: Mapping[int, int], reason: str, now: datetime) -> list[Submission]:
    """Say no to several with one answer; what is declined, with its parts. `rows` are read as `let_through` has them.

    All of them or none: raises Rewritten, and MoveForbidden where one is decided by now.
    """
    locks.conference(conference)
    held = locks.things(Submission, rows)
    if held.keys() != rows.keys():
        raise MoveForbidden
    for id, row in held.items():
        decline(row, reason, now, rows[id])
    return [*held.values(), *doubles.parts_of(*held)]


def accept_together(
    conference: Conference,
    rows: Mapping[int, int],
    session: Session | None,
    title: Translated,
    sentence: Translated,
    now: datetime,
) -> Session:
    """Work on several in one session: a new one, where none is given. `rows` are read as `let_through` has them."""
    locks.conference(conference, alone=session is None)  # before the rows; alone as whoever makes a session
    locks.things(Submission, rows)  # in one order, whatever the organiser's page has
    for id, read in rows.items():
        submission = db.session.get_one(Submission, id)
        if session is None:
            session = accept_as_new(submission, title, sentence, read, now)
        else:
            accept(submission, session, read, now)
        db.session.flush()
    if session is None:
        raise MoveForbidden
    return session


def take_apart(submission: Submission, now: datetime) -> None:
    """What is part of another one stands alone and waits again."""
    hold(submission)
    doubles.separate(submission, now, undecides=True)


def _decided_by_itself(submission: Submission) -> None:
    if submission.joined_to_id:
        raise doubles.IsPart


def only_from(submission: Submission, *states: SubmissionState) -> None:
    """The button was perhaps on a page that is old by now."""
    if submission.state not in states:
        raise MoveForbidden


def move(submission: Submission, state: SubmissionState, now: datetime) -> None:
    submission.move_to(state)
    submission.changed_at = now


def hold(submission: Submission) -> None:
    """Its author and an organiser may decide about it in the same moment: one comes after the other."""
    locks.conference(submission.conference)
    locks.thing(submission)
