"""Rules 5 to 7 as rows: rooms, duties, and what people need."""

from solver.bounds.confirmation.columns import Columns, Start
from solver.bounds.confirmation.program import Terms
from solver.problem import Participant, Session


def rooms_hold_one_meeting(x: Columns) -> None:
    """A room holds one meeting at a time, and is free."""
    for slot in x.problem.slots:
        running = x.running(slot.id)
        for at, kind in enumerate(x.kinds):
            here = [x.room[start][at] for start in running]
            if kind.one.slots is not None and slot.id not in kind.one.slots:
                x.program.never(here)
            else:
                x.program.at_most([(1, column) for column in here], kind.many)


def staff_at_their_own(x: Columns) -> None:
    """Who leads or takes notes is there in all slots of her meetings. (That she has one duty at a time is rule 1.)"""
    for start, held in x.held.items():
        staff = x.session(start).staff
        people = [x.problem.participant[id] for id in staff]
        if any(not x.problem.present(person, slot) for person in people for slot in x.span[start]):
            x.program.never([held])


def rooms_and_people_fit(x: Columns) -> None:
    """A room has what its session and everybody in it needs; a session admits whom it is open to."""
    for start in x.held:
        session = x.session(start)
        needed = session.features.union(*(x.problem.participant[id].needs for id in session.staff))
        for kind, column in x.room[start].items():
            if needed - x.kinds[kind].one.features:
                x.program.never([column])
        for crowd, seat in x.attending(start):
            if not _open_to(session, crowd.one):
                x.program.never([seat])
            elif crowd.one.needs:
                x.program.at_most([(1, seat), *_fitting(x, start, crowd.one, -crowd.many)], 0)
    for (id, start, _), column in x.voices.items():
        person = x.problem.participant[id]
        if person.needs:
            x.program.at_most([(1, column), *_fitting(x, start, person, -1)], 0)


def _fitting(x: Columns, start: Start, person: Participant, factor: int) -> Terms:
    return [(factor, column) for kind, column in x.room[start].items() if person.needs <= x.kinds[kind].one.features]


def _open_to(session: Session, person: Participant) -> bool:
    return all(person.attributes.get(name) in values for name, values in session.admits.items())
