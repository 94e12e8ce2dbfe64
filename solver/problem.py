"""The problem and its solution as frozen values that check themselves and travel as JSON.

Vocabulary: a *session* is a topic; a *meeting* is one session in one room from one start slot on; a *participant*
has one group and other attributes; an *assignment* puts a participant into a meeting, in a role. All identifiers
are opaque strings. A solution lists its meetings and, per participant and slot, the meeting she sits in.
"""

import enum
import hashlib
import json
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Self

from solver.reading import Fault, ProblemError, plain, read

FORMAT = "stuhlkreis/1"
RANK_POINTS = (100, 80, 62, 45, 30, 15)
"""What a first, second, ... favourite is worth; the last value is also what comes after five."""


class Level(enum.StrEnum):
    UNDERSTANDS = "understands"
    SPEAKS = "speaks"
    NEEDS_HELP = "needs_help"


class Role(enum.StrEnum):
    """Everybody but an attendee takes a chair without counting for minimum, quotas and mix."""

    ATTENDEE = "attendee"
    FACILITATOR = "facilitator"
    NOTE_TAKER = "note_taker"
    INTERPRETER = "interpreter"


class Mode(enum.StrEnum):
    """How somebody interprets: for one or two ears, for a dozen in turns, or two at a time from a booth."""

    WHISPERING = "whispering"
    CONSECUTIVE = "consecutive"
    SIMULTANEOUS = "simultaneous"


@dataclass(frozen=True)
class Slot:
    """`least` and `most` bound how many meetings start side by side."""

    id: str
    start: str = ""
    end: str = ""
    joined: bool = True  # follows the slot before it without a break: a long session may run across
    least: int = 0
    most: int | None = None


@dataclass(frozen=True)
class Room:
    """`capacity` in chairs, None is unbounded; `slots` None means always free."""

    id: str
    capacity: int | None = None
    features: frozenset[str] = frozenset()
    slots: frozenset[str] | None = None


@dataclass(frozen=True)
class Session:
    """`facilitators` and `note_takers` sit in every meeting of the session; `duration` counts slots."""

    id: str
    minimum: int = 0
    maximum: int | None = None
    languages: frozenset[str] = frozenset()
    features: frozenset[str] = frozenset()
    slots: frozenset[str] | None = None
    offered: int = 1
    duration: int = 1
    facilitators: tuple[str, ...] = ()
    note_takers: tuple[str, ...] = ()
    may_be_cancelled: bool = False
    admits: dict[str, tuple[str, ...]] = field(default_factory=dict)
    conflicts: frozenset[str] = frozenset()
    after: frozenset[str] = frozenset()
    theme: str = ""
    beside: frozenset[str] = frozenset()  # starts in the same slots as these

    @property
    def staff(self) -> tuple[str, ...]:
        return self.facilitators + self.note_takers


@dataclass(frozen=True)
class Given:
    """A meeting that is decided already: its start slot, and its room unless that is left to the solver."""

    session: str
    slot: str
    room: str | None = None


@dataclass(frozen=True)
class Participant:
    """`favourites` the most wanted first; or `ratings` by session (higher is wanted more); `required` are musts."""

    id: str
    attributes: dict[str, str] = field(default_factory=dict)
    slots: frozenset[str] | None = None
    languages: dict[str, Level] = field(default_factory=dict)
    needs: frozenset[str] = frozenset()
    favourites: tuple[str, ...] = ()
    ratings: dict[str, float] = field(default_factory=dict)
    vetoes: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    attends: bool = True

    @cached_property
    def understood(self) -> frozenset[str]:
        return frozenset(key for key, level in self.languages.items() if level is not Level.NEEDS_HELP)

    @cached_property
    def rank(self) -> dict[str, int]:
        """The place of each favourite on the list, from 0."""
        return {session: at for at, session in enumerate(self.favourites)}


