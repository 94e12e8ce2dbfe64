"""The shape of a demonstration's data: plain values, nothing of the database."""

from datetime import date, timedelta

from pydantic.dataclasses import dataclass

from planner.frame import EXACT, AgendaItem, Dates, Group, Moment, Slot, Theme
from planner.models import (
    COMING,
    InterpretingMode,
    Level,
    NeedKind,
    ParticipantState,
    SubmissionState,
    Translated,
    Visibility,
)

__all__ = ["AgendaItem", "Dates", "Group", "Moment", "Slot", "Theme"]
Keys = tuple[str, ...]
TranslatedList = dict[str, list[str]]


@dataclass(frozen=True, config=EXACT)
class Conference:
    slug: str
    zone: str
    languages: Keys
    place: str
    contact: str
    title: Translated
    summary: Translated
    addressee: Translated
    most_favourites: int
    most_vetoes: int
    preset: str
    dates: Dates
    slots: tuple[Slot, ...]
    agenda: tuple[AgendaItem, ...]
    themes: tuple[Theme, ...]
    plans: dict[str, TranslatedList]

    def day(self, first_day: date) -> date:
        """On which it takes place."""
        return first_day + timedelta(days=self.dates.day_starts.day)


@dataclass(frozen=True, config=EXACT)
class Quota:
    """How many attendees of a group each meeting has; of one session only, if it is named."""

    group: str
    minimum: int = 0
    maximum: int | None = None
    session: str | None = None


@dataclass(frozen=True, config=EXACT)
class Mix:
    balance: Keys
    quotas: tuple[Quota, ...]


@dataclass(frozen=True, config=EXACT)
class Room:
    """`circle` and `rows` are chairs in either seating; `closed` are the slots in which it is not free."""

    key: str
    name: str
    circle: int
    rows: int
    features: Keys
    walking_minutes: int
    directions: Translated
    closed: Keys = ()


@dataclass(frozen=True, config=EXACT)
class Session:
    number: int
    key: str
    theme: str
    title: Translated
    sentence: Translated
    goal: Translated
    questions: TranslatedList
    plan: str
    minimum: int
    maximum: int
    languages: Keys
    offered: int
    facilitators: Keys
    note_taker: str
    two_language: bool = False
    features: Keys = ()
    may_be_cancelled: bool = False

    @property
    def staff(self) -> Keys:
        return (*self.facilitators, self.note_taker)


@dataclass(frozen=True, config=EXACT)
class Submission:
    """`day` is when it came in, `supporters` how many people it concerns too; what `waits` nobody has let through."""

    theme: str
    author: str
    day: int
    state: SubmissionState
    problem: str
    experience: str
    support_needed: str
    question: str
    session: str | None = None
    language: str = "de"
    visibility: Visibility = Visibility.ANONYMOUS
    read_aloud: bool = False
    supporters: int = 0
    waits: bool = False
    reason: str = ""

    @property
    def is_let_through(self) -> bool:
        return not self.waits and self.state not in {SubmissionState.DRAFT, SubmissionState.WITHDRAWN}


@dataclass(frozen=True, config=EXACT)
class Interpreting:
    pairs: tuple[tuple[str, str], ...]
    mode: InterpretingMode
    listeners: int
    most_slots_in_a_row: int


@dataclass(frozen=True, config=EXACT)
class Participant:
    """`away` are slots, `wishes` (the most wanted first) and `vetoes` are sessions, all by their keys."""

    key: str
    name: str
    group: str
    organisation: str | None
    email: str | None
    locale: str
    state: ParticipantState
    newcomer: bool
    languages: dict[str, Level]
    needs: tuple[NeedKind, ...]
    away: Keys
    wishes: Keys
    vetoes: Keys
    interprets: Interpreting | None
    attends: bool

    @property
    def understood(self) -> frozenset[str]:
        return frozenset(key for key, level in self.languages.items() if level is not Level.NEEDS_HELP)

    @property
    def comes(self) -> bool:
        return self.state in COMING


@dataclass(frozen=True, config=EXACT)
class Demonstration:
    conference: Conference
    groups: tuple[Group, ...]
    mix: Mix
    rooms: tuple[Room, ...]
    sessions: tuple[Session, ...]
    submissions: tuple[Submission, ...]
    participants: tuple[Participant, ...]
