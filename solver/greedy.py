"""A start in milliseconds: sessions spread over slots and rooms, people by one min-cost flow per slot.

Participant -> meeting -> sink is a min-cost flow, so each slot's assignment is optimal for the wishes that are
left (Ahuja, Magnanti, Orlin, Network Flows, 1993). What a flow cannot say (quotas, interpreters) is not looked at:
the result is a hint, and an answer only where the verifier accepts it.
"""

from collections import Counter, defaultdict

from ortools.graph.python import min_cost_flow

from solver.fitting import admitted, understands
from solver.problem import Meeting, Participant, Problem, Role, Room, Seat, Session

UNPLACED_COST = 10_000
REACHED_MINIMUM = 1_000


def start(problem: Problem) -> tuple[list[Meeting], list[Seat]]:
    """Meetings and seats that follow most rules."""
    meetings = place(problem)
    return meetings, seats(problem, meetings)


def place(problem: Problem) -> list[Meeting]:
    """The wanted sessions get the large rooms; each session spreads over the slots with the most space."""
    meetings: list[Meeting] = []
    taken: set[tuple[str, str]] = set()
    busy: dict[str, set[str]] = defaultdict(set)
    given: Counter[str] = Counter()

    def put(session: Session, slot: str, room: Room) -> None:
        span = problem.span(session.id, slot) or (slot,)
        meetings.append(Meeting(f"{session.id}@{slot}", session.id, slot, room.id))
        taken.update((room.id, each) for each in span)
        for name in (*session.staff, f"session:{session.id}", *(f"session:{c}" for c in session.conflicts)):
            busy[name].update(span)
        given[session.id] += 1

    for fixed in problem.meetings:
        session = problem.session[fixed.session]
        room = problem.room[fixed.room] if fixed.room else _room(problem, session, fixed.slot, taken)
        if room and problem.span(session.id, fixed.slot):
            put(session, fixed.slot, room)
    demand = _demand(problem)
    for session in sorted(problem.sessions, key=lambda s: (-s.duration, -demand[s.id])):
        while given[session.id] < session.offered:
            options = _options(problem, session, taken, busy)
            if not options:
                break
            put(session, *options)
    return meetings


def _demand(problem: Problem) -> Counter[str]:
    demand: Counter[str] = Counter()
    for person in problem.participants:
        demand.update(person.favourites)
        demand.update(session for session, rating in person.ratings.items() if rating > 0)
    return demand


def _options(
    problem: Problem, session: Session, taken: set[tuple[str, str]], busy: dict[str, set[str]]
) -> tuple[str, Room] | None:
    load = Counter(slot for _, slot in taken)
    for slot in sorted(problem.slots, key=lambda slot: load[slot.id]):
        span = problem.span(session.id, slot.id)
        if span is None or (session.slots is not None and not set(span) <= session.slots):
            continue
        there = all(problem.present(problem.participant[id], each) for id in session.staff for each in span)
        if not there or any(busy[name] & set(span) for name in (*session.staff, f"session:{session.id}")):
            continue
        room = _room(problem, session, slot.id, taken)
        if room:
            return slot.id, room
    return None


def _room(problem: Problem, session: Session, slot: str, taken: set[tuple[str, str]]) -> Room | None:
    span = problem.span(session.id, slot) or (slot,)
    free = [
        room
        for room in problem.rooms
        if session.features <= room.features
        and not any((room.id, each) in taken for each in span)
        and (room.slots is None or set(span) <= room.slots)
    ]
    return max(free, key=lambda room: room.capacity or 10**6, default=None)


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
        and understands(person, session.languages)
        and all(problem.present(person, slot) and (person.id, slot) not in busy for slot in span)
    )
