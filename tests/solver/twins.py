"""Any allocation of any tiny conference, good or bad, in the model's variables: what does the model say of it?"""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace

from ortools.sat.python import cp_model

from solver import (
    Interpreter,
    Level,
    Meeting,
    Mode,
    Participant,
    Problem,
    Role,
    Seat,
    Session,
    Solution,
    Status,
)
from solver.model import variables
from solver.model.answers import read_out, values_of
from solver.model.variables import Linear, Variables
from tests.solver.oracle.generator import Size, conference

Values = dict[int, int]
"""By the number of a variable; helper variables of rules and goals are left to the engine."""


def sheet(problem: Problem, dice: random.Random) -> Solution:
    """Meetings, staff, interpreters and attendees anyhow: in half of the sheets everybody is in one place at most."""
    tidy = dice.random() < 0.6
    meetings = [
        Meeting(f"{s.id}@{slot.id}", s.id, slot.id, dice.choice(problem.rooms).id, dice.choice(spoken(s)))
        for s in problem.sessions
        for slot in dice.sample(problem.slots, min(len(problem.slots), dice.choice((s.offered, s.offered, 0, 1, 9))))
        if problem.span(s.id, slot.id)
    ]
    seats = [*_staff(problem, meetings), *_interpreters(problem, meetings, dice)]
    busy = {(seat.participant, seat.slot) for seat in seats if tidy}
    for person in problem.participants:
        for meeting in dice.sample(meetings, len(meetings)):
            span = problem.span(meeting.session, meeting.slot) or ()
            away = any((person.id, slot) in busy or not problem.present(person, slot) for slot in span)
            if dice.random() < (0.0 if away and tidy else 0.75 if tidy else 0.3):
                ear = _ear(problem, person, meeting, dice)
                seats += [Seat(person.id, slot, meeting.id, Role.ATTENDEE, ear) for slot in span]
                busy |= {(person.id, slot) for slot in span}
    return Solution(Status.FEASIBLE, tuple(meetings), tuple(seats))


def spoken(session: Session) -> tuple[str | None, ...]:
    """Both of two languages (none is named) as often as one of them: only there somebody interprets."""
    if session.two_language:
        return (None, None, *sorted(session.languages))
    return tuple(sorted(session.languages)) or (None,)


def _staff(problem: Problem, meetings: list[Meeting]) -> Iterator[Seat]:
    for meeting in meetings:
        session = problem.session[meeting.session]
        for slot in problem.span(meeting.session, meeting.slot) or ():
            yield from (Seat(id, slot, meeting.id, Role.FACILITATOR) for id in session.facilitators)
            yield from (Seat(id, slot, meeting.id, Role.NOTE_TAKER) for id in session.note_takers)


def _interpreters(problem: Problem, meetings: list[Meeting], dice: random.Random) -> Iterator[Seat]:
    for interpreter in problem.interpreters:
        for meeting in meetings:
            session = problem.session[meeting.session]
            if dice.random() < (0.1 if _shared(session, meeting) else 0.35):
                both = "-".join(sorted(session.languages))
                into = sorted({half for pair in interpreter.pairs for half in pair.split("-")} - {meeting.language})
                channel = both if session.two_language else dice.choice(into)
                for slot in problem.span(meeting.session, meeting.slot) or ():
                    yield Seat(interpreter.participant, slot, meeting.id, Role.INTERPRETER, channel)


def _ear(problem: Problem, person: Participant, meeting: Meeting, dice: random.Random) -> str | None:
    session = problem.session[meeting.session]
    if session.two_language:
        lost = not session.languages <= person.understood and (not _shared(session, meeting) or dice.random() < 0.2)
        channels = ["-".join(sorted(session.languages))]
    else:
        lost = bool(session.languages) and meeting.language not in person.understood
        channels = sorted(person.understood)
    return dice.choice(channels) if lost and channels and dice.random() < 0.8 else None


def _shared(session: Session, meeting: Meeting) -> bool:
    """Held in one of two languages: who interprets or listens there all the same is beyond the model's words."""
    return session.two_language and meeting.language is not None


