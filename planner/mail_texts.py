"""Texts of a conference's own for its mails: which words in braces they may hold and must, and what takes their place.

A text is filled in once, from the left: what somebody is called is never read as a placeholder.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from planner.errors import PlannerError
from planner.extensions import db
from planner.models import Conference, MailKind, MailText, Participant, Registration

LANGUAGES = ("de", "en")
KINDS = {
    "invitation": MailKind.INVITATION,
    "reminder": MailKind.REMINDER,
    "published": MailKind.NEWS,
    "changed": MailKind.NEWS,
}
"""By the kind of a message, whose text it has; all others are the program's alone."""
PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
WORDS = {
    "name": {"de": "Name", "en": "name"},
    "title": {"de": "Titel", "en": "title"},
    "day": {"de": "Tag", "en": "day"},
    "deadline": {"de": "Frist", "en": "deadline"},
    "news": {"de": "Nachricht", "en": "news"},
    "link": {"de": "Link", "en": "link"},
    "until": {"de": "gültig", "en": "until"},
}
"""By code how each is written in each language; both are understood in either."""
MEANINGS = {
    "name": _l("what she is called; whoever registered herself is called “guest”, as nobody has checked her address"),
    "title": _l("the title of the conference"),
    "day": _l("its day and place"),
    "deadline": _l("until when one can choose"),
    "news": _l("what is new for her: her rounds, and where there is no place for her"),
    "link": _l("her personal link"),
    "until": _l("until when her link works"),
}
NOT_IN_A_SUBJECT = {"link", "news", "until"}


class Wrong(PlannerError):
    """A text that cannot be sent as it is; the sentence says why."""


@dataclass(frozen=True)
class Own:
    """A subject and a text, with placeholders."""

    subject: str
    body: str


def codes(kind: MailKind) -> list[str]:
    """What a text of this kind may hold."""
    left_out = {"deadline"} if kind is MailKind.NEWS else {"news"}
    return [code for code in WORDS if code not in left_out]


def needed(kind: MailKind) -> list[str]:
    return ["news", "link"] if kind is MailKind.NEWS else ["link"]


def written(code: str, language: str) -> str:
    """The placeholder, as it stands in a text of this language."""
    return f"{{{WORDS[code].get(language, WORDS[code]['en'])}}}"


def _code(word: str) -> str:
    sought = word.strip().casefold()
    return next((code for code, words in WORDS.items() if sought in {each.casefold() for each in words.values()}), "")


def check(text: Own, kind: MailKind, language: str) -> None:
    """Raises Wrong at the field whose text holds what is not known there, or lacks what it must have."""
    allowed = codes(kind)
    _check_words(text.subject, [code for code in allowed if code not in NOT_IN_A_SUBJECT], language, "subject")
    _check_words(text.body, allowed, language, "body")
    found = {_code(word) for word in PLACEHOLDER.findall(text.body)}
    for code in needed(kind):
        if code not in found:
            word = written(code, language)
            raise Wrong(_("Please put %(word)s into the text: %(what)s.", word=word, what=MEANINGS[code]), "body")


def _check_words(text: str, allowed: list[str], language: str, field: str) -> None:
    known = ", ".join(written(code, language) for code in allowed)
    unknown = list(dict.fromkeys(word[:40] for word in PLACEHOLDER.findall(text) if _code(word) not in allowed))
    if len(unknown) == 1:
        raise Wrong(
            _("“%(word)s” is not known here. You can use: %(known)s.", word=f"{{{unknown[0]}}}", known=known), field
        )
    if unknown:
        words = ", ".join(f"{{{word}}}" for word in unknown[:20])
        raise Wrong(_("These are not known here: %(words)s. You can use: %(known)s.", words=words, known=known), field)
    rest = PLACEHOLDER.sub("", text)
    if "{" in rest or "}" in rest:
        raise Wrong(_("A brace has no partner. Placeholders look like this: %(known)s.", known=known), field)


def filled(text: str, facts: Mapping[str, str]) -> str:
    """With what takes the placeholders' place; one that is not known says nothing."""
    return PLACEHOLDER.sub(lambda found: facts.get(_code(found[1]), ""), text)


def of(conference: Conference, kind: MailKind | None, language: str) -> MailText | None:
    """None where it has none, or there can be none of this kind."""
    return db.session.scalar(select(MailText).filter_by(conference_id=conference.id, kind=kind, language=language))


def all_of(conference: Conference) -> set[tuple[MailKind, str]]:
    """Of which kinds and languages there are texts of its own."""
    rows = select(MailText.kind, MailText.language).filter_by(conference_id=conference.id)
    return {(kind, language) for kind, language in db.session.execute(rows)}


def save(conference: Conference, kind: MailKind, language: str, text: Own) -> None:
    """Whoever calls holds the conference: of two who write the first text one finds the other's. Raises Wrong."""
    check(text, kind, language)
    row = of(conference, kind, language)
    if row is None:
        row = MailText(conference_id=conference.id, kind=kind, language=language)
        db.session.add(row)
    row.subject, row.body = text.subject, text.body


def reset(conference: Conference, kind: MailKind, language: str) -> None:
    """The program's own text again."""
    row = of(conference, kind, language)
    if row is not None:
        db.session.delete(row)


def called(person: Participant) -> str:
    """Whoever registered herself typed name and address, perhaps somebody else's: no words of hers are mailed there."""
    herself = select(Registration.id).filter_by(participant_id=person.id)
    return _("guest") if db.session.scalar(herself) else person.name


def listed(kind: MailKind, language: str) -> Iterator[tuple[str, object]]:
    """Each placeholder with what it means."""
    return ((written(code, language), MEANINGS[code]) for code in codes(kind))
