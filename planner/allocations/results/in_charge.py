"""Who leads or takes notes in a meeting without understanding what is spoken there: allowed, but not unnoticed."""

from collections.abc import Iterator
from dataclasses import dataclass

from solver import Problem, Role, Solution


@dataclass(frozen=True)
class Lost:
    """Ids of a person, her session and the round; her role there, and the languages of the meeting."""

    participant: str
    session: str
    slot: str
    role: Role
    languages: tuple[str, ...]


def lost_in_charge(problem: Problem, solution: Solution) -> list[Lost]:
    """In the order of the rounds; who has said nothing about languages is not presumed to understand none."""
    order = {slot.id: at for at, slot in enumerate(problem.slots)}
    return sorted(_lost(problem, solution), key=lambda each: (order[each.slot], each.session, each.participant))


def _lost(problem: Problem, solution: Solution) -> Iterator[Lost]:
    meetings = {meeting.id: meeting for meeting in solution.meetings}
    for seat in solution.seats:
        meeting = meetings[seat.meeting]
        session, person = problem.session[meeting.session], problem.participant.get(seat.participant)
        both = session.languages if session.two_language else frozenset[str]()
        spoken = both if meeting.language is None else {meeting.language}
        in_charge = seat.role in {Role.FACILITATOR, Role.NOTE_TAKER}
        if person and in_charge and spoken and person.languages and not person.understood & spoken:
            yield Lost(person.id, session.id, seat.slot, seat.role, tuple(sorted(spoken)))
