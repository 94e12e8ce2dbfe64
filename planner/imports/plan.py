"""What a list would do: each row's fate, mistakes with line and column, questions to the organiser."""

import enum
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l

from planner.imports.columns import Cell, plain

MAKE, SKIP, SENSITIVE = "make", "skip", "yes"
"""Answers: add what is not there yet; leave out a row or a word; a group shows religion or origin."""
Option = tuple[str, object]
MOST_MADE = {"group": 30, "theme": 60, "organisation": 1_000}
TOO_MANY = {
    "group": _l(
        "This list would add more than %(most)s groups. Is the right column the group?", most=MOST_MADE["group"]
    ),
    "theme": _l(
        "This list would add more than %(most)s themes. Is the right column the theme?", most=MOST_MADE["theme"]
    ),
    "organisation": _l(
        "This list would add more than %(most)s organisations. Is the right column the organisation?",
        most=MOST_MADE["organisation"],
    ),
}


def marked(key: str) -> str:
    """A question's name in forms and answers: its key may hold any word of a list."""
    return hashlib.sha256(key.encode()).hexdigest()[:12]


class Fate(enum.StrEnum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    SKIPPED = "skipped"
    FAULTY = "faulty"
    OPEN = "open"  # a question about this row has no answer yet


@dataclass(frozen=True)
class Fault:
    """A mistake in one cell; without a heading it is the whole row's."""

    line: int
    heading: str
    text: object


@dataclass
class Question:
    """Something that only the organiser can decide; `kind` tells which questions may be answered together."""

    key: str
    kind: str
    text: object
    options: list[Option]
    answer: str = ""
    lines: list[int] = field(default_factory=list)
    default: str = ""

    @property
    def is_open(self) -> bool:
        return not self.answer

    @property
    def mark(self) -> str:
        return marked(self.key)


@dataclass(frozen=True)
class Change:
    """A fact of somebody or something, as it is and as the list has it."""

    label: object
    before: object
    after: object


@dataclass
class Row:
    """One line of the list; `target` is the row of the database it belongs to, `values` what it would write there."""

    line: int
    title: str
    fate: Fate
    target: int | None = None
    values: dict[str, Any] = field(default_factory=dict)
    before: dict[str, Any] = field(default_factory=dict)  # what is stored in place of the values
    changes: list[Change] = field(default_factory=list)
    notes: list[object] = field(default_factory=list)


@dataclass
class Plan:
    """Everything that a list would do; `answers` are the organiser's, by question."""

    answers: dict[str, str] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    questions: dict[str, Question] = field(default_factory=dict)
    made: dict[str, dict[str, str]] = field(default_factory=dict)  # what else is new, by its name without case
    faulty: set[int] = field(default_factory=set)  # lines that do nothing, because of a mistake told once for many
    noted: set[tuple[str, int]] = field(default_factory=set)  # which question has which line

    def ask(self, key: str, kind: str, text: object, options: Sequence[Option], line: int, default: str = "") -> str:
        """The answer, or the default, or nothing yet; the same question of several lines is one."""
        question = self.questions.get(key)
        if question is None:
            given = self.answers.get(marked(key), "") or self.answers.get(kind, "")
            known = {value for value, _label in options}
            answer = given if given in known else default
            question = self.questions[key] = Question(key, kind, text, list(options), answer, default=default)
        if line and (key, line) not in self.noted:
            self.noted.add((key, line))
            question.lines.append(line)
        return question.answer

    def ask_word(self, line: int, cell: Cell, word: str, kind: str, options: Sequence[Option]) -> str:
        """What a word means that nothing here is called, once for all its cells."""
        text = _l("“%(word)s” in “%(column)s”: what is it?", word=word[:80], column=cell.heading)
        return self.ask(f"{kind}:{plain(word)[:60]}", kind, text, [*options, (SKIP, _l("leave it out"))], line)

    def make(self, kind: str, name: str, line: int) -> str:
        """Something else that is to be added, once; its name as it was first written. Very many are a wrong column."""
        made = self.made.setdefault(kind, {})
        if name.casefold() not in made and len(made) >= MOST_MADE[kind]:
            self.fault_of_many(kind, line, TOO_MANY[kind])
            return name
        return made.setdefault(name.casefold(), name)

    def is_sensitive(self, group: str) -> bool:
        """Whether the organiser said that this new group shows religion or origin."""
        question = self.questions.get(f"sensitive:{group.casefold()}")
        return question is not None and question.answer == SENSITIVE

    def answers_skip(self, line: int) -> bool:
        """Whether a question about this line was answered by leaving it out."""
        return any(each.answer == SKIP and each.lines == [line] for each in self.questions.values())

    def fault(self, line: int, heading: str, text: object) -> None:
        self.faults.append(Fault(line, heading, text))

    def fault_of_many(self, key: str, line: int, text: object) -> None:
        """A mistake that many lines share: it is told with the first one."""
        if (key, 0) not in self.noted:
            self.noted.add((key, 0))
            self.fault(line, "", text)
        self.faulty.add(line)

    @property
    def open(self) -> list[Question]:
        return [question for question in self.questions.values() if question.is_open]

    def count(self, *fates: Fate) -> int:
        return sum(row.fate in fates for row in self.rows)

    @property
    def skips_faults(self) -> bool:
        return self.answers.get("faults") == SKIP

    @property
    def is_ready(self) -> bool:
        """Whether it may be done: what it offers has no open question any more."""
        return self.has_a_deed and not self.open

    @property
    def has_a_deed(self) -> bool:
        """Whether there is anything to do: nothing wrong (or left out on purpose), and rows that would be written."""
        return (not self.faults or self.skips_faults) and bool(self.count(Fate.NEW, Fate.CHANGED))

    def mark_faulty(self) -> None:
        """A row with a mistake does nothing at all."""
        lines = self.faulty | {fault.line for fault in self.faults}
        for row in self.rows:
            if row.line in lines:
                row.fate = Fate.FAULTY

    def doing(self) -> Iterable[Row]:
        """The rows that write something."""
        return [row for row in self.rows if row.fate in {Fate.NEW, Fate.CHANGED}]

    @property
    def changes_addresses(self) -> bool:
        """Whether somebody who is there already gets another e-mail address, and with it her next link goes there."""
        return any(row.target and "email" in row.values for row in self.doing())

    def fingerprint(self) -> list[list[Any]]:
        """What the organiser saw when she said yes, in no language."""
        return [[row.line, row.fate.value, row.target, row.values, row.before] for row in self.rows]