@dataclass(frozen=True)
class Interpreter:
    """A participant who can make one of `pairs` ("ar-de") at a time understood to `listeners` people.

    Simultaneous interpreters work in twos (Setton and Dawrant, Conference Interpreting, 2016): two of a language
    in a meeting serve as many listeners as one of them can.
    """

    participant: str
    pairs: frozenset[str]
    listeners: int = 12
    slots: frozenset[str] | None = None
    most_in_a_row: int | None = None
    mode: Mode = Mode.CONSECUTIVE


@dataclass(frozen=True)
class Quota:
    """How many attendees with this attribute value each meeting (of `session`, if named) has."""

    attribute: str
    value: str
    minimum: int = 0
    maximum: int | None = None
    session: str | None = None


@dataclass(frozen=True)
class Company:
    """Nobody with this attribute value sits alone: each meeting has none of them, or at least so many."""

    attribute: str
    value: str
    least: int = 2


@dataclass(frozen=True)
class Spread:
    """No meeting has more than `most` people who share a value of this attribute (an organisation, say)."""

    attribute: str
    most: int


@dataclass(frozen=True)
class Lock:
    """The participant sits in this session (in this slot, if named); with `never`, she does not."""

    participant: str
    session: str
    slot: str | None = None
    never: bool = False


@dataclass(frozen=True)
class Place:
    """Where somebody attended in an earlier allocation."""

    participant: str
    session: str
    slot: str


@dataclass(frozen=True)
class Previous:
    """An earlier allocation to stay close to: its meetings with their rooms, and who attended what."""

    meetings: tuple[Given, ...] = ()
    places: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Problem:
    """`full_day` is rule 1; foreign formats switch it off. `balance` names the attributes to mix.

    `together` sit in the same meetings; `apart` never do, in no role (confidential: named in no explanation).
    `flexible` gives rules a price per person (or meeting) by which they are broken; the others are hard.
    """

    slots: tuple[Slot, ...]
    rooms: tuple[Room, ...]
    sessions: tuple[Session, ...]
    participants: tuple[Participant, ...]
    meetings: tuple[Given, ...] = ()
    interpreters: tuple[Interpreter, ...] = ()
    quotas: tuple[Quota, ...] = ()
    locks: tuple[Lock, ...] = ()
    company: tuple[Company, ...] = ()
    spread: tuple[Spread, ...] = ()
    together: tuple[frozenset[str], ...] = ()
    apart: tuple[frozenset[str], ...] = ()
    flexible: dict[str, int] = field(default_factory=dict)
    previous: Previous | None = None
    balance: tuple[str, ...] = ("group",)
    full_day: bool = True
    unplaced_allowed: bool = True
    only_wanted: bool = False  # people attend only what they rated or must: foreign formats
    rank_points: tuple[int, ...] = RANK_POINTS
    objective: str = "ranked"
    info: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        from solver.checking import faults_of

        faults = faults_of(self)
        if faults:
            raise ProblemError(faults)

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """Read our own format; raises ProblemError with the path of every fault."""
        try:
            data = json.loads(text)
        except (ValueError, UnicodeDecodeError) as error:
            raise ProblemError([Fault("$", f"is not JSON: {error}", "check for a cut-off file")]) from error
        if isinstance(data, dict) and data.pop("format", FORMAT) != FORMAT:
            raise ProblemError([Fault("$.format", "is another format", f'write "{FORMAT}"')])
        return read(cls, data)

    def to_json(self) -> str:
        return json.dumps({"format": FORMAT, **plain(self)}, ensure_ascii=False, sort_keys=True)

    @cached_property
    def hash(self) -> str:
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    @cached_property
    def slot_at(self) -> dict[str, int]:
        return {slot.id: at for at, slot in enumerate(self.slots)}

    @cached_property
    def room(self) -> dict[str, Room]:
        return {room.id: room for room in self.rooms}

    @cached_property
    def session(self) -> dict[str, Session]:
        return {session.id: session for session in self.sessions}

    @cached_property
    def participant(self) -> dict[str, Participant]:
        return {person.id: person for person in self.participants}

    @cached_property
    def on_duty(self) -> dict[str, int]:
        """In how many slots somebody leads or takes notes, when all her meetings are held."""
        found: dict[str, int] = {}
        for session in self.sessions:
            for id in session.staff:
                found[id] = found.get(id, 0) + session.offered * session.duration
        return found

    def span(self, session: str, start: str) -> tuple[str, ...] | None:
        """The slots that a meeting takes from its start on; None when it does not fit into the day."""
        first, length = self.slot_at[start], self.session[session].duration
        slots = self.slots[first : first + length]
        fits = len(slots) == length and all(slot.joined for slot in slots[1:])
        return tuple(slot.id for slot in slots) if fits else None

    def present(self, participant: Participant, slot: str) -> bool:
        return participant.slots is None or slot in participant.slots

    def points(self, participant: Participant, session: str) -> int:
        """What this session is worth to her; what is not listed counts as the next rank after the last listed."""
        rank = participant.rank.get(session, len(participant.favourites))
        return self.rank_points[min(rank, len(self.rank_points) - 1)]


