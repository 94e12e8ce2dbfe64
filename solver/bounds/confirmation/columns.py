"""What is to be decided, as columns of the program: meetings, rooms, places, languages, interpreters at work."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from solver.bounds.confirmation.crowds import Crowd, Kind, crowds, kinds
from solver.bounds.confirmation.program import Program, Terms
from solver.problem import Interpreter, Problem, Session

Start = tuple[str, str]
"""A session and the slot in which a meeting of it starts."""


@dataclass
class Columns:
    """`held[start]`, `room[start][kind]`, `seat[crowd][start]`: numbers of meetings, rooms and people.

    `speaks[start][language]` is the working language of a meeting that has one: of a two-language session it may have
    none, and is held in both. `listens[crowd, start, channel]` counts
    listeners; `voices[interpreter, start, channel]` says who works into a channel: a language other than the working
    language, or both codes of a two-language session ("ar-de"). `alone`, `at_work` and `listening` look things up: the
    crowd that somebody is by herself, and who works or listens in a meeting, by channel, with the column.
    """

    problem: Problem
    program: Program
    crowds: list[Crowd]
    kinds: list[Kind]
    span: dict[Start, tuple[str, ...]] = field(default_factory=dict)
    held: dict[Start, int] = field(default_factory=dict)
    room: dict[Start, dict[int, int]] = field(default_factory=dict)
    seat: list[dict[Start, int]] = field(default_factory=list)
    speaks: dict[Start, dict[str, int]] = field(default_factory=dict)
    listens: dict[tuple[int, Start, str], int] = field(default_factory=dict)
    voices: dict[tuple[str, Start, str], int] = field(default_factory=dict)
    alone: dict[str, int] = field(default_factory=dict)
    at_work: dict[Start, list[tuple[str, str, int]]] = field(default_factory=lambda: defaultdict(list))
    listening: dict[Start, list[tuple[int, str, int]]] = field(default_factory=lambda: defaultdict(list))

    def session(self, start: Start) -> Session:
        return self.problem.session[start[0]]

    def soft(self, rule: str) -> bool:
        """Whether the rule may be broken at a price: then it forbids nothing."""
        return rule in self.problem.flexible

    def running(self, slot: str) -> list[Start]:
        return [start for start in self.held if slot in self.span[start]]

    def starts(self, session: str) -> list[Start]:
        return [start for start in self.held if start[0] == session]

    def attending(self, start: Start) -> Iterator[tuple[Crowd, int]]:
        for crowd, seats in zip(self.crowds, self.seat, strict=True):
            if start in seats:
                yield crowd, seats[start]

    def working(self, person: str, start: Start) -> Terms:
        """Interpreting in this meeting, in whatever channel."""
        return [(1, column) for id, _, column in self.at_work[start] if id == person]

    def duty(self, person: str, start: Start) -> Terms:
        """What else she may do there: lead, take notes (twice if she is named twice), interpret."""
        staff = self.session(start).staff.count(person)
        return [*([(staff, self.held[start])] if staff else []), *self.working(person, start)]

    def there(self, person: str, start: Start) -> Terms:
        """In any role."""
        crowd = self.alone.get(person)
        seat = None if crowd is None else self.seat[crowd].get(start)
        return [*([] if seat is None else [(1, seat)]), *self.duty(person, start)]

    def bridged(self, start: Start) -> Terms:
        """1 where a meeting of a two-language session is held in both."""
        return [(1, self.held[start]), *((-1, each) for each in self.speaks[start].values())]

    def index(self) -> None:
        """To be called once, when all columns are there."""
        self.alone = {crowd.ids[0]: at for at, crowd in enumerate(self.crowds) if crowd.many == 1}
        for (person, start, channel), column in self.voices.items():
            self.at_work[start].append((person, channel, column))
        for (crowd, start, channel), column in self.listens.items():
            self.listening[start].append((crowd, channel, column))


def columns(problem: Problem, apart: bool, most: int) -> Columns | None:
    """All columns with what belongs together by definition; None beyond `most`. `apart` counts nobody in crowds."""
    x = Columns(problem, Program(), crowds(problem, apart), kinds(problem))
    if len(problem.sessions) * len(problem.slots) * (len(x.crowds) + len(x.kinds)) > most:
        return None
    for session in problem.sessions:
        for slot in problem.slots:
            span = problem.span(session.id, slot.id)
            if span:
                _meeting(x, (session.id, slot.id), span)
    for crowd in x.crowds:
        x.seat.append({start: x.program.whole(crowd.many) for start in x.held if _may_sit(crowd, x.session(start))})
    for seats, crowd in zip(x.seat, x.crowds, strict=True):
        for start, seat in seats.items():
            x.program.at_most([(1, seat), (-crowd.many, x.held[start])], 0)
    for start in x.held:
        _interpreting(x, start)
    x.index()
    return x


def _meeting(x: Columns, start: Start, span: tuple[str, ...]) -> None:
    session = x.session(start)
    x.span[start] = span
    held = x.held[start] = x.program.whole()
    x.room[start] = {at: x.program.whole() for at in range(len(x.kinds))}
    x.program.equal([(1, room) for room in x.room[start].values()] + [(-1, held)], 0)
    if session.languages:
        x.speaks[start] = {language: x.program.whole() for language in sorted(session.languages)}
        spoken: Terms = [(1, each) for each in x.speaks[start].values()] + [(-1, held)]
        (x.program.at_most if session.two_language else x.program.equal)(spoken, 0)


def _may_sit(crowd: Crowd, session: Session) -> bool:
    return crowd.one.attends and crowd.one.id not in session.staff


def _interpreting(x: Columns, start: Start) -> None:
    session = x.session(start)
    for interpreter in x.problem.interpreters:
        for channel in channels(interpreter, session):
            x.voices[interpreter.participant, start, channel] = x.program.whole()
    open_ = {channel for (_, at, channel) in x.voices if at == start}
    for at, crowd in enumerate(x.crowds):
        for channel in sorted(open_):
            if start in x.seat[at] and _may_listen(crowd, session, channel):
                x.listens[at, start, channel] = x.program.whole(crowd.many)


def channels(interpreter: Interpreter, session: Session) -> list[str]:
    """Into what this interpreter can work in a meeting of this session, whatever its working language."""
    pairs = [frozenset(pair.split("-")) for pair in interpreter.pairs]
    if session.two_language:
        return ["-".join(sorted(session.languages))] if session.languages in pairs else []
    found = {into for pair in pairs for spoken in pair & session.languages for into in pair - {spoken}}
    return sorted(found)


def _may_listen(crowd: Crowd, session: Session, channel: str) -> bool:
    """In a two-language meeting who understands one of the two; else who understands the channel, but not all else."""
    if session.two_language:
        return len(crowd.one.understood & session.languages) == 1
    return channel in crowd.one.understood and bool(session.languages - crowd.one.understood - {channel})
