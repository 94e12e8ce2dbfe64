"""A stored allocation for its page: its figures, and who sits with whom round by round."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import joinedload

from planner import chairs, roster
from planner.allocations.results.answer import question, with_answer
from planner.allocations.results.figures import Figures, figures, set_by_hand
from planner.allocations.runs.emptied import without_needs
from planner.allocations.runs.grounds import without_agreements
from planner.allocations.runs.store import in_words
from planner.extensions import db
from planner.models import Allocation, Assignment, AssignmentRole, Conference, Group, Meeting, Participant, Slot
from planner.rings import Ring
from planner.roster import Named
from solver import Problem, Solution, places, rules_in_force


@dataclass(frozen=True)
class MeetingView:
    """One meeting with its people, in the order of their groups."""

    meeting: Meeting
    seats: list[Assignment]
    ring: Ring
    composition: list[dict[str, Any]]


@dataclass(frozen=True)
class Report:
    """Everything an allocation's page says; `plan` is what was stored, in the solver's words."""

    figures: Figures
    rounds: list[tuple[Slot, list[MeetingView]]]
    plan: Solution
    groups: list[Group]  # of which somebody is


def report(
    allocation: Allocation,
    labels: dict[str, str],
    people: Iterable[Named] | None = None,
    *,
    needs: bool = True,
    groups: bool = True,
    agreed: bool = True,
) -> Report | None:
    """`labels` as for figures, `people` everybody, where at hand; None where what was asked cannot be read any more.

    Without `needs` nothing tells that anybody needs something, without `groups` nothing of which group somebody is,
    to whoever does not know what is `agreed` nothing that somebody must be apart.
    """
    meetings, seats = _meetings(allocation), _seats(allocation)
    plan = in_words(meetings, seats)
    known = with_answer(allocation, plan)
    if known is None:
        return None
    named = roster.names(allocation.conference) if people is None else people
    found = figures(allocation, known, named, labels)
    if not (needs and agreed):
        seen = known[0] if agreed else without_agreements(known[0])
        found = replace(found, rules=rules_in_force(set_by_hand(seen if needs else without_needs(seen))))
    if not groups:
        found = replace(found, by_group=[])
    view = _Views(allocation, groups=groups)
    return Report(found, _rounds(allocation, meetings, seats, view), plan, view.groups)


def _rounds(
    allocation: Allocation, meetings: Sequence[Meeting], seats: Sequence[Assignment], view: "_Views"
) -> list[tuple[Slot, list[MeetingView]]]:
    """The rounds of the day with their meetings, in the order of the sessions' numbers."""
    at: dict[int, list[Assignment]] = defaultdict(list)
    for seat in seats:
        at[seat.meeting_id].append(seat)
    views = [view(meeting, _once(meeting, at[meeting.id])) for meeting in meetings]
    return [
        (slot, sorted((v for v in views if v.meeting.slot_id == slot.id), key=lambda v: v.meeting.session.number))
        for slot in allocation.conference.slots
    ]


def meeting(allocation: Allocation, id: int, *, groups: bool = True) -> MeetingView | None:
    """One of them, without looking at the others."""
    found = _meetings(allocation, Meeting.id == id)
    if not found:
        return None
    return _Views(allocation, groups=groups)(found[0], _once(found[0], _seats(allocation, Assignment.meeting_id == id)))


def _meetings(allocation: Allocation, *which: ColumnElement[bool]) -> Sequence[Meeting]:
    query = select(Meeting).where(Meeting.allocation_id == allocation.id, *which).order_by(Meeting.id)
    facts = (joinedload(Meeting.session), joinedload(Meeting.room), joinedload(Meeting.slot))
    return db.session.scalars(query.options(*facts)).all()


def _seats(allocation: Allocation, *which: ColumnElement[bool]) -> Sequence[Assignment]:
    """Round by round, with of each person what is shown, and nothing else: there are thousands."""
    person = joinedload(Assignment.participant).load_only(Participant.key, Participant.name, Participant.state)
    query = select(Assignment).where(Assignment.allocation_id == allocation.id, *which).order_by(Assignment.id)
    return db.session.scalars(query.options(person)).all()


def _once(meeting: Meeting, seats: Iterable[Assignment]) -> list[Assignment]:
    """Of a long meeting its first round: there everybody sits once."""
    return [seat for seat in seats if seat.slot_id == meeting.slot_id]


def bounds(meeting: Meeting, seats: Sequence[Assignment], problem: Problem | None = None) -> chairs.Bounds:
    """What `problem` had room and session set to when the run was asked for; without it, what they are set to now."""
    session, room = (
        (problem.session[str(meeting.session_id)], problem.room[str(meeting.room_id)])
        if problem
        else (meeting.session, meeting.room)
    )
    working = sum(seat.role is not AssignmentRole.ATTENDEE for seat in seats)
    everybody = len(problem.participants) if problem else len(seats)  # a room that is set up has a bound
    return chairs.Bounds(session.minimum, places(room.capacity, session.maximum, working, everybody))


def _groups(conference: Conference, problem: Problem) -> tuple[chairs.GroupOf, Counter[int]]:
    """Each person's group in the snapshot, and how many attend of each: a later change of group changes nothing."""
    known = {str(group.id): group for group in conference.groups}
    of = {person.id: known.get(person.attributes.get("group", "")) for person in problem.participants}
    return of, Counter(group.id for person in problem.participants if person.attends and (group := of[person.id]))


class _Views:
    """Draws meetings of one run: their rings, and their composition against the conference's."""

    def __init__(self, allocation: Allocation, *, groups: bool):
        self.problem, self.groups = question(allocation), list(allocation.conference.groups) if groups else []
        known = _groups(allocation.conference, self.problem) if self.problem and groups else ({}, Counter())
        self.of, self.whole = known
        if self.problem:  # a template brings groups that nobody may be of
            there = {group.id for group in self.of.values() if group}
            self.groups = [group for group in self.groups if group.id in there]

    def __call__(self, meeting: Meeting, seats: Sequence[Assignment]) -> MeetingView:
        ring = chairs.ring(meeting, seats, self.of, bounds(meeting, seats, self.problem))
        attending = [self.of.get(seat.key) for seat in seats if seat.role is AssignmentRole.ATTENDEE]
        counts = Counter(group.id for group in attending if group)
        size, everybody = sum(counts.values()), sum(self.whole.values())
        composition = [
            {
                "group": group,
                "count": counts[group.id],
                "expected": round(size * self.whole[group.id] / everybody, 1) if everybody else 0,
            }
            for group in self.groups
        ]
        return MeetingView(meeting, chairs.in_order(seats, self.of), ring, composition)
