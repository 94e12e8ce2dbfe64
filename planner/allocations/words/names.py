"""A conference's names for what the solver calls by id."""

from collections.abc import Mapping
from typing import Any

from planner import languages
from planner.models import Conference
from planner.words import FEATURES


class Names:
    """A conference's names for the ids in facts."""

    def __init__(self, conference: Conference):
        here = languages.current()
        self.sessions = {str(each.id): languages.pick(each.title, here) for each in conference.sessions}
        self.rooms = {str(each.id): each.name for each in conference.rooms}
        self.slots = {str(each.id): languages.pick(each.title, here) for each in conference.slots}
        self.themes = {str(each.id): languages.pick(each.title, here) for each in conference.themes}
        self.groups = {str(each.id): languages.pick(each.title, here) for each in conference.groups}
        self.people = {each.key: each.name for each in conference.participants}

    def of(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        """The facts with names in the place of ids."""
        known = {
            "session": self.sessions,
            "room": self.rooms,
            "slot": self.slots,
            "value": self.groups,
            "participant": self.people,
        }
        told = {name: known[name].get(str(value), value) if name in known else value for name, value in facts.items()}
        if "theme" in facts:
            theme = str(facts["theme"])
            told["theme"] = self.themes.get(theme) or self.sessions.get(theme, theme)
        if "language" in facts:
            told["language"] = languages.name_of(facts["language"])
        if "pair" in facts:
            told["pair"] = " – ".join(languages.name_of(code) for code in str(facts["pair"]).split("-"))
        return {"by": 1, **told}


def given(facts: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: facts.get(name, "?") for name in names}


def feature_of(code: Any) -> str:
    return str(FEATURES.get(str(code), code))
