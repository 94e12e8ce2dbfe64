"""A start in milliseconds: sessions spread over slots and rooms, people by one min-cost flow per slot.

Participant -> meeting -> sink is a min-cost flow, so each slot's assignment is optimal for the wishes that are
left (Ahuja, Magnanti, Orlin, Network Flows, 1993). What a flow cannot say (quotas, interpreters) is not looked at:
the result is a hint, and an answer only where the verifier accepts it.
"""

from collections import Counter, defaultdict

from ortools.graph.python import min_cost_flow

from solver.flow.arrays import Arrays
from solver.flow.languages import as_most_wished, with_languages
from solver.flow.order import Order
from solver.flow.rooms import Kind, size
from solver.flow.timetable import Timetable
from solver.problem import Meeting, Participant, Problem, Role, Room, Seat, Session
from solver.problem.eligibility import admitted, understands

UNPLACED_COST = 10_000
REACHED_MINIMUM = 1_000


def first_answer(problem: Problem) -> tuple[list[Meeting], list[Seat]]:
    """Meetings and seats that follow most rules; nobody interprets."""
    meetings = list(as_most_wished(Timetable(Arrays(problem), tuple(place(problem)))).meetings)
    return meetings, seats(problem, meetings)


def first_timetable(arrays: Arrays) -> Timetable:
    """Sessions in slots and rooms, each meeting in a language by demand, interpreters where they help most."""
    return with_languages(Timetable(arrays, tuple(place(arrays.problem))))


def place(problem: Problem, attempts: int = 30) -> list[Meeting]:
    """The wanted sessions get the large rooms; each session spreads over the slots with the most space.

    What found no place goes first in the next attempt (squeaky wheel optimization, Joslin and Clements, 1999).
    """
    demand, urgent = _demand(problem), Counter[str]()
    best: _Plan | None = None
    for _ in range(attempts):
        plan = _Plan(problem)
        plan.put_given()
        for session in sorted(problem.sessions, key=lambda s: (-urgent[s.id], -s.duration, -demand[s.id])):
            while plan.given[session.id] < session.offered and (options := plan.option(session)):
                plan.put(session, *options)
        if best is None or len(plan.meetings) > len(best.meetings):
            best = plan
        missing = [s.id for s in problem.sessions if plan.given[s.id] < s.offered and not s.may_be_cancelled]
        if not missing:
            return plan.meetings
        urgent.update(missing)
    return best.meetings if best else []


def kind_of(room: Room) -> Kind:
    return room.capacity, room.features


def _demand(problem: Problem) -> Counter[str]:
    demand: Counter[str] = Counter()
    for person in problem.participants:
        demand.update(person.favourites)
        demand.update(session for session, rating in person.ratings.items() if rating > 0)
    return demand


class _Plan:
    """Meetings placed so far, and the rooms that are left in each slot by kind, the largest first."""

    def __init__(self, problem: Problem):
        self.problem = problem
        self.meetings: list[Meeting] = []
        self.given: Counter[str] = Counter()
        self.load: Counter[str] = Counter()
        self.starts: Counter[str] = Counter()
        self.busy: dict[str, set[str]] = defaultdict(set)
        large = sorted(problem.rooms, key=lambda room: -size(room.capacity))
        self.free: dict[str, dict[Kind, dict[str, Room]]] = {}
        for slot in problem.slots:
            kinds = self.free[slot.id] = {kind_of(room): {} for room in large}
            for room in large:
                if room.slots is None or slot.id in room.slots:
                    kinds[kind_of(room)][room.id] = room
        self.needed: dict[str, Counter[frozenset[str]]] = defaultdict(Counter)
        for person in problem.participants:
            for wanted in (*person.favourites, *person.ratings) if person.needs else ():
                self.needed[wanted][person.needs] += 1
        self.served: dict[str, set[frozenset[str]]] = defaultdict(set)
        self.order = Order(problem)

    def put_given(self) -> None:
        for fixed in sorted(self.problem.meetings, key=lambda given: given.room is None):
            session = self.problem.session[fixed.session]
            room = self.problem.room[fixed.room] if fixed.room else self.room(session, fixed.slot)
            if room and self.problem.span(session.id, fixed.slot):
                self.put(session, fixed.slot, room)

    def put(self, session: Session, slot: str, room: Room) -> None:
        span = self.problem.span(session.id, slot) or (slot,)
        self.starts[slot] += 1
        self.meetings.append(Meeting(f"{session.id}@{slot}", session.id, slot, room.id))
        for each in span:
            self.free[each][kind_of(room)].pop(room.id, None)
            self.load[each] += 1
        for name in (*session.staff, f"session:{session.id}", *(f"session:{c}" for c in session.conflicts)):
            self.busy[name].update(span)
        self.given[session.id] += 1
        self.served[session.id] |= {needs for needs in self.needed[session.id] if needs <= room.features}

    def option(self, session: Session) -> tuple[str, Room] | None:
        """A slot and a room for one more meeting of this session."""
        names = (*session.staff, f"session:{session.id}")
        for slot in sorted(self.problem.slots, key=lambda slot: self.load[slot.id]):
            span = self.problem.span(session.id, slot.id)
            full = slot.most is not None and self.starts[slot.id] >= slot.most
            if full or span is None or (session.slots is not None and not set(span) <= session.slots):
                continue
            people = [self.problem.participant[id] for id in session.staff]
            there = all(self.problem.present(person, each) for person in people for each in span)
            clash = any(self.busy[name] & set(span) for name in names)
            if not there or clash or not self.order.keeps(self.meetings, session, slot.id):
                continue
            room = self.room(session, slot.id)
            if room:
                return slot.id, room
        return None

    def room(self, session: Session, slot: str) -> Room | None:
        """As large as it is useful; then one that serves needs not served yet; then one with nothing to spare."""
        features = session.features.union(*(self.problem.participant[id].needs for id in session.staff))
        useful = size(None if session.maximum is None else session.maximum + len(session.staff))
        fewest = len(session.staff) + (0 if "size_at_least" in self.problem.flexible else session.minimum)
        open_needs = {needs: n for needs, n in self.needed[session.id].items() if needs not in self.served[session.id]}
        best: tuple[tuple[float, int, int], Room] | None = None
        for kind, rooms in self.free[slot].items():
            chairs = min(size(kind[0]), useful)
            if best and chairs < best[0][0]:
                break
            room = self._free_throughout(kind, rooms, session, slot) if features <= kind[1] else None
            if room and chairs >= fewest:
                serves = sum(n for needs, n in open_needs.items() if needs <= kind[1])
                score = (chairs, serves, -len(kind[1]))
                if best is None or score > best[0]:
                    best = score, room
        return best[1] if best else None

    def _free_throughout(self, kind: Kind, rooms: dict[str, Room], session: Session, slot: str) -> Room | None:
        later = (self.problem.span(session.id, slot) or (slot,))[1:]
        return next((room for id, room in rooms.items() if all(id in self.free[each][kind] for each in later)), None)


