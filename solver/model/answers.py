"""Between the model's variables and a solution: what an engine's values mean, and which values a solution has."""

from collections import defaultdict
from collections.abc import Callable

from ortools.sat.python import cp_model

from solver.model.variables import Literal, Start, Variables
from solver.problem import Meeting, Problem, Role, Seat, Solution

True_ = Callable[[cp_model.IntVar], bool]


def read_out(problem: Problem, x: Variables, true: True_) -> tuple[tuple[Meeting, ...], tuple[Seat, ...]]:
    """The meetings that are held and everybody's seats, one per slot that a meeting takes."""
    meetings: list[Meeting] = []
    seats: list[Seat] = []
    working = _by_start(x.voices, true)
    listening = _by_start(x.listens, true)
    for start, held in x.held.items():
        if not true(held):
            continue
        session, slot = start
        room = next(room for room, used in x.room[start].items() if true(used))
        language = next(language for language, spoken in x.language[start].items() if true(spoken))
        meeting = Meeting(f"{session}@{slot}", session, slot, room, language)
        meetings.append(meeting)
        people: list[tuple[str, Role, str | None]] = [
            (id, Role.FACILITATOR, None) for id in problem.session[session].facilitators
        ]
        people += [(id, Role.NOTE_TAKER, None) for id in problem.session[session].note_takers]
        people += [(id, Role.INTERPRETER, channel) for id, channel in working[start]]
        listens = dict(listening[start])
        people += [
            (person.id, Role.ATTENDEE, listens.get(person.id)) for person, seat in x.attendees[start] if true(seat)
        ]
        for each in problem.span(*start) or ():
            seats += [Seat(id, each, meeting.id, role, channel) for id, role, channel in people]
    return tuple(meetings), tuple(seats)


def _by_start(literals: dict[tuple[str, Start, str], Literal], true: True_) -> dict[Start, list[tuple[str, str]]]:
    found: dict[Start, list[tuple[str, str]]] = defaultdict(list)
    for (id, start, channel), literal in literals.items():
        if true(literal):
            found[start].append((id, channel))
    return found


def values_of(x: Variables, solution: Solution) -> list[tuple[Literal, int]]:
    """What each place's variable is in a solution; the helper variables of rules and goals aside.

    A solution that the variables cannot say (a seat that nobody may have, two meetings of a session at once) loses
    what they cannot say: reading the values out again then gives another solution.
    """
    held = {(m.session, m.slot): m for m in solution.meetings}
    attends = {(s.participant, s.meeting): s.listens_in for s in solution.seats if s.role is Role.ATTENDEE}
    works = {(s.participant, s.meeting): s.listens_in for s in solution.seats if s.role is Role.INTERPRETER}
    found: list[tuple[Literal, bool]] = []
    for start, literal in x.held.items():
        meeting = held.get(start)
        found.append((literal, meeting is not None))
        found += [(used, meeting is not None and meeting.room == room) for room, used in x.room[start].items()]
        if len(x.language[start]) > 1:
            spoken = x.language[start].items()
            found += [(true, meeting is not None and meeting.language == language) for language, true in spoken]

    def there(sitting: dict[tuple[str, str], str | None], id: str, start: Start) -> bool:
        return start in held and (id, held[start].id) in sitting

    for sitting, places, channels in ((attends, x.seat, x.listens), (works, x.works, x.voices)):
        for id, starts in places.items():
            found += [(literal, there(sitting, id, start)) for start, literal in starts.items()]
        for (id, start, channel), literal in channels.items():
            found.append((literal, there(sitting, id, start) and sitting[id, held[start].id] == channel))
    return [(literal, int(true)) for literal, true in found]
