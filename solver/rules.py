"""Hard constraints, one function each: its docstring is the law; ALL has them in order."""

from collections.abc import Callable

from ortools.sat.python import cp_model

from solver.fitting import admitted, understands
from solver.problem import Mode, Problem
from solver.variables import Linear, Start, Variables

Model = cp_model.CpModel
Rule = Callable[[Model, Problem, Variables], None]


def one_meeting_per_slot(model: Model, problem: Problem, x: Variables) -> None:
    """One meeting in each slot in which somebody is present, none elsewhere."""
    for person in problem.participants:
        seats = x.seat[person.id]
        for slot in problem.slots:
            here = [seats[start] for start in x.covering[slot.id] if start in seats]
            if not problem.present(person, slot.id) or not person.attends:
                for seat in here:
                    model.add(seat == 0)
                continue
            busy = here + x.duties(person.id, slot.id)
            if problem.full_day:
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
        people = size + sum(works[start] for works in x.works.values())
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
    """Facilitators and note-takers sit in every meeting of their session, and are there then."""
    for id in sorted({id for session in problem.sessions for id in session.staff}):
        for slot in problem.slots:
            duties = x.duties(id, slot.id)
            model.add_at_most_one(duties)
            if not problem.present(problem.participant[id], slot.id):
                for duty in duties:
                    model.add(duty == 0)


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


def everybody_understands(model: Model, problem: Problem, x: Variables) -> None:
    """Everybody understands the working language, or listens to an interpreter who is there."""
    for start in x.held:
        for person, seat in x.attendees[start]:
            if not understands(person, x.session(start).languages):
                heard = [x.listens.get((person.id, start, key)) for key in sorted(person.understood)]
                uncovered = x.allowance(model, "everybody_understands", x.many(person.id), f"{person.id} {start}")
                model.add(sum(one for one in heard if one is not None) + uncovered == seat)
    _enough_interpreters(model, problem, x)
    for interpreter in problem.interpreters:
        id = interpreter.participant
        for slot in problem.slots:
            working = [x.works[id][start] for start in x.covering[slot.id]]
            model.add_at_most_one(x.duties(id, slot.id))
            free = interpreter.slots is None or slot.id in interpreter.slots
            if not free or not problem.present(problem.participant[id], slot.id):
                model.add(sum(working) == 0)
        _rest(model, problem, x, id, interpreter.most_in_a_row)


def _enough_interpreters(model: Model, problem: Problem, x: Variables) -> None:
    listeners: dict[tuple[Start, str], list[cp_model.IntVar]] = {}
    for (_, start, language), listens in x.listens.items():
        listeners.setdefault((start, language), []).append(listens)
    for (start, language), people in listeners.items():
        alone = [i for i in problem.interpreters if i.mode is not Mode.SIMULTANEOUS]
        booth = [i for i in problem.interpreters if i.mode is Mode.SIMULTANEOUS]
        places = sum(i.listeners * x.voices.get((i.participant, start, language), 0) for i in alone)
        twos = _twos(model, x, start, language, [i.participant for i in booth])
        model.add(sum(people) <= places + min((i.listeners for i in booth), default=0) * twos)


