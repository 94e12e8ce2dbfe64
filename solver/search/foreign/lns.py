"""Large neighbourhood search: a few sessions placed anew at a time, the rest of the programme fixed.

For conferences whose people attend only what they rated (AKPlanning's). Each neighbourhood is a small CP-SAT model
with attendance by start, all people free; which sessions go together is chosen by shared wishes, by time, by unmet
demand, or by chance (Shaw, 1998; Pisinger and Ropke, Large Neighborhood Search, 2010).
"""

import random
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field

from ortools.sat.python import cp_model

from solver.judge import scores
from solver.model.objectives import NATIVE_SCALE
from solver.problem import Meeting, Problem, Seat, Session, Solution, Status
from solver.problem.eligibility import working_languages

Spot = tuple[int, str]  # index of the start slot, room


Programme = dict[str, Spot]
FEWEST, MOST = 4, 14


PATIENCE = 4.0
"""Seconds, or deterministic units, for one neighbourhood."""


def fits(problem: Problem) -> bool:
    """Each session once, people attend what they rated, nothing but rooms, times and sizes to respect."""
    extras = (problem.interpreters, problem.quotas, problem.company, problem.spread, problem.together, problem.apart)
    plain = not any(extras) and not problem.locks and not problem.flexible
    return (
        problem.objective == "native"
        and problem.only_wanted
        and not problem.full_day
        and plain
        and all(s.offered == 1 and not s.staff and not s.may_be_cancelled for s in problem.sessions)
    )


@dataclass
class Place:
    """Where every session may start, and in which rooms, with the people who want it there."""

    problem: Problem
    starts: dict[str, list[Spot]] = field(default_factory=dict)
    wanting: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        problem = self.problem
        given = {meeting.session: meeting for meeting in problem.meetings}
        for session in problem.sessions:
            self.starts[session.id] = [
                (t, room.id)
                for t, slot in enumerate(problem.slots)
                if self._open(session, slot.id) and (session.id not in given or given[session.id].slot == slot.id)
                for room in problem.rooms
                if session.features <= room.features
                and (room.slots is None or set(self.span(session.id, t)) <= room.slots)
                and (session.id not in given or given[session.id].room in (None, room.id))
            ]
        wanting: dict[str, list[str]] = defaultdict(list)
        for person in problem.participants:
            for wanted in sorted(set(person.ratings) | person.required):
                if person.attends and wanted not in person.vetoes:
                    wanting[wanted].append(person.id)
        self.wanting = dict(wanting)

    def span(self, session: str, t: int) -> tuple[str, ...]:
        return self.problem.span(session, self.problem.slots[t].id) or ()

    def _open(self, session: Session, slot: str) -> bool:
        span = self.problem.span(session.id, slot)
        return span is not None and (session.slots is None or set(span) <= session.slots)

    def can(self, person: str, session: str, t: int) -> bool:
        who = self.problem.participant[person]
        return all(self.problem.present(who, slot) for slot in self.span(session, t))


@dataclass
class Answer:
    value: float
    programme: Programme
    attends: dict[str, list[str]]
    proven: bool = False

    def solution(self, place: Place) -> Solution:
        meetings, seats = [], []
        for session, (t, room) in self.programme.items():
            slot = place.problem.slots[t].id
            language = working_languages(place.problem.session[session])[0]
            meeting = Meeting(f"{session}@{slot}", session, slot, room, language)
            meetings.append(meeting)
            for person in self.attends.get(session, ()):
                seats += [Seat(person, slot, meeting.id) for slot in place.span(session, t)]
        return Solution(Status.FEASIBLE, tuple(meetings), tuple(seats))


