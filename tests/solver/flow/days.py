"""Days for tests of the flows: seated as the search begins, weights as it takes them."""

from solver import Given, Interpreter, Level, Participant, Problem, Session, Solution
from solver.flow.arrays import Arrays
from solver.flow.day import Day
from solver.flow.solutions import solution_of
from solver.flow.weights import Weights
from solver.search.start import first_timetable
from tests.solver.makers import person, problem
from tests.solver.oracle.counting import breaches


def weights(given: Problem, worst: int | None = None) -> Weights:
    return Weights.of(len(given.participants), max(given.rank_points), worst=worst)


def seated(given: Problem) -> Day:
    """The first day: meetings placed, languages and interpreters chosen, everybody seated."""
    day = Day(first_timetable(Arrays(given)))
    assert day.fill(None, weights(given, worst=0))
    return day


def broken(day: Day) -> set[str]:
    """The rules that a second judge, who shares no code with the solver, finds broken."""
    return {breach.rule for breach in breaches(day.arrays.problem, solution_of(day))}


def speaking(id: str, *languages: str, **changes: object) -> Participant:
    return person(id, languages=dict.fromkeys(languages, Level.SPEAKS), **changes)


def in_languages(
    people: list[Participant],
    *languages: str,
    interpreters: tuple[Interpreter, ...] = (),
    meetings: tuple[Given, ...] = (),
    **session: object,
) -> Problem:
    """One session, in one room of ten and one slot, that may be held in these languages."""
    only = Session("s0", languages=frozenset(languages), **session)  # type: ignore[arg-type]
    base = problem(people=1, sessions=1, rooms=1)
    return Problem(base.slots, base.rooms, (only,), tuple(people), meetings, interpreters)


def channels(found: Solution) -> dict[str, str | None]:
    """Who listens to, or works in, which channel."""
    return {seat.participant: seat.listens_in for seat in found.seats}
