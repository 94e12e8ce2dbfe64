"""The true lexicographic optimum of a tiny conference by a plain integer model of its own, with an allocation to show.

Every meeting is a yes or no per (session, slot, room) and per working language, every attendance one per (person,
session, slot), every listener's place and every interpreter's work one per channel. Nothing is merged, counted in
classes or left out because it seems impossible: slow, and easy to check against the text of the rules.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from typing import Any

from ortools.sat.python import cp_model

from solver import Interpreter, Meeting, Mode, Participant, Preset, Problem, Role, Seat, Session, Solution, Status
from tests.solver.oracle import laws
from tests.solver.oracle.counting import cost

Start = tuple[str, str]
Linear = Any
SEED = 20_261_124


class Undecided(RuntimeError):
    """The exact model did not come to an end: the instance is too large for it."""


@dataclass(frozen=True)
class Truth:
    """`best` in whole parts per goal, each with the earlier ones held; empty where no allocation is lawful."""

    best: dict[str, int] = field(default_factory=dict)
    allocation: Solution | None = None

    @property
    def feasible(self) -> bool:
        return self.allocation is not None


class Exact:
    """One conference, one preset: questions about what is possible."""

    def __init__(self, problem: Problem, preset: Preset, seconds: float = 60, without: frozenset[str] = frozenset()):
        self.problem, self.preset, self.seconds, self.without = problem, preset, seconds, without
        self.aims = laws.aims(problem, preset)
        self.model = cp_model.CpModel()
        self.paid: list[tuple[Linear, int]] = []
        self._timetable_variables()
        self._people_variables()
        for rule in RULES:
            if rule.__name__.strip("_") not in without:
                rule(self)
        self.goal = {aim.name: GOALS[aim.name](self) for aim in self.aims}

    def truth(self) -> Truth:
        """Goal after goal, each with the earlier ones held within their slack."""
        best: dict[str, int] = {}
        allocation: Solution | None = None
        for aim in self.aims:
            found = self.best(aim.name, self.limits(best))
            if found is None:
                return Truth()
            best[aim.name], allocation = found
        return Truth(best, allocation)

    def limits(self, reached: Mapping[str, int]) -> dict[str, int]:
        return {aim.name: aim.limit(reached[aim.name]) for aim in self.aims if aim.name in reached}

    def best(self, name: str, limits: Mapping[str, int]) -> tuple[int, Solution] | None:
        """The best value of one goal among the allocations that keep these limits; None if there are none."""
        model = self._held(limits)
        aim = next(aim for aim in self.aims if aim.name == name)
        (model.maximize if aim.maximise else model.minimize)(self.goal[name])
        engine = self._solve(model)
        return None if engine is None else (round(engine.objective_value), self._read(engine))

    def with_value(self, name: str, whole: int, limits: Mapping[str, int]) -> Solution | None:
        """An allocation whose goal can be said to have this value; surely none has it where there is none.

        Three goals are only bounded from one side in the model (exceptions, worst-off, even sizes): there an
        allocation may be returned whose true value is better.
        """
        model = self._held(limits)
        model.add(self.goal[name] == whole)
        engine = self._solve(model)
        return None if engine is None else self._read(engine)

    def possible(self) -> bool:
        return self._solve(self.model.clone()) is not None

    def _held(self, limits: Mapping[str, int]) -> cp_model.CpModel:
        model = self.model.clone()
        for aim in self.aims:
            if aim.name in limits:
                held = limits[aim.name]
                model.add(self.goal[aim.name] >= held if aim.maximise else self.goal[aim.name] <= held)
        return model

    def _solve(self, model: cp_model.CpModel) -> cp_model.CpSolver | None:
        engine = cp_model.CpSolver()
        engine.parameters.num_workers = 1
        engine.parameters.random_seed = SEED
        engine.parameters.max_time_in_seconds = self.seconds
        status = engine.solve(model)
        if status == cp_model.INFEASIBLE:
            return None
        if status != cp_model.OPTIMAL and not (status == cp_model.FEASIBLE and not model.has_objective()):
            raise Undecided(engine.status_name(status))
        return engine

    # What may be decided.

    def _timetable_variables(self) -> None:
        model, problem = self.model, self.problem
        self.times: dict[Start, tuple[str, ...]] = {}
        self.of: dict[str, Session] = {session.id: session for session in problem.sessions}
        for session in problem.sessions:
            for slot in problem.slots:
                times = laws.span(problem, session, slot.id)
                if times:
                    self.times[session.id, slot.id] = times
        self.in_room = {(s, r.id): model.new_bool_var(f"{s} in {r.id}") for s in self.times for r in problem.rooms}
        self.held = {s: model.new_bool_var(f"{s} held") for s in self.times}
        self.spoken = {
            (s, language): model.new_bool_var(f"{s} in {language}")
            for s in self.times
            for language in laws.speakable(self.of[s[0]])
        }
        for s, held in self.held.items():
            model.add(sum(self.in_room[s, room.id] for room in problem.rooms) == held)
            model.add(sum(self.spoken[s, language] for language in laws.speakable(self.of[s[0]])) == held)

    def _people_variables(self) -> None:
        model, problem = self.model, self.problem
        self.attends = {
            (p.id, s): model.new_bool_var(f"{p.id} attends {s}") for p in problem.participants for s in self.times
        }
        for (_, s), attends in self.attends.items():
            model.add(attends <= self.held[s])
        self.works: dict[tuple[str, Start, str | None, str], cp_model.IntVar] = {}
        self.listens: dict[tuple[str, Start, str | None, str], cp_model.IntVar] = {}
        for s, language in self.spoken:
            channels = set()
            for who in problem.interpreters:
                for channel in laws.targets(self.of[s[0]], language, who.pairs):
                    channels.add(channel)
                    key = (who.participant, s, language, channel)
                    self.works[key] = model.new_bool_var(f"works {key}")
                    model.add(self.works[key] <= self.spoken[s, language])
            for channel in sorted(channels):
                for person in problem.participants:
                    if laws.hears(person, self.of[s[0]], language, channel):
                        mark = (person.id, s, language, channel)
                        self.listens[mark] = model.new_bool_var(f"listens {mark}")
                        model.add(self.listens[mark] <= self.spoken[s, language])
                        model.add(self.listens[mark] <= self.attends[person.id, s])

    # Words.

    def running(self, slot: str) -> list[Start]:
        return [s for s, times in self.times.items() if slot in times]

    def starts(self, session: str) -> list[Start]:
        return [s for s in self.times if s[0] == session]

    def staff(self, s: Start) -> tuple[str, ...]:
        return (*self.of[s[0]].facilitators, *self.of[s[0]].note_takers)

    def duty(self, person: str, s: Start) -> Linear:
        """How often she sits in this meeting to lead, to take notes or to interpret."""
        return self.staff(s).count(person) * self.held[s] + self.working(person, s)

    def working(self, person: str, s: Start) -> Linear:
        return sum(works for (who, at, *_), works in self.works.items() if (who, at) == (person, s))

    def size(self, s: Start) -> Linear:
        return sum(self.attends[person.id, s] for person in self.problem.participants)

    def of_group(self, s: Start, attribute: str, value: str) -> Linear:
        people = [p.id for p in self.problem.participants if p.attributes.get(attribute) == value]
        return sum(self.attends[id, s] for id in people)

    def price(self, rule: str, most: int, name: str) -> Linear:
        """By how much a flexible rule is broken here."""
        if rule not in self.problem.flexible:
            return 0
        broken = self.model.new_int_var(0, most, f"{rule} {name}")
        self.paid.append((broken, self.problem.flexible[rule]))
        return broken

    @cached_property
    def unplaced(self) -> dict[tuple[str, str], cp_model.IntVar]:
        problem = self.problem
        return {
            (person.id, slot.id): self.model.new_bool_var(f"{person.id} unplaced {slot.id}")
            for person in problem.participants
            for slot in problem.slots
            if problem.full_day and person.attends and laws.there(person, (slot.id,))
        }

    def _read(self, engine: cp_model.CpSolver) -> Solution:
        """The allocation that the engine has found, in the product's own terms."""
        meetings, seats = [], []
        for s, held in self.held.items():
            if not engine.value(held):
                continue
            room = next(r.id for r in self.problem.rooms if engine.value(self.in_room[s, r.id]))
            language = next(key for key in laws.speakable(self.of[s[0]]) if engine.value(self.spoken[s, key]))
            meeting = Meeting(f"{s[0]}@{s[1]}", s[0], s[1], room, language=language)
            meetings.append(meeting)
            for slot in self.times[s]:
                seats += [Seat(id, slot, meeting.id, Role.FACILITATOR) for id in self.of[s[0]].facilitators]
                seats += [Seat(id, slot, meeting.id, Role.NOTE_TAKER) for id in self.of[s[0]].note_takers]
                for (who, at, _, channel), works in self.works.items():
                    if at == s and engine.value(works):
                        seats.append(Seat(who, slot, meeting.id, Role.INTERPRETER, channel))
                for person in self.problem.participants:
                    if engine.value(self.attends[person.id, s]):
                        seats.append(Seat(person.id, slot, meeting.id, listens_in=self._heard(engine, person, s)))
        return Solution(Status.FEASIBLE, tuple(meetings), tuple(seats))

    def _heard(self, engine: cp_model.CpSolver, person: Participant, s: Start) -> str | None:
        return next(
            (
                channel
                for (id, at, _, channel), listens in self.listens.items()
                if (id, at) == (person.id, s) and engine.value(listens)
            ),
            None,
        )


