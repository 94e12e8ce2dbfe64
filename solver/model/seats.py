"""Rules 1 to 4 as constraints: one place per slot, nothing twice, sizes."""

from ortools.sat.python import cp_model

from solver.model.variables import Model, Variables
from solver.problem import Problem


def one_meeting_per_slot(model: Model, problem: Problem, x: Variables) -> None:
    """One meeting in each slot in which somebody is present, none elsewhere."""
    for person in problem.participants:
        seats = x.seat[person.id]
        for slot in problem.slots:
            here = [seats[start] for start in x.covering[slot.id] if start in seats]
            busy = here + x.duties(person.id, slot.id)
            there = person.attends and problem.present(person, slot.id)
            if not there:
                for seat in here:
                    model.add(seat == 0)
            if there and problem.full_day:
                gap = x.unplaced.get((person.id, slot.id))
                _exactly(model, busy + ([gap] if gap is not None else []), x.many(person.id))
            else:
                _at_most(model, busy, x.many(person.id))


def _exactly(model: Model, literals: list[cp_model.IntVar], many: int) -> None:
    if many == 1:
        model.add_exactly_one(literals)
    else:
        model.add(sum(literals) == many)


def _at_most(model: Model, literals: list[cp_model.IntVar], many: int) -> None:
    if many == 1:
        model.add_at_most_one(literals)
    else:
        model.add(sum(literals) <= many)


def never_the_same_session_twice(model: Model, problem: Problem, x: Variables) -> None:
    """Nobody attends the same session twice."""
    for id, seats in x.seat.items():
        for session in problem.sessions:
            visits = [seats[start] for start in x.starts_of[session.id] if start in seats]
            if len(visits) > 1:
                _at_most(model, visits, x.many(id))


def size_at_most(model: Model, problem: Problem, x: Variables) -> None:
    """No more attendees than the session takes, no more people than the room has chairs."""
    for start, held in x.held.items():
        session, size = x.session(start), x.size(start)
        if session.maximum is not None:
            more = x.allowance(model, "size_at_most", x.people, f"{start}")
            model.add(size <= session.maximum * held + more)
        people = size + sum(works[start] for works in x.works.values() if start in works)
        chairs = sum((_chairs(x, room) - len(session.staff)) * used for room, used in x.room[start].items())
        model.add(people <= chairs)


def _chairs(x: Variables, room: str) -> int:
    capacity = x.problem.room[room].capacity
    return x.people * 2 if capacity is None else capacity


def size_at_least(model: Model, problem: Problem, x: Variables) -> None:
    """Every meeting reaches its minimum; a session runs as often as offered, or may be cancelled."""
    for session in problem.sessions:
        meetings = sum(x.held[start] for start in x.starts_of[session.id])
        if session.may_be_cancelled:
            model.add(meetings <= session.offered)
        else:
            model.add(meetings == session.offered)
    for start, held in x.held.items():
        minimum = x.session(start).minimum
        if minimum:
            less = x.allowance(model, "size_at_least", minimum, f"{start}")
            model.add(x.size(start) >= minimum * held - less)