class Status(enum.StrEnum):
    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNKNOWN = "unknown"
    FAILED = "failed"

    @property
    def has_answer(self) -> bool:
        return self in {Status.OPTIMAL, Status.FEASIBLE}


class Preset(enum.StrEnum):
    WISHES_FIRST = "wishes_first"
    BALANCED = "balanced"
    MIX_FIRST = "mix_first"
    REPAIR = "repair"
    NATIVE = "native"


@dataclass(frozen=True)
class Settings:
    """`time_limit` in seconds for everything; `deterministic` ignores the clock for one worker and a seed."""

    preset: Preset = Preset.BALANCED
    time_limit: float = 60
    workers: int = 2
    seed: int = 0
    memory_mb: int = 2048
    deterministic: bool = False


@dataclass(frozen=True)
class Meeting:
    id: str
    session: str
    slot: str
    room: str


@dataclass(frozen=True)
class Seat:
    participant: str
    slot: str
    meeting: str
    role: Role = Role.ATTENDEE
    listens_in: str | None = None


@dataclass(frozen=True)
class GoalResult:
    """`reached` is the best value before later goals used their slack.

    `gap` is |reached - bound| / max(|reached|, scale).

    0 means proven. The difference between `value` and `reached` is the price of what comes later.
    """

    name: str
    value: float
    bound: float | None
    gap: float | None
    sense: str = "minimise"
    reached: float | None = None


@dataclass(frozen=True)
class Progress:
    seconds: float
    goal: str
    value: float | None
    bound: float | None


@dataclass(frozen=True)
class Violation:
    """A rule that an allocation breaks, by its code, with the facts that show it.

    `amount` counts by how many people (or meetings) it is broken; 0 means that no price can buy it.
    """

    rule: str
    facts: dict[str, Any]
    amount: int = 0


@dataclass(frozen=True)
class Solution:
    """`exceptions` are the breaches of flexible rules, by name; everything else is kept."""

    status: Status
    meetings: tuple[Meeting, ...] = ()
    seats: tuple[Seat, ...] = ()
    goals: tuple[GoalResult, ...] = ()
    exceptions: tuple[Violation, ...] = ()
    reason: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    route: str = ""
    seconds: float = 0
    first_answer: float | None = None
    peak_memory_mb: float | None = None
    seed: int = 0
    versions: dict[str, str] = field(default_factory=dict)
    problem_hash: str = ""
    settings: Settings = field(default_factory=Settings)

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        try:
            return read(cls, json.loads(text))
        except ValueError as error:
            raise ProblemError([Fault("$", f"is not JSON: {error}", "check for a cut-off file")]) from error

    def to_json(self) -> str:
        return json.dumps(plain(self), ensure_ascii=False, sort_keys=True)

    def unchanged_by_time(self) -> Self:
        """The same solution without what differs from run to run on a clock."""
        return replace(self, seconds=0, first_answer=None, peak_memory_mb=None)


def goal(solution: Solution, name: str) -> GoalResult | None:
    return next((result for result in solution.goals if result.name == name), None)
