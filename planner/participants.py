"""People: register, details, needs, who is in which meeting."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload, subqueryload

from planner import locks, spans
from planner.clock import Clock
from planner.errors import PlannerError
from planner.extensions import db
from planner.models import (
    COMING,
    Absence,
    Assignment,
    AuditEntry,
    Conference,
    Group,
    InterpreterPair,
    InterpretingMode,
    LanguageLevel,
    Level,
    Meeting,
    Need,
    NeedKind,
    Organisation,
    Participant,
    Slot,
)
from planner.roster import Entry
from planner.rows import trace

CALCULATION = "calculation"
"""What needs were read for where no person saw them."""


class ConsentMissing(PlannerError):
    sentence = _l("Please tick that we may store what you need, or leave the needs empty.")


class ConsentUnknown(PlannerError):
    sentence = _l("Please say from where her consent is. Without it nothing about what she needs may be stored.")


@dataclass(frozen=True)
class Pair:
    """Two languages between which somebody interprets, and how, as the model's row has it."""

    source: str
    target: str
    mode: InterpretingMode
    listeners: int
    most_slots_in_a_row: int


def register(conference: Conference, name: str, **details: Any) -> Participant:
    person = Participant(conference_id=conference.id, name=name, **details)
    db.session.add(person)
    db.session.flush()
    return person


def save_details(
    participant: Participant,
    languages: Mapping[str, Level],
    needs: Collection[NeedKind],
    absent: Collection[int],
    clock: Clock,
    *,
    consent: bool,
) -> None:
    """Replace languages, needs and presence; needs only with consent."""
    if needs and not consent:
        raise ConsentMissing(field="consent")
    locks.person(participant)
    now = clock()
    set_languages(participant, languages)
    set_absences(participant, absent)
    participant.needs.clear()
    db.session.flush()
    participant.needs = [Need(kind=kind, consented_at=now) for kind in sorted(set(needs))]
    participant.details_saved_at = now


def set_languages(participant: Participant, levels: Mapping[str, Level]) -> None:
    """Which languages she knows and how well; what stays keeps its row."""
    for row in list(participant.languages):
        if row.language in levels:
            row.level = levels[row.language]
        else:
            participant.languages.remove(row)
    known = {row.language for row in participant.languages}
    new = [LanguageLevel(language=code, level=level) for code, level in levels.items() if code not in known]
    participant.languages += new


def set_absences(participant: Participant, slots: Collection[int]) -> None:
    """In which rounds she is not there; what stays keeps its row."""
    wanted = set(slots) & {slot.id for slot in participant.conference.slots}
    for absence in list(participant.absences):
        if absence.slot_id not in wanted:
            participant.absences.remove(absence)
    known = {absence.slot_id for absence in participant.absences}
    participant.absences += [Absence(slot_id=slot) for slot in sorted(wanted - known)]


def set_pairs(participant: Participant, pairs: Collection[Pair]) -> None:
    """Between which languages she interprets; what stays keeps its row."""
    wanted = {(pair.source, pair.target): pair for pair in pairs}
    for row in list(participant.interprets):
        pair = wanted.pop((row.source, row.target), None)
        if pair is None:
            participant.interprets.remove(row)
        else:
            row.mode, row.listeners, row.most_slots_in_a_row = pair.mode, pair.listeners, pair.most_slots_in_a_row
    participant.interprets += [InterpreterPair(**asdict(pair)) for pair in wanted.values()]


def enter_needs(participant: Participant, needs: Collection[NeedKind], consent_from: str, at: datetime) -> None:
    """On her behalf: what was stored keeps its consent; what is new says from where it is, and since when."""
    new = set(needs) - {need.kind for need in participant.needs}
    if new and not consent_from:
        raise ConsentUnknown(field="consent")
    for need in list(participant.needs):
        if need.kind not in needs:
            participant.needs.remove(need)
    participant.needs += [Need(kind=kind, consented_at=at, consent_from=consent_from) for kind in sorted(new)]


def needs_of(
    people: Collection[Participant] | Collection[Entry], reader: str, now: datetime, *, calculates: bool = False
) -> dict[int, list[NeedKind]]:
    """What these people need; the only way to read it, and every reading leaves a trace first. Raises Untraced.

    `calculates` where no person sees them: the trace tells it apart from somebody looking.
    """
    ids = [person.id for person in people]
    if not ids:
        return {}
    conference = next(iter(people)).conference_id
    note_look(conference, ids, reader, now, calculates=calculates)
    found: dict[int, list[NeedKind]] = {id: [] for id in ids}
    # By conference, not by a list of ids: databases limit how many values one query takes.
    rows = db.session.scalars(select(Need).join(Participant).where(Participant.conference_id == conference))
    for need in rows:
        if need.participant_id in found:
            found[need.participant_id].append(need.kind)
    return found


