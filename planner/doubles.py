"""Submissions that say the same become one: supports move to the one that stays, and come back when it is undone."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from planner import locks
from planner.errors import MoveForbidden, PlannerError, Stale
from planner.extensions import db
from planner.models import BROUGHT, WORKED_ON, MovedSupport, Submission, SubmissionState, Supporter


class OneIsEnough(PlannerError):
    sentence = _l("Please mark two submissions at least.")


class IsPart(PlannerError):
    sentence = _l("One of them is part of another submission already, or others are part of it. Take that apart first.")


class Rewritten(Stale):
    sentence = _l("The author has changed her text in the meantime. Please read it again before you decide.")


def join(
    stays: Submission, others: Collection[Submission], now: datetime, read: Mapping[int, int] | None = None
) -> None:
    """Whom one of them concerns, the one that stays concerns; so does it who wrote it. The others follow its decisions.

    `read` are the revisions that the organiser has seen, by row. Raises OneIsEnough, IsPart, Rewritten, and
    MoveForbidden where one is decided by now.
    """
    locks.conference(stays.conference)
    ids = {row.id for row in others} - {stays.id}
    held = locks.things(Submission, {stays.id, *ids})
    if not ids:
        raise OneIsEnough
    if held.keys() != {stays.id, *ids} or stays.state not in BROUGHT:
        raise MoveForbidden
    if any(held[id].revision != seen for id, seen in (read or {}).items() if id in held):
        raise Rewritten
    parts = [held[id] for id in sorted(ids)]
    if any(part.state is not SubmissionState.SUBMITTED for part in parts):
        raise MoveForbidden
    if stays.joined_to_id or any(part.joined_to_id for part in parts) or parts_of(*ids):
        raise IsPart
    for part in parts:
        part.joined_to_id = stays.id
        _move_supports(part, stays)
    if stays.state in WORKED_ON:
        follow(stays, now)
    db.session.flush()


def _move_supports(part: Submission, stays: Submission) -> None:
    there = {stays.author_id, *_supporters(stays)}
    rows = db.session.scalars(select(Supporter).filter_by(submission_id=part.id).order_by(Supporter.id)).all()
    for row in rows:
        if row.participant_id not in there:
            row.submission_id = stays.id
            db.session.add(MovedSupport(submission_id=part.id, supporter_id=row.id))
    if part.author_id and part.author_id not in {*there, *(row.participant_id for row in rows)}:
        own = Supporter(submission_id=stays.id, participant_id=part.author_id)
        db.session.add(own)
        db.session.flush()
        db.session.add(MovedSupport(submission_id=part.id, supporter_id=own.id))
    db.session.flush()
    db.session.expire(part, ["supporters"])
    db.session.expire(stays, ["supporters"])


def _supporters(submission: Submission) -> Sequence[int]:
    return db.session.scalars(select(Supporter.participant_id).filter_by(submission_id=submission.id)).all()


def parts_of(*ids: int, held: bool = False) -> Sequence[Submission]:
    """What is part of these, in the order in which it came; held until the end where it is to be decided about."""
    query = select(Submission).where(Submission.joined_to_id.in_(ids)).order_by(Submission.id)
    query = query.with_for_update(key_share=True) if held else query
    return db.session.scalars(query.execution_options(populate_existing=True)).all()


def follow(stays: Submission, now: datetime) -> None:
    """What is part of it is decided as it is; whatever its author took back or an organiser took apart is none."""
    for part in parts_of(stays.id, held=True):
        if part.state in {SubmissionState.WITHDRAWN, SubmissionState.DRAFT}:
            continue
        accepted = stays.state in WORKED_ON
        part.session_id = stays.session_id if accepted else None
        part.state = SubmissionState.MERGED if accepted else stays.state
        part.reason, part.changed_at = stays.reason, now


def separate(part: Submission, now: datetime, *, undecides: bool = False) -> None:
    """It stands alone; who took her support back meanwhile has taken it back of both.

    What is in no session any more waits again; what was declined does so only where an organiser undoes that.
    """
    stays = part.joined_to_id
    if stays is None:
        raise MoveForbidden
    moved = select(Supporter).join(MovedSupport).where(MovedSupport.submission_id == part.id)
    for row in db.session.scalars(moved).all():
        if row.participant_id == part.author_id:
            db.session.delete(row)
        else:
            row.submission_id = part.id
    gone = select(MovedSupport).filter_by(submission_id=part.id)
    for each in db.session.scalars(gone).all():
        db.session.delete(each)
    part.joined_to_id = None
    if part.state in WORKED_ON or (undecides and part.state is SubmissionState.DECLINED):
        part.session_id, part.state, part.changed_at = None, SubmissionState.SUBMITTED, now
        part.reason = ""
    db.session.flush()
    db.session.expire(part, ["supporters"])


def release(stays: Submission, now: datetime) -> None:
    """It goes, and what was part of it does not go with it."""
    for part in parts_of(stays.id, held=True):
        separate(part, now)
