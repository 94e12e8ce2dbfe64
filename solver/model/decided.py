"""Rules 13 to 15 as constraints: what is decided, vetoes, slots and order."""

from ortools.sat.python import cp_model

from solver.model.variables import Model, Variables
from solver.problem import Problem


def locks_hold(model: Model, problem: Problem, x: Variables) -> None:
    """What is decided already stays: meetings, people's places, musts."""
    for given in problem.meetings:
        start = (given.session, given.slot)
        if start not in x.held:
            model.add_bool_or([])  # it does not fit into the day: no solution
            continue
        model.add(x.held[start] == 1)
        if given.room:
            model.add(x.room[start][given.room] == 1)
        if given.language:
            model.add(x.language[start][given.language] == 1)
    for lock in problem.locks:
        starts = [(lock.session, lock.slot)] if lock.slot else x.starts_of[lock.session]
        there = [literal for start in starts for literal in x.there(lock.participant, start)]
        if lock.never:
            for literal in there:
                model.add(literal == 0)
        else:
            model.add_bool_or(there)
    for person in problem.participants:
        for session in sorted(person.required):
            model.add_bool_or([literal for start in x.starts_of[session] for literal in x.there(person.id, start)])


def vetoes_respected(model: Model, problem: Problem, x: Variables) -> None:
    """Nobody attends what she said is not for her."""
    for person in problem.participants:
        for start, seat in x.seat[person.id].items():
            if start[0] in person.vetoes:
                model.add(seat <= x.allowance(model, "vetoes_respected", x.many(person.id), f"{person.id} {start}"))


def sessions_in_order(model: Model, problem: Problem, x: Variables) -> None:
    """Allowed slots, no conflicting sessions at once, the later one later."""
    _side_by_side(model, problem, x)
    for session in problem.sessions:
        for start in x.starts_of[session.id]:
            span = problem.span(*start) or ()
            if session.slots is not None and not set(span) <= session.slots:
                model.add(x.held[start] == 0)
        for slot in problem.slots:
            own = _running(x, session.id, slot.id)
            if session.duration > 1:
                model.add_at_most_one(own)
            for other in sorted(session.conflicts):
                for mine in own:
                    for theirs in _running(x, other, slot.id):
                        model.add_at_most_one([mine, theirs])
        for other in sorted(session.after):
            _later(model, problem, x, session.id, other)


def _side_by_side(model: Model, problem: Problem, x: Variables) -> None:
    """How many meetings start in a slot, and which sessions go together."""
    for slot in problem.slots:
        number = sum(held for start, held in x.held.items() if start[1] == slot.id)
        if slot.least:
            model.add(number >= slot.least)
        if slot.most is not None:
            model.add(number <= slot.most)
    for session in problem.sessions:
        for other in sorted(session.beside):
            for slot in problem.slots:
                model.add(x.held.get((session.id, slot.id), 0) == x.held.get((other, slot.id), 0))


def _running(x: Variables, session: str, slot: str) -> list[cp_model.IntVar]:
    return [x.held[start] for start in x.covering[slot] if start[0] == session]


def _later(model: Model, problem: Problem, x: Variables, session: str, other: str) -> None:
    for first in x.starts_of[other]:
        last = problem.slot_at[(problem.span(*first) or first[1:])[-1]]
        for start in x.starts_of[session]:
            if problem.slot_at[start[1]] <= last:
                model.add_at_most_one([x.held[first], x.held[start]])
