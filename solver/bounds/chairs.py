"""How many people sessions and rooms hold at most: in one meeting, in all of a session, side by side in a slot."""

from collections.abc import Callable

from solver.problem import Given, Problem, Session


def largest(problem: Problem, session: Session) -> int:
    """How many people can attend one meeting of a session at most."""
    chairs = [room.capacity for room in problem.rooms if session.features <= room.features]
    limit = len(problem.participants) if None in chairs else max((c for c in chairs if c is not None), default=0)
    return _attending(problem, session, limit)


def most_places(problem: Problem, session: Session) -> int:
    """(person, slot) pairs in all its meetings together."""
    return sum(by_meeting(problem, session)) * session.duration


def by_meeting(problem: Problem, session: Session) -> list[int]:
    """How many people can attend each of its meetings at most: those given with a room have that room's chairs."""
    known = [_in_its_room(problem, session, meeting) for meeting in problem.given[session.id]]
    return known + [largest(problem, session)] * (session.offered - len(known))


def _in_its_room(problem: Problem, session: Session, meeting: Given) -> int:
    if meeting.room is None:
        return largest(problem, session)
    capacity = problem.room[meeting.room].capacity
    return _attending(problem, session, len(problem.participants) if capacity is None else capacity)


def _attending(problem: Problem, session: Session, chairs: int) -> int:
    """Beside those who lead or take notes, and never more than its maximum."""
    most = chairs - len(set(session.staff))
    limit = _maximum(problem, session)
    return max(0, most if limit is None else min(most, limit))


def _maximum(problem: Problem, session: Session) -> int | None:
    return None if "size_at_most" in problem.flexible else session.maximum


def may_run(problem: Problem, session: Session, slot: str) -> bool:
    """Whether a meeting of it can be on then, by its slots and by what is decided."""
    given = problem.given[session.id]
    if len(given) >= session.offered:
        return any(slot in (problem.span(session.id, meeting.slot) or ()) for meeting in given)
    return session.slots is None or slot in session.slots


def chairs(problem: Problem, slot: str, counts: Callable[[Session], bool] = lambda _: True) -> list[int]:
    """At most so many people in each meeting side by side: the largest rooms for the sessions that could run.

    Those who lead or take notes are among them.
    """
    rooms = sorted(
        (
            len(problem.participants) if room.capacity is None else room.capacity
            for room in problem.rooms
            if room.slots is None or slot in room.slots
        ),
        reverse=True,
    )
    held = [s for s in problem.sessions if counts(s) and may_run(problem, s, slot)]
    limits = ((_maximum(problem, session), len(set(session.staff))) for session in held)
    sizes = sorted((10**6 if most is None else most + staff for most, staff in limits), reverse=True)
    return [min(room, most) for room, most in zip(rooms, sizes, strict=False)]


def seats(problem: Problem, slot: str) -> int:
    """At most so many participants side by side: all chairs but those of people who lead without attending."""
    outside = sorted(
        sum(not problem.participant[id].attends for id in set(session.staff))
        for session in problem.sessions
        if may_run(problem, session, slot)
    )
    return sum(max(0, most - away) for most, away in zip(chairs(problem, slot), outside, strict=False))