def note_look(
    conference_id: int, people: Collection[int], reader: str, now: datetime, *, calculates: bool = False
) -> None:
    """Write down that what these people need is read, here or as a run keeps it. Raises Untraced."""
    trace(
        AuditEntry(
            conference_id=conference_id,
            happened_at=now,
            actor=reader,
            action="needs.read",
            facts={"people": len(people), "of": spans.written(people), **({"for": CALCULATION} if calculates else {})},
        )
    )


def anybody_attends(conference: Conference) -> bool:
    coming = select(Participant.id).filter_by(conference_id=conference.id).where(Participant.state.in_(COMING))
    return db.session.scalar(coming.where(Participant.attends).limit(1)) is not None


def listed(conference: Conference) -> Sequence[Participant]:
    """Everybody, with what a list shows."""
    query = (
        select(Participant)
        .filter_by(conference_id=conference.id)
        .options(
            joinedload(Participant.group),
            joinedload(Participant.organisation),
            # By subquery, not in batches of five hundred ids: one query each, however many there are.
            subqueryload(Participant.languages),
            subqueryload(Participant.preferences),
        )
        .order_by(Participant.name)
    )
    return db.session.scalars(query).all()


def of(conference: Conference, ids: Collection[int]) -> Sequence[Participant]:
    """These of a conference's people, to be changed together."""
    locks.conference(conference, alone=True)
    query = select(Participant).filter_by(conference_id=conference.id).options(selectinload(Participant.languages))
    return [person for person in db.session.scalars(query.order_by(Participant.id)) if person.id in set(ids)]


def put_into(people: Iterable[Participant], group: Group) -> list[Participant]:
    """Those whom this changes speak for the group from now on."""
    moved = [person for person in people if person.group_id != group.id]
    for person in moved:
        person.group_id = group.id
    return moved


def note_language(people: Iterable[Participant], language: str, level: Level) -> list[Participant]:
    """For those who have said nothing about it: what somebody said herself stays as it is."""
    silent = [person for person in people if language not in {row.language for row in person.languages}]
    for person in silent:
        person.languages.append(LanguageLevel(language=language, level=level))
    return silent


def assignments_of(participant: Participant, run: int | None = None) -> Sequence[Assignment]:
    """Her places in the published allocation, or in this run, in the order of the day."""
    wanted = run or participant.conference.published_id
    query = (
        select(Assignment)
        .filter_by(participant_id=participant.id, allocation_id=wanted)
        .join(Slot, Slot.id == Assignment.slot_id)
        .options(
            joinedload(Assignment.meeting).joinedload(Meeting.session),
            joinedload(Assignment.meeting).joinedload(Meeting.room),
            joinedload(Assignment.meeting).joinedload(Meeting.slot),
        )
        .order_by(Slot.starts)
    )
    return db.session.scalars(query).all() if wanted else []


def at(meetings: Collection[Meeting]) -> dict[int, list[Assignment]]:
    """Who is in each of these meetings, by name; whoever cancelled or waits since leaves an empty chair."""
    found: dict[int, list[Assignment]] = {meeting.id: [] for meeting in meetings}
    query = (
        select(Assignment)
        .where(Assignment.meeting_id.in_(found))
        .join(Meeting, (Meeting.id == Assignment.meeting_id) & (Meeting.slot_id == Assignment.slot_id))
        .join(Participant, Participant.id == Assignment.participant_id)
        .where(Participant.state.in_(COMING))
        .options(
            joinedload(Assignment.participant).joinedload(Participant.group),
            joinedload(Assignment.participant).joinedload(Participant.organisation).joinedload(Organisation.group),
            joinedload(Assignment.participant).selectinload(Participant.languages),
            joinedload(Assignment.participant).selectinload(Participant.interprets),
        )
        .order_by(Participant.name, Participant.id)
    )
    for assignment in db.session.scalars(query):
        found[assignment.meeting_id].append(assignment)
    return found


def there(places: Iterable[Assignment]) -> list[Assignment]:
    """Those of these places whose people still come: who cancelled, waits or was erased since leaves an empty chair."""
    return [place for place in places if place.participant and place.participant.is_coming]
