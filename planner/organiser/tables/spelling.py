"""The words of a cell: what each of them means, and how it is written there."""

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from flask_babel import gettext as _

from planner import languages
from planner.imports import cells
from planner.imports.columns import plain
from planner.models import Level
from planner.words import TONGUES


class Titled(Protocol):
    @property
    def id(self) -> int: ...
    @property
    def title(self) -> Mapping[str, str]: ...


Read = tuple[list[str], list[str]]


def known(text: str, words: Mapping[str, object], further: Callable[[str], Read]) -> Read:
    """The keys that the text names, by the pages' own words in any language, else as lists write them; and the rest."""
    own = {plain(word): key for key, label in words.items() for word in languages.spellings(label)}
    found: list[str] = []
    unknown: list[str] = []
    for part in cells.parts(text):
        keys, rest = ([own[plain(part)]], []) if plain(part) in own else further(part)
        found += keys
        unknown += rest
    return list(dict.fromkeys(found)), unknown


def one(words: Mapping[str, object]) -> Callable[[str], str]:
    """What a cell names of these, in any language that the pages have; nothing where it names none."""
    return lambda text: next(
        (key for key, label in words.items() if plain(text) in map(plain, languages.spellings(label))), ""
    )


def yes_or_no(text: str) -> str:
    try:
        return "yes" if cells.yes(text) else "no"
    except ValueError:
        return ""


def named(keys: Iterable[str], words: Mapping[str, object]) -> str:
    return ", ".join(str(words.get(key, key)) for key in keys or ())


def by_number(rows: Iterable[Titled]) -> list[tuple[str, str]]:
    """As a choice: a sign before the number, because a list may call a group "5"."""
    return [(f"#{row.id}", languages.pick(row.title, languages.current())) for row in rows]


def titled(rows: Iterable[Titled], further: Mapping[str, str] | None = None) -> Callable[[str], str]:
    """Which of these a cell names, by its title in any language."""
    known = {plain(word): value for word, value in (further or {}).items()}
    known |= {plain(title): f"#{row.id}" for row in rows for title in row.title.values()}
    return lambda text: known.get(plain(text), "") if text else ""


def spoken(text: str) -> tuple[dict[str, Level], list[str]]:
    """Languages with how well."""
    return cells.languages(text)


def of_levels(levels: Mapping[str, Level] | None) -> str:
    """As it can be read again."""
    words = {
        Level.SPEAKS: "%(language)s",
        Level.UNDERSTANDS: _("understands %(language)s"),
        Level.NEEDS_HELP: _("a little %(language)s"),
    }
    return ", ".join(words[level] % {"language": languages.name_of(code)} for code, level in (levels or {}).items())


def tongues(text: str) -> Read:
    """Languages that are named, however well they are spoken."""
    found, unknown = cells.languages(text)
    return list(found), unknown


def of_tongues(codes: Iterable[str] | None) -> str:
    return ", ".join(languages.name_of(code) for code in codes or ())


def every_tongue() -> str:
    return of_tongues(TONGUES)
