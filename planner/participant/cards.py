"""The sessions to choose from, drawn once for everybody who reads the same language.

A drawing is kept under the very rows it was made from, read again in each request: an edit by anybody, in any process,
is another key. Nothing of a person goes into it.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import get_template_attribute

from planner import languages

DRAWINGS = 64  # conferences x languages x buttons at a time; the one that was asked for longest ago goes first


@dataclass(frozen=True)
class Card:
    """What her page shows of a session: as a favourite, and as one of all."""

    id: int
    title: str
    tag: str
    whole: str


@dataclass(frozen=True)
class _Theme:
    colour: int
    icon: str
    title: dict[str, str]


@dataclass(frozen=True)
class _Session:
    id: int
    number: int
    title: dict[str, str]
    sentence: dict[str, str]
    languages: list[str]
    two_language: bool
    theme: _Theme | None


def of(rows: Sequence[Iterable[Any]], *, addable: bool, refusable: bool) -> dict[int, Card]:
    """By id, in the order of the rows (as preferences.offer gives them), with the buttons that she may press."""
    return _drawn(languages.current(), tuple(map(tuple, rows)), addable, refusable)


@lru_cache(maxsize=DRAWINGS)
def _drawn(language: str, rows: tuple[tuple[Any, ...], ...], addable: bool, refusable: bool) -> dict[int, Card]:
    tag = get_template_attribute("macros/pieces.html", "theme_tag")
    whole = get_template_attribute("participant/_session_card.html", "card")
    return {
        each.id: Card(
            each.id,
            languages.pick(each.title, language),
            tag(each.theme),
            whole(each, tag(each.theme), addable, refusable),
        )
        for each in map(_read, rows)
    }


def _read(row: tuple[Any, ...]) -> _Session:
    id, number, title, sentence, spoken, two_language, colour, icon, theme, *_limits = row
    of_theme = _Theme(colour, icon, json.loads(theme)) if theme else None
    return _Session(id, number, json.loads(title), json.loads(sentence), json.loads(spoken), two_language, of_theme)
