"""The order list of interpreters: who works when, where and between which languages, and whether she has confirmed."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from planner import commitments, participants
from planner.commitments import Task
from planner.extensions import db
from planner.models import Allocation, Assignment, AssignmentRole, Meeting, Participant


@dataclass(frozen=True)
class Order:
    """One channel of one meeting; `listeners` and `people`, by their names, are those who still come.

    `planned`: how many were to work there; `answers`: what each of them said, as commitments has it.
    """

    meeting: Meeting
    channel: str
    listeners: int
    people: Sequence[Participant]
    planned: int
    answers: Sequence[str]

    @property
    def state(self) -> str:
        """open: nobody works there; fewer: not all who were to; declined, to_confirm: not all said yes; confirmed."""
        if not self.people:
            return "open"
        if len(self.people) < self.planned:
            return "fewer"
        if commitments.DECLINED in self.answers:
            return "declined"
        return "to_confirm" if commitments.OPEN in self.answers else "confirmed"


def orders(run: Allocation) -> list[Order]:
    """By round and room: each channel in which somebody listens or works in this plan."""
    rows = [row for row in _at_work(run) if row.meeting.session.is_held]
    planned = Counter((row.meeting_id, row.voices) for row in rows if row.voices)
    heard = Counter((place.meeting_id, place.listens_in) for place in participants.there(rows) if place.listens_in)
    working, meetings = defaultdict[tuple[int, str], list[Task]](list), {}
    said = commitments.answers(run.conference) if planned else {}
    for place in participants.there(rows):
        channel = place.meeting_id, place.voices or place.listens_in or ""
        meetings[channel] = place.meeting
        if place.voices:
            working[channel].append(Task(place, said.get(commitments.key_of(place))))
    found = [
        Order(
            meeting,
            channel[1],
            heard[channel],
            sorted((task.place.person for task in working[channel]), key=lambda person: person.name),
            planned[channel],
            [task.state for task in working[channel]],
        )
        for channel, meeting in meetings.items()
    ]
    return sorted(found, key=lambda each: (each.meeting.starts, each.meeting.room.name, each.channel))


def _at_work(run: Allocation) -> Sequence[Assignment]:
    """Of a long meeting its first round says it all."""
    works, first = Assignment.role == AssignmentRole.INTERPRETER, Meeting.slot_id == Assignment.slot_id
    query = select(Assignment).join(Meeting, (Meeting.id == Assignment.meeting_id) & first)
    loaded = joinedload(Assignment.meeting)
    return db.session.scalars(
        query.where(Assignment.allocation_id == run.id, or_(works, Assignment.listens_in.is_not(None))).options(
            loaded.joinedload(Meeting.session),
            loaded.joinedload(Meeting.room),
            loaded.joinedload(Meeting.slot),
            joinedload(Assignment.participant),
        )
    ).all()
