"""A conference's names for what the solver calls by id."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from flask_babel import gettext as _

from planner import languages, roster
from planner.allocations.runs.ruled import MARK
from planner.models import EMPTY, Conference, Room
from planner.words import FEATURES

NAMED = {"session": "sessions", "room": "rooms", "slot": "slots", "value": "groups", "participant": "people"}
"""What a fact is called, and where its name is looked up."""


class Names:
    """A conference's names for the ids in facts; each kind is read when the first fact has one."""

    def __init__(self, conference: Conference, rooms: Iterable[Room] = ()):
        """`rooms` are all of the conference's, where they have been read already."""
        self.conference, self._rooms = conference, rooms

    @cached_property
    def sessions(self) -> dict[str, str]:
        return _titles(self.conference.sessions)

    @cached_property
    def rooms(self) -> dict[str, str]:
        return {str(each.id): each.name for each in self._rooms or self.conference.rooms}

    @cached_property
    def slots(self) -> dict[str, str]:
        return _titles(self.conference.slots)

    @cached_property
    def themes(self) -> dict[str, str]:
        return _titles(self.conference.themes)

    @cached_property
    def groups(self) -> dict[str, str]:
        return _titles(self.conference.groups)

    @cached_property
    def people(self) -> dict[str, str]:
        return {row.key: row.name for row in roster.names(self.conference)}

    def of(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        """The facts with names in the place of ids."""
        told = {name: getattr(self, NAMED[name]).get(str(v), v) if name in NAMED else v for name, v in facts.items()}
        attribute = str(facts.get("attribute", ""))
        if attribute.startswith(MARK):  # a class "7" is no group with the number 7
            told["whom"] = with_mark(attribute.removeprefix(MARK), str(facts.get("value", "")))
        elif "value" in told:
            told["whom"] = of_group(str(told["value"]))
        if "participant" in facts:  # nobody has the name of somebody who was erased
            told["participant"] = self.people.get(str(facts["participant"]), EMPTY)
        if "theme" in facts:
            theme = str(facts["theme"])
            told["theme"] = self.themes.get(theme) or self.sessions.get(theme, theme)
        if "language" in facts:
            told["language"] = languages.name_of(facts["language"])
        if "pair" in facts:
            told["pair"] = " – ".join(languages.name_of(code) for code in str(facts["pair"]).split("-"))
        return {"by": 1, **told}


def of_group(title: str) -> str:
    """As in "of the group “Trade unions”"; stands after "somebody" or "people"."""
    return _("of the group “%(group)s”", group=languages.isolated(title))


def with_mark(mark: str, value: str) -> str:
    """The same of what else is known of people, as in "with Class: 5a"."""
    return _("with %(what)s", what=languages.isolated(f"{mark}: {value}"))


def _titles(rows: Iterable[Any]) -> dict[str, str]:
    here = languages.current()
    return {str(each.id): languages.pick(each.title, here) for each in rows}


def given(facts: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: facts.get(name, "?") for name in names}


def feature_of(code: Any) -> str:
    return str(FEATURES.get(str(code), code))
