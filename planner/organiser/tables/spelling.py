"""The words of a cell: what each of them means, and how it is written there."""

from collections.abc import Callable, Iterable, Mapping

from planner import languages
from planner.imports import cells
from planner.imports.columns import plain
from planner.words import TONGUES

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


def tongues(text: str) -> Read:
    """Languages that are named, however well they are spoken."""
    found, unknown = cells.languages(text)
    return list(found), unknown


def of_tongues(codes: Iterable[str] | None) -> str:
    return ", ".join(languages.name_of(code) for code in codes or ())


def every_tongue() -> str:
    return of_tongues(TONGUES)