def _twos(model: Model, x: Variables, start: Start, language: str, booth: list[str]) -> Linear:
    """How many booths are manned: simultaneous interpreters come in twos, never alone."""
    voices = [x.voices[id, start, language] for id in booth if (id, start, language) in x.voices]
    if not voices:
        return 0
    twos = model.new_int_var(0, len(voices) // 2, f"booths {start} {language}")
    model.add(sum(voices) == 2 * twos)
    x.booths.append((twos, voices))
    return twos


def _rest(model: Model, problem: Problem, x: Variables, id: str, most: int | None) -> None:
    if most is None:
        return
    for first in range(len(problem.slots) - most):
        window = problem.slots[first : first + most + 1]
        model.add(sum(x.works[id][start] for slot in window for start in x.covering[slot.id]) <= most)


def quotas_hold(model: Model, problem: Problem, x: Variables) -> None:
    """Each meeting has as many of a group as its quota says."""
    for quota in problem.quotas:
        for start, held in x.held.items():
            if quota.session not in (None, start[0]):
                continue
            count = sum(
                seat for person, seat in x.attendees[start] if person.attributes.get(quota.attribute) == quota.value
            )
            name = f"{quota.attribute} {quota.value} {start}"
            if quota.minimum:
                less = x.allowance(model, "quotas_hold", quota.minimum, name)
                model.add(count >= quota.minimum * held - less)
            if quota.maximum is not None:
                more = x.allowance(model, "quotas_hold", x.people, name)
                model.add(count <= quota.maximum * held + more)


def nobody_isolated(model: Model, problem: Problem, x: Variables) -> None:
    """Of a marked group a meeting has nobody, or enough that nobody is alone."""
    for company in problem.company:
        for start in x.held:
            group = [
                (p.id, seat) for p, seat in x.attendees[start] if p.attributes.get(company.attribute) == company.value
            ]
            there = [seat for _, seat in group]
            if not there:
                continue
            some = model.new_bool_var(f"some {company.value} {start}")
            alone = x.allowance(model, "nobody_isolated", company.least - 1, f"{company.value} {start}")
            for id, seat in group:
                model.add(seat <= x.many(id) * some)
            model.add(sum(there) >= company.least * some - alone)
            x.derived.append((some, tuple(there)))


def organisations_spread(model: Model, problem: Problem, x: Variables) -> None:
    """No meeting has more people of one organisation than agreed."""
    for spread in problem.spread:
        for start in x.held:
            members: dict[str, list[cp_model.IntVar]] = {}
            for person, seat in x.attendees[start]:
                if spread.attribute in person.attributes:
                    members.setdefault(person.attributes[spread.attribute], []).append(seat)
            for value, seats in members.items():
                if len(seats) > spread.most or x.crowd:
                    more = x.allowance(model, "organisations_spread", x.people, f"{value} {start}")
                    model.add(sum(seats) <= spread.most + more)


def together_or_apart(model: Model, problem: Problem, x: Variables) -> None:
    """Who belongs together attends the same meetings, duties aside; who must be apart never meets."""
    for bond in problem.together:
        for one in sorted(bond):
            for start, seat in x.seat[one].items():
                for other in sorted(bond - {one}):
                    if _both_free(problem, x, other, start):
                        theirs = x.seat[other].get(start, 0)
                        model.add(seat <= theirs + sum(x.duties(other, start[1])))
    for bond in problem.apart:
        for start in x.held:
            there = [literal for id in sorted(bond) for literal in _in_any_role(x, id, start)]
            if len(there) > 1:
                model.add_at_most_one(there)


def _both_free(problem: Problem, x: Variables, other: str, start: Start) -> bool:
    person = problem.participant[other]
    return person.attends and all(problem.present(person, slot) for slot in problem.span(*start) or ())


def _in_any_role(x: Variables, participant: str, start: Start) -> list[cp_model.IntVar]:
    if participant in x.session(start).staff:
        return [x.held[start]]
    return [literals[start] for literals in (x.seat[participant], x.works.get(participant, {})) if start in literals]


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
    for lock in problem.locks:
        starts = [(lock.session, lock.slot)] if lock.slot else x.starts_of[lock.session]
        model.add(sum(_there(x, lock.participant, starts)) == (0 if lock.never else 1))
    for person in problem.participants:
        for session in sorted(person.required):
            model.add(sum(_there(x, person.id, x.starts_of[session])) == 1)


def _there(x: Variables, participant: str, starts: list[Start]) -> list[cp_model.IntVar]:
    """The seats that would put her there; as staff she sits in every meeting that is held."""
    seats = x.seat[participant]
    return [
        x.held[start] if participant in x.session(start).staff else seats[start]
        for start in starts
        if start in seats or (start in x.held and participant in x.session(start).staff)
    ]


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


ALL: tuple[Rule, ...] = (
    one_meeting_per_slot,
    never_the_same_session_twice,
    size_at_most,
    size_at_least,
    rooms_hold_one_meeting,
    staff_at_their_own,
    rooms_and_people_fit,
    everybody_understands,
    quotas_hold,
    nobody_isolated,
    organisations_spread,
    together_or_apart,
    locks_hold,
    vetoes_respected,
    sessions_in_order,
)
