"""Small problems with dull defaults, and changes to solutions."""

from dataclasses import replace
from typing import Any

from solver import Level, Meeting, Participant, Problem, Role, Room, Seat, Session, Slot, Solution, Status
from solver.problem.eligibility import working_languages


def problem(people: int = 4, sessions: int = 2, slots: int = 1, rooms: int = 2, **changes: Any) -> Problem:
    """Everybody speaks German, nobody needs anything, every session may run in every slot."""
    given = {
        "slots": tuple(Slot(f"t{at}", joined=False) for at in range(slots)),
        "rooms": tuple(Room(f"r{at}", 10) for at in range(rooms)),
        "sessions": tuple(Session(f"s{at}", languages=frozenset({"de"}), offered=slots) for at in range(sessions)),
        "participants": tuple(person(f"p{at}") for at in range(people)),
        **changes,
    }
    return Problem(**given)


def person(id: str, **changes: Any) -> Participant:
    return Participant(id, **{"attributes": {"group": "a"}, "languages": {"de": Level.SPEAKS}, **changes})


def solution(problem: Problem, meetings: list[tuple[str, str, str]], seats: dict[tuple[str, str], str]) -> Solution:
    """Meetings as (session, slot, room), in the first language of their session; seats as {(person, slot): session}."""
    held = tuple(
        Meeting(f"{session}@{slot}", session, slot, room, working_languages(problem.session[session])[0])
        for session, slot, room in meetings
    )
    placed = tuple(Seat(person, slot, f"{session}@{slot}") for (person, slot), session in seats.items())
    staff = tuple(
        Seat(id, meeting.slot, meeting.id, role)
        for meeting in held
        for ids, role in (
            (problem.session[meeting.session].facilitators, Role.FACILITATOR),
            (problem.session[meeting.session].note_takers, Role.NOTE_TAKER),
        )
        for id in ids
    )
    return Solution(Status.FEASIBLE, held, placed + staff)


def without_seat(found: Solution, at: int) -> Solution:
    return replace(found, seats=found.seats[:at] + found.seats[at + 1 :])
