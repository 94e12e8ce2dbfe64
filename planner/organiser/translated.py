"""Which texts a form asks for in each language of the conference."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from flask import g

from planner import languages
from planner.forms import Form

F = TypeVar("F", bound=Form)


def per_language(form: type[F], **makers: Callable[[str, bool], Any]) -> type[F]:
    """The form with a field for each text and language; a maker gets the language's name and whether it must be."""
    first = g.conference.language
    fields = {
        f"{name}_{code}": make(languages.name_of(code), code == first)
        for name, make in makers.items()
        for code in g.conference.languages
    }
    return type(form.__name__, (form,), fields)


def fields(form: Form, name: str) -> list[Any]:
    """The fields of one text, the conference's first language first."""
    return [form[f"{name}_{code}"] for code in g.conference.languages]


def filled(row: Any, *names: str) -> dict[str, str]:
    """What stands in the row, as the form's fields are called."""
    return {
        f"{name}_{code}": (getattr(row, name) or {}).get(code, "") for name in names for code in g.conference.languages
    }


def texts(form: Form, name: str, before: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What was typed, without the empty ones; languages that the form does not show keep theirs."""
    typed = {code: form[f"{name}_{code}"].data for code in g.conference.languages}
    kept = {code: value for code, value in (before or {}).items() if code not in typed}
    return {code: value for code, value in typed.items() if value} | kept
