"""Between the model's variables and a solution: what an engine's values mean, and which values a solution has."""

from collections.abc import Callable

from ortools.sat.python import cp_model

from solver.model.variables import Literal, Variables
from solver.problem import Meeting, Problem, Role, Seat, Solution


def read_out(
    problem: Problem, x: Variables, true: Callable[[cp_model.IntVar], bool]
) -> tuple[tuple[Meeting, ...], tuple[Seat, ...]]:
    """The meetings that are held and everybody's seats, one per slot that a meeting takes."""
    meetings: list[Meeting] = []
    seats: list[Seat] = []
    for start, held in x.held.items():
        if not true(held):
            continue
        session, slot = start
        room = next(room for room, used in x.room[start].items() if true(used))
        meeting = Meeting(f"{session}@{slot}", session, slot, room)
        meetings.append(meeting)
        people: list[tuple[str, Role, str | None]] = [
            (id, Role.FACILITATOR, None) for id in problem.session[session].facilitators
        ]
        people += [(id, Role.NOTE_TAKER, None) for id in problem.session[session].note_takers]
        people += [
            (id, Role.INTERPRETER, language)
            for (id, at, language), literal in x.voices.items()
            if at == start and true(literal)
        ]
        listens = {id: language for (id, at, language), literal in x.listens.items() if at == start and true(literal)}
        people += [
            (person.id, Role.ATTENDEE, listens.get(person.id)) for person, seat in x.attendees[start] if true(seat)
        ]
        for each in problem.span(*start) or ():
            seats += [Seat(id, each, meeting.id, role, language) for id, role, language in people]
    return tuple(meetings), tuple(seats)


def values_of(x: Variables, solution: Solution) -> list[tuple[Literal, int]]:
    """What each place's variable is in a solution; the helper variables of rules and goals aside."""
    held = {(m.session, m.slot): m for m in solution.meetings}
    sitting = {(seat.participant, seat.meeting): seat.listens_in for seat in solution.seats}
    found: list[tuple[Literal, bool]] = []
    for start, literal in x.held.items():
        meeting = held.get(start)
        found.append((literal, meeting is not None))
        found += [(used, meeting is not None and meeting.room == room) for room, used in x.room[start].items()]
        for person, seat in x.attendees[start]:
            found.append((seat, meeting is not None and (person.id, meeting.id) in sitting))
    for literals in (x.listens, x.voices):
        for (id, start, language), literal in literals.items():
            meeting = held.get(start)
            found.append((literal, meeting is not None and sitting.get((id, meeting.id)) == language))
    for id, works in x.works.items():
        for start, literal in works.items():
            meeting = held.get(start)
            found.append((literal, meeting is not None and (id, meeting.id) in sitting))
    return [(literal, int(true)) for literal, true in found]
