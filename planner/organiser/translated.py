"""Which texts a form asks for in each language of the conference."""

from collections.abc import Mapping
from typing import Any, TypeVar

from flask import g

from planner import languages
from planner.forms import Form

F = TypeVar("F", bound=Form)


def per_language(form: type[F]) -> type[F]:
    """The form with a field for each of its translated texts and each language; the first one's must be there."""
    first = g.conference.language
    fields = {
        f"{name}_{code}": make(languages.name_of(code), code == first)
        for name, make in form.translated.items()
        for code in g.conference.languages
    }
    return type(form.__name__, (form,), fields)


def filled(row: Any, *names: str) -> dict[str, str]:
    """What stands in the row, as the form's fields are called."""
    return {
        f"{name}_{code}": _shown((getattr(row, name) or {}).get(code, ""))
        for name in names
        for code in g.conference.languages
    }


def _shown(value: str | list[str]) -> str:
    return value if isinstance(value, str) else "\n".join(value)


def texts(form: Form, name: str, before: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What was typed, without the empty ones; languages that the form does not show keep theirs."""
    typed = {code: form[f"{name}_{code}"].data for code in g.conference.languages}
    kept = {code: value for code, value in (before or {}).items() if code not in typed}
    return {code: value for code, value in typed.items() if value} | kept


def lists(form: Form, name: str, before: Mapping[str, list[str]] | None = None) -> dict[str, list[str]]:
    """The same for a text whose lines are kept apart; empty lines are none."""
    found = texts(form, name, before)
    return {code: lines if isinstance(lines, list) else _lines(lines) for code, lines in found.items()}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