def seats(problem: Problem, meetings: list[Meeting]) -> list[Seat]:
    """Staff first, then everybody else, slot by slot, each slot at its cheapest."""
    found = [
        Seat(id, slot, meeting.id, role)
        for meeting in meetings
        for slot in problem.span(meeting.session, meeting.slot) or ()
        for ids, role in (
            (problem.session[meeting.session].facilitators, Role.FACILITATOR),
            (problem.session[meeting.session].note_takers, Role.NOTE_TAKER),
        )
        for id in ids
    ]
    busy = {(seat.participant, seat.slot) for seat in found}
    visited: set[tuple[str, str]] = set()
    for slot in problem.slots:
        here = [meeting for meeting in meetings if meeting.slot == slot.id]
        for person, meeting in _flow(problem, slot.id, here, busy, visited):
            visited.add((person, meeting.session))
            for each in problem.span(meeting.session, meeting.slot) or ():
                found.append(Seat(person, each, meeting.id))
                busy.add((person, each))
    return found


def _flow(
    problem: Problem,
    slot: str,
    meetings: list[Meeting],
    busy: set[tuple[str, str]],
    visited: set[tuple[str, str]],
) -> list[tuple[str, Meeting]]:
    people = [p for p in problem.participants if p.attends and problem.present(p, slot) and (p.id, slot) not in busy]
    flow = min_cost_flow.SimpleMinCostFlow()
    sink, first = len(people) + len(meetings), len(people)
    arcs: dict[int, tuple[str, Meeting]] = {}
    for at, person in enumerate(people):
        for to, meeting in enumerate(meetings):
            if (person.id, meeting.session) not in visited and _may_sit(problem, person, meeting, busy):
                cost = -round(_worth(problem, person, meeting.session))
                arcs[flow.add_arc_with_capacity_and_unit_cost(at, first + to, 1, cost)] = (person.id, meeting)
        flow.add_arc_with_capacity_and_unit_cost(at, sink, 1, UNPLACED_COST if problem.full_day else 0)
        flow.set_node_supply(at, 1)
    for to, meeting in enumerate(meetings):
        session, room = problem.session[meeting.session], problem.room[meeting.room]
        chairs = len(people) if room.capacity is None else room.capacity - len(session.staff)
        most = max(0, min(chairs, len(people) if session.maximum is None else session.maximum))
        least = min(session.minimum, most)
        # A minimum that cannot be met only costs: the flow is never infeasible, it tells what is missing.
        flow.add_arc_with_capacity_and_unit_cost(first + to, sink, least, -REACHED_MINIMUM)
        flow.add_arc_with_capacity_and_unit_cost(first + to, sink, most - least, 0)
    flow.set_node_supply(sink, -len(people))
    if not people or flow.solve() != flow.OPTIMAL:
        return []
    return [place for arc, place in arcs.items() if flow.flow(arc)]


def _worth(problem: Problem, person: Participant, session: str) -> float:
    if problem.objective == "native":
        return person.ratings.get(session, 0) * 1000 + (100_000 if session in person.required else 0)
    return problem.points(person, session) if person.favourites else 0


def _may_sit(problem: Problem, person: Participant, meeting: Meeting, busy: set[tuple[str, str]]) -> bool:
    session, room = problem.session[meeting.session], problem.room[meeting.room]
    span = problem.span(meeting.session, meeting.slot) or ()
    wanted = not problem.only_wanted or session.id in person.ratings or session.id in person.required
    return (
        wanted
        and session.id not in person.vetoes
        and person.id not in session.staff
        and person.needs <= room.features
        and admitted(session.admits, person)
        and understands(person, session, meeting.language)
        and all(problem.present(person, slot) and (person.id, slot) not in busy for slot in span)
    )