# The rules, each from its sentence.


def one_meeting_per_slot(e: Exact) -> None:
    for person in e.problem.participants:
        for slot in e.problem.slots:
            busy = [e.attends[person.id, s] + e.duty(person.id, s) for s in e.running(slot.id)]
            if (person.id, slot.id) in e.unplaced:
                e.model.add(sum(busy) + e.unplaced[person.id, slot.id] == 1)
                if not e.problem.unplaced_allowed:
                    e.model.add(e.unplaced[person.id, slot.id] == 0)
            else:
                e.model.add(sum(busy) <= 1)
        for s, times in e.times.items():
            if not (person.attends and laws.there(person, times)):
                e.model.add(e.attends[person.id, s] == 0)


def never_the_same_session_twice(e: Exact) -> None:
    for person in e.problem.participants:
        for session in e.problem.sessions:
            e.model.add(sum(e.attends[person.id, s] for s in e.starts(session.id)) <= 1)


def size_at_most(e: Exact) -> None:
    many = len(e.problem.participants)
    for s in e.times:
        inside = e.size(s) + sum(e.duty(person.id, s) for person in e.problem.participants)
        for room in e.problem.rooms:
            if room.capacity is not None:
                e.model.add(inside <= room.capacity).only_enforce_if(e.in_room[s, room.id])
        most = e.of[s[0]].maximum
        if most is not None:
            e.model.add(e.size(s) <= most + e.price("size_at_most", many, f"{s}"))


