"""The truth of the tiniest conferences by trying everything: every timetable, every day of every person, counted."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations, product
from math import prod

from solver import Meeting, Participant, Preset, Problem, Role, Seat, Session, Solution, Status
from tests.solver.oracle import laws
from tests.solver.oracle.counting import lawful, timetable_breaches, values

Day = tuple[Seat, ...]


class TooMany(RuntimeError):
    """More allocations than anybody wants to wait for."""


@dataclass
class Tried:
    """All lawful allocations, by what their goals count (in whole parts, in the preset's order)."""

    preset: Preset
    problem: Problem
    vectors: dict[tuple[int, ...], Solution] = field(default_factory=dict)

    def best(self) -> dict[str, int]:
        """Goal after goal, each with the earlier ones held within their slack; empty where nothing is lawful."""
        left, found = list(self.vectors), {}
        for at, aim in enumerate(laws.aims(self.problem, self.preset)):
            if left:
                reached = (max if aim.maximise else min)(vector[at] for vector in left)
                found[aim.name] = reached
                limit = aim.limit(reached)
                left = [vector for vector in left if aim.keeps(vector[at], limit)]
        return found


def everything(problem: Problem, preset: Preset, most: int = 50_000) -> Tried:
    """Raises TooMany where there are more than `most` allocations to look at."""
    tried = Tried(preset, problem)
    plans = [(meetings, _days(problem, meetings)) for meetings in _timetables(problem, most)]
    if sum(prod(len(days) for days in each) for _, each in plans) > most:
        raise TooMany
    for meetings, each in plans:
        for choice in product(*each):
            found = Solution(Status.FEASIBLE, meetings, tuple(seat for day in choice for seat in day))
            if lawful(problem, found):
                tried.vectors.setdefault(tuple(values(problem, found, preset).values()), found)
    return tried


def _timetables(problem: Problem, most: int) -> Iterator[tuple[Meeting, ...]]:
    options = [list(_runs(problem, session)) for session in problem.sessions]
    if prod(len(each) for each in options) > most:
        raise TooMany
    for choice in product(*options):
        meetings = tuple(meeting for run in choice for meeting in run)
        if not any(True for _ in timetable_breaches(problem, meetings)):
            yield meetings


def _runs(problem: Problem, session: Session) -> Iterator[tuple[Meeting, ...]]:
    """Every way to hold a session: not at all, once, ..., as often as it is offered."""
    single = [
        Meeting(f"{session.id}@{slot.id}", session.id, slot.id, room.id, language=language)
        for slot in problem.slots
        if laws.span(problem, session, slot.id)
        for room in problem.rooms
        for language in laws.speakable(session)
    ]
    for many in range(session.offered + 1):
        for some in combinations(single, many):
            if len({meeting.slot for meeting in some}) == many:
                yield some


def _days(problem: Problem, meetings: tuple[Meeting, ...]) -> list[list[Day]]:
    return [list(_of(problem, meetings, person)) for person in problem.participants]


def _of(problem: Problem, meetings: tuple[Meeting, ...], person: Participant) -> Iterator[Day]:
    """Every day she could have: a subset of the meetings in one of her roles there, never two at a time."""
    options = [[(), *_roles(problem, meeting, person)] for meeting in meetings]
    for choice in product(*options):
        day = tuple(seat for seats in choice for seat in seats)
        if len({seat.slot for seat in day}) == len(day):
            yield day


def _roles(problem: Problem, meeting: Meeting, person: Participant) -> Iterator[Day]:
    session = next(each for each in problem.sessions if each.id == meeting.session)
    times = laws.span(problem, session, meeting.slot)
    ways: list[tuple[Role, str | None]] = [(Role.FACILITATOR, None)] * session.facilitators.count(person.id)
    ways += [(Role.NOTE_TAKER, None)] * session.note_takers.count(person.id)
    voices = [who for who in problem.interpreters if who.participant == person.id]
    ways += [(Role.INTERPRETER, c) for who in voices for c in laws.targets(session, meeting.language, who.pairs)]
    if person.attends and laws.there(person, times):
        ways.append((Role.ATTENDEE, None))
        channels = {c for who in problem.interpreters for c in laws.targets(session, meeting.language, who.pairs)}
        heard = [c for c in sorted(channels) if laws.hears(person, session, meeting.language, c)]
        ways += [(Role.ATTENDEE, channel) for channel in heard]
    for role, channel in ways:
        yield tuple(Seat(person.id, slot, meeting.id, role, channel) for slot in times)