def from_solution(problem: Problem, solution: Solution) -> Answer:
    slot = problem.slot_at
    programme = {m.session: (slot[m.slot], m.room) for m in solution.meetings}
    attends: dict[str, list[str]] = defaultdict(list)
    starts = {meeting.id: meeting for meeting in solution.meetings}
    for seat in solution.seats:
        if starts[seat.meeting].slot == seat.slot:
            attends[starts[seat.meeting].session].append(seat.participant)
    return Answer(scores.native(problem, solution), programme, dict(attends))


class Neighbourhood:
    """The model in which only `free` sessions move."""

    def __init__(self, place: Place, base: Answer, free: set[str]):
        self.place, self.problem, self.base, self.free = place, place.problem, base, free
        self.model = cp_model.CpModel()
        self.at: dict[tuple[str, Spot], cp_model.IntVar] = {}
        self.begins: dict[tuple[str, int], list[cp_model.IntVar]] = defaultdict(list)
        self.seat: dict[tuple[str, str, int], cp_model.IntVar] = {}
        self._programme()
        self._people()

    def _programme(self) -> None:
        model, busy = self.model, set()
        for session, (t, room) in self.base.programme.items():
            if session not in self.free:
                busy |= {(room, slot) for slot in self.place.span(session, t)}
        rooms: dict[tuple[str, str], list[cp_model.IntVar]] = defaultdict(list)
        for session in sorted(self.free):
            options = [s for s in self.place.starts[session] if not self._taken(session, s, busy)]
            for t, room in options:
                chosen = model.new_bool_var("")
                self.at[session, (t, room)] = chosen
                self.begins[session, t].append(chosen)
                model.add_hint(chosen, self.base.programme.get(session) == (t, room))
                for slot in self.place.span(session, t):
                    rooms[room, slot].append(chosen)
            model.add_exactly_one(self.at[session, spot] for spot in options)
        for here in rooms.values():
            model.add_at_most_one(here)
        for session in sorted(self.free):
            self._order(session)

    def _taken(self, session: str, spot: Spot, busy: set[tuple[str, str]]) -> bool:
        t, room = spot
        span = set(self.place.span(session, t))
        if any((room, slot) in busy for slot in span):
            return True
        for other, (start, _) in self.base.programme.items():
            if other in self.free or not self._related(session, other):
                continue
            theirs = self.place.span(other, start)
            mine, them = self.problem.session[session], self.problem.session[other]
            if (other in mine.conflicts or session in them.conflicts) and span & set(theirs):
                return True
            if other in mine.after and t < start + len(theirs):
                return True
            if session in them.after and start < t + len(span):
                return True
        return False

    def _related(self, session: str, other: str) -> bool:
        mine, them = self.problem.session[session], self.problem.session[other]
        return other in mine.conflicts | mine.after or session in them.conflicts | them.after

    def _order(self, session: str) -> None:
        """Conflicts and order between two free sessions."""
        mine = self.problem.session[session]
        for other in sorted((mine.conflicts | mine.after) & self.free):
            for t in range(len(self.problem.slots)):
                for u in range(len(self.problem.slots)):
                    a, b = self.begins.get((session, t)), self.begins.get((other, u))
                    if not a or not b:
                        continue
                    overlap = set(self.place.span(session, t)) & set(self.place.span(other, u))
                    early = other in mine.after and t < u + len(self.place.span(other, u))
                    if (other in mine.conflicts and overlap) or early:
                        self.model.add_at_most_one([*a, *b])

    def _people(self) -> None:
        model = self.model
        here: dict[tuple[str, str], list[cp_model.IntVar]] = defaultdict(list)
        sizes: dict[tuple[str, int], list[cp_model.IntVar]] = defaultdict(list)
        attending = {(person, session) for session, people in self.base.attends.items() for person in people}
        value = []
        for session, people in self.place.wanting.items():
            fixed = self.base.programme.get(session)
            starts = sorted({t for s, t in self.begins if s == session}) if session in self.free else [fixed[0]]  # type: ignore[index]
            for person in people:
                for t in starts:
                    if not self.place.can(person, session, t) or not self._reachable(person, session, fixed):
                        continue
                    seat = self.seat[person, session, t] = model.new_bool_var("")
                    sizes[session, t].append(seat)
                    for slot in self.place.span(session, t):
                        here[person, slot].append(seat)
                    rating = self.problem.participant[person].ratings.get(session, 0.0)
                    value.append(round(rating * NATIVE_SCALE) * seat)
                    model.add_hint(seat, (person, session) in attending and fixed is not None and fixed[0] == t)
        for group in here.values():
            if len(group) > 1:
                model.add_at_most_one(group)
        self._rooms(sizes)
        self._musts()
        model.maximize(sum(value))

    def _reachable(self, person: str, session: str, fixed: Spot | None) -> bool:
        needs = self.problem.participant[person].needs
        return session in self.free or fixed is None or needs <= self.problem.room[fixed[1]].features

    def _rooms(self, sizes: dict[tuple[str, int], list[cp_model.IntVar]]) -> None:
        problem, everybody = self.problem, len(self.problem.participants)
        for (session, t), seats in sizes.items():
            most = problem.session[session].maximum
            least = problem.session[session].minimum
            if session not in self.free:
                capacity = problem.room[self.base.programme[session][1]].capacity
                limit = min(everybody if capacity is None else capacity, everybody if most is None else most)
                if limit < len(seats):
                    self.model.add(sum(seats) <= limit)
                if least:
                    self.model.add(sum(seats) >= least)
                continue
            chairs = []
            for room in problem.rooms:
                chosen = self.at.get((session, (t, room.id)))
                if chosen is not None:
                    limit = everybody if room.capacity is None else room.capacity
                    chairs.append(min(limit, everybody if most is None else most) * chosen)
            self.model.add(sum(seats) <= sum(chairs))
            if least:
                self.model.add(sum(seats) >= least * sum(self.begins[session, t]))
            self._needs(session, t)

    def _needs(self, session: str, t: int) -> None:
        for person in self.place.wanting[session]:
            needs, seat = self.problem.participant[person].needs, self.seat.get((person, session, t))
            if needs and seat is not None:
                fitting = [
                    self.at[session, (t, room.id)]
                    for room in self.problem.rooms
                    if needs <= room.features and (session, (t, room.id)) in self.at
                ]
                self.model.add(seat <= sum(fitting))

    def _musts(self) -> None:
        for person in self.problem.participants:
            for session in sorted(person.required):
                self.model.add(sum(v for (p, s, _), v in self.seat.items() if (p, s) == (person.id, session)) == 1)

    def solve(self, seconds: float, seed: int, fixed: bool, stop: threading.Event) -> Answer | None:
        """The best answer in this neighbourhood, None if there was no time."""
        engine = cp_model.CpSolver()
        engine.parameters.num_workers = 1
        engine.parameters.random_seed = seed
        # The strong linear relaxation is what solves these: 0.3 s instead of more than 8 s for seven free sessions.
        engine.parameters.linearization_level = 2
        engine.parameters.cp_model_probing_level = 0
        if fixed:
            engine.parameters.max_deterministic_time = seconds
        else:
            engine.parameters.max_time_in_seconds = seconds
        done = threading.Event()
        guard = threading.Thread(target=_watch, args=(engine, stop, done), daemon=True)
        guard.start()
        try:
            status = engine.solve(self.model)
        finally:
            done.set()
            guard.join()
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None
        programme = dict(self.base.programme)
        for (session, spot), chosen in self.at.items():
            if engine.boolean_value(chosen):
                programme[session] = spot
        attends: dict[str, list[str]] = defaultdict(list)
        for (person, session, _), seat in self.seat.items():
            if engine.boolean_value(seat):
                attends[session].append(person)
        return Answer(engine.objective_value / NATIVE_SCALE, programme, dict(attends), status == cp_model.OPTIMAL)


