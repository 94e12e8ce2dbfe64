"""Takes a list of people in as a whole, and notes of each person what she was before."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import subqueryload

from planner import conferences, participants
from planner.extensions import db
from planner.imports.known import PLAIN
from planner.imports.plan import Fate, Plan, Row
from planner.models import (
    Conference,
    ImportBatch,
    ImportedPerson,
    ImportedThing,
    LanguageLevel,
    Level,
    Need,
    NeedKind,
    Organisation,
    Participant,
    ParticipantState,
)

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ123456789"


def people(conference: Conference, plan: Plan, batch: ImportBatch, consent: str, now: datetime) -> None:
    """Write what the plan says; the caller holds the conference alone. `consent` is where that to needs is from."""
    made = {
        "organisation_id": _organisations(conference, plan.made.get("organisation", ()), batch),
        "group_id": _groups(conference, plan.made.get("group", ()), batch),
    }
    rows = list(plan.doing())
    for row in rows:
        row.values |= {key: made[key][row.values[key]] for key in made if isinstance(row.values.get(key), str)}
    targets = _people(conference, [row.target for row in rows if row.target])
    slots = {slot.id for slot in conference.slots}
    with db.session.no_autoflush:
        for row in rows:
            person = targets[row.target] if row.target else _somebody(conference)
            _take(batch, row, person, slots, consent, now)
    db.session.flush()


def _take(batch: ImportBatch, row: Row, person: Participant, slots: set[int], consent: str, now: datetime) -> None:
    is_new, after = row.fate is Fate.NEW, {key: value for key, value in row.values.items() if key != "needs"}
    before = {} if is_new else {key: value for key, value in facts(person).items() if key in after}
    write(person, row.values, slots)
    if is_new:
        after = facts(person)
    _add_needs(person, row, batch, consent, now)
    db.session.add(person)
    batch.people.append(ImportedPerson(participant=person, is_new=is_new, before=before, after=after))


def _somebody(conference: Conference) -> Participant:
    """With what the database would give her, so that all her facts are known before she is stored."""
    return Participant(
        conference_id=conference.id, state=ParticipantState.CONFIRMED, locale=conference.language, attends=True
    )


def _people(conference: Conference, ids: Iterable[int]) -> dict[int, Participant]:
    """With everything that is compared and set, in as many queries for two thousand as for two."""
    wanted = set(ids)
    if not wanted:
        return {}
    everything = (Participant.languages, Participant.absences, Participant.needs, Participant.preferences)
    query = select(Participant).filter_by(conference_id=conference.id).options(*map(subqueryload, everything))
    return {person.id: person for person in db.session.scalars(query) if person.id in wanted}


def facts(person: Participant) -> dict[str, Any]:
    """What a list may have set, as it is stored: the same shape as a plan's values."""
    return {
        **{name: getattr(person, name) for name in PLAIN},
        "state": person.state.value,
        "attends": person.attends,
        "attributes": dict(person.attributes or {}),
        "languages": {row.language: row.level.value for row in person.languages},
        "absences": sorted(absence.slot_id for absence in person.absences),
        "wishes": [wish.session_id for wish in person.preferences],
    }


def write(person: Participant, values: dict[str, Any], slots: set[int]) -> None:
    """Set these facts; the others stay. `slots` are the rounds that there are."""
    for name in PLAIN:
        if name in values:
            setattr(person, name, values[name])
    if "state" in values and person.state is not ParticipantState(values["state"]):
        state = ParticipantState(values["state"])
        if person.id is None:
            person.state = state
        elif state in person.MOVES.get(person.state, set()):
            person.move_to(state)
    if "attributes" in values:
        person.attributes = dict(values["attributes"])
    if "languages" in values:
        _set_languages(person, values["languages"])
    if "absences" in values:
        participants.set_absences(person, sorted(set(values["absences"]) & slots))


def _set_languages(person: Participant, levels: dict[str, str]) -> None:
    """What stays keeps its row: a language may be there once only."""
    for row in list(person.languages):
        if row.language in levels:
            row.level = Level(levels[row.language])
        else:
            person.languages.remove(row)
    known = {row.language for row in person.languages}
    person.languages += [
        LanguageLevel(language=code, level=Level(level)) for code, level in levels.items() if code not in known
    ]


def _add_needs(person: Participant, row: Row, batch: ImportBatch, consent: str, now: datetime) -> None:
    """Only added, never removed: that a list does not name a need does not mean that nobody has it any more."""
    known = {need.kind for need in person.needs}
    person.needs += [
        Need(kind=NeedKind(kind), consented_at=now, consent_from=consent, import_batch_id=batch.id)
        for kind in row.values.get("needs", ())
        if NeedKind(kind) not in known
    ]


def _organisations(conference: Conference, names: Iterable[str], batch: ImportBatch) -> dict[str, int]:
    rows = [Organisation(conference_id=conference.id, name=name) for name in names]
    db.session.add_all(rows)
    db.session.flush()
    batch.things += [ImportedThing(kind="organisation", row_id=row.id, is_new=True) for row in rows]
    return {row.name: row.id for row in rows}


def _groups(conference: Conference, names: Iterable[str], batch: ImportBatch) -> dict[str, int]:
    found = {}
    for name in names:
        group = conferences.save_group(
            conference, None, {conference.language: name}, _letter(conference, name), sensitive=False
        )
        db.session.flush()
        db.session.expire(conference, ["groups"])
        batch.things.append(ImportedThing(kind="group", row_id=group.id, is_new=True))
        found[name] = group.id
    return found


def _letter(conference: Conference, name: str) -> str:
    """The first letter of its name that no other group has on its chairs, else any, else two."""
    taken = {group.letter.casefold() for group in conference.groups}
    own = [letter.upper() for letter in name if letter.isalnum()]
    twos = [a + b for a in LETTERS for b in LETTERS]
    return next(letter for letter in (*own, *LETTERS, *twos) if letter.casefold() not in taken)