def talkative(number: int) -> Problem:
    """Two languages, many who understand one of them only, booths with different listeners: all about rule 8."""
    problem, _ = conference(number, Size(people=6, sessions=2, slots=2, rooms=2))
    dice = random.Random(number)
    people = tuple(
        replace(
            person,
            attends=dice.random() < 0.9,
            languages=dict.fromkeys(dice.choice((("ar",), ("de",), ("ar", "de"), ())), Level.SPEAKS),
        )
        for person in problem.participants
    )
    sessions = tuple(
        replace(session, languages=frozenset(languages), two_language=len(languages) > 1 and dice.random() < 0.5)
        for session in problem.sessions
        for languages in [dice.choice((("ar",), ("de",), ("ar", "de")))]
    )
    interpreters = tuple(
        Interpreter(
            person.id,
            frozenset({dice.choice(("ar-de", "de-ar"))}),
            dice.randint(1, 3),
            most_in_a_row=1 if dice.random() < 0.2 else None,
            mode=dice.choice((Mode.SIMULTANEOUS, Mode.SIMULTANEOUS, Mode.WHISPERING)),
        )
        for person in dice.sample(people, dice.randint(1, len(people)))
    )
    given = tuple(
        replace(each, language=dice.choice(spoken(sessions[0]))) for each in problem.meetings if each.session == "s0"
    )
    return replace(problem, participants=people, sessions=sessions, interpreters=interpreters, meetings=given)


def bridged(number: int) -> Problem:
    """A two-language session, two who interpret, and often no listener but those who understand the same language."""
    problem, _ = conference(number, Size(people=6, sessions=1, slots=2, rooms=1))
    dice = random.Random(number)
    ears = (("de",), ("de",), dice.choice((("ar",), ("ar", "de"))), ("ar", "de"), ("ar", "de"))
    people = tuple(
        replace(person, languages=dict.fromkeys(ears[at % len(ears)], Level.SPEAKS))
        for at, person in enumerate(problem.participants)
    )
    away = tuple(Participant(f"i{at}", attends=False) for at in range(2))
    return replace(
        problem,
        participants=(*people, *away),
        sessions=(replace(problem.sessions[0], languages=frozenset({"ar", "de"}), two_language=True),),
        interpreters=tuple(Interpreter(each.id, frozenset({"ar-de"}), 3) for each in away),
        meetings=(),
    )


class Fixed:
    """The model of a conference with some rules only, to be asked about one allocation after another."""

    def __init__(self, problem: Problem, *rules: Callable[..., None]):
        self.problem, self.model = problem, cp_model.CpModel()
        self.x: Variables = variables.create(self.model, problem)
        for rule in rules:
            rule(self.model, problem, self.x)

    def values(self, solution: Solution) -> Values:
        return {literal.index: value for literal, value in values_of(self.x, solution)}

    def solution(self, values: Values) -> Solution:
        """What the variables can say of it: the same again, if they can say it all."""
        meetings, seats = read_out(self.problem, self.x, lambda literal: bool(values[literal.index]))
        return Solution(Status.FEASIBLE, meetings, seats)

    def accepts(self, values: Values) -> bool:
        return self._solved(values) is not None

    def value(self, values: Values, expression: Linear, maximise: bool) -> int | None:
        """Of an expression at its best over the helper variables; None where a rule is broken."""
        (self.model.maximize if maximise else self.model.minimize)(expression)
        engine = self._solved(values)
        return None if engine is None else engine.value(expression)

    def _solved(self, values: Values) -> cp_model.CpSolver | None:
        self.model.clear_hints()
        for index, value in values.items():
            self.model.add_hint(self.model.get_int_var_from_proto_index(index), value)
        engine = cp_model.CpSolver()
        engine.parameters.fix_variables_to_their_hinted_value = True
        engine.parameters.num_workers = 1
        engine.parameters.cp_model_presolve = False
        status = engine.solve(self.model)
        assert status in (cp_model.OPTIMAL, cp_model.INFEASIBLE), engine.status_name(status)
        return engine if status == cp_model.OPTIMAL else None
