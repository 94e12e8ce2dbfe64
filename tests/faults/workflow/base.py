"""What all steps of the workflow share: the people, their browsers, and how an answer is held against the ledger."""

import random
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from tests.client import Page
from tests.faults.workflow import truths
from tests.faults.workflow.browser import Answer, Browser
from tests.faults.workflow.ledger import Person, Session, Statement
from tests.faults.workflow.opening import SLUG, opened
from tests.faults.workflow.stage import Stage, Tables

HOME, OFFICE = f"/c/{SLUG}/me/", f"/organise/{SLUG}/"
AT = st.integers(0, 20)
"""Whom or what a step is about: counted round and round, so that every number is somebody's."""
SOMETIMES = st.sampled_from([False, False, True])


class Broken(AssertionError):
    """Something that was promised does not hold."""


class Base(RuleBasedStateMachine):
    """`stage` is set by the campaign: one server for all runs."""

    stage: Stage

    def __init__(self) -> None:
        super().__init__()
        self.stage.forget_limits()
        self.stage.errors.clear()
        self.erased_names: list[str] = []
        self.browsers: list[Browser] = []
        start = opened(self.stage, Person, self.browser)
        self.ledger, self.foreign, self.conference, self.theme = (
            start.ledger,
            start.foreign,
            start.conference,
            start.theme,
        )
        self.numbers, self.steps, self.answers = 0, 0, dict[int, int]()
        self.organisers = [self.browser() for _ in start.organisers]
        for browser, token in zip(self.organisers, start.organisers, strict=True):
            browser.post(f"/s/{token}", browser.tokens(f"/s/{token}"))
        for person in self.ledger.people:
            self.enter(person)
        self.left_open: dict[tuple[int, str], Any] = {}
        self.now_stored = self.stage.tables()

    def browser(self) -> Browser:
        """One that is closed at the end, at the latest."""
        self.browsers.append(Browser(self.stage.port, self.watch))
        return self.browsers[-1]

    def watch(self, asked: str, answer: Answer) -> None:
        """Every answer of every page."""
        COUNTED[answer.status] = COUNTED.get(answer.status, 0) + 1
        if answer.status >= 500:
            raise Broken(f"{asked}: {answer.status} {self.stage.errors[-1:]}")
        found = [word for word in self.erased_names if word.encode() in answer.data]
        if found:
            raise Broken(f"{asked} shows {found}, who is erased")

    def enter(self, person: Person) -> None:
        answer = person.browser.get(f"/l/{person.links[-1]}")
        self.must(answer.status == 302, f"{person.name}'s link answers {answer.status}")
        person.inside, person.kept, person.last = True, {}, None

    @staticmethod
    def must(holds: bool, said: str) -> None:
        if not holds:
            raise Broken(said)

    def answered(self, answer: Answer, expected: int, what: str, *, shows: Collection[str] = ()) -> None:
        """As it should, with everything on the page that somebody must read there."""
        if answer.status != expected:
            page = Page(answer.text)
            raise Broken(f"{what}: answered {answer.status}, expected {expected}: {page.text[:700]}")
        page_text = answer.text if shows else ""
        self.must(all(word in page_text for word in shows), f"{what}: {expected} without all of {shows}")

    def word(self, kind: str) -> str:
        """One that stands nowhere else."""
        self.numbers += 1
        return f"{kind}-{self.numbers}-{random_letters(self.numbers)}"

    def now(self) -> datetime:
        return datetime.now(UTC)

    def tables(self) -> Tables:
        self.now_stored = self.stage.tables()
        return self.now_stored

    def row(self, table: str, **which: Any) -> Any:
        """The one row like this, as it is stored now."""
        found = [r for r in self.tables()[table] if all(r[name] == value for name, value in which.items())]
        self.must(len(found) == 1, f"{len(found)} rows {which} in {table}")
        return found[0]

    # Whom a step is about.

    def anybody(self, at: int) -> Person | None:
        """Somebody who is signed in."""
        inside = [person for person in self.ledger.people if person.inside]
        return inside[at % len(inside)] if inside else None

    def somebody(self, at: int) -> Person:
        return self.ledger.people[at % len(self.ledger.people)]

    def session(self, at: int) -> Session:
        return list(self.ledger.sessions.values())[at % len(self.ledger.sessions)]

    def statement(self, at: int, of: Collection[Statement]) -> Statement | None:
        rows = list(of)
        return rows[at % len(rows)] if rows else None

    def organiser(self, at: int) -> Browser:
        return self.organisers[at % len(self.organisers)]

    def told(self, words: str) -> None:
        note(f"  {words}")

    def runs(self) -> list[Any]:
        return truths.of(self.tables(), "allocation", self.conference)


COUNTED: dict[int, int] = {}
"""How many answers of each status, over all runs of this process."""


def random_letters(number: int) -> str:
    """The same each time, so that a run can be repeated."""
    return "".join(random.Random(number).choices("bcdfghklmnprst", k=6))