def size_at_least(e: Exact) -> None:
    for session in e.problem.sessions:
        held = sum(e.held[s] for s in e.starts(session.id))
        e.model.add(held <= session.offered)
        if not session.may_be_cancelled:
            e.model.add(held >= session.offered)
    for s, held in e.held.items():
        least = e.of[s[0]].minimum
        e.model.add(e.size(s) + e.price("size_at_least", least, f"{s}") >= least).only_enforce_if(held)


def rooms_hold_one_meeting(e: Exact) -> None:
    for room in e.problem.rooms:
        for slot in e.problem.slots:
            here = sum(e.in_room[s, room.id] for s in e.running(slot.id))
            e.model.add(here <= (room.slots is None or slot.id in room.slots))


def staff_at_their_own(e: Exact) -> None:
    people = {person.id: person for person in e.problem.participants}
    for s, times in e.times.items():
        if not all(laws.there(people[id], times) for id in e.staff(s)):
            e.model.add(e.held[s] == 0)


def rooms_and_people_fit(e: Exact) -> None:
    for (s, id), used in e.in_room.items():
        room = next(room for room in e.problem.rooms if room.id == id)
        if not e.of[s[0]].features <= room.features:
            e.model.add(used == 0)
        for person in e.problem.participants:
            if not person.needs <= room.features:
                e.model.add(e.attends[person.id, s] + e.duty(person.id, s) + used <= 1)
    for (id, s), attends in e.attends.items():
        person = next(person for person in e.problem.participants if person.id == id)
        if any(person.attributes.get(name) not in values for name, values in e.of[s[0]].admits.items()):
            e.model.add(attends == 0)


