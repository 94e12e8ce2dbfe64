"""The order list of interpreters: who works when, where and between which languages, and whether she has confirmed."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from planner import participants
from planner.extensions import db
from planner.models import Allocation, Assignment, AssignmentRole, Meeting, Participant, ParticipantState


@dataclass(frozen=True)
class Order:
    """One channel of one meeting; `listeners` and `people`, by their names, are those who still come.

    `planned`: how many were to work there.
    """

    meeting: Meeting
    channel: str
    listeners: int
    people: Sequence[Participant]
    planned: int

    @property
    def state(self) -> str:
        """open: nobody works there; fewer: not all who were to; to_confirm: not all have confirmed; confirmed."""
        if not self.people:
            return "open"
        if len(self.people) < self.planned:
            return "fewer"
        all_confirmed = all(person.state is ParticipantState.CONFIRMED for person in self.people)
        return "confirmed" if all_confirmed else "to_confirm"


def orders(run: Allocation) -> list[Order]:
    """By round and room: each channel in which somebody listens or works in this plan."""
    rows = [row for row in _at_work(run) if row.meeting.session.is_held]
    planned = Counter((row.meeting_id, row.voices) for row in rows if row.voices)
    heard = Counter((place.meeting_id, place.listens_in) for place in participants.there(rows) if place.listens_in)
    working, meetings = defaultdict[tuple[int, str], list[Participant]](list), {}
    for place in participants.there(rows):
        channel = place.meeting_id, place.voices or place.listens_in or ""
        meetings[channel] = place.meeting
        if place.voices:
            working[channel].append(place.person)
    found = [
        Order(
            meeting,
            channel[1],
            heard[channel],
            sorted(working[channel], key=lambda person: person.name),
            planned[channel],
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
