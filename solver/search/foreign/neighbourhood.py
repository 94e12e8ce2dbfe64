"""A few sessions placed anew, the rest of the programme fixed, all people free: a small CP-SAT model.

Attendance is modelled by start: measured, pairs of attendance and start are twice as slow.
"""

from collections import defaultdict
from collections.abc import Callable

from ortools.sat.python import cp_model

from solver.model.cpsat import Effort, Outcome, run
from solver.model.objectives import NATIVE_SCALE
from solver.problem import Session, Status
from solver.search.foreign.programme import Answer, Place, Spot

Literals = list[cp_model.IntVar]


class Neighbourhood:
    """The model in which only `free` sessions move: `at[session, spot]`, `seat[person, session, start]`."""

    def __init__(self, place: Place, base: Answer, free: set[str]):
        self.place, self.problem, self.base, self.free = place, place.problem, base, free
        self.model = cp_model.CpModel()
        self.at: dict[tuple[str, Spot], cp_model.IntVar] = {}
        self.begins: dict[tuple[str, int], Literals] = defaultdict(list)
        self.seat: dict[tuple[str, str, int], cp_model.IntVar] = {}
        self._programme()
        for session in sorted(free):
            _in_order(self, session)
        _people(self)

    def _programme(self) -> None:
        model, busy = self.model, set()
        for session, (t, room) in self.base.programme.items():
            if session not in self.free:
                busy |= {(room, slot) for slot in self.place.span(session, t)}
        rooms: dict[tuple[str, str], Literals] = defaultdict(list)
        for session in sorted(self.free):
            open_ = [spot for spot in self.place.starts[session] if not self._taken(session, spot, busy)]
            for t, room in open_:
                chosen = model.new_bool_var("")
                self.at[session, (t, room)] = chosen
                self.begins[session, t].append(chosen)
                model.add_hint(chosen, self.base.programme.get(session) == (t, room))
                for slot in self.place.span(session, t):
                    rooms[room, slot].append(chosen)
            model.add_exactly_one(self.at[session, spot] for spot in open_)
        for here in rooms.values():
            model.add_at_most_one(here)

    def _taken(self, session: str, spot: Spot, busy: set[tuple[str, str]]) -> bool:
        """Whether this spot collides with what stays where it is."""
        t, room = spot
        span = self.place.span(session, t)
        if any((room, slot) in busy for slot in span):
            return True
        mine = self.problem.session[session]
        for other, (start, _) in self.base.programme.items():
            them = self.problem.session[other]
            if other not in self.free and _collide(mine, t, span, them, start, self.place.span(other, start)):
                return True
        return False

    def starts(self, session: str) -> list[int]:
        if session in self.free:
            return sorted({t for s, t in self.begins if s == session})
        return [self.base.programme[session][0]]

    def solve(self, effort: Effort, stop: Callable[[], bool]) -> Answer | None:
        """The best answer in this neighbourhood, None if there was no time."""
        found = run(self.model, effort, stop)
        return self._answer(found) if found.status.has_answer else None

    def _answer(self, found: Outcome) -> Answer:
        programme = dict(self.base.programme)
        programme |= {session: spot for (session, spot), chosen in self.at.items() if found.true(chosen)}
        attends: dict[str, list[str]] = defaultdict(list)
        for (person, session, _), seat in self.seat.items():
            if found.true(seat):
                attends[session].append(person)
        value = (found.objective or 0.0) / NATIVE_SCALE
        return Answer(value, programme, dict(attends), found.status is Status.OPTIMAL)


def _collide(mine: Session, t: int, span: tuple[str, ...], them: Session, start: int, theirs: tuple[str, ...]) -> bool:
    """Whether two sessions at these starts run at once although they conflict, or in the wrong order."""
    conflict = them.id in mine.conflicts or mine.id in them.conflicts
    early = them.id in mine.after and t < start + len(theirs)
    late = mine.id in them.after and start < t + len(span)
    return (conflict and bool(set(span) & set(theirs))) or early or late


def _in_order(hood: Neighbourhood, session: str) -> None:
    """Conflicts and order between two free sessions."""
    mine, place = hood.problem.session[session], hood.place
    for other in sorted((mine.conflicts | mine.after) & hood.free):
        them = hood.problem.session[other]
        for t in hood.starts(session):
            for u in hood.starts(other):
                if _collide(mine, t, place.span(session, t), them, u, place.span(other, u)):
                    hood.model.add_at_most_one([*hood.begins[session, t], *hood.begins[other, u]])


def _people(hood: Neighbourhood) -> None:
    """Everybody attends what she rated where she can; the ratings are to be as high as possible."""
    model, place = hood.model, hood.place
    here: dict[tuple[str, str], Literals] = defaultdict(list)
    attending = {(person, session) for session, people in hood.base.attends.items() for person in people}
    value = []
    for session, people in place.wanting.items():
        fixed = hood.base.programme.get(session)
        for t in hood.starts(session):
            seats = []
            for person in people:
                if not place.can(person, session, t) or not _reachable(hood, person, session):
                    continue
                seat = hood.seat[person, session, t] = model.new_bool_var("")
                seats.append(seat)
                for slot in place.span(session, t):
                    here[person, slot].append(seat)
                rating = hood.problem.participant[person].ratings.get(session, 0.0)
                value.append(round(rating * NATIVE_SCALE) * seat)
                model.add_hint(seat, (person, session) in attending and fixed is not None and fixed[0] == t)
            _sizes(hood, session, t, seats)
    for group in here.values():
        if len(group) > 1:
            model.add_at_most_one(group)
    _musts(hood)
    model.maximize(sum(value))


def _reachable(hood: Neighbourhood, person: str, session: str) -> bool:
    needs, fixed = hood.problem.participant[person].needs, hood.base.programme.get(session)
    return session in hood.free or fixed is None or needs <= hood.problem.room[fixed[1]].features


def _sizes(hood: Neighbourhood, session: str, t: int, seats: Literals) -> None:
    """Chairs, maximum and minimum, and what those who sit there need."""
    problem, asked = hood.problem, hood.problem.session[session]
    everybody = len(problem.participants)
    most = everybody if asked.maximum is None else asked.maximum

    def chairs(room: str) -> int:
        capacity = problem.room[room].capacity
        return min(most, everybody if capacity is None else capacity)

    if session not in hood.free:
        hood.model.add(sum(seats) <= chairs(hood.base.programme[session][1]))
        hood.model.add(sum(seats) >= asked.minimum)
        return
    rooms = {room.id: hood.at[session, (t, room.id)] for room in problem.rooms if (session, (t, room.id)) in hood.at}
    hood.model.add(sum(seats) <= sum(chairs(room) * chosen for room, chosen in rooms.items()))
    if asked.minimum:
        hood.model.add(sum(seats) >= asked.minimum * sum(rooms.values()))
    for person in hood.place.wanting[session]:
        needs, seat = problem.participant[person].needs, hood.seat.get((person, session, t))
        if needs and seat is not None:
            hood.model.add(seat <= sum(c for room, c in rooms.items() if needs <= problem.room[room].features))


def _musts(hood: Neighbourhood) -> None:
    visits: dict[tuple[str, str], Literals] = defaultdict(list)
    for (person, session, _), seat in hood.seat.items():
        visits[person, session].append(seat)
    for who in hood.problem.participants:
        for session in sorted(who.required):
            hood.model.add(sum(visits[who.id, session]) == 1)