def everybody_understands(e: Exact) -> None:
    for s, language in e.spoken:
        session, spoken = e.of[s[0]], e.spoken[s, language]
        for person in e.problem.participants:
            heard = [v for (id, *at, _), v in e.listens.items() if (id, *at) == (person.id, s, language)]
            e.model.add(sum(heard) <= 1)
            if not laws.follows(person, session, language):
                lost = e.price("everybody_understands", 1, f"{person.id} {s} {language}")
                e.model.add(sum(heard) + lost >= e.attends[person.id, s]).only_enforce_if(spoken)
        for channel in sorted({key[3] for key in e.works if key[1:3] == (s, language)}):
            _channel(e, s, language, channel)
            if session.two_language:
                _sides(e, s, channel)
    for who in e.problem.interpreters:
        person = next(person for person in e.problem.participants if person.id == who.participant)
        for s, times in e.times.items():
            e.model.add(e.working(who.participant, s) <= 1)
            if not laws.there(person, times) or not (who.slots is None or set(times) <= who.slots):
                e.model.add(e.working(who.participant, s) == 0)
        if who.most_in_a_row is not None:
            _rests(e, who, who.most_in_a_row)


def _channel(e: Exact, s: Start, language: str | None, channel: str) -> None:
    """Places for whoever listens, somebody listening for each who works, simultaneous interpreters in twos."""
    able = [who for who in e.problem.interpreters if (who.participant, s, language, channel) in e.works]
    works = {who.participant: e.works[who.participant, s, language, channel] for who in able}
    booth = [who for who in able if who.mode is Mode.SIMULTANEOUS]
    single = [who for who in able if who.mode is not Mode.SIMULTANEOUS]
    twos = e.model.new_int_var(0, len(booth), f"twos {s} {language} {channel}")
    e.model.add(2 * twos == sum(works[who.participant] for who in booth))
    largest = max((who.listeners for who in booth), default=0) * len(booth)
    places = e.model.new_int_var(0, largest, f"places {s} {language} {channel}")
    e.model.add(places <= largest * twos)
    for who in booth:
        e.model.add(places <= who.listeners * twos).only_enforce_if(works[who.participant])
    listening = sum(v for key, v in e.listens.items() if key[1:] == (s, language, channel))
    e.model.add(listening <= sum(who.listeners * works[who.participant] for who in single) + places)
    e.model.add(sum(works[who.participant] for who in single) + twos <= listening)


def _sides(e: Exact, s: Start, channel: str) -> None:
    """Who interprets between two languages has a listener who lacks the one, and a listener who lacks the other."""
    people = {person.id: person for person in e.problem.participants}
    heard = {key[0]: v for key, v in e.listens.items() if key[1:] == (s, None, channel)}
    for lacked in e.of[s[0]].languages:
        lost = sum(v for id, v in heard.items() if not laws.understands(people[id], lacked))
        for key, works in e.works.items():
            if key[1:] == (s, None, channel):
                e.model.add(lost >= works)


def _rests(e: Exact, who: Interpreter, most: int) -> None:
    names = [slot.id for slot in e.problem.slots]
    for first in range(len(names) - most):
        row = names[first : first + most + 1]
        busy = [sum(e.working(who.participant, s) for s in e.running(slot)) for slot in row]
        e.model.add(sum(busy) <= most)


def quotas_hold(e: Exact) -> None:
    many = len(e.problem.participants)
    for at, quota in enumerate(e.problem.quotas):
        for s, held in e.held.items():
            if quota.session not in (None, s[0]):
                continue
            count = e.of_group(s, quota.attribute, quota.value)
            broken = e.price("quotas_hold", max(many, quota.minimum), f"{at} {s}")
            e.model.add(count + broken >= quota.minimum).only_enforce_if(held)
            if quota.maximum is not None:
                e.model.add(count - broken <= quota.maximum)


