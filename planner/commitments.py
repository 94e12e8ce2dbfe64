"""Who does what the published plan asks of her: leads, takes notes or interprets, and said so, or that she cannot."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, select
from sqlalchemy.orm import joinedload

from planner import days, locks
from planner.days import Day
from planner.errors import PlannerError
from planner.extensions import db
from planner.models import (
    COMING,
    Assignment,
    AssignmentRole,
    AuditEntry,
    Commitment,
    Conference,
    Meeting,
    Message,
    Participant,
    Session,
    SessionState,
    Slot,
)

OPEN, CONFIRMED, DECLINED = "open", "confirmed", "declined"
STATES = (DECLINED, OPEN, CONFIRMED)
"""The most urgent first."""
Key = tuple[int, int, int, str, str]
"""Person, round, session, role and channel: what an answer is about, whatever plan has it, in whatever room."""


class Changed(PlannerError):
    status = 409
    sentence = _l("The plan has changed, and this task with it. Nothing was stored: please look again.")


class AnsweredSince(PlannerError):
    status = 409
    sentence = _l("Somebody has answered for this task in the meantime. Nothing was stored: please look again.")


class Over(PlannerError):
    status = 409
    sentence = _l("The conference is over, so there is nothing to answer any more.")


@dataclass(frozen=True)
class Task:
    """What one person is asked to do in one round; of a long meeting its first round says it all."""

    place: Assignment
    answer: Commitment | None

    @property
    def mark(self) -> str:
        """Names it, as somebody has seen it, and the answer that stood there."""
        return f"{self.name}@{self.answer.answered_at.timestamp() if self.answer else ''}"

    @property
    def name(self) -> str:
        """It is another one where the plan asks something else of her."""
        return "-".join(map(str, key_of(self.place)))

    def says(self, takes: bool, reason: str) -> bool:
        """Whether this is her answer already."""
        said = (takes, "" if takes else reason)
        return self.answer is not None and (self.answer.is_taken, self.answer.reason) == said

    @property
    def state(self) -> str:
        if self.answer is None:
            return OPEN
        return CONFIRMED if self.answer.is_taken else DECLINED


def key_of(place: Assignment) -> Key:
    meeting = place.meeting
    channel = channel_of(place.voices or "", meeting.language or "")
    return place.person.id, place.slot_id, meeting.session_id, place.role.value, channel


def channel_of(voices: str, spoken: str) -> str:
    """Between which languages somebody interprets: "de>ar", or "ar-de" where both are spoken."""
    return f"{spoken}>{voices}" if voices and "-" not in voices else voices


def answers(conference: Conference) -> dict[Key, Commitment]:
    """All that was ever answered, by what it is about."""
    rows = select(Commitment).join(Participant, Participant.id == Commitment.participant_id)
    found = db.session.scalars(rows.where(Participant.conference_id == conference.id))
    return {(row.participant_id, row.slot_id, row.session_id, row.role.value, row.channel): row for row in found}


def of(conference: Conference, person: Participant | None = None) -> list[Task]:
    """What is published asks of everybody, or of her: of those who come, for what is held; by round and name."""
    if conference.published_id is None:
        return []
    found: dict[int, Task] = {}
    for place, said in _asked(conference.published_id, person):
        holds = said is not None and said.channel == key_of(place)[-1]
        if holds or place.id not in found:
            found[place.id] = Task(place, said if holds else None)
    return list(found.values())


def _asked(run: int, person: Participant | None) -> Iterator[tuple[Assignment, Commitment | None]]:
    """In one query, as an overview has many; an interpreter may have answered for several channels of a session."""
    hers = (Commitment.participant_id == Assignment.participant_id, Commitment.role == Assignment.role)
    query = (
        select(Assignment, Commitment)
        .join(Meeting, (Meeting.id == Assignment.meeting_id) & (Meeting.slot_id == Assignment.slot_id))
        .join(Session, Session.id == Meeting.session_id)
        .join(Slot, Slot.id == Assignment.slot_id)
        .join(Participant, Participant.id == Assignment.participant_id)
        .outerjoin(
            Commitment,
            and_(*hers, Commitment.slot_id == Assignment.slot_id, Commitment.session_id == Meeting.session_id),
        )
        .where(Assignment.allocation_id == run, Assignment.role != AssignmentRole.ATTENDEE)
        .where(Session.state == SessionState.OPEN, Participant.state.in_(COMING))
        .order_by(Slot.starts, Slot.id, Participant.name, Participant.id, Commitment.id)
    )
    loaded = joinedload(Assignment.meeting)
    named = query.options(
        loaded.joinedload(Meeting.session),
        loaded.joinedload(Meeting.room),
        loaded.joinedload(Meeting.slot),
        joinedload(Assignment.participant),
    )
    yield from db.session.execute(named if person is None else named.where(Participant.id == person.id))


def counts(conference: Conference) -> dict[str, int]:
    """How many tasks are declined, open and confirmed."""
    states = [task.state for task in of(conference)]
    return {state: states.count(state) for state in STATES}


def answer(
    person: Participant, slot_id: int, mark: str, *, takes: bool, reason: str, now: datetime, entered: bool = False
) -> None:
    """Her word, the last of which counts, or `entered` for her by those who organise.

    They write over no answer that they have not seen. Raises Changed, AnsweredSince, Over, Gone.
    """
    locks.person(person)
    _read_again()
    if person.conference.is_over(now):
        raise Over
    task = next((each for each in of(person.conference, person) if each.place.slot_id == slot_id), None)
    if task is None or task.name != mark.rpartition("@")[0]:
        raise Changed
    if entered and task.mark != mark and not task.says(takes, reason):  # whoever presses twice loses nothing
        raise AnsweredSince
    _write(task, now, takes=takes, reason=reason, entered=entered)
    if not entered:
        db.session.add(_trace(person, takes, now))


def confirm(conference: Conference, marks: Collection[str], now: datetime) -> list[Task]:
    """They do these tasks, as somebody heard. Raises Over.

    Left out is whose task is another one by now, and who has said that she cannot: that is mended one by one.
    """
    locks.conference(conference, alone=True)
    _read_again()
    if conference.is_over(now):
        raise Over
    found = [task for task in of(conference) if task.mark in marks and task.state == OPEN]
    for task in found:
        _write(task, now, takes=True, reason="", entered=True)
    return found


def _read_again() -> None:
    """Whoever held the lock may have changed an answer that this session had read before it waited."""
    for row in db.session.identity_map.values():
        if isinstance(row, Commitment):
            db.session.expire(row)


def _write(task: Task, now: datetime, *, takes: bool, reason: str, entered: bool) -> None:
    person, slot, session, role, channel = key_of(task.place)
    row = task.answer or Commitment(
        participant_id=person, slot_id=slot, session_id=session, role=AssignmentRole(role), channel=channel
    )
    row.is_taken, row.reason = takes, "" if takes else reason
    row.answered_at, row.is_entered = now, entered
    db.session.add(row)


def _trace(person: Participant, takes: bool, now: datetime) -> AuditEntry:
    herself = f"participant:{person.id}"
    return AuditEntry(
        conference_id=person.conference_id,
        happened_at=now,
        actor=herself,
        action="commitment.takes" if takes else "commitment.declines",
        subject=herself,
        facts={},
    )


def asked_by(message: Message) -> int:
    """How many tasks this news asks her about: those that the news before had not, and that she has not answered."""
    if "day" not in message.facts:
        return 0
    news, before = days.read(message.facts["day"]), days.read(message.facts.get("before") or {})
    known = set() if message.facts.get("whole") else _tasks(before)
    asked = _tasks(news) - known
    person = message.participant
    mine = of(person.conference, person) if asked else []
    return sum(task.state == OPEN and key_of(task.place)[1:] in asked for task in mine)


def _tasks(day: Day | Mapping[int, None]) -> set[tuple[int, int, str, str]]:
    """Round, session, role and channel of what somebody does in this day besides taking part."""
    return {
        (slot, place.session, place.duty, channel_of(place.voices, next(iter(place.languages), "")))
        for slot, place in day.items()
        if place and place.held and place.duty != days.ATTENDS
    }
