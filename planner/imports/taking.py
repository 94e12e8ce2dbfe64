"""Takes a list of people in as a whole, and notes of each person what she was before."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import insert, select
from sqlalchemy.orm import subqueryload

from planner import conferences, participants
from planner.errors import PlannerError
from planner.extensions import db
from planner.imports.known import PLAIN
from planner.imports.plan import Plan, Row
from planner.models import (
    Absence,
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
    random_key,
)

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ123456789"


class NoLetterLeft(PlannerError):
    sentence = _l("There are too many groups: no letter is left for a new one. Please remove groups first.")


def people(conference: Conference, plan: Plan, batch: ImportBatch, consent: str, now: datetime) -> None:
    """Write what the plan says; the caller holds the conference alone. `consent` is where that to needs is from."""
    made = {
        "organisation_id": _organisations(conference, plan.made.get("organisation", {}).values(), batch),
        "group_id": _groups(conference, plan, batch),
    }
    rows = list(plan.doing())
    for row in rows:
        row.values |= {key: made[key][row.values[key]] for key in made if isinstance(row.values.get(key), str)}
    targets = _people(conference, [row.target for row in rows if row.target])
    slots = {slot.id for slot in conference.slots}
    with db.session.no_autoflush:
        known = [row for row in rows if row.target]
        told = [_take(batch, row, targets[row.target or 0], consent, now, slots=slots) for row in known]
    db.session.flush()
    _insert(ImportedPerson, told)
    _add(batch, [row for row in rows if not row.target], consent, now, slots=slots)


def _take(
    batch: ImportBatch, row: Row, person: Participant, consent: str, now: datetime, *, slots: set[int]
) -> dict[str, Any]:
    """What is noted of her."""
    after = {key: value for key, value in row.values.items() if key != "needs"}
    before = {key: value for key, value in facts(person).items() if key in after}
    write(person, row.values, slots)
    _add_needs(person, row, batch, consent, now)
    return {"batch_id": batch.id, "participant_id": person.id, "is_new": False, "before": before, "after": after}


def _add(batch: ImportBatch, rows: Sequence[Row], consent: str, now: datetime, *, slots: set[int]) -> None:
    """Everybody new, one statement a table: thousands of objects would keep others from writing for a second."""
    new = {random_key(): _somebody(batch.conference, row.values, slots) for row in rows}
    db.session.expire(batch, ["people"])
    if not new:
        return
    plain = ("conference_id", *PLAIN, "state", "attends", "attributes")
    _insert(
        Participant,
        [
            {"key": key, **{name: each[name] for name in plain}, "state": ParticipantState(each["state"])}
            for key, each in new.items()
        ],
    )
    known = db.session.execute(select(Participant.key, Participant.id).filter_by(conference_id=batch.conference_id))
    ids = {row.key: row.id for row in known}
    people = [(ids[key], each, row.values.get("needs", ())) for (key, each), row in zip(new.items(), rows, strict=True)]
    _insert(
        LanguageLevel,
        [
            {"participant_id": id, "language": code, "level": Level(level)}
            for id, each, _needs in people
            for code, level in each["languages"].items()
        ],
    )
    _insert(
        Absence, [{"participant_id": id, "slot_id": slot} for id, each, _needs in people for slot in each["absences"]]
    )
    why = {"consented_at": now, "consent_from": consent, "import_batch_id": batch.id}
    _insert(
        Need,
        [{"participant_id": id, "kind": NeedKind(kind), **why} for id, _each, needs in people for kind in needs],
    )
    own = {"batch_id": batch.id, "is_new": True, "before": {}}
    told = [(id, {key: value for key, value in each.items() if key != "conference_id"}) for id, each, _needs in people]
    _insert(ImportedPerson, [{**own, "participant_id": id, "after": after} for id, after in told])


def _insert(model: Any, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        db.session.execute(insert(model), rows)


def _somebody(conference: Conference, values: dict[str, Any], slots: set[int]) -> dict[str, Any]:
    """All her facts, as `facts` has them once she is stored."""
    return {
        "conference_id": conference.id,
        **dict.fromkeys(PLAIN),
        "locale": conference.language,
        "state": ParticipantState.CONFIRMED.value,
        "attends": True,
        "attributes": {},
        "languages": {},
        "wishes": [],
        **{key: value for key, value in values.items() if key != "needs"},
        "absences": sorted(set(values.get("absences", ())) & slots),
    }


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
        moves_up = (person.state, state) == (ParticipantState.WAITING, ParticipantState.REGISTERED)
        if state in person.MOVES[person.state] and not moves_up:  # a list that knows no places confirms nobody
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


def _groups(conference: Conference, plan: Plan, batch: ImportBatch) -> dict[str, int]:
    found = {}
    for name in plan.made.get("group", {}).values():
        title, letter = {conference.language: name}, _letter(conference, name)
        group = conferences.save_group(conference, None, title, letter, sensitive=plan.is_sensitive(name))
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
    free = (letter for letter in (*own, *LETTERS, *twos) if letter.casefold() not in taken)
    if letter := next(free, ""):
        return letter
    raise NoLetterLeft
