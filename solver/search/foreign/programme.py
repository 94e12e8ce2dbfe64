"""A programme of sessions that run once: where each may start, who wants it, and an answer as starts and people.

For conferences whose people attend only what they rated (AKPlanning's).
"""

from collections import defaultdict
from dataclasses import dataclass, field

from solver.judge import scores
from solver.problem import Meeting, Problem, Seat, Session, Solution, Status

Spot = tuple[int, str]
"""Index of the start slot, room."""


def fits(problem: Problem) -> bool:
    """Each session once, people attend what they rated, nothing but rooms, times and sizes to respect."""
    extras = (problem.interpreters, problem.quotas, problem.company, problem.spread, problem.together, problem.apart)
    plain = not any(extras) and not problem.locks and not problem.flexible
    return (
        problem.objective == "native"
        and problem.only_wanted
        and not problem.full_day
        and plain
        and not any(slot.least or slot.most is not None for slot in problem.slots)
        and all(_plain(session) for session in problem.sessions)
    )


def _plain(session: Session) -> bool:
    more = session.staff or session.may_be_cancelled or session.languages or session.admits or session.beside
    return session.offered == 1 and not more


@dataclass
class Place:
    """Where every session may start, and in which rooms, with the people who want it there."""

    problem: Problem
    starts: dict[str, list[Spot]] = field(default_factory=dict)
    wanting: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for session in self.problem.sessions:
            self.starts[session.id] = self._spots(session)
        wanting: dict[str, list[str]] = defaultdict(list)
        for person in self.problem.participants:
            for wanted in sorted(set(person.ratings) | person.required):
                if person.attends and wanted not in person.vetoes:
                    wanting[wanted].append(person.id)
        self.wanting = dict(wanting)

    def _spots(self, session: Session) -> list[Spot]:
        given = next((each for each in self.problem.meetings if each.session == session.id), None)
        return [
            (t, room.id)
            for t, slot in enumerate(self.problem.slots)
            if self._open(session, slot.id) and (given is None or given.slot == slot.id)
            for room in self.problem.rooms
            if session.features <= room.features
            and (room.slots is None or set(self.span(session.id, t)) <= room.slots)
            and (given is None or given.room in (None, room.id))
        ]

    def span(self, session: str, t: int) -> tuple[str, ...]:
        return self.problem.span(session, self.problem.slots[t].id) or ()

    def _open(self, session: Session, slot: str) -> bool:
        span = self.problem.span(session.id, slot)
        return span is not None and (session.slots is None or set(span) <= session.slots)

    def can(self, person: str, session: str, t: int) -> bool:
        who = self.problem.participant[person]
        return all(self.problem.present(who, slot) for slot in self.span(session, t))


@dataclass
class Answer:
    """`programme[session]` is its spot, `attends[session]` who sits in it; `proven`: the best of its neighbourhood."""

    value: float
    programme: dict[str, Spot]
    attends: dict[str, list[str]]
    proven: bool = False

    def solution(self, place: Place) -> Solution:
        meetings, seats = [], []
        for session, (t, room) in self.programme.items():
            meeting = Meeting(f"{session}@{place.problem.slots[t].id}", session, place.problem.slots[t].id, room)
            meetings.append(meeting)
            for person in self.attends.get(session, ()):
                seats += [Seat(person, slot, meeting.id) for slot in place.span(session, t)]
        return Solution(Status.FEASIBLE, tuple(meetings), tuple(seats))


def from_solution(problem: Problem, solution: Solution) -> Answer:
    slot = problem.slot_at
    programme = {m.session: (slot[m.slot], m.room) for m in solution.meetings}
    attends: dict[str, list[str]] = defaultdict(list)
    starts = {meeting.id: meeting for meeting in solution.meetings}
    for seat in solution.seats:
        if starts[seat.meeting].slot == seat.slot:
            attends[starts[seat.meeting].session].append(seat.participant)
    return Answer(scores.native(problem, solution), programme, dict(attends))
