"""The order list of interpreters: who works when, where and between which languages, and whether she has confirmed."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from planner.extensions import db
from planner.models import Allocation, Assignment, AssignmentRole, Meeting, Participant, ParticipantState, Slot


@dataclass(frozen=True)
class Order:
    """One channel of one meeting; `people` are those who still come, in the order of their names."""

    slot: Slot
    meeting: Meeting
    channel: str
    listeners: int
    people: Sequence[Participant]

    @property
    def state(self) -> str:
        """open: nobody works there; to_confirm: somebody has not confirmed yet; confirmed."""
        if not self.people:
            return "open"
        all_confirmed = all(person.state is ParticipantState.CONFIRMED for person in self.people)
        return "confirmed" if all_confirmed else "to_confirm"


def orders(run: Allocation) -> list[Order]:
    """By round and room: each channel in which somebody listens or works in this plan."""
    rows = _at_work(run)
    heard = Counter((row.meeting_id, row.listens_in or "") for row in rows if row.listens_in)
    working, places = defaultdict[tuple[int, str], list[Participant]](list), {}
    for row in rows:
        channel = row.meeting_id, row.voices or row.listens_in or ""
        places[channel] = row
        if row.voices and row.participant and row.participant.state is not ParticipantState.CANCELLED:
            working[channel].append(row.participant)
    slots = {slot.id: slot for slot in run.conference.slots}
    found = [
        Order(
            slots[row.slot_id],
            row.meeting,
            channel[1],
            heard[channel],
            sorted(working[channel], key=lambda person: person.name),
        )
        for channel, row in places.items()
    ]
    return sorted(found, key=lambda each: (each.slot.starts, each.meeting.room.name, each.channel))


def _at_work(run: Allocation) -> Sequence[Assignment]:
    works = Assignment.role == AssignmentRole.INTERPRETER
    query = select(Assignment).where(Assignment.allocation_id == run.id, or_(works, Assignment.listens_in.is_not(None)))
    loaded = joinedload(Assignment.meeting)
    return db.session.scalars(
        query.options(loaded.joinedload(Meeting.session), loaded.joinedload(Meeting.room)).options(
            joinedload(Assignment.participant)
        )
    ).all()
