"""The decision variables, and the words to reach them."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ortools.sat.python import cp_model

from solver.problem import Participant, Problem, Session
from solver.problem.eligibility import follows_one, tongues, voiced

Model = cp_model.CpModel


Literal = cp_model.IntVar


Linear = Any  # an expression, or the number that an empty sum is


Start = tuple[str, str]  # a session and the slot in which a meeting of it starts


@dataclass
class Variables:
    """`held[start]`, `room[start][room]`, `seat[participant][start]`, `works[interpreter][start]`.

    `listens[participant, start, language]` has a listener's place, `voices[interpreter, start, language]` fills it.
    """

    problem: Problem
    crowd: dict[str, int] = field(default_factory=dict)  # for how many equal people somebody stands, 1 if not named
    held: dict[Start, Literal] = field(default_factory=dict)
    room: dict[Start, dict[str, Literal]] = field(default_factory=dict)
    seat: dict[str, dict[Start, Literal]] = field(default_factory=dict)
    works: dict[str, dict[Start, Literal]] = field(default_factory=dict)
    unplaced: dict[tuple[str, str], Literal] = field(default_factory=dict)
    listens: dict[tuple[str, Start, str], Literal] = field(default_factory=dict)
    voices: dict[tuple[str, Start, str], Literal] = field(default_factory=dict)
    booths: list[tuple[Literal, list[Literal]]] = field(default_factory=list)
    exceptions: list[tuple[Literal, int]] = field(default_factory=list)
    falls_short: list[tuple[Literal, int, Linear]] = field(default_factory=list)
    derived: list[tuple[Literal, tuple[Linear, ...]]] = field(default_factory=list)

    def many(self, participant: str) -> int:
        return self.crowd.get(participant, 1)

    @cached_property
    def people(self) -> int:
        return sum(self.many(person.id) for person in self.problem.participants)

    def count(self, model: cp_model.CpModel, participant: str, name: str) -> Literal:
        """A yes or no for one person, a number for a crowd of equal ones."""
        many = self.many(participant)
        return model.new_bool_var(name) if many == 1 else model.new_int_var(0, many, name)

    def at_least(self, model: cp_model.CpModel, variable: Literal, *bounds: Linear) -> Literal:
        """A helper variable not below any of these; its value in a known answer is their maximum."""
        for bound in bounds:
            model.add(variable >= bound)
        self.derived.append((variable, bounds))
        return variable

    def allowance(self, model: cp_model.CpModel, rule: str, most: int, name: str) -> Linear:
        """By how much this rule may be broken here, at its price; 0 where it is hard."""
        price = self.problem.flexible.get(rule)
        if price is None or most <= 0:
            return 0
        excess = model.new_int_var(0, most, f"{rule} {name}")
        self.exceptions.append((excess, price))
        return excess

    @cached_property
    def covering(self) -> dict[str, list[Start]]:
        """The starts whose meeting is still running in a slot."""
        found: dict[str, list[Start]] = defaultdict(list)
        for start in self.held:
            for slot in self.problem.span(*start) or ():
                found[slot].append(start)
        return found

    @cached_property
    def starts_of(self) -> dict[str, list[Start]]:
        found: dict[str, list[Start]] = defaultdict(list)
        for start in self.held:
            found[start[0]].append(start)
        return found

    @cached_property
    def attendees(self) -> dict[Start, list[tuple[Participant, Literal]]]:
        found: dict[Start, list[tuple[Participant, Literal]]] = {start: [] for start in self.held}
        for id, seats in self.seat.items():
            person = self.problem.participant[id]
            for start, seat in seats.items():
                found[start].append((person, seat))
        return found

    def size(self, start: Start) -> Linear:
        return sum(seat for _, seat in self.attendees[start])

    def session(self, start: Start) -> Session:
        return self.problem.session[start[0]]

    def duties(self, participant: str, slot: str) -> list[Literal]:
        """What else she may be doing in this slot: facilitating, taking notes, interpreting."""
        own = [self.held[s] for s in self.covering[slot] if participant in self.session(s).staff]
        works = self.works.get(participant, {})
        return own + [works[start] for start in self.covering[slot] if start in works]

    def everything(self) -> Iterator[Literal]:
        yield from self.held.values()
        for group in (self.room, self.seat, self.works):
            for inner in group.values():
                yield from inner.values()
        yield from self.unplaced.values()
        yield from self.listens.values()
        yield from self.voices.values()
        yield from (twos for twos, _ in self.booths)
        yield from (excess for excess, _ in self.exceptions)


def create(model: cp_model.CpModel, problem: Problem, crowd: dict[str, int] | None = None) -> Variables:
    """`crowd` lets a participant stand for so many equal ones: numbers then take the place of yes and no."""
    x = Variables(problem, crowd or {})
    for session in problem.sessions:
        for slot in problem.slots:
            if problem.span(session.id, slot.id):
                start = (session.id, slot.id)
                x.held[start] = model.new_bool_var(f"held {start}")
                x.room[start] = {r.id: model.new_bool_var(f"room {start} {r.id}") for r in problem.rooms}
                model.add(sum(x.room[start].values()) == x.held[start])
    for person in problem.participants:
        x.seat[person.id] = {
            start: x.count(model, person.id, f"seat {person.id} {start}")
            for start in x.held
            if _may_attend(problem, person, start[0])
        }
        for start, seat in x.seat[person.id].items():
            if x.many(person.id) == 1:
                model.add_implication(seat, x.held[start])
            else:
                model.add(seat <= x.many(person.id) * x.held[start])
        if problem.full_day and problem.unplaced_allowed and person.attends:
            for slot in problem.slots:
                if problem.present(person, slot.id):
                    name = f"unplaced {person.id} {slot.id}"
                    x.unplaced[person.id, slot.id] = x.count(model, person.id, name)
    _create_interpreting(model, x)
    return x


def _may_attend(problem: Problem, person: Participant, session: str) -> bool:
    if not person.attends or person.id in problem.session[session].staff:
        return False
    return not problem.only_wanted or session in person.ratings or session in person.required


def _create_interpreting(model: cp_model.CpModel, x: Variables) -> None:
    for interpreter in x.problem.interpreters:
        id = interpreter.participant
        x.works[id] = {start: model.new_bool_var(f"works {id} {start}") for start in x.held}
        for start, works in x.works[id].items():
            model.add_implication(works, x.held[start])
            for language in sorted(voiced(interpreter.pairs, x.session(start).languages)):
                x.voices[id, start, language] = model.new_bool_var(f"voices {id} {start} {language}")
            model.add(sum(x.voices.get((id, start, key), 0) for key in tongues(interpreter.pairs)) == works)
    if not x.problem.interpreters:
        return
    for id, seats in x.seat.items():
        person = x.problem.participant[id]
        for start in seats:
            if not follows_one(person, x.session(start).languages):
                for language in sorted(person.understood):
                    name = f"listens {id} {start} {language}"
                    x.listens[id, start, language] = x.count(model, id, name)
