"""Retention: what is kept for how long, as people are told it, and what goes by itself when that time is over."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from flask import current_app
from sqlalchemy import Delete, delete, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from planner import allocations, erasure, locks, notifications
from planner.config import Config
from planner.extensions import db
from planner.models import (
    Commitment,
    Conference,
    EndedVisit,
    GroupLink,
    ImportBatch,
    ImportState,
    Invitation,
    MailTrial,
    Message,
    Need,
    Participant,
    PersonalLink,
    SignInFailure,
    SignInLink,
    Submission,
)

LISTS = timedelta(hours=23)
"""How long a list that an organiser brought waits for her: looked at hourly, it is gone within the day she is told."""


@dataclass(frozen=True)
class Kept:
    """Until when each kind is kept of one conference; `reason` where that is longer than usual."""

    needs: datetime
    links: datetime
    messages: datetime
    people: datetime
    reason: str


def kept(conference: Conference) -> Kept:
    """What people are told, and what happens."""
    config, ended = _config(), conference.day_ends
    return Kept(
        needs=ended + timedelta(days=config.keep_needs_days),
        links=ended + timedelta(days=config.keep_links_days),
        messages=ended + timedelta(days=config.keep_logs_days),
        people=ended + timedelta(days=config.keep_people_days),
        reason=config.keep_reason.strip(),
    )


def over(now: datetime) -> list[Conference]:
    """Conferences that have ended; a demonstration has nobody in it who could be told anything."""
    query = select(Conference).where(Conference.day_ends <= now, Conference.is_demonstration.is_(False))
    return list(db.session.scalars(query.order_by(Conference.id)))


def forget(conference: Conference, now: datetime) -> int:
    """How many rows are gone of a conference because their time is over. What people brought stays, without them."""
    locks.conference(conference, alone=True)
    until, gone = kept(conference), 0
    if now >= until.needs:
        gone += _rows(_of(Need.participant_id, conference))
        _forget_why_not(conference)
        allocations.forget_needs(conference)
    if now >= until.links:
        # One that was made later, for somebody who asked for it, has an end of its own.
        old = or_(PersonalLink.created_at < until.links, PersonalLink.expires_at <= now)
        gone += _rows(_of(PersonalLink.participant_id, conference).where(old))
    if now >= until.messages:
        gone += _rows(delete(Message).where(Message.conference_id == conference.id))
    if now >= until.people:
        gone += _rows(delete(ImportBatch).where(ImportBatch.conference_id == conference.id))
        gone += _rows(delete(GroupLink).where(GroupLink.conference_id == conference.id))
        ids = set(db.session.scalars(select(Participant.id).filter_by(conference_id=conference.id)))
        gone += erasure.everybody(conference, ids, now, leaves_statements=True, actor="system")
        brought = update(Submission).where(Submission.conference_id == conference.id)
        wordless = brought.values(note="", reason="")  # organisers' words, which may name anybody
        db.session.execute(wordless.execution_options(synchronize_session=False))
    return gone


def forget_logs(now: datetime) -> int:
    """Traces of knocking at doors, of no conference; invitations and lists nobody came back to; mails in files."""
    config = _config()
    before = now - timedelta(days=config.keep_logs_days)
    longest_visit = timedelta(hours=max(config.participant_hours, config.organiser_hours))
    notifications.remove_copies_before(before)
    waiting = ImportBatch.state == ImportState.DRAFT
    return (
        _rows(delete(SignInFailure).where(SignInFailure.happened_at < before))
        + _rows(delete(MailTrial).where(MailTrial.asked_at < before))
        + _rows(delete(SignInLink).where(SignInLink.expires_at < before))
        + _rows(delete(Invitation).where(Invitation.expires_at < before))
        + _rows(delete(ImportBatch).where(waiting, ImportBatch.created_at < now - LISTS))
        + _rows(delete(EndedVisit).where(EndedVisit.ended_at < now - longest_visit))
    )


def _forget_why_not(conference: Conference) -> None:
    """Why somebody cannot do her task may tell of an illness, so it is kept no longer than what people need."""
    people = select(Participant.id).filter_by(conference_id=conference.id)
    reasons = update(Commitment).where(Commitment.participant_id.in_(people)).values(reason="")
    db.session.execute(reasons.execution_options(synchronize_session=False))


def _of(person: InstrumentedAttribute[int], conference: Conference) -> Delete:
    people = select(Participant.id).filter_by(conference_id=conference.id)
    return delete(person.class_).where(person.in_(people))


def _rows(wanted: Delete) -> int:
    done: Any = db.session.execute(wanted.execution_options(synchronize_session=False))
    return int(done.rowcount)


def _config() -> Config:
    return cast(Config, current_app.extensions["planner"])
