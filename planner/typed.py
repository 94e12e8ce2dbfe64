"""What somebody sent and what could not be saved: the page that follows carries it in a form that can be sent again."""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, g, request
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException
from wtforms.fields.core import UnboundField

from planner import languages
from planner.forms import Form
from planner.words import TONGUES

SAFE = {"GET", "HEAD", "OPTIONS"}
SECRET = re.compile("csrf|password|passcode|secret|token|code", re.IGNORECASE)
OURS = {"switch_language"}  # a button of base.html
MACHINE_WORD = re.compile(r"[a-z0-9_:.,T-]{0,40}")
"""A choice, a number, a moment: it goes along unseen. What a person wrote can be read and changed."""
MOST = 5000
"""Fields of one form; ours have a few dozen, and one more for each person of a long list."""


@dataclass(frozen=True)
class Entry:
    name: str
    value: str
    label: str

    @property
    def is_written(self) -> bool:
        return not MACHINE_WORD.fullmatch(self.value)

    @property
    def is_long(self) -> bool:
        return "\n" in self.value or len(self.value) > 60


def entries() -> list[Entry]:
    """Everything that was sent, but no secret; nothing where nothing was sent or it was too much to be read."""
    sent = [] if request.method in SAFE else fields()
    labels = _labels()
    kept = [(name, value) for name, value in sent if name not in OURS and not SECRET.search(name)]
    return [
        Entry(name, value, labels.get(name) or labels.get(in_its_row(name)) or _("Entry %(number)s", number=number))
        for number, (name, value) in enumerate(kept if len(kept) <= MOST else [], start=1)
    ]


def in_its_row(name: str) -> str:
    """Of a field in a table's row: r12-name, n0-name."""
    return name.partition("-")[2]


def fields() -> list[tuple[str, str]]:
    try:
        return list(request.form.items(multi=True))
    except HTTPException:
        return []


def _labels() -> dict[str, str]:
    """As the forms beside the view call their fields."""
    view = current_app.view_functions.get(request.endpoint or "")
    module = vars(sys.modules[view.__module__]) if view else {}
    forms = [each for each in module.values() if isinstance(each, type) and issubclass(each, Form)]
    named = [pair for form in forms for pair in (*vars(form).items(), *_in_each_language(form))]
    return {
        name: str(field.args[0])
        for name, field in named
        if isinstance(field, UnboundField) and field.args and field.args[0]
    }


def _in_each_language(form: type[Form]) -> Iterator[tuple[str, Any]]:
    """Whatever languages the conference has: it may be unknown yet when a form is refused."""
    for name, make in form.translated.items():
        for code in TONGUES:
            yield f"{name}_{code}", make(languages.name_of(code), False)


def whose(actor: object) -> str:
    """For whom a form is shown; it travels in the form, so that nobody else on the same phone can send it."""
    return f"{type(actor).__name__.lower()}-{actor.id}" if actor else ""  # type: ignore[attr-defined]


def install(app: Flask) -> None:
    app.jinja_env.globals["entries"] = entries
    app.context_processor(lambda: {"sender": g.get("sender", "")})
