"""Problem statements as their authors and other participants meet them: submit, revise, withdraw, support, look."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from planner import alike, doubles, locks
from planner.clock import Clock
from planner.errors import Closed, PlannerError, Stale, TooMany
from planner.extensions import db
from planner.likeness import MY_WORDS
from planner.models import BROUGHT, Conference, Participant, Submission, SubmissionState, Supporter, Visibility
from planner.moderation import move, only_from

AN_HOUR = timedelta(hours=1)
A_PERSONS_HOUR = 10
A_CONFERENCES_HOUR = 2_000  # every one of its people in the call's last hour
FEW_WORDS = 25  # of each of many texts, for which others are sought at once


@dataclass(frozen=True)
class Statement:
    """What somebody writes: her problem and how it may be used."""

    theme_id: int | None
    problem: str
    experience: str = ""
    support_needed: str = ""
    question: str = ""
    visibility: Visibility = Visibility.ANONYMOUS
    may_be_read_aloud: bool = False
    language: str = "de"


WORDS = ("problem", "experience", "support_needed", "question")


class TooLate(Closed):
    sentence = _l("The call has ended. Your text is still here, but it can no longer be sent.")


class AlreadyDecided(PlannerError):
    sentence = _l("The organisers have already decided about this. Please write to them if you want to change it.")


def submit(
    participant: Participant, statement: Statement, receipt: str, clock: Clock, *, draft: bool = False
) -> Submission:
    """Keep a new statement; the same receipt again gives the same row, with what was sent last."""
    locks.person(participant)
    same = select(Submission).filter_by(conference_id=participant.conference_id, receipt=receipt)
    known = db.session.scalar(same.filter_by(author_id=participant.id))
    if known:
        if not (_sent_again(known, statement) and (draft or known.state is not SubmissionState.DRAFT)):
            revise(known, statement, known.revision, clock, draft=draft and known.state is SubmissionState.DRAFT)
        return known
    now = _in_time(participant.conference, clock)
    _within(select(Submission).filter_by(author_id=participant.id), A_PERSONS_HOUR, now)
    _within(select(Submission).filter_by(conference_id=participant.conference_id), A_CONFERENCES_HOUR, now)
    row = Submission(
        conference_id=participant.conference_id,
        author_id=participant.id,
        receipt=receipt,
        state=SubmissionState.DRAFT if draft else SubmissionState.SUBMITTED,
        created_at=now,
        changed_at=now,
        **asdict(statement),
    )
    db.session.add(row)
    db.session.flush()
    return row


def _within(rows: Select[Any], most: int, now: datetime) -> None:
    """At most so many new ones in an hour; who has had her share is told when it goes on."""
    recent = rows.with_only_columns(Submission.created_at).where(Submission.created_at > now - AN_HOUR)
    oldest = db.session.scalars(recent.order_by(Submission.created_at.desc()).offset(most - 1).limit(1)).first()
    if oldest:
        raise TooMany(seconds=int((oldest + AN_HOUR - now).total_seconds()) + 1)


def revise(submission: Submission, statement: Statement, revision: int, clock: Clock, *, draft: bool = False) -> None:
    """Change one's own statement before the deadline; the loser of a race is told.

    With other words it stands before nobody until an organiser has read it again.
    """
    now = _held_in_time(submission, clock)
    if revision < submission.revision and _sent_again(submission, statement):
        return
    if submission.revision != revision:
        raise Stale
    if submission.state not in {SubmissionState.DRAFT, SubmissionState.SUBMITTED}:
        raise AlreadyDecided
    if any(getattr(submission, name) != getattr(statement, name) for name in WORDS):
        submission.let_through_at = None
        if submission.joined_to_id:  # nobody has read these words as part of the other ones
            doubles.separate(submission, now)
    for name, value in asdict(statement).items():
        setattr(submission, name, value)
    submission.revision += 1
    submission.changed_at = now
    wanted = SubmissionState.DRAFT if draft else SubmissionState.SUBMITTED
    if submission.state is not wanted:
        submission.move_to(wanted)
    if draft:  # a draft is her own alone: part of nothing, and nothing is part of it
        if submission.joined_to_id:
            doubles.separate(submission, now)
        doubles.release(submission, now)


def _sent_again(submission: Submission, statement: Statement) -> bool:
    return all(getattr(submission, name) == value for name, value in asdict(statement).items())


def withdraw(submission: Submission, clock: Clock) -> None:
    now = _held_in_time(submission, clock)
    if submission.joined_to_id:
        doubles.separate(submission, now)
    doubles.release(submission, now)
    move(submission, SubmissionState.WITHDRAWN, now)
    submission.session_id = None


def restore(submission: Submission, clock: Clock) -> None:
    """Undo a withdrawal, and nothing else: no draft is sent by it, and no decision undone."""
    now = _held_in_time(submission, clock)
    only_from(submission, SubmissionState.WITHDRAWN)
    move(submission, SubmissionState.SUBMITTED, now)


def support(submission: Submission, participant: Participant) -> None:
    """This concerns me too; a second time changes nothing."""
    locks.person(participant)
    if submission.author_id != participant.id and not supports(submission, participant):
        db.session.add(Supporter(submission_id=submission.id, participant_id=participant.id))


def unsupport(submission: Submission, participant: Participant) -> None:
    """She takes it back of what is part of this one, too: it counts here, so it must not come back from there."""
    locks.person(participant)
    for each in (submission, *doubles.parts_of(submission.id)):
        row = _supporter(each, participant)
        if row:
            db.session.delete(row)


def supports(submission: Submission, participant: Participant) -> bool:
    return _supporter(submission, participant) is not None


def _supporter(submission: Submission, participant: Participant) -> Supporter | None:
    return db.session.scalar(_supporting(submission, participant))


def _supporting(submission: Submission, participant: Participant) -> Select[Any]:
    return select(Supporter).filter_by(submission_id=submission.id, participant_id=participant.id)


def supported_by(participant: Participant) -> set[int]:
    return set(db.session.scalars(select(Supporter.submission_id).filter_by(participant_id=participant.id)))


def brought(conference: Conference) -> Sequence[Submission]:
    """What others see, in the order of themes and of coming in: never the most popular first."""
    query = _listed(conference).where(Submission.stands)
    return db.session.scalars(query.order_by(Submission.theme_id, Submission.id)).unique().all()


def in_states(conference: Conference, *states: SubmissionState) -> Sequence[Submission]:
    query = _listed(conference).where(Submission.state.in_(states)).order_by(Submission.id)
    return db.session.scalars(query).unique().all()


def _listed(conference: Conference):  # type: ignore[no-untyped-def]
    return (
        select(Submission)
        .filter_by(conference_id=conference.id)
        .options(
            joinedload(Submission.theme),
            joinedload(Submission.author),
            joinedload(Submission.session),
            joinedload(Submission.joined_to),
        )
    )


def support_counts(conference: Conference) -> dict[int, int]:
    """How many people each submission concerns too."""
    rows = db.session.execute(
        select(Supporter.submission_id, func.count())
        .join(Submission)
        .where(Submission.conference_id == conference.id)
        .group_by(Supporter.submission_id)
    )
    return {row[0]: row[1] for row in rows}


def counts(conference: Conference) -> dict[SubmissionState, int]:
    """By state; what is part of another one waits for nobody."""
    alone = or_(Submission.state != SubmissionState.SUBMITTED, Submission.joined_to_id.is_(None))
    mine = select(Submission.state, func.count()).where(Submission.conference_id == conference.id, alone)
    rows = db.session.execute(mine.group_by(Submission.state))
    return {SubmissionState(state): count for state, count in rows}


def similar(conference: Conference, text: str, most: int = 3) -> list[Submission]:
    """Submissions that may say the same already, the most alike first."""
    found = alike.to(conference, {0: text}, Submission.stands, words=MY_WORDS, most=most).get(0, [])
    return _rows(found)


def perhaps_the_same(
    conference: Conference, rows: Sequence[Submission], words: int = FEW_WORDS, most: int = 3
) -> dict[int, list[Submission]]:
    """For each of these, by its number, what may say the same and is part of no other; where nothing does, nothing."""
    alone = Submission.state.in_(BROUGHT), Submission.joined_to_id.is_(None)
    texts = {row.id: row.problem for row in rows}
    found = alike.to(conference, texts, *alone, words=words, most=most)
    known = {row.id: row for row in _rows({id for ids in found.values() for id in ids})}
    return {id: [known[other] for other in ids] for id, ids in found.items() if ids}


def _rows(ids: Collection[int]) -> list[Submission]:
    if not ids:
        return []
    rows = {row.id: row for row in db.session.scalars(select(Submission).where(Submission.id.in_(ids)))}
    return [rows[id] for id in ids]


def _held_in_time(submission: Submission, clock: Clock) -> datetime:
    """For its author, who may have been erased in this moment."""
    if submission.author:
        locks.person(submission.author)
    locks.thing(submission)
    return _in_time(submission.conference, clock)


def _in_time(conference: Conference, clock: Clock) -> datetime:
    now = clock()
    if not conference.takes_submissions(now):
        raise TooLate
    return now
