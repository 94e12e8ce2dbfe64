"""Reads a stored allocation for its page: who got which wish, who sits with whom, what was proven."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from planner import languages, participants
from planner.allocations.runs.snapshot import COUNTED
from planner.extensions import db
from planner.models import (
    Allocation,
    Assignment,
    AssignmentRole,
    Conference,
    Group,
    Meeting,
    Participant,
    Preference,
    Slot,
)
from planner.rings import Chair, Ring


@dataclass
class MeetingView:
    """One meeting with its people, in the order of their groups."""

    meeting: Meeting
    seats: list[Assignment]
    ring: Ring
    composition: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Report:
    """Everything an allocation's page says, counted from the stored rows."""

    people: int = 0
    with_wishes: int = 0
    first_or_second_in_every_round: int = 0
    with_a_wish: int = 0
    nothing: list[Participant] = field(default_factory=list)
    unplaced: list[tuple[Participant, Slot]] = field(default_factory=list)
    rounds: list[tuple[Slot, list[MeetingView]]] = field(default_factory=list)
    by_round: list[dict[str, Any]] = field(default_factory=list)
    by_group: list[dict[str, Any]] = field(default_factory=list)
    goals: list[dict[str, Any]] = field(default_factory=list)


def report(allocation: Allocation, labels: dict[str, str]) -> Report:
    """`labels` are the words for the kinds of places: "1", "2", ..., "other", "free", "duty"."""
    conference = allocation.conference
    people = {p.id: p for p in participants.listed(conference) if p.state in COUNTED and (p.attends or p.roles)}
    seats = _seats(allocation)
    ranks = _ranks(conference)
    found = Report(people=sum(person.attends for person in people.values()))
    found.rounds = _rounds(conference, allocation, seats, people)
    _count_wishes(found, people, seats, ranks)
    _count_places(found, conference, people, seats, ranks, labels)
    found.goals = list((allocation.result or {}).get("goals", ()))
    return found


def _seats(allocation: Allocation) -> Sequence[Assignment]:
    query = (
        select(Assignment)
        .filter_by(allocation_id=allocation.id)
        .options(joinedload(Assignment.participant).joinedload(Participant.group))
    )
    return db.session.scalars(query).all()


def _ranks(conference: Conference) -> dict[tuple[int, int], int]:
    rows = db.session.execute(
        select(Preference.participant_id, Preference.session_id, Preference.rank)
        .join(Participant)
        .where(Participant.conference_id == conference.id)
    )
    return {(participant, session): rank for participant, session, rank in rows}


def _rounds(
    conference: Conference,
    allocation: Allocation,
    seats: Sequence[Assignment],
    people: dict[int, Participant],
) -> list[tuple[Slot, list[MeetingView]]]:
    meetings = db.session.scalars(
        select(Meeting)
        .filter_by(allocation_id=allocation.id)
        .options(joinedload(Meeting.session), joinedload(Meeting.room), joinedload(Meeting.slot))
    ).all()
    at: dict[int, list[Assignment]] = defaultdict(list)
    for seat in seats:
        at[seat.meeting_id].append(seat)
    whole = Counter(person.group_id for person in people.values() if person.attends)
    views = [view(meeting, at[meeting.id], conference.groups, whole) for meeting in meetings]
    return [
        (slot, sorted((v for v in views if v.meeting.slot_id == slot.id), key=lambda v: v.meeting.session.number))
        for slot in conference.slots
    ]


def view(
    meeting: Meeting, seats: Sequence[Assignment], groups: Sequence[Group], whole: Counter[int | None]
) -> MeetingView:
    """A meeting's ring and its composition against the conference's."""
    order = {group.id: at for at, group in enumerate(groups)}
    seats = sorted(
        seats,
        key=lambda seat: (
            seat.role is AssignmentRole.ATTENDEE,
            order.get(seat.participant.group_id or 0, 99),
            seat.participant.name,
        ),
    )
    title = languages.pick(meeting.session.title, languages.current())
    ring = Ring(title, meeting.room.capacity, [_chair(seat) for seat in seats], meeting.session.minimum)
    attending = Counter(s.participant.group_id for s in seats if s.role is AssignmentRole.ATTENDEE)
    size, everybody = sum(attending.values()), sum(whole.values())
    composition = [
        {
            "group": group,
            "count": attending[group.id],
            "expected": round(size * whole[group.id] / everybody, 1) if everybody else 0,
        }
        for group in groups
    ]
    return MeetingView(meeting, list(seats), ring, composition)


def _chair(seat: Assignment) -> Chair:
    group = seat.participant.group
    spoken = seat.participant.interprets[0].source if seat.role is AssignmentRole.INTERPRETER else ""
    return Chair(group.letter if group else "·", group.colour if group else 8, seat.role.value, spoken)


def _count_wishes(
    found: Report,
    people: dict[int, Participant],
    seats: Sequence[Assignment],
    ranks: dict[tuple[int, int], int],
) -> None:
    sessions = {view.meeting.id: view.meeting.session_id for _, views in found.rounds for view in views}
    got: dict[int, list[int | None]] = defaultdict(list)
    for seat in seats:
        if seat.role is AssignmentRole.ATTENDEE:
            got[seat.participant_id].append(ranks.get((seat.participant_id, sessions[seat.meeting_id])))
    for person in people.values():
        if not person.preferences or not got[person.id]:
            continue
        found.with_wishes += 1
        found.with_a_wish += any(got[person.id])
        found.first_or_second_in_every_round += all(rank in {1, 2} for rank in got[person.id])
        if not any(got[person.id]):
            found.nothing.append(person)


def _count_places(
    found: Report,
    conference: Conference,
    people: dict[int, Participant],
    seats: Sequence[Assignment],
    ranks: dict[tuple[int, int], int],
    labels: dict[str, str],
) -> None:
    sessions = {view.meeting.id: view.meeting.session_id for _, views in found.rounds for view in views}
    slots: dict[int, Counter[str]] = {slot.id: Counter() for slot in conference.slots}
    groups: dict[int | None, Counter[str]] = defaultdict(Counter)
    for seat in seats:
        person = people.get(seat.participant_id)
        if person is None:
            continue
        rank = ranks.get((person.id, sessions[seat.meeting_id]))
        duty = seat.role is not AssignmentRole.ATTENDEE
        kind = "duty" if duty else str(rank) if rank else "other" if person.preferences else "free"
        slots[seat.slot_id][kind] += 1
        if not duty and person.preferences:
            groups[person.group_id][kind] += 1
    placed = {(seat.participant_id, seat.slot_id) for seat in seats}
    for person in people.values():
        absent = {absence.slot_id for absence in person.absences}
        found.unplaced += [
            (person, slot)
            for slot in conference.slots
            if person.attends and slot.id not in absent and (person.id, slot.id) not in placed
        ]
    here = languages.current()
    shown = [key for key in labels if key not in {"free", "duty"}]
    found.by_round = [
        {"label": languages.pick(slot.title, here), "parts": _parts(slots[slot.id], labels, list(labels))}
        for slot in conference.slots
    ]
    found.by_group = [
        {"label": languages.pick(group.title, here), "parts": _parts(groups[group.id], labels, shown)}
        for group in conference.groups
    ]


def _parts(counts: Counter[str], labels: dict[str, str], kinds: list[str]) -> list[dict[str, Any]]:
    tones = {kind: at for at, kind in enumerate(labels, start=1)}
    return [
        {"label": labels[kind], "value": counts[kind], "colour": tones[kind] if kind not in {"free", "duty"} else 0}
        for kind in kinds
    ]
