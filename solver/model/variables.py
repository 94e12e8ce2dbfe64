"""The decision variables, and the words to reach them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ortools.sat.python import cp_model

from solver.problem import Interpreter, Participant, Problem, Session
from solver.problem.eligibility import channels, may_listen, working_languages

Model = cp_model.CpModel


Literal = cp_model.IntVar


Linear = Any  # an expression, or the number that an empty sum is


Start = tuple[str, str]  # a session and the slot in which a meeting of it starts


Opening = tuple[str | None, str]  # a working language, and a channel that a meeting held in it can have


@dataclass
class Variables:
    """`held[start]`, `room[start][room]`, `language[start][language]`, `seat[participant][start]`.

    `works[interpreter][start]`: in which channel says `voices[interpreter, start, channel]`, and
    `listens[participant, start, channel]` has a place there. Where a meeting has no choice of languages,
    `language[start]` is `held[start]` under the only one (None for a session without any). A two-language session may
    be held in either, or in both: None again.
    """

    problem: Problem
    crowd: dict[str, int] = field(default_factory=dict)  # for how many equal people somebody stands, 1 if not named
    held: dict[Start, Literal] = field(default_factory=dict)
    room: dict[Start, dict[str, Literal]] = field(default_factory=dict)
    language: dict[Start, dict[str | None, Literal]] = field(default_factory=dict)
    seat: dict[str, dict[Start, Literal]] = field(default_factory=dict)
    works: dict[str, dict[Start, Literal]] = field(default_factory=dict)
    unplaced: dict[tuple[str, str], Literal] = field(default_factory=dict)
    listens: dict[tuple[str, Start, str], Literal] = field(default_factory=dict)
    voices: dict[tuple[str, Start, str], Literal] = field(default_factory=dict)
    booths: list[Literal] = field(default_factory=list)
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

    def leading(self, participant: str, slot: str) -> list[Literal]:
        """The meetings running in this slot that she leads or takes notes in."""
        return [self.held[start] for start in self.covering[slot] if participant in self.session(start).staff]

    def working(self, participant: str, slot: str) -> list[Literal]:
        """The meetings running in this slot that she may be interpreting."""
        works = self.works.get(participant, {})
        return [works[start] for start in self.covering[slot] if start in works]

    def duties(self, participant: str, slot: str) -> list[Literal]:
        """What else she may be doing in this slot: facilitating, taking notes, interpreting."""
        return self.leading(participant, slot) + self.working(participant, slot)

    def there(self, participant: str, start: Start) -> list[Literal]:
        """Whatever puts her into this meeting: as staff she sits in it when it is held, else as attendee or at work."""
        if start in self.held and participant in self.session(start).staff:
            return [self.held[start]]
        roles = (self.seat[participant], self.works.get(participant, {}))
        return [literals[start] for literals in roles if start in literals]

    def everything(self) -> Iterator[Literal]:
        yield from self.held.values()
        for group in (self.room, self.seat, self.works):
            for inner in group.values():
                yield from inner.values()
        for working in self.language.values():
            if len(working) > 1:
                yield from working.values()
        yield from self.unplaced.values()
        yield from self.listens.values()
        yield from self.voices.values()
        yield from self.booths
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
    _create_languages(model, x)
    return x


def _may_attend(problem: Problem, person: Participant, session: str) -> bool:
    if not person.attends or person.id in problem.session[session].staff:
        return False
    return not problem.only_wanted or session in person.ratings or session in person.required


def _create_languages(model: Model, x: Variables) -> None:
    """Only channels that some interpreter could fill and somebody could use have variables."""
    for start, held in x.held.items():
        working = working_languages(x.session(start))
        x.language[start] = {working[0]: held}
        if len(working) > 1:
            x.language[start] = {each: model.new_bool_var(f"language {start} {each}") for each in working}
            model.add_exactly_one([*x.language[start].values(), held.negated()])
    if x.problem.interpreters:
        _create_listening(model, x)
        for interpreter in x.problem.interpreters:
            _create_interpreting(model, x, interpreter)


def _create_listening(model: Model, x: Variables) -> None:
    """Whoever listens sits there, to one channel, in a meeting whose language she does not understand."""
    pairs = frozenset(pair for interpreter in x.problem.interpreters for pair in interpreter.pairs)
    openings = {session.id: _openings(x, session.id, pairs) for session in x.problem.sessions}

    known: dict[tuple[frozenset[str], str], dict[str, list[str | None]]] = {}  # equal ears are asked once
    for id, seats in x.seat.items():
        person = x.problem.participant[id]
        for start, seat in seats.items():
            key = (person.understood, start[0])
            if key not in known:
                known[key] = _by_channel(o for o in openings[start[0]] if may_listen(person, x.session(start), *o))
            hears = known[key]
            for channel, working in hears.items():
                listens = x.count(model, id, f"listens {id} {start} {channel}")
                x.listens[id, start, channel] = listens
                model.add(listens <= x.many(id) * sum(x.language[start][each] for each in working))
            if hears:
                model.add(sum(x.listens[id, start, channel] for channel in hears) <= seat)


def _by_channel(openings: Iterable[Opening]) -> dict[str, list[str | None]]:
    found: dict[str, list[str | None]] = {}
    for working, channel in openings:
        found.setdefault(channel, []).append(working)
    return found


def _openings(x: Variables, session: str, pairs: frozenset[str]) -> list[Opening]:
    its = x.problem.session[session]
    return [(working, each) for working in working_languages(its) for each in sorted(channels(pairs, its, working))]


def _create_interpreting(model: Model, x: Variables, interpreter: Interpreter) -> None:
    """At work (s)he fills one channel, and has a pair that leads from the working language into it."""
    id = interpreter.participant
    x.works[id] = {}
    heard = {(start, channel) for _, start, channel in x.listens}
    for start, held in x.held.items():
        openings = _openings(x, start[0], interpreter.pairs)
        fills = _by_channel((working, channel) for working, channel in openings if (start, channel) in heard)
        if not fills:
            continue
        x.works[id][start] = model.new_bool_var(f"works {id} {start}")
        model.add_implication(x.works[id][start], held)
        for channel, working in fills.items():
            x.voices[id, start, channel] = model.new_bool_var(f"voices {id} {start} {channel}")
            model.add(x.voices[id, start, channel] <= sum(x.language[start][each] for each in working))
        model.add(sum(x.voices[id, start, channel] for channel in fills) == x.works[id][start])
