"""Which language a page speaks, which way it runs, and which of several texts it shows."""

from collections.abc import Mapping, Sequence
from gettext import NullTranslations
from typing import Literal

from babel import Locale
from babel.lists import format_list
from flask import Flask, current_app, g, request
from flask_babel import force_locale, get_locale, get_translations, refresh

from planner import auth, vocabulary
from planner.config import LANGUAGES, PACKAGE
from planner.models import Participant

TRANSLATED = {"en", *(file.parts[-3] for file in (PACKAGE / "translations").glob("*/LC_MESSAGES/messages.mo"))}
RIGHT_TO_LEFT = {"ar", "fa", "he", "ur"}


def offered() -> dict[str, str]:
    """By code what each button says: a language gives what it promises, or there is no button for it."""
    every = current_app.extensions["planner"].untranslated
    return {code: label for code, label in LANGUAGES.items() if every or code in TRANSLATED}


def told_in(person: Participant) -> str:
    """In which language she is written to: hers, where the program speaks it, or the conference's first."""
    return next((code for code in (person.locale, person.conference.language) if code in offered()), "de")


def choose() -> str:
    """What the person chose; else what her browser asks for; else German."""
    chosen = auth.remembered_language() or getattr(g.get("actor"), "locale", None)
    if chosen in offered():
        return str(chosen)
    return request.accept_languages.best_match(offered(), default="de") if request else "de"


def switch() -> None:
    """The language's button belongs to the page's open form: all that was typed comes along and is shown again."""
    chosen = request.form.get("switch_language") if request.method == "POST" else None
    if chosen in offered():
        auth.remember_language(chosen)
        g.switches_language = True
        refresh()


def current() -> str:
    locale = get_locale()
    return locale.language if locale else "de"


def written() -> str:
    """The language of the program's own sentences on this page: English, where nobody has translated them."""
    return current() if current() in TRANSLATED else "en"


def foreign(texts: Mapping[str, str] | None) -> str:
    """The language of the text that `pick` shows, where the sentences around it are in another; else empty."""
    texts, here = texts or {}, current()
    language = here if texts.get(here) else next((code for code, text in texts.items() if text), "")
    return "" if language == written() else language


def direction(language: str) -> str:
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def pick(texts: Mapping[str, str] | None, language: str) -> str:
    """The text in this language, else the conference's first one that is not empty."""
    texts = texts or {}
    return texts.get(language) or next((text for text in texts.values() if text), "")


def name_of(language: str) -> str:
    """A language's name, written in the page's language."""
    return Locale.parse(current()).languages.get(language, language)


def spellings(text: object) -> set[str]:
    """A text in every language that the program speaks."""
    found = set()
    for code in TRANSLATED:
        with force_locale(code):
            found.add(str(text))
    return found


def into(language: str) -> str:
    """A language's name as the goal of interpreting; German bends it: "ins Arabische"."""
    name = name_of(language)
    return f"{name}e" if current() == "de" and name.endswith("sch") else name


def in_a_row(words: Sequence[str], style: Literal["standard", "or"] = "standard") -> str:
    """Words with commas and the page's "and" or "or"."""
    return format_list(list(words), style, Locale.parse(current()))


def isolated(name: str) -> str:
    """A name inside a sentence, kept from turning the letters around it."""
    return f"\N{FIRST STRONG ISOLATE}{name}\N{POP DIRECTIONAL ISOLATE}"


def install(app: Flask) -> None:
    _keep_catalogues(app)
    app.jinja_env.filters["in_language"] = lambda texts: pick(texts, current())
    app.jinja_env.filters["language_name"] = name_of
    app.jinja_env.filters["foreign"] = foreign
    app.jinja_env.filters["direction"] = direction
    app.context_processor(
        lambda: {
            "language": current(),
            "written": written(),
            "text_direction": direction(current()),
            "languages": offered(),
        }
    )


def _keep_catalogues(app: Flask) -> None:
    """Templates ask a hundred times a page: the extension looks its catalogue up anew each time, by way of a text."""
    kept: dict[tuple[str, tuple[str, ...]], NullTranslations] = {}

    def catalogue() -> NullTranslations:
        locale = get_locale()
        if locale is None:
            return get_translations()
        key = (locale.language, vocabulary.spoken())
        if key not in kept:
            kept[key] = get_translations()
        return kept[key]

    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: catalogue().gettext(text),
        lambda one, many, count: catalogue().ngettext(one, many, count),
        newstyle=True,
    )
