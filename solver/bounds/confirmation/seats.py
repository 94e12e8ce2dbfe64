"""Rules 1 to 4 as rows: one place per slot, nothing twice, sizes."""

from solver.bounds.confirmation.columns import Columns
from solver.bounds.confirmation.program import Terms


def one_meeting_per_slot(x: Columns) -> None:
    """One meeting in each slot in which somebody is present, none elsewhere."""
    problem = x.problem
    for slot in problem.slots:
        running = x.running(slot.id)
        for crowd, seats in zip(x.crowds, x.seat, strict=True):
            here = [(1, seats[start]) for start in running if start in seats]
            there = crowd.one.attends and problem.present(crowd.one, slot.id)
            if not there:
                x.program.never(column for _, column in here)
            duties: Terms = []
            if crowd.many == 1:
                duties = [term for start in running for term in x.duty(crowd.one.id, start)]
            if there and problem.full_day and not problem.unplaced_allowed:
                x.program.equal(here + duties, crowd.many)
            elif here or duties:
                x.program.at_most(here + duties, crowd.many)


def never_the_same_session_twice(x: Columns) -> None:
    """Nobody attends the same session twice."""
    for session in x.problem.sessions:
        starts = x.starts(session.id)
        for crowd, seats in zip(x.crowds, x.seat, strict=True):
            visits = [(1, seats[start]) for start in starts if start in seats]
            if len(visits) > 1:
                x.program.at_most(visits, crowd.many)


def size_at_most(x: Columns) -> None:
    """No more attendees than the session takes (at a price more), no more people than the room has chairs."""
    unbounded = sum(crowd.many for crowd in x.crowds) * 2
    for start, held in x.held.items():
        session = x.session(start)
        size: Terms = [(1, seat) for _, seat in x.attending(start)]
        if session.maximum is not None and not x.soft("size_at_most"):
            x.program.at_most([*size, (-session.maximum, held)], 0)
        others: Terms = [(1, column) for _, _, column in x.at_work[start]]
        rooms = [(-_chairs(x, kind, unbounded), column) for kind, column in x.room[start].items()]
        x.program.at_most([*size, *others, (len(session.staff), held), *rooms], 0)


def _chairs(x: Columns, kind: int, unbounded: int) -> int:
    capacity = x.kinds[kind].one.capacity
    return unbounded if capacity is None else capacity


def size_at_least(x: Columns) -> None:
    """Every meeting reaches its minimum (at a price less); a session runs as often as offered, or may be cancelled."""
    for session in x.problem.sessions:
        held: Terms = [(1, x.held[start]) for start in x.starts(session.id)]
        x.program.at_most(held, session.offered)
        if not session.may_be_cancelled:
            x.program.at_least(held, session.offered)
    for start, column in x.held.items():
        minimum = x.session(start).minimum
        if minimum and not x.soft("size_at_least"):
            x.program.at_least([(1, seat) for _, seat in x.attending(start)] + [(-minimum, column)], 0)