def _watch(engine: cp_model.CpSolver, stop: threading.Event, done: threading.Event) -> None:
    while not done.wait(0.1):
        if stop.is_set():
            engine.stop_search()


class Chooser:
    """Which sessions are free next; the number grows where neighbourhoods are solved to the end, and shrinks else."""

    def __init__(self, place: Place, seed: int):
        self.place, self.dice, self.size = place, random.Random(seed), 7.0
        self.movable = sorted(s for s, spots in place.starts.items() if len(spots) > 1)
        self.shared: dict[str, dict[str, int]] = {a: self._with(a) for a in self.movable}

    def _with(self, session: str) -> dict[str, int]:
        mine = set(self.place.wanting.get(session, ()))
        return {other: len(mine & set(self.place.wanting.get(other, ()))) for other in self.movable}

    def next(self, base: Answer) -> set[str]:
        many = min(len(self.movable), max(FEWEST, round(self.size)))
        kind = self.dice.choice((self._related, self._close, self._unmet, self._any))
        return set(kind(base, many))

    def _related(self, base: Answer, many: int) -> list[str]:
        first = self.dice.choice(self.movable)
        return sorted(self.movable, key=lambda s: (-self.shared[first][s] * self.dice.random(), s))[:many]

    def _close(self, base: Answer, many: int) -> list[str]:
        middle = self.dice.randrange(len(self.place.problem.slots))
        return sorted(self.movable, key=lambda s: (abs(base.programme[s][0] - middle) + self.dice.random(), s))[:many]

    def _unmet(self, base: Answer, many: int) -> list[str]:
        def lost(session: str) -> float:
            return (len(self.place.wanting.get(session, ())) - len(base.attends.get(session, ()))) * self.dice.random()

        return sorted(self.movable, key=lambda s: (-lost(s), s))[:many]

    def _any(self, base: Answer, many: int) -> list[str]:
        return self.dice.sample(self.movable, many)

    def learn(self, found: Answer | None, better: bool) -> None:
        if found is None or not found.proven:
            self.size = max(FEWEST, self.size - 0.5)
        elif not better:
            self.size = min(MOST, self.size + 0.15)