def nobody_isolated(e: Exact) -> None:
    for at, company in enumerate(e.problem.company):
        for s in e.times:
            count = e.of_group(s, company.attribute, company.value)
            some = e.model.new_bool_var(f"some {at} {s}")
            e.model.add(count == 0).only_enforce_if(~some)
            alone = e.price("nobody_isolated", company.least, f"{at} {s}")
            e.model.add(count + alone >= company.least).only_enforce_if(some)


def organisations_spread(e: Exact) -> None:
    for at, spread in enumerate(e.problem.spread):
        values = {p.attributes[spread.attribute] for p in e.problem.participants if spread.attribute in p.attributes}
        for s in e.times:
            for value in sorted(values):
                over = e.price("organisations_spread", len(e.problem.participants), f"{at} {value} {s}")
                e.model.add(e.of_group(s, spread.attribute, value) <= spread.most + over)


def together_or_apart(e: Exact) -> None:
    people = {person.id: person for person in e.problem.participants}
    for s, times in e.times.items():
        for bond in e.problem.together:
            for one in sorted(bond):
                for other in sorted(bond - {one}):
                    if people[other].attends and laws.there(people[other], times):
                        elsewhere = sum(e.duty(other, at) for at in e.running(times[0]))
                        e.model.add(e.attends[one, s] <= e.attends[other, s] + elsewhere)
        for bond in e.problem.apart:
            e.model.add(sum(e.attends[id, s] + e.duty(id, s) for id in sorted(bond)) <= 1)


def locks_hold(e: Exact) -> None:
    for given in e.problem.meetings:
        s = (given.session, given.slot)
        if s not in e.times:
            e.model.add_bool_or([])
            continue
        e.model.add(e.held[s] == 1)
        if given.room is not None:
            e.model.add(e.in_room[s, given.room] == 1)
        if given.language is not None:
            e.model.add(e.spoken[s, given.language] == 1)
    for lock in e.problem.locks:
        starts = [s for s in e.starts(lock.session) if lock.slot in (None, s[1])]
        there = sum(e.attends[lock.participant, s] + e.duty(lock.participant, s) for s in starts)
        e.model.add(there == 0 if lock.never else there >= 1)
    for person in e.problem.participants:
        for session in sorted(person.required):
            e.model.add(sum(e.attends[person.id, s] + e.duty(person.id, s) for s in e.starts(session)) >= 1)
        if e.problem.only_wanted:
            for s in e.times:
                if s[0] not in person.ratings and s[0] not in person.required:
                    e.model.add(e.attends[person.id, s] == 0)


def vetoes_respected(e: Exact) -> None:
    for person in e.problem.participants:
        for s in e.times:
            if s[0] in person.vetoes:
                e.model.add(e.attends[person.id, s] <= e.price("vetoes_respected", 1, f"{person.id} {s}"))


def sessions_in_order(e: Exact) -> None:
    names = [slot.id for slot in e.problem.slots]
    for s, times in e.times.items():
        allowed = e.of[s[0]].slots
        if allowed is not None and not set(times) <= allowed:
            e.model.add(e.held[s] == 0)
    for one, other in combinations(e.times, 2):
        for a, b in ((one, other), (other, one)):
            overlap = bool(set(e.times[a]) & set(e.times[b]))
            clash = overlap and (a[0] == b[0] or b[0] in e.of[a[0]].conflicts)
            early = b[0] in e.of[a[0]].after and names.index(a[1]) <= names.index(e.times[b][-1])
            if clash or early:
                e.model.add(e.held[a] + e.held[b] <= 1)
    for slot in e.problem.slots:
        starting = sum(held for s, held in e.held.items() if s[1] == slot.id)
        e.model.add(starting >= slot.least)
        if slot.most is not None:
            e.model.add(starting <= slot.most)
        for session in e.problem.sessions:
            for other in session.beside:
                e.model.add(e.held.get((session.id, slot.id), 0) == e.held.get((other, slot.id), 0))


