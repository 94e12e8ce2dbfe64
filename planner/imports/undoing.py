"""Takes an import back: what it made or changed and nobody changed since; the rest stays, with the reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from planner import erasure
from planner.extensions import db
from planner.imports import taking
from planner.imports.known import wished_by_lists
from planner.models import (
    Assignment,
    BondMember,
    Company,
    Group,
    ImportBatch,
    ImportedPerson,
    InterpreterPair,
    Message,
    Need,
    Organisation,
    Participant,
    PersonalLink,
    Quota,
    Session,
    SessionGroup,
    SessionRole,
    Submission,
    Supporter,
    Theme,
    Veto,
)

OWN = (
    (PersonalLink.participant_id, _l("has a link or card already")),
    (SessionRole.participant_id, _l("leads a session or takes notes")),
    (Submission.author_id, _l("brought a problem")),
    (Supporter.participant_id, _l("said that a problem concerns her")),
    (Message.participant_id, _l("was written to")),
    (Assignment.participant_id, _l("has a place in a plan")),
    (Need.participant_id, _l("was changed since")),
    (BondMember.participant_id, _l("was changed since")),
    (InterpreterPair.participant_id, _l("was changed since")),
    (Veto.participant_id, _l("told us something herself")),
)
"""What somebody may have by now who was added by a list: then she is more than its row."""


@dataclass(frozen=True)
class Stays:
    """Somebody or something that an undo does not touch, and why not."""

    name: str
    why: object


def people(batch: ImportBatch, now: datetime, actor: str) -> list[Stays]:
    """Take back people; the caller holds the conference alone. Who stays is told."""
    stays: list[Stays] = []
    rows = _rows(batch)
    removed, slots = set(), {slot.id for slot in batch.conference.slots}
    db.session.execute(
        delete(Need).where(Need.import_batch_id == batch.id).execution_options(synchronize_session=False)
    )
    busy = _busy([row.participant_id for row in rows if row.is_new])
    by_list = wished_by_lists(batch.conference)
    for row in rows:
        person = row.participant
        if row.is_new:
            why = busy.get(person.id) or _own(person, row, by_list.get(person.id, []))
            if why:
                stays.append(Stays(person.name, why))
            else:
                removed.add(person.id)
        elif not _set_back(person, row, slots):
            stays.append(Stays(person.name, _l("was changed since")))
    db.session.flush()
    if removed:
        erasure.everybody(
            batch.conference, removed, now, leaves_statements=False, actor=actor, leaves_organisations=True
        )
    return stays + unused(batch)


def _rows(batch: ImportBatch) -> Sequence[ImportedPerson]:
    with_person = joinedload(ImportedPerson.participant)
    query = (
        select(ImportedPerson)
        .filter_by(batch_id=batch.id)
        .options(
            with_person.subqueryload(Participant.languages),
            with_person.subqueryload(Participant.absences),
            with_person.subqueryload(Participant.preferences),
        )
        .order_by(ImportedPerson.id)
    )
    return db.session.scalars(query).all()


def _busy(ids: Sequence[int]) -> dict[int, object]:
    found: dict[int, object] = {}
    for column, why in OWN:
        query = select(column).where(column.in_(select(ImportedPerson.participant_id)))
        found |= {id: why for id in db.session.scalars(query) if id in set(ids)}
    return found


def _own(person: Participant, row: ImportedPerson, by_list: list[list[int]]) -> object:
    """What she or somebody else changed since, in words; empty where nothing."""
    now = taking.facts(person)
    if person.details_saved_at or (person.wishes_saved_at and now["wishes"] not in by_list):
        return _l("told us something herself")
    return _l("was changed since") if any(now[key] != value for key, value in row.after.items()) else ""


def _set_back(person: Participant, row: ImportedPerson, slots: set[int]) -> bool:
    """Each fact that is still as the list set it; False where one is not."""
    now = taking.facts(person)
    ours = {key: value for key, value in row.before.items() if now[key] == row.after.get(key)}
    taking.write(person, ours, slots)
    return ours.keys() == row.before.keys()


def unused(batch: ImportBatch) -> list[Stays]:
    """Groups, organisations and themes that it made go if nothing belongs to them any more."""
    kinds = {
        "organisation": (Organisation, (Participant.organisation_id,)),
        "group": (
            Group,
            (Participant.group_id, Organisation.group_id, Quota.group_id, Company.group_id, SessionGroup.group_id),
        ),
        "theme": (Theme, (Session.theme_id, Submission.theme_id)),
    }
    stays = []
    for kind, (model, users) in kinds.items():
        ids = [thing.row_id for thing in batch.things if thing.kind == kind and thing.is_new]
        used = {id for column in users for id in db.session.scalars(select(column).where(column.in_(ids)).distinct())}
        for row in db.session.scalars(select(model).where(model.id.in_(ids))):
            if row.id in used:
                name = row.name if isinstance(row, Organisation) else next(iter(row.title.values()), "")
                stays.append(Stays(name, _l("is used")))
            else:
                db.session.delete(row)
    return stays
