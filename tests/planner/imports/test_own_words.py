"""A list that is written in this program's own words is understood: every column's label, every word for a value."""

from collections.abc import Callable, Iterable

import pytest
from flask import Flask
from flask_babel.speaklater import LazyString

from planner import languages
from planner.imports import cells
from planner.imports.batches import NOUNS
from planner.imports.columns import by_headings
from planner.models import ImportKind
from planner.words import ANSWERS, FEATURES, LEVELS, NEEDS, PARTICIPANT_STATES, SEATINGS, TONGUES

VALUES: dict[str, tuple[dict[str, object], Callable[[str], object]]] = {
    "need": (dict(NEEDS), lambda word: only(*cells.needs(word))),
    "feature": (dict(FEATURES), lambda word: only(*cells.features(word))),
    "level": (dict(LEVELS), cells.level),
    "state": ({key: label for key, (label, _tone) in PARTICIPANT_STATES.items()}, cells.state),
    "seating": (dict(SEATINGS), cells.seating),
    "language": (
        {code: LazyString(languages.name_of, code) for code in TONGUES},
        lambda word: only(*cells.languages(word)),
    ),
    "yes or no": ({key == "yes": ANSWERS[key] for key in ANSWERS}, cells.yes),
}


def only(known: Iterable[object], unknown: list[str]) -> object:
    """The one that is known, where nothing else is asked about."""
    found = list(known)
    return found[0] if len(found) == 1 and not unknown else (found, unknown)


@pytest.mark.parametrize("kind", list(NOUNS))
def test_every_column_is_recognised_by_what_the_page_calls_it(app: Flask, kind: ImportKind) -> None:
    noun = NOUNS[kind]
    with app.test_request_context():
        fields = noun.fields()
        called = {each.key: languages.spellings(each.label) for each in fields}

        taken = {
            (key, word): by_headings([word], fields).columns.get(0) for key, words in called.items() for word in words
        }

    assert len(taken) > len(fields)
    assert {case: found for case, found in taken.items() if found != case[0]} == {}


@pytest.mark.parametrize("kind", VALUES)
def test_every_value_is_read_by_the_words_that_pages_have_for_it(app: Flask, kind: str) -> None:
    values, reads = VALUES[kind]
    with app.test_request_context():
        called = {value: {str(value), *languages.spellings(label)} for value, label in values.items()}
    if kind == "yes or no":
        called = {value: words - {str(value)} for value, words in called.items()}

    assert [(value, word) for value, words in called.items() for word in words if reads(word) != value] == []
