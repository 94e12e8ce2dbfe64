"""What a run keeps: its settings, and the answer as rows and back in the solver's words."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import func, insert, select

from planner.extensions import db
from planner.models import Allocation, Assignment, AssignmentRole, Meeting, Participant, Room, Session, Slot
from solver import Meeting as SolvedMeeting
from solver import Problem, Role, Seat, Settings, Solution, Status, plain, read


def settings_of(allocation: Allocation) -> Settings:
    return read(Settings, allocation.settings)


def without_places(solution: Solution) -> dict[str, Any]:
    """What the run's row keeps of an answer: meetings and seats have rows of their own."""
    return dict(plain(replace(solution, meetings=(), seats=())))


def all_there(row: Allocation, problem: Problem, solution: Solution) -> bool:
    """Whether nobody who was asked about, and nothing that the answer names, was removed while it was searched."""

    def known(model: type[Session] | type[Slot] | type[Room]) -> set[str]:
        return {str(id) for id in db.session.scalars(select(model.id).filter_by(conference_id=row.conference_id))}

    return (
        problem.participant.keys() <= set(_people(row))
        and {meeting.session for meeting in solution.meetings} <= known(Session)
        and {meeting.slot for meeting in solution.meetings} <= known(Slot)
        and {meeting.room for meeting in solution.meetings} <= known(Room)
    )


def _people(row: Allocation) -> dict[str, int]:
    query = select(Participant.key, Participant.id).filter_by(conference_id=row.conference_id)
    return dict(db.session.execute(query).all())


def store(row: Allocation, problem: Problem, solution: Solution) -> None:
    people = _people(row)
    meetings = {}
    for meeting in solution.meetings:
        language, second = _spoken(row, problem, meeting)
        meetings[meeting.id] = Meeting(
            allocation_id=row.id,
            session_id=int(meeting.session),
            slot_id=int(meeting.slot),
            room_id=int(meeting.room),
            language=language,
            second_language=second,
            duration=problem.session[meeting.session].duration,
        )
    db.session.add_all(meetings.values())
    db.session.flush()
    places = [
        {
            "allocation_id": row.id,
            "participant_id": people[seat.participant],
            "slot_id": int(seat.slot),
            "meeting_id": meetings[seat.meeting].id,
            "role": AssignmentRole(seat.role.value),
            "listens_in": None if seat.role is Role.INTERPRETER else seat.listens_in,
            "voices": seat.listens_in if seat.role is Role.INTERPRETER else None,
        }
        for seat in solution.seats
    ]
    if places:  # in one statement: eight thousand objects would keep others from writing for a second
        db.session.execute(insert(Assignment), places)


def _spoken(row: Allocation, problem: Problem, meeting: SolvedMeeting) -> tuple[str | None, str | None]:
    """The working language, or both where a two-language session is held in both: the conference's own first."""
    session = problem.session[meeting.session]
    if meeting.language is not None or not session.two_language:
        return meeting.language, None
    first, second = sorted(session.languages, key=lambda code: (code != row.conference.language, code))
    return first, second


def stored(allocation: Allocation) -> Solution:
    """The rows of an allocation in the solver's words."""
    meetings = select(Meeting.id, Meeting.session_id, Meeting.slot_id, Meeting.room_id)
    meetings = meetings.add_columns(Meeting.language, Meeting.second_language)
    key = func.coalesce(Participant.key, Assignment.chair).label("key")
    seats = select(key, Assignment.slot_id, Assignment.meeting_id, Assignment.role)
    seats = seats.add_columns(Assignment.listens_in, Assignment.voices).outerjoin(Assignment.participant)
    return in_words(
        db.session.execute(meetings.where(Meeting.allocation_id == allocation.id).order_by(Meeting.id)).all(),
        db.session.execute(seats.where(Assignment.allocation_id == allocation.id).order_by(Assignment.id)).all(),
    )


def in_words(meetings: Iterable[Any], seats: Iterable[Any]) -> Solution:
    """The same of rows that are read already."""
    return Solution(
        Status.FEASIBLE,
        meetings=tuple(
            SolvedMeeting(
                str(row.id),
                str(row.session_id),
                str(row.slot_id),
                str(row.room_id),
                None if row.second_language else row.language,
            )
            for row in meetings
        ),
        seats=tuple(
            Seat(row.key, str(row.slot_id), str(row.meeting_id), Role(row.role.value), row.listens_in or row.voices)
            for row in seats
        ),
    )
