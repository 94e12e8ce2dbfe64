"""Erasure: one operation after which nothing that is stored leads to a person any more, whoever writes beside it."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, null, select, update

from planner import admission, allocations, doubles, locks, notifications, rules, session_rules
from planner.extensions import db
from planner.models import (
    AuditEntry,
    Conference,
    ImportBatch,
    ImportKind,
    ImportState,
    Organisation,
    Participant,
    Submission,
    Visibility,
    random_key,
)


def erase(person: Participant, now: datetime, *, leaves_statements: bool) -> None:
    """She is gone with all that she said; what she brought stays without her name, if she leaves it to the others."""
    everybody(
        person.conference, {person.id}, now, leaves_statements=leaves_statements, actor=f"participant:{person.id}"
    )


def everybody(
    conference: Conference,
    ids: Collection[int],
    now: datetime,
    *,
    leaves_statements: bool,
    actor: str,
    leaves_organisations: bool = False,
) -> int:
    """How many of these people of a conference are erased now; somebody who was erased already is not counted twice.

    Alone in the conference: a write that was faster is erased with her, a slower one finds nobody to write for.
    `leaves_organisations` for a list that is taken back: those that were there before it stay, with nobody in them.
    """
    locks.conference(conference, alone=True)
    people = db.session.scalars(
        select(Participant)
        .where(Participant.conference_id == conference.id, Participant.id.in_(ids))
        .order_by(Participant.id)
        .execution_options(populate_existing=True)
    ).all()
    if not people:
        return 0
    allocations.empty_chairs(conference, people)
    # A list that waits for its preview may have her row; its organiser is told so and brings it again.
    naming = (ImportBatch.conference_id == conference.id, ImportBatch.kind.in_(ImportKind.naming_people()))
    lists = update(ImportBatch).where(*naming)
    waiting = lists.where(ImportBatch.state == ImportState.DRAFT).values(tables=null(), choices={})
    # "Anmeldung Erika Beispiel.xlsx": none of these keeps its file's name, for nobody can tell which of them names her.
    for forgotten in (waiting, lists.values(file_name="")):
        db.session.execute(forgotten.execution_options(synchronize_session=False))
    theirs = {person.organisation_id for person in people if person.organisation_id}
    found, addresses = [person.id for person in people], {person.email for person in people if person.email}
    _statements(found, now, leaves_statements=leaves_statements)
    db.session.flush()
    # What else points to her goes with her row: the tables say so, and a test walks through them.
    db.session.execute(
        delete(Participant).where(Participant.id.in_(found)).execution_options(synchronize_session=False)
    )
    if not leaves_organisations:
        _leave(theirs)
    rules.drop_lonely_bonds(conference)
    db.session.expire_all()
    session_rules.forget_values(conference)
    db.session.add_all(
        AuditEntry(
            conference_id=conference.id,
            happened_at=now,
            actor=actor,
            action="participant.erased",
            subject=f"participant:{id}",
        )
        for id in found
    )
    admission.settle(conference, now)  # a place of theirs may be somebody's who waits
    notifications.remove_copies(addresses)
    return len(found)


def _leave(organisations: Collection[int]) -> None:
    """One to which nobody belongs any more may be called like her who was its only one: it goes, too."""
    others = select(Participant.organisation_id).where(Participant.organisation_id.in_(organisations))
    empty = delete(Organisation).where(Organisation.id.in_(organisations), Organisation.id.not_in(others))
    db.session.execute(empty.execution_options(synchronize_session=False))


def _statements(authors: Collection[int], now: datetime, *, leaves_statements: bool) -> None:
    """Only what others read or work with can stay: no draft, nothing declined, withdrawn or never let through."""
    theirs = Submission.author_id.in_(authors)
    stays = Submission.may_stay if leaves_statements else Submission.id.is_(None)
    gone = set(db.session.scalars(select(Submission.id).where(theirs, ~stays)))
    for part in doubles.parts_of(*gone, held=True):
        if part.id not in gone:
            doubles.separate(part, now)
            part.reason = ""  # the answer to the one that goes, which may name her
    db.session.execute(delete(Submission).where(Submission.id.in_(gone)).execution_options(synchronize_session=False))
    kept = select(Submission).where(theirs)
    for submission in db.session.scalars(kept):
        # The receipt is in her hands, and perhaps in her mailbox.
        submission.author_id, submission.receipt, submission.visibility = None, random_key(), Visibility.ANONYMOUS
        submission.note = submission.reason = ""  # which may name her
