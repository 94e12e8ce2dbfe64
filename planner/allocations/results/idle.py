"""Who interprets between two languages for nobody: plans have such that were made before a rule forbade it."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import func, or_, select

from planner.extensions import db
from planner.models import Assignment, AssignmentRole, Meeting, Participant
from solver import Problem, Violation


@dataclass(frozen=True)
class Idle:
    """Ids of a meeting held in two languages and of its session; the keys of those who interpret there."""

    meeting: str
    session: str
    interpreters: tuple[str, ...]


def idle(runs: Collection[int], problem: Problem) -> dict[int, list[Idle]]:
    """By run its meetings whose listeners all understand the same one of the two languages, as this problem knows them.

    Where the chair of a listener is empty nobody knows.
    """
    if not any(each.two_language for each in problem.sessions):
        return {}
    meetings = defaultdict[tuple[int, int, int, frozenset[str]], dict[str, AssignmentRole]](dict)
    for row in db.session.execute(_between_two(runs)) if runs else ():
        both = frozenset({row.language, row.second_language})
        meetings[row.allocation_id, row.meeting_id, row.session_id, both][row.key] = row.role
    found: dict[int, list[Idle]] = {}
    for (run, meeting, session, both), people in meetings.items():
        working = tuple(sorted(key for key, role in people.items() if role is AssignmentRole.INTERPRETER))
        if working and _on_one_side(problem, people.keys() - working, both):
            found.setdefault(run, []).append(Idle(str(meeting), str(session), working))
    return found


def interprets_for_nobody(broken: Violation) -> bool:
    """Whether that is all that is wrong: everybody understands, and one of the two languages is nobody's alone."""
    return broken.rule == "everybody_understands" and "alone" in broken.facts


def _on_one_side(problem: Problem, listeners: Collection[str], both: frozenset[str]) -> bool:
    if not problem.participant.keys() >= set(listeners):
        return False
    return len({both & problem.participant[key].understood for key in listeners}) == 1


def _between_two(runs: Collection[int]):  # type: ignore[no-untyped-def]
    key = func.coalesce(Participant.key, Assignment.chair).label("key")
    return (
        select(Meeting.allocation_id, Assignment.meeting_id, Meeting.session_id, Assignment.role, key)
        .add_columns(Meeting.language, Meeting.second_language)
        .join(Assignment, Assignment.meeting_id == Meeting.id)
        .outerjoin(Assignment.participant)
        .where(Meeting.allocation_id.in_(runs), Meeting.second_language.is_not(None))
        .where(or_(Assignment.listens_in.is_not(None), Assignment.voices.is_not(None)))
        .order_by(Meeting.id)
    )
