"""Rules 5 to 7 as constraints: rooms, duties, and what people need."""

from ortools.sat.python import cp_model

from solver.model.variables import Model, Start, Variables
from solver.problem import Problem
from solver.problem.eligibility import admitted


def rooms_hold_one_meeting(model: Model, problem: Problem, x: Variables) -> None:
    """A room holds one meeting at a time, and is free."""
    for slot in problem.slots:
        # Follows from what is below, but counting it saves the engine a long search.
        free = sum(room.slots is None or slot.id in room.slots for room in problem.rooms)
        if len(x.covering[slot.id]) > free:
            model.add(sum(x.held[start] for start in x.covering[slot.id]) <= free)
    for room in problem.rooms:
        for slot in problem.slots:
            here = [x.room[start][room.id] for start in x.covering[slot.id]]
            if room.slots is not None and slot.id not in room.slots:
                for used in here:
                    model.add(used == 0)
            else:
                model.add_at_most_one(here)


def staff_at_their_own(model: Model, problem: Problem, x: Variables) -> None:
    """Facilitators and note-takers sit in every meeting of their session, there then and nowhere else."""
    for id in sorted({id for session in problem.sessions for id in session.staff}):
        for slot in problem.slots:
            model.add_at_most_one(x.duties(id, slot.id))
            if not problem.present(problem.participant[id], slot.id):
                for leads in x.leading(id, slot.id):
                    model.add(leads == 0)


def rooms_and_people_fit(model: Model, problem: Problem, x: Variables) -> None:
    """A room has what its session and its people need; a session admits whom it is open to."""
    for start in x.held:
        session = x.session(start)
        staff_needs = frozenset().union(*(problem.participant[id].needs for id in session.staff))
        for room, used in x.room[start].items():
            if (session.features | staff_needs) - problem.room[room].features:
                model.add(used == 0)
        helpers = [(problem.participant[id], works[start]) for id, works in x.works.items() if start in works]
        for person, seat in x.attendees[start] + helpers:
            if person.needs:
                model.add(seat <= x.many(person.id) * sum(_fitting(problem, x, start, person.needs)))
        for person, seat in x.attendees[start]:
            if not admitted(session.admits, person):
                model.add(seat == 0)


def _fitting(problem: Problem, x: Variables, start: Start, needs: frozenset[str]) -> list[cp_model.IntVar]:
    return [used for room, used in x.room[start].items() if needs <= problem.room[room].features]
