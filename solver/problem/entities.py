"""The nouns of a conference as frozen values: people, sessions, rooms, rounds, and what is wished and decided."""

import enum
from dataclasses import dataclass, field
from functools import cached_property


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


class Objective(enum.StrEnum):
    """Whose goals count: ours, over ranked wishes; or a foreign format's, over ratings."""

    RANKED = "ranked"
    NATIVE = "native"
    CUBES = "cubes"


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
    """`facilitators` and `note_takers` sit in every meeting of the session; `duration` counts slots.

    A meeting of it is held in one of `languages`. Where it is `two_language` it may be held in both of the two: then
    everybody understands at least one, and an interpreter bridges them for those of each who do not understand the
    other. Without languages everybody understands.
    """

    id: str
    minimum: int = 0
    maximum: int | None = None
    languages: frozenset[str] = frozenset()
    two_language: bool = False
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
    """A meeting that is decided already: its start slot; its room and working language unless left to the solver."""

    session: str
    slot: str
    room: str | None = None
    language: str | None = None


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
class Interpreting:
    """Where somebody interpreted in an earlier allocation, and in which channel."""

    participant: str
    session: str
    slot: str
    channel: str


@dataclass(frozen=True)
class Previous:
    """An earlier allocation to stay close to: its meetings with their rooms, who attended what, who interpreted.

    The goals count meetings and places; interpreters go on where they were as long as somebody there needs them.
    """

    meetings: tuple[Given, ...] = ()
    places: tuple[Place, ...] = ()
    interpreters: tuple[Interpreting, ...] = ()