Rule = Callable[[Exact], None]
RULES: tuple[Rule, ...] = (
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


# The goals, in whole parts.


def _unplaced(e: Exact) -> Linear:
    return sum(e.unplaced.values())


def _exceptions(e: Exact) -> Linear:
    return sum(price * broken for broken, price in e.paid)


def _got(e: Exact, person: Participant) -> Linear:
    return sum(laws.points(e.problem, person, s[0]) * e.attends[person.id, s] for s in e.times)


def _worst_off(e: Exact) -> Linear:
    total: Linear = 0
    for person in e.problem.participants:
        if person.favourites and person.attends:
            for wanted, cost_of_missing in laws.steps(e.problem, person):
                reached = e.model.new_bool_var(f"{person.id} reaches {wanted}")
                e.model.add(_got(e, person) >= wanted).only_enforce_if(reached)
                total += cost_of_missing * (1 - reached)
    return total


def _wishes(e: Exact) -> Linear:
    return sum(_got(e, person) for person in e.problem.participants if person.favourites)


def _mix(e: Exact) -> Linear:
    parts, total = laws.unit(e.problem, "mix"), 0
    for attribute in e.problem.balance:
        whole = laws.composition(e.problem, attribute)
        everybody = sum(whole.values())
        for s in e.times:
            known = sum(e.of_group(s, attribute, value) for value in whole)
            for value, share in sorted(whole.items()):
                off = e.model.new_int_var(0, everybody * len(e.problem.participants), f"off {attribute} {value} {s}")
                e.model.add_abs_equality(off, everybody * e.of_group(s, attribute, value) - share * known)
                total += parts // everybody * off
    return total


def _encounters(e: Exact) -> Linear:
    total: Linear = 0
    for one, other in combinations([person.id for person in e.problem.participants], 2):
        meets = []
        for s in e.times:
            both = e.model.new_bool_var(f"{one} and {other} in {s}")
            e.model.add_multiplication_equality(both, e.attends[one, s], e.attends[other, s])
            meets.append(both)
        again = e.model.new_int_var(0, len(meets), f"{one} and {other} again")
        e.model.add_max_equality(again, [0, sum(meets) - 1])
        total += again
    return total


def _even_sizes(e: Exact) -> Linear:
    total: Linear = 0
    many = len(e.problem.participants)
    for slot in e.problem.slots:
        uneven = e.model.new_int_var(0, many, f"uneven {slot.id}")
        for one in e.held:
            for other in e.held:
                if one != other and one[1] == other[1] == slot.id:
                    e.model.add(uneven >= e.size(one) - e.size(other)).only_enforce_if(e.held[one], e.held[other])
        total += uneven
    return total


def _stability(e: Exact) -> Linear:
    previous, kept, asked = e.problem.previous, [], 0
    if previous is None:
        return 0
    people = {person.id: person for person in e.problem.participants}
    for place in previous.places:
        person = people.get(place.participant)
        if person and person.attends and laws.there(person, (place.slot,)):
            asked += 1
            kept.append(e.attends.get((person.id, (place.session, place.slot)), 0))
    for given in previous.meetings:
        asked += 1
        kept.append(e.in_room.get(((given.session, given.slot), given.room or ""), 0))
    return asked - sum(kept)


def _native(e: Exact) -> Linear:
    people = {person.id: person for person in e.problem.participants}
    return sum(round(people[id].ratings.get(s[0], 0) * 10**6) * attends for (id, s), attends in e.attends.items())


def _worst_pair(e: Exact) -> Linear:
    people = {person.id: person for person in e.problem.participants}
    costs = {(id, s): cost(e.problem, people[id], s[0]) for id, s in e.attends}
    worst = e.model.new_int_var(0, max(costs.values(), default=0), "worst pair")
    for key, attends in e.attends.items():
        e.model.add(worst >= costs[key] * attends)
    return worst


def _cubes(e: Exact) -> Linear:
    people = {person.id: person for person in e.problem.participants}
    return sum(cost(e.problem, people[id], s[0]) ** 3 * attends for (id, s), attends in e.attends.items())


GOALS: dict[str, Callable[[Exact], Linear]] = {
    "unplaced": _unplaced,
    "exceptions": _exceptions,
    "worst_off": _worst_off,
    "wishes": _wishes,
    "mix": _mix,
    "encounters": _encounters,
    "even_sizes": _even_sizes,
    "stability": _stability,
    "native": _native,
    "worst_pair": _worst_pair,
    "cubes": _cubes,
}
