"""Words of its own: a school says project where others say session. Only what differs stands in a catalogue."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from babel.support import NullTranslations, Translations
from flask import g, has_app_context
from flask_babel import Domain, get_locale
from flask_babel import lazy_gettext as _l

from planner.config import PACKAGE
from planner.extensions import babel
from planner.models import Conference

KINDS = {"": _l("conference: sessions"), "school": _l("school: projects, and pupils are called “du”")}
FOLDER = PACKAGE / "translations"
TO_HERSELF = "_pupils"
"""How a catalogue ends that speaks to those who take part as to friends."""


def of(conference: Conference, *, to_herself: bool) -> tuple[str, ...]:
    """The catalogues to look into before all others, the first one first."""
    own = conference.vocabulary
    return (own + TO_HERSELF, own) if own and to_herself else (own,) if own else ()


@contextmanager
def speaking(conference: Conference) -> Iterator[None]:
    """What is written to those who take part in it, wherever it is written."""
    before = g.get("vocabulary", ())
    g.vocabulary = of(conference, to_herself=True)
    try:
        yield
    finally:
        g.vocabulary = before


def spoken() -> tuple[str, ...]:
    found: tuple[str, ...] = g.get("vocabulary", ()) if has_app_context() else ()
    return found


class Worded(Domain):  # type: ignore[misc]
    """The program's texts, beneath those of the conference's vocabulary."""

    def __init__(self) -> None:
        super().__init__(domain="messages")
        self.layered: dict[tuple[str, tuple[str, ...]], Any] = {}

    def get_translations(self) -> Any:
        catalogues = spoken()
        if not catalogues:
            return super().get_translations()
        key = (str(get_locale()), catalogues)
        if key not in self.layered:
            self.layered[key] = self._over(super().get_translations(), catalogues)
        return self.layered[key]

    @staticmethod
    def _over(plain: NullTranslations, catalogues: tuple[str, ...]) -> NullTranslations:
        for name in reversed(catalogues):
            above = Translations.load(str(FOLDER), [get_locale()], name)
            if isinstance(above, Translations):
                above.add_fallback(plain)
                plain = above
        return plain


def install() -> None:
    babel.domain_instance = Worded()
