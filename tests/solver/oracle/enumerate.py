"""The truth of the tiniest conferences by trying everything: every timetable, every day of every person, counted."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations, combinations_with_replacement, product
from math import comb, prod

from solver import Meeting, Participant, Preset, Problem, Role, Seat, Session, Solution, Status
from tests.solver.oracle import laws
from tests.solver.oracle.counting import lawful, timetable_breaches, values
from tests.solver.oracle.exact import Truth

Day = tuple[Seat, ...]


class TooMany(RuntimeError):
    """More allocations than anybody wants to wait for."""


@dataclass
class Tried:
    """All lawful allocations, by what their goals count (in whole parts, in the preset's order).

    It answers the same questions as `Exact`, from the list alone.
    """

    problem: Problem
    preset: Preset
    vectors: dict[tuple[int, ...], Solution] = field(default_factory=dict)

    @cached_property
    def aims(self) -> tuple[laws.Aim, ...]:
        return laws.aims(self.problem, self.preset)

    def truth(self) -> Truth:
        """Goal after goal, each with the earlier ones held within their slack."""
        best: dict[str, int] = {}
        allocation: Solution | None = None
        for aim in self.aims:
            found = self.best(aim.name, self.limits(best))
            if found is None:
                return Truth()
            best[aim.name], allocation = found
        return Truth(best, allocation)

    def limits(self, reached: Mapping[str, int]) -> dict[str, int]:
        return {aim.name: aim.limit(reached[aim.name]) for aim in self.aims if aim.name in reached}

    def best(self, name: str, limits: Mapping[str, int]) -> tuple[int, Solution] | None:
        at = [aim.name for aim in self.aims].index(name)
        left = self._within(limits)
        if not left:
            return None
        top = (max if self.aims[at].maximise else min)(left, key=lambda vector: vector[at])
        return top[at], self.vectors[top]

    def with_value(self, name: str, whole: int, limits: Mapping[str, int]) -> Solution | None:
        at = [aim.name for aim in self.aims].index(name)
        return next((self.vectors[vector] for vector in self._within(limits) if vector[at] == whole), None)

    def _within(self, limits: Mapping[str, int]) -> list[tuple[int, ...]]:
        return [
            vector
            for vector in self.vectors
            if all(
                aim.keeps(value, limits[aim.name])
                for aim, value in zip(self.aims, vector, strict=True)
                if aim.name in limits
            )
        ]


def everything(problem: Problem, preset: Preset, most: int = 50_000) -> Tried:
    """Equal people are counted, not told apart. Raises TooMany where there are more than `most` allocations."""
    tried, crowds = Tried(problem, preset), equal(problem)
    plans = [(m, [list(days_of(problem, m, each[0])) for each in crowds]) for m in _timetables(problem, most)]
    many = sum(prod(comb(len(d) + len(c) - 1, len(c)) for d, c in zip(days, crowds, strict=True)) for _, days in plans)
    if many > most:
        raise TooMany
    for meetings, days in plans:
        each = [combinations_with_replacement(d, len(c)) for d, c in zip(days, crowds, strict=True)]
        for choice in product(*each):
            seats = [
                replace(seat, participant=person.id)
                for crowd, chosen in zip(crowds, choice, strict=True)
                for person, day in zip(crowd, chosen, strict=True)
                for seat in day
            ]
            found = Solution(Status.FEASIBLE, meetings, tuple(seats))
            if lawful(problem, found):
                tried.vectors.setdefault(tuple(values(problem, found, preset).values()), found)
    return tried


def _timetables(problem: Problem, most: int) -> Iterator[tuple[Meeting, ...]]:
    options = [list(runs_of(problem, session)) for session in problem.sessions]
    if prod(len(each) for each in options) > most:
        raise TooMany
    for choice in product(*options):
        meetings = tuple(meeting for run in choice for meeting in run)
        if not any(True for _ in timetable_breaches(problem, meetings)):
            yield meetings


def runs_of(problem: Problem, session: Session) -> Iterator[tuple[Meeting, ...]]:
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


def equal(problem: Problem) -> list[list[Participant]]:
    """People whom no rule and no goal tells apart, together; everybody who is named anywhere is alone."""
    named = {id for session in problem.sessions for id in (*session.facilitators, *session.note_takers)}
    named |= {each.participant for each in (*problem.interpreters, *problem.locks)}
    named |= {id for bond in (*problem.together, *problem.apart) for id in bond}
    named |= {place.participant for place in (problem.previous.places if problem.previous else ())}
    crowds: list[list[Participant]] = []
    for person in problem.participants:
        alike = [c for c in crowds if person.id not in named and replace(c[0], id=person.id) == person]
        alike = [c for c in alike if c[0].id not in named]
        if alike:
            alike[0].append(person)
        else:
            crowds.append([person])
    return crowds


def days_of(problem: Problem, meetings: tuple[Meeting, ...], person: Participant) -> Iterator[Day]:
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
