"""What was typed into a table: which rows it has, which of them are empty, and where pasted rows go."""

import re
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Any

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from planner.errors import PlannerError
from planner.imports.pasted import Row

MOST_NEW = 200
PLACES = MOST_NEW + 50
"""Of new rows on one page, empty ones, too: no page of ours has more, and what is sent for others is nobody's text."""
SENT = re.compile("([rn])([0-9]{1,9})-")
"""A stored row by its number in the database, a new one by its place."""


class TooManyRows(PlannerError):
    def __init__(self, rows: int):
        sentence = _l(
            "A table takes %(most)s new rows at once, these are %(rows)s. Divide them, or bring them as a list.",
            most=MOST_NEW,
            rows=rows,
        )
        super().__init__(sentence, field="pasted")


class Sent:
    """`usual` is what stands in an empty row, by column."""

    def __init__(self, fields: Mapping[str, Any], usual: Row):
        self.fields: MultiDict[str, str] = MultiDict(fields)
        for name in [name for name in self.fields if _is_beyond(name)]:
            del self.fields[name]
        self.usual = usual

    def _numbers(self, kind: str) -> list[int]:
        found = (SENT.match(name) for name in self.fields)
        return list(dict.fromkeys(int(each[2]) for each in found if each and each[1] == kind))

    @property
    def stored(self) -> list[int]:
        return self._numbers("r")

    @property
    def new(self) -> int:
        """How many places for new rows there are."""
        return max(self._numbers("n"), default=-1) + 1

    def is_empty(self, number: int) -> bool:
        """Nothing stands in this new row but what stood there before."""
        typed = {key: self.fields.get(f"n{number}-{key}", "").strip() for key in self.usual}
        return all(text in {"", self.usual[key]} for key, text in typed.items())

    def used(self) -> list[int]:
        """The new rows with something in them. Raises TooManyRows."""
        numbers = sorted(number for number in self._numbers("n") if not self.is_empty(number))
        if len(numbers) > MOST_NEW:
            raise TooManyRows(len(numbers))
        return numbers

    def fill(self, rows: Sequence[Row]) -> None:
        """Into the empty places, and as many more as it takes. Raises TooManyRows, and nothing is filled in."""
        used = set(self.used())
        if len(used) + len(rows) > MOST_NEW:
            raise TooManyRows(len(used) + len(rows))
        free = (number for number in count() if number not in used)
        for row, number in zip(rows, free, strict=False):
            for key, usual in self.usual.items():
                self.fields[f"n{number}-{key}"] = row.get(key) or usual

    def turn_into_new(self, id: int) -> int:
        """What was typed into a stored row that is gone; its place among the new ones."""
        number = self.new
        for name in [name for name in self.fields if name.startswith(f"r{id}-")]:
            self.fields.setlist(f"n{number}-{name.partition('-')[2]}", self.fields.getlist(name))
        return number


def _is_beyond(name: str) -> bool:
    """A post of a few bytes must not make a page of a thousand million rows."""
    found = SENT.match(name)
    return bool(found and found[1] == "n" and int(found[2]) >= PLACES)
