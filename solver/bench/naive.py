"""The naive model to compare with: CP-SAT with its defaults on x[p,s,r], as one would write it first.

Its own code, so that the comparison is with what others write and not with our model: the families' rules (sizes,
rooms, needs, languages, quotas, duties, nothing twice), wishes as the objective, everybody placed at a high price.
"""

import time
from itertools import product

from ortools.sat.python import cp_model

from solver.bench.baselines import Baseline
from solver.problem import Problem, Session

Seats = dict[tuple[str, str, str], cp_model.IntVar]
"""By participant, session and slot."""
Meetings = dict[tuple[str, str], dict[str, cp_model.IntVar]]
"""By session and slot, then by room: whether it is held there."""
MISSING = 10_000
"""Points that a missing place costs."""


def naive(problem: Problem, seconds: float, workers: int = 2) -> Baseline:
    """Wishes that the naive model reaches in so many seconds, the building of the model included."""
    began = time.monotonic()
    model = cp_model.CpModel()
    held = _meetings(model, problem)
    seats = _seats(model, problem, held)
    missing = _people(model, problem, held, seats)
    _sizes(model, problem, held, seats)
    wishes = sum(
        problem.points(problem.participant[who], session) * seat
        for (who, session, _), seat in seats.items()
        if problem.participant[who].favourites
    )
    model.maximize(wishes - MISSING * sum(missing))
    engine = cp_model.CpSolver()
    engine.parameters.num_workers = workers
    engine.parameters.max_time_in_seconds = max(1.0, seconds - (time.monotonic() - began))
    found = engine.solve(model) in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    value = float(engine.value(wishes)) if found else None
    return Baseline("naive", value, engine.best_objective_bound if found else None, time.monotonic() - began)


def _meetings(model: cp_model.CpModel, problem: Problem) -> Meetings:
    held: Meetings = {
        (session.id, slot.id): {
            room.id: model.new_bool_var("")
            for room in problem.rooms
            if session.features <= room.features and (room.slots is None or slot.id in room.slots)
        }
        for session, slot in product(problem.sessions, problem.slots)
    }
    for session in problem.sessions:
        rooms = [room for slot in problem.slots for room in held[session.id, slot.id].values()]
        model.add(sum(rooms) == session.offered)
        for slot in problem.slots:
            model.add_at_most_one(held[session.id, slot.id].values())
    for slot, room in product(problem.slots, problem.rooms):
        model.add_at_most_one(held[s.id, slot.id][room.id] for s in problem.sessions if room.id in held[s.id, slot.id])
    return held


def _seats(model: cp_model.CpModel, problem: Problem, held: Meetings) -> Seats:
    found: Seats = {}
    for person, session in product(problem.participants, problem.sessions):
        if not person.attends or person.id in session.staff or not session.languages <= person.understood:
            continue
        for slot in problem.slots:
            if problem.present(person, slot.id):
                seat = found[person.id, session.id, slot.id] = model.new_bool_var("")
                fitting = [
                    room for id, room in held[session.id, slot.id].items() if person.needs <= problem.room[id].features
                ]
                model.add(seat <= sum(fitting))
    return found


def _people(model: cp_model.CpModel, problem: Problem, held: Meetings, seats: Seats) -> list[cp_model.IntVar]:
    """One place in each slot, or a missing one; no session twice. Returns the missing ones."""
    missing = []
    for person in problem.participants:
        if not person.attends:
            continue
        leads = [session for session in problem.sessions if person.id in session.staff]
        for slot in problem.slots:
            if problem.present(person, slot.id):
                gap = model.new_bool_var("")
                missing.append(gap)
                duties = [room for session in leads for room in held[session.id, slot.id].values()]
                here = [seats.get((person.id, session.id, slot.id)) for session in problem.sessions]
                model.add_exactly_one([gap, *duties, *(seat for seat in here if seat is not None)])
        for session in problem.sessions:
            visits = [seats.get((person.id, session.id, slot.id)) for slot in problem.slots]
            model.add_at_most_one(seat for seat in visits if seat is not None)
    return missing


def _sizes(model: cp_model.CpModel, problem: Problem, held: Meetings, seats: Seats) -> None:
    """Minimum, maximum, chairs and quotas of every meeting."""
    inside: dict[tuple[str, str], list[tuple[str, cp_model.IntVar]]] = {key: [] for key in held}
    for (who, name, slot), seat in seats.items():
        inside[name, slot].append((who, seat))
    for key, rooms in held.items():
        session, here = problem.session[key[0]], inside[key]
        size = sum(seat for _, seat in here)
        model.add(size >= session.minimum * sum(rooms.values()))
        model.add(size <= sum(_most(problem, session, room) * used for room, used in rooms.items()))
        for quota in problem.quotas:
            group = [
                seat for who, seat in here if problem.participant[who].attributes.get(quota.attribute) == quota.value
            ]
            if quota.maximum is not None:
                model.add(sum(group) <= quota.maximum)


def _most(problem: Problem, session: Session, room: str) -> int:
    capacity = problem.room[room].capacity
    chairs = len(problem.participants) if capacity is None else capacity - len(session.staff)
    return chairs if session.maximum is None else min(chairs, session.maximum)
