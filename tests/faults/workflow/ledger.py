"""What the people themselves know: who they are, what they were told is saved, what is theirs no more."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.faults.workflow.browser import Browser, Fields, Opened


@dataclass
class Person:
    id: int
    name: str
    browser: Browser
    links: list[str] = field(default_factory=list)
    inside: bool = False
    cancelled: bool = False
    wishes: list[int] = field(default_factory=list)
    revision: int = 0
    languages: dict[str, str] = field(default_factory=lambda: {"de": "speaks"})
    needs: set[str] = field(default_factory=set)
    absent: set[int] = field(default_factory=set)
    kept: dict[str, tuple[Opened, object]] = field(default_factory=dict)
    """By page a form that she has left open, with what it was made of."""
    last: tuple[str, Fields, int] | None = None
    """Her last save of wishes: where it went, what was in it, and the revision it was made of."""


@dataclass
class Statement:
    id: int
    author: Person | None
    text: str
    state: str
    revision: int = 0
    session: int | None = None
    supporters: set[int] = field(default_factory=set)
    let_through: bool = False
    by_accepting: bool = False
    """Whether it was accepting that let it through."""

    @property
    def is_brought(self) -> bool:
        return self.state in {"submitted", "accepted", "merged"}

    @property
    def is_seen(self) -> bool:
        return self.is_brought and self.let_through


@dataclass
class Session:
    id: int
    title: str
    minimum: int
    leaders: set[int]
    is_open: bool = True


@dataclass
class Ledger:
    """`dates` are the conference's, by name; `shift` is how far its clock is from ours."""

    dates: dict[str, datetime]
    people: list[Person] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    sessions: dict[int, Session] = field(default_factory=dict)
    rooms: dict[int, str] = field(default_factory=dict)
    slots: dict[int, str] = field(default_factory=dict)
    erased: list[str] = field(default_factory=list)  # words that nobody may find any more
    published: int | None = None
    shift: timedelta = timedelta()

    def person(self, id: int) -> Person | None:
        return next((person for person in self.people if person.id == id), None)

    def is_open(self, what: str, now: datetime) -> bool:
        """Whether the call or the choosing is open; `now` by the watch on the wall."""
        return self.dates[f"{what}_from"] <= now + self.shift < self.dates[f"{what}_until"]

    def may_choose(self, person: Person) -> list[int]:
        return [s.id for s in self.sessions.values() if s.is_open and person.id not in s.leaders]
