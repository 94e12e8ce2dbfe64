"""Single changes that an organiser could make to an impossible conference, each with what it costs her."""

from collections.abc import Iterator
from dataclasses import replace

from solver.problem import Problem
from solver.questions.remedies.decided import decided
from solver.questions.remedies.languages import languages
from solver.questions.remedies.option import Option
from solver.questions.remedies.people import bonds, quotas, staff
from solver.questions.remedies.rooms import rooms
from solver.questions.remedies.sessions import sessions

__all__ = ["Option", "options"]


def options(problem: Problem, crowd: dict[str, int] | None = None) -> Iterator[Option]:
    """All changes that are worth a try on this problem, not yet tried.

    `crowd` says for how many people a participant stands, 1 where she is not named. Which of them help, and what each
    leads to, is found out in questions/tried.py.
    """
    yield from decided(problem)
    yield from quotas(problem)
    yield from staff(problem)
    yield from languages(problem)
    yield from rooms(problem, crowd or {})
    yield from sessions(problem)
    yield from bonds(problem)
    if problem.full_day and not problem.unplaced_allowed:
        allowed = Option(
            "unplaced", "one_meeting_per_slot", {}, 10, lambda p: replace(p, unplaced_allowed=True), drops=True
        )
        yield allowed
