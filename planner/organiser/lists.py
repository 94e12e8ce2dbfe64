"""A list as a tool: sorted, filtered, searched and read page by page, all of it as the page's address says."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from flask import url_for
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from planner.errors import PlannerError
from planner.texts import folded, tidy_line, whole

R = TypeVar("R")
PAGE = 50
NUMBERS = re.compile("([0-9]{1,9})")


class NothingMarked(PlannerError):
    sentence = _l("Please mark something first.")


@dataclass(frozen=True)
class Column(Generic[R]):
    """`cell` is what stands there: a text, a number, or for a state its words, tone and sign; `order` what it is sorted
    by, where that is something else. The first column of a list names the row."""

    key: str
    label: object
    cell: Callable[[R], Any]
    order: Callable[[R], Any] | None = None
    kind: str = "text"

    def value(self, row: R) -> Any:
        found = (self.order or self.cell)(row)
        return natural(found) if isinstance(found, str) else found

    def is_empty(self, row: R) -> bool:
        return (self.order or self.cell)(row) in ("", None)


@dataclass(frozen=True)
class Chip(Generic[R]):
    """A filter that is on or off; of several each must fit."""

    key: str
    label: object
    fits: Callable[[R], bool]


@dataclass(frozen=True)
class Choice(Generic[R]):
    """A filter by one of several, each with its number."""

    key: str
    label: object
    everything: object
    options: Sequence[tuple[int, str]]
    of: Callable[[R], int | None]


def natural(text: str) -> list[Any]:
    """Sorted by it, room 2 comes before room 10: texts and numbers in turn."""
    return [int(part) if part.isdecimal() else part for part in NUMBERS.split(folded(text))]


class Listing(Generic[R]):
    """Rows with the state that the address gives them; words in it that the list does not know say nothing."""

    def __init__(
        self,
        endpoint: str,
        rows: Iterable[R],
        columns: Sequence[Column[R]],
        given: MultiDict[str, str],
        *,
        link: Callable[[R], str],
        words: Callable[[R], str],
        chips: Sequence[Chip[R]] = (),
        choices: Sequence[Choice[R]] = (),
        usual: str = "",
    ):
        self.endpoint, self.rows, self.columns = endpoint, list(rows), columns
        self.link, self.words, self.chips, self.choices = link, words, chips, choices
        self.only = [chip.key for chip in chips if chip.key in given.getlist("only")]
        self.chosen = {each.key: self._chosen(each, given) for each in choices}
        self.search = tidy_line(given.get("search"))[:200]
        self.usual = usual or columns[0].key
        self.mark: Callable[[R], object] | None = None
        wanted = given.get("sort", "")
        self.order = wanted if wanted.removeprefix("-") in {column.key for column in columns} else self.usual
        self._wanted_page = given.get("page", 1, type=whole) or 1

    @staticmethod
    def _chosen(choice: Choice[R], given: MultiDict[str, str]) -> int:
        wanted = given.get(choice.key, 0, type=whole)
        return wanted if wanted in {number for number, _label in choice.options} else 0

    @cached_property
    def found(self) -> list[R]:
        """All rows that fit, in their order; what has nothing to be sorted by comes last, either way."""
        fitting = [row for row in self.rows if self._fits(row)]
        column = next(column for column in self.columns if column.key == self.order.removeprefix("-"))
        told = [row for row in fitting if not column.is_empty(row)]
        empty = [row for row in fitting if column.is_empty(row)]
        return sorted(told, key=column.value, reverse=self.order.startswith("-")) + empty

    def _fits(self, row: R) -> bool:
        return (
            all(chip.fits(row) for chip in self.chips if chip.key in self.only)
            and all(self.chosen[each.key] in (0, each.of(row)) for each in self.choices)
            and all(word in folded(self.words(row)) for word in folded(self.search).split())
        )

    @property
    def is_filtered(self) -> bool:
        return bool(self.only or self.search or any(self.chosen.values()))

    @property
    def nothing_chosen(self) -> dict[str, int]:
        return dict.fromkeys(self.chosen, 0)

    @property
    def pages(self) -> int:
        return max(1, -(-len(self.found) // PAGE))

    @property
    def page(self) -> int:
        return min(max(1, self._wanted_page), self.pages)

    @property
    def shown(self) -> list[R]:
        return self.found[(self.page - 1) * PAGE : self.page * PAGE]

    @property
    def first(self) -> int:
        """The number of the first row that is shown."""
        return (self.page - 1) * PAGE + 1

    def fitting(self, chip: Chip[R]) -> int:
        """How many of all rows a chip would leave."""
        return sum(map(chip.fits, self.rows))

    def query(self, **changed: object) -> dict[str, Any]:
        """The address of the same list with something changed; without a page it begins at the first."""
        stays: Mapping[str, object] = {
            "only": self.only,
            "search": self.search,
            "sort": self.order,
            **self.chosen,
            **changed,
        }
        plain = {"sort": self.usual, "page": 1}
        return {name: value for name, value in stays.items() if value and plain.get(name) != value}

    def at(self, **changed: object) -> str:
        return url_for(self.endpoint, **self.query(**changed))

    def sorted_by(self, column: Column[R]) -> str:
        """The first press sorts upwards, the next one turns the order."""
        return self.at(sort=f"-{column.key}" if self.order == column.key else column.key)

    def direction_of(self, column: Column[R]) -> str:
        """As aria-sort says it."""
        return {column.key: "ascending", f"-{column.key}": "descending"}.get(self.order, "")

    def toggled(self, chip: Chip[R]) -> str:
        without = [key for key in self.only if key != chip.key]
        return self.at(only=without if chip.key in self.only else [*self.only, chip.key])

    def mark_of(self, row: Any) -> str:
        """What a ticked row sends: its number, or what else names it as somebody has seen it."""
        return str(self.mark(row) if self.mark else row.id)

    def marked(self, sent: MultiDict[str, str], mark: Callable[[R], object]) -> list[R]:
        """The rows that somebody marked, or all that were found where she said so. Raises NothingMarked."""
        marks = set(sent.getlist("marked"))
        marked = self.found if sent.get("everything") else [row for row in self.found if str(mark(row)) in marks]
        if not marked:
            raise NothingMarked
        return marked
