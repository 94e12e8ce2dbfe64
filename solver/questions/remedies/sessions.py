"""Changes to sessions: sizes, how often they run, when, and what their rooms must have."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from solver.problem import Problem, Session
from solver.questions.remedies.option import Option, of_session, of_session_by

MOST_LARGER = 100


def sessions(problem: Problem) -> Iterator[Option]:
    lowest = max((session.minimum for session in problem.sessions), default=0)
    if lowest and len(problem.sessions) > 1:
        lower = partial(_lower, by=lowest)
        yield Option("minimums", "size_at_least", {}, 4, lower, most=lowest, partly=_lower)
    if any(session.maximum is not None for session in problem.sessions):
        larger = partial(_larger, by=MOST_LARGER)
        yield Option("maximums", "size_at_most", {}, 4, larger, most=MOST_LARGER, partly=_larger)
    free = tuple(replace(session, may_be_cancelled=True) for session in problem.sessions)
    yield Option("cancel_some", "size_at_least", {}, 7, lambda p: replace(p, sessions=free))
    for session in problem.sessions:
        yield from _sizes(session)
        yield from _times(session)


def _sizes(session: Session) -> Iterator[Option]:
    name = session.id
    if session.minimum:
        less = of_session_by(name, lambda s, by: replace(s, minimum=s.minimum - by))
        nobody = of_session(name, lambda s: replace(s, minimum=0))
        facts = {"session": name, "minimum": session.minimum}
        yield Option("minimum", "size_at_least", facts, 2, nobody, True, session.minimum, less)
    if session.maximum is not None:
        unbounded = of_session(name, lambda s: replace(s, maximum=None))
        facts = {"session": name, "maximum": session.maximum}
        yield Option("maximum", "size_at_most", facts, 3, unbounded, drops=True)


def _times(session: Session) -> Iterator[Option]:
    name, facts = session.id, {"session": session.id}
    if not session.may_be_cancelled:
        cancelled = of_session(name, lambda s: replace(s, may_be_cancelled=True))
        yield Option("cancel", "size_at_least", facts, 5, cancelled, drops=True)
    if session.offered > 1:
        once_less = of_session(name, lambda s: replace(s, offered=s.offered - 1))
        yield Option("offered", "size_at_least", {**facts, "offered": session.offered}, 3, once_less)
    if session.slots is not None or session.conflicts or session.after or session.beside:
        none: frozenset[str] = frozenset()
        any_time = of_session(name, lambda s: replace(s, slots=None, conflicts=none, after=none, beside=none))
        yield Option("order", "sessions_in_order", facts, 2, any_time, drops=True)
    if session.features:
        plain = of_session(name, lambda s: replace(s, features=frozenset()))
        wanted = {**facts, "features": sorted(session.features)}
        yield Option("session_feature", "rooms_and_people_fit", wanted, 3, plain, drops=True)


def _lower(problem: Problem, by: int) -> Problem:
    return replace(problem, sessions=tuple(replace(s, minimum=max(0, s.minimum - by)) for s in problem.sessions))


def _larger(problem: Problem, by: int) -> Problem:
    grown = tuple(replace(s, maximum=None if s.maximum is None else s.maximum + by) for s in problem.sessions)
    return replace(problem, sessions=grown)