def improve(
    problem: Problem,
    start: Solution,
    ended: Callable[[], bool],
    workers: int,
    seed: int,
    on_better: Callable[[Solution], None],
    stop: threading.Event,
    rounds: int | None = None,
    seconds: float = PATIENCE,
) -> Solution:
    """The best solution from `start` on; every better one is told. `rounds` counts where no clock does (one worker)."""
    place, best = Place(problem), from_solution(problem, start)
    chooser, halt = Chooser(place, seed), threading.Event()
    if not chooser.movable:
        return start
    numbers = _numbers(rounds)
    with ThreadPoolExecutor(max(1, workers)) as pool:
        running: dict[Future[Answer | None], Answer] = {}
        for number in numbers:
            while len(running) < max(1, workers):
                hood = Neighbourhood(place, best, chooser.next(best))
                running[pool.submit(hood.solve, seconds, seed + number, rounds is not None, halt)] = best
            done, _ = wait(running, timeout=None if rounds else 0.2, return_when=FIRST_COMPLETED)
            for future in done:
                base, found = running.pop(future), future.result()
                better = found is not None and found.value > best.value + 1e-9
                chooser.learn(found, better)
                # An equal answer is taken too, to wander over plateaus; one from an older base only if better.
                if found is not None and (better or (base is best and found.value > best.value - 1e-9)):
                    best = found
                if better:
                    on_better(best.solution(place))
            if ended() or stop.is_set():
                break
        halt.set()
        for future in running:
            found = future.result()
            if found is not None and found.value > best.value + 1e-9:
                best = found
                on_better(best.solution(place))
    return best.solution(place)


def _numbers(rounds: int | None) -> Iterator[int]:
    number = 0
    while rounds is None or number < rounds:
        yield number
        number += 1
