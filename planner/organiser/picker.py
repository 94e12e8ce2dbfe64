"""Some of many people in a form: the chosen ones, and those whom a search finds, never a list of all."""

from collections.abc import Iterator

from flask import request
from wtforms import SelectMultipleField

from planner.organiser.lists import folded
from planner.texts import tidy_line

MOST = 12


class PeoplePicker(SelectMultipleField):
    """Each of its choices is a person with her number; to look for one saves nothing."""

    @property
    def words(self) -> str:
        return tidy_line(request.form.get(f"find-{self.name}"))[:200]

    @property
    def chosen(self) -> list[tuple[int, str]]:
        return [(value, str(label)) for value, label, is_chosen, *_ in self.iter_choices() if is_chosen]

    @property
    def found(self) -> list[tuple[int, str]]:
        """At most so many that a page shows; who is chosen already is not found again."""
        return self._fitting[:MOST]

    @property
    def further(self) -> int:
        """How many more fit the words."""
        return max(0, len(self._fitting) - MOST)

    @property
    def _fitting(self) -> list[tuple[int, str]]:
        return list(self._look()) if self.words else []

    def _look(self) -> Iterator[tuple[int, str]]:
        wanted = folded(self.words).split()
        for value, label, is_chosen, *_ in self.iter_choices():
            if not is_chosen and all(word in folded(str(label)) for word in wanted):
                yield value, str(label)
