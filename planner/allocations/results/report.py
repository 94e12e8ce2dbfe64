"""A stored allocation for its page: its figures, and who sits with whom round by round."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from planner import chairs, roster
from planner.allocations.results.answer import question
from planner.allocations.results.figures import Figures, figures
from planner.extensions import db
from planner.models import Allocation, Assignment, AssignmentRole, Conference, Group, Meeting, Participant, Slot
from planner.rings import Ring
from solver import Problem


@dataclass(frozen=True)
class MeetingView:
    """One meeting with its people, in the order of their groups."""

    meeting: Meeting
    seats: list[Assignment]
    ring: Ring
    composition: list[dict[str, Any]]


@dataclass(frozen=True)
class Report:
    """Everything an allocation's page says."""

    figures: Figures
    rounds: list[tuple[Slot, list[MeetingView]]]


def report(allocation: Allocation, labels: dict[str, str]) -> Report | None:
    """`labels` as for figures; None where what was asked cannot be read any more."""
    found = figures(allocation, roster.names(allocation.conference), labels)
    if found is None:
        return None
    return Report(found, rounds(allocation))


def rounds(allocation: Allocation) -> list[tuple[Slot, list[MeetingView]]]:
    """The rounds of the day with their meetings, in the order of the sessions' numbers."""
    conference = allocation.conference
    meetings = db.session.scalars(
        select(Meeting)
        .filter_by(allocation_id=allocation.id)
        .options(joinedload(Meeting.session), joinedload(Meeting.room), joinedload(Meeting.slot))
    ).all()
    at: dict[int, list[Assignment]] = defaultdict(list)
    for seat in _seats(allocation):
        at[seat.meeting_id].append(seat)
    problem = question(allocation)
    of, whole = _groups(conference, problem) if problem else ({}, Counter())
    views = [
        _view(meeting, at[meeting.id], _bounds(problem, meeting), conference.groups, of, whole) for meeting in meetings
    ]
    return [
        (slot, sorted((v for v in views if v.meeting.slot_id == slot.id), key=lambda v: v.meeting.session.number))
        for slot in conference.slots
    ]


def _seats(allocation: Allocation) -> Sequence[Assignment]:
    query = (
        select(Assignment)
        .filter_by(allocation_id=allocation.id)
        .options(joinedload(Assignment.participant).joinedload(Participant.group))
    )
    return db.session.scalars(query).all()


def _bounds(problem: Problem | None, meeting: Meeting) -> chairs.Bounds:
    """What room and session were set to when the run was asked for: a later change draws no chair."""
    if problem is None:
        return chairs.bounds_today(meeting)
    session, room = problem.session[str(meeting.session_id)], problem.room[str(meeting.room_id)]
    most = [bound for bound in (session.maximum, room.capacity) if bound is not None]
    return chairs.Bounds(session.minimum, min(most, default=0))


def _groups(conference: Conference, problem: Problem) -> tuple[chairs.GroupOf, Counter[int]]:
    """Each person's group in the snapshot, and how many attend of each: a later change of group changes nothing."""
    known = {str(group.id): group for group in conference.groups}
    of = {person.id: known.get(person.attributes.get("group", "")) for person in problem.participants}
    return of, Counter(group.id for person in problem.participants if person.attends and (group := of[person.id]))


def _view(
    meeting: Meeting,
    seats: Sequence[Assignment],
    bounds: chairs.Bounds,
    groups: Sequence[Group],
    of: chairs.GroupOf,
    whole: Counter[int],
) -> MeetingView:
    """A meeting's ring and its composition against the conference's."""
    ring = chairs.ring(meeting, seats, of, bounds)
    attending = [of.get(seat.key) for seat in seats if seat.role is AssignmentRole.ATTENDEE]
    counts = Counter(group.id for group in attending if group)
    size, everybody = sum(counts.values()), sum(whole.values())
    composition = [
        {
            "group": group,
            "count": counts[group.id],
            "expected": round(size * whole[group.id] / everybody, 1) if everybody else 0,
        }
        for group in groups
    ]
    return MeetingView(meeting, chairs.in_order(seats, of), ring, composition)
