"""What mails say: of the outbox, with links to sign in, and invitations."""

import hashlib
import hmac
import re
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import getaddresses
from pathlib import Path
from typing import Any, Protocol, cast
from urllib.parse import urlparse

from flask import current_app, g, has_request_context
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from flask_mailman import EmailMessage

from planner import auth, commitments, dates, days, languages, mail_settings, mail_texts, vocabulary
from planner.allocations import provisional
from planner.config import Config
from planner.models import Conference, Invitation, MailKind, Message, MessageState, Participant, User
from planner.words import MEMBER_ROLES, MESSAGES, PLAIN_NEWS

WITHOUT_A_PLAN = ("reminder", "invitation", *PLAIN_NEWS)
"""Kinds of messages that speak of no plan."""


def mail_is_set_up() -> bool:
    """Whether anybody can be written to at all; if not, nothing leaves, and whoever is to be told stands on a list."""
    return way() != "off"


class Reached(Protocol):
    """A person's row, or what of it a list has."""

    @property
    def id(self) -> int: ...
    @property
    def email(self) -> str | None: ...


def by_mail(person: Reached) -> bool:
    """Whether a mail reaches her."""
    return bool(mail_is_set_up() and person.email)


def message(
    conference_id: int, person: Reached, kind: str, key: str, now: datetime, facts: dict[str, Any] | None = None
) -> Message:
    """A row of the outbox for her: whom no mail reaches stands on the list of those to be told otherwise.

    `key` names this one among all of the conference, so that it is written once; `now` is the real time, never a
    demonstration's, as it is what the sending goes by.
    """
    return Message(
        conference_id=conference_id,
        participant_id=person.id,
        kind=kind,
        dedupe_key=key,
        facts=facts or {},
        state=MessageState.WAITING if by_mail(person) else MessageState.BY_HAND,
        created_at=now,
    )


def way() -> str:
    """off, file or smtp: one answer for all of a request, whoever changes the settings meanwhile."""
    if not has_request_context():
        return mail_settings.present().way
    if "way_of_mail" not in g:
        g.way_of_mail = mail_settings.present().way
    return str(g.way_of_mail)


def way_in_words() -> str:
    """Whether and how mail goes out; never with what name and password."""
    settings = mail_settings.present()
    if settings.way == "off" and mail_settings.are_fixed():
        return _("Mail is not set up here: nobody gets a message. Whoever runs the server sets PLANNER_MAIL.")
    if settings.way == "off":
        return _("Mail is not set up here: nobody gets a message. An operator of this installation can set it up.")
    if settings.way == "file":
        return _("Mails are only written into files on this computer. None leaves it.")
    return _(
        "Mails leave by the server %(server)s, port %(port)s, with the sender %(sender)s.",
        server=settings.server,
        port=settings.port,
        sender=settings.sender,
    )


def _config() -> Config:
    return cast(Config, current_app.extensions["planner"])


@dataclass(frozen=True)
class Letter:
    """A mail that is ready, and the token of the link in it: whoever sends it takes the token back if nobody got it."""

    mail: EmailMessage
    token: str


def compose(message: Message, now: datetime) -> Letter:
    """The mail in the person's language, with a personal link minted now and kept nowhere."""
    token = auth.mint_link(message.participant, now)
    mail = _mail(message, token, now)
    mail.extra_headers = {"Message-ID": _message_id(message)}
    mail.message()  # what cannot be put into words is noticed here, before anything is promised
    return Letter(mail, token)


def preview(message: Message, now: datetime, own: mail_texts.Own | None = None) -> EmailMessage:
    """As she would read it, for others to see: no link is made, so the one in it opens nothing.

    `own` is a text that is not kept yet.
    """
    return _mail(message, "…", now, own)


def _mail(message: Message, token: str, now: datetime, own: mail_texts.Own | None = None) -> EmailMessage:
    person = message.participant
    language = languages.told_in(person)
    with force_locale(language), vocabulary.speaking(person.conference):
        subject, body = _texts(message, token, now, language, own)
        return EmailMessage(subject=subject, body=body, to=[_address(person)])


def _texts(message: Message, token: str, now: datetime, language: str, own: mail_texts.Own | None) -> tuple[str, str]:
    """The conference's own, where it has one in this language, or the program's."""
    person, link = message.participant, f"{_config().public_url}/l/{token}"
    title = _one_line(languages.pick(person.conference.title, language))
    until = dates.moment(auth.link_ends(person.conference, now), person.conference)
    kept = own or mail_texts.of(person.conference, mail_texts.KINDS.get(message.kind), language)
    if kept is None:
        address = "\n\n".join(filter(None, [link, _asked(message), _draft(message, now)]))
        return _subject(message.kind, title), _body(_news(message), address, until, title)
    facts = {
        "name": _one_line(mail_texts.called(person)),
        "title": title,
        "day": _day_and_place(person.conference),
        "deadline": dates.moment(person.conference.wishes_until, person.conference),
    }
    news = "\n\n".join(filter(None, [_news(message), _asked(message), _draft(message, now)]))
    more = {**facts, "news": news, "link": link, "until": until}
    return _one_line(mail_texts.filled(kept.subject, facts)), mail_texts.filled(kept.body, more)


def _body(news: str, address: str, until: str, title: str) -> str:
    return _(
        "Good day,\n\n%(news)s\n\n%(address)s\n\n"
        "The link is yours alone. Please do not pass it on. It works until %(until)s.\n\n%(title)s",
        news=news,
        address=address,
        until=until,
        title=title,
    )


def standard(conference: Conference, kind: MailKind, language: str) -> mail_texts.Own:
    """The program's own text with placeholders, to begin with."""
    with force_locale(language), vocabulary.speaking(conference):
        word = {code: mail_texts.written(code, language) for code in mail_texts.WORDS}
        news = {
            MailKind.INVITATION: lambda: _invited(word["day"]),
            MailKind.REMINDER: lambda: _reminded(word["deadline"]),
            MailKind.NEWS: lambda: word["news"],
        }[kind]()
        subject = _subject("published" if kind is MailKind.NEWS else kind.value, word["title"])
        return mail_texts.Own(subject, _body(news, word["link"], word["until"], word["title"]))


def _one_line(text: str) -> str:
    """Fit for a header, whatever was typed."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _address(person: Participant) -> str:
    if not person.email:
        raise ValueError("she has no address any more")
    return person.email


def _message_id(message: Message) -> str:
    """The same each time it is tried, so that a mailbox that got it twice can tell."""
    config = _config()
    made = hmac.new(config.key().encode(), f"message:{message.id}".encode(), hashlib.sha256).hexdigest()
    return f"<{made[:32]}@{urlparse(config.public_url).hostname or 'localhost'}>"


def no_address() -> str:
    return _("She has no e-mail address here. Add one, or tell her yourself.")


def _subject(kind: str, title: str) -> str:
    if kind == "reminder":
        return _("Please choose your sessions: %(title)s", title=title)
    if kind == "invitation":
        return _("Your invitation: %(title)s", title=title)
    if kind in PLAIN_NEWS:
        return f"{MESSAGES[kind]}: {title}"
    if kind == "changed":
        return _("Your day has changed: %(title)s", title=title)
    return _("Your day at the conference: %(title)s", title=title)


def heading(kind: str, lacking: int) -> str:
    """What a message is, in a list; whoever lacks a place in so many rounds is listed with no good news."""
    if kind not in WITHOUT_A_PLAN and lacking:
        return _("Without a place in a round")
    return str(MESSAGES.get(kind, kind))


def _news(message: Message) -> str:
    if message.kind == "reminder":
        conference = message.participant.conference
        return _reminded(dates.moment(conference.wishes_until, conference))
    if message.kind == "invitation":
        return _invited(_day_and_place(message.participant.conference))
    if message.kind in PLAIN_NEWS:
        return str(PLAIN_NEWS[message.kind])
    if message.kind == "changed":
        return _changed(message)
    run = message.participant.conference.published
    if "day" in message.facts or run is None:
        return _published(days.lacks(message))
    return _published(run.lacks(message.participant.key))  # of an earlier version, which kept no day


def _changed(message: Message) -> str:
    """Round by round; a round without a place is no day that is ready."""
    rounds = [
        "\n".join(
            [
                _one_line(each.round),
                *([_("before: %(place)s", place=_one_line(each.before))] if each.before else []),
                _("now: %(place)s", place=_one_line(each.now)),
            ]
        )
        for each in days.told(message, days.Words(message.participant.conference))
    ]
    found = [_("your day at the conference has changed."), *rounds]
    if days.lacks(message):
        found.append(_("Where there is no place for you, the organisers know it and will speak to you."))
    return "\n\n".join([*found, _("You can see your whole day, and why:")])


def _reminded(until: str) -> str:
    return _(
        "no wish of yours is stored yet for a session that is offered. You can choose until %(until)s. "
        "This is where you choose:",
        until=until,
    )


def _invited(when: str) -> str:
    return _(
        "you are invited to this conference: %(when)s. On your own pages you say what you understand and need, bring "
        "what concerns you, and choose what you want to take part in. This is your way in:",
        when=when,
    )


def _day_and_place(conference: Conference) -> str:
    return _one_line(", ".join(filter(None, (dates.long_days(conference), conference.place))))


def _asked(message: Message) -> str:
    """That a task in it is to be answered; of those that she was asked about before, or has answered, nothing."""
    count = commitments.asked_by(message) if message.kind not in WITHOUT_A_PLAN else 0
    if not count:
        return ""
    return ngettext(
        "There is %(num)s task for you in it. Please say on your pages whether you do it.",
        "There are %(num)s tasks for you in it. Please say on your pages whether you do them.",
        count,
    )


def _draft(message: Message, now: datetime) -> str:
    """That the plan may still change; below the news, which goes on from the greeting in small letters."""
    if message.kind in WITHOUT_A_PLAN:
        return ""
    conference = message.participant.conference
    return provisional(conference.published, now + timedelta(seconds=conference.clock_shift))


def _published(lacking: int) -> str:
    """A round without a place is said first, never "your day is ready"."""
    if not lacking:
        return _("the rooms are published. You can see when and where you are, and why:")
    return ngettext(
        "the rooms are published, but in %(num)s round there is no place for you. The organisers know it and will "
        "speak to you. You can see the rest of your day, and why:",
        "the rooms are published, but in %(num)s rounds there is no place for you. The organisers know it and will "
        "speak to you. You can see the rest of your day, and why:",
        lacking,
    )


def sign_in_mail(user: User, now: datetime) -> EmailMessage:
    """A one-time link for an organiser who asked for it, in her language."""
    address = f"{_config().public_url}/s/{auth.mint_sign_in(user, now)}"
    with force_locale(user.locale):
        return EmailMessage(
            subject=_("Your link to sign in"),
            body=_(
                "Good day,\n\nwith this link you sign in as an organiser:\n\n%(address)s\n\n"
                "It works once, within 24 hours. If you did not ask for it, you need not do anything.",
                address=address,
            ),
            to=[user.email],
        )


def trial_mail(user: User) -> EmailMessage:
    """An organiser asked whether mail goes out; it opens nothing."""
    with force_locale(user.locale):
        return EmailMessage(
            subject=_("A test: this mail has arrived"),
            body=_(
                "Good day,\n\nyou asked for a test. Mails of Stuhlkreis leave, and this one has arrived. "
                "It comes from:\n\n%(address)s\n\nYou need not do anything.",
                address=_config().public_url,
            ),
            to=[user.email],
        )


def invitation_mail(invited: Invitation, token: str) -> EmailMessage:
    """In the language of the account that has the address; where there is none yet, in that of whoever invites."""
    known = auth.account_of(invited.email) or invited.invited_by
    conference, address = invited.conference, f"{_config().public_url}/i/{token}"
    with force_locale(known.locale if known else conference.language):
        title = " ".join(languages.pick(conference.title, languages.current()).split())
        return EmailMessage(
            subject=_("You are invited to work on a conference"),
            body=_(
                "Good day,\n\nyou are invited to work on the conference “%(title)s”, as: %(role)s.\n\n"
                "With this link you accept:\n\n%(address)s\n\n"
                "It works until %(until)s, for an account with this e-mail address, and once. "
                "If you do not know what this is about, you need not do anything.",
                title=title,
                role=MEMBER_ROLES[invited.role][0],
                address=address,
                until=dates.moment(invited.expires_at, conference),
            ),
            to=[invited.email],
        )


def remove_copies(addresses: Collection[str]) -> None:
    """Mails that were written into files for trying, to people who are erased."""
    sought = {address.casefold() for address in addresses}
    for file in (_config().instance / "mail").glob("*.log") if sought else ():
        if sought & _recipients(file):
            file.unlink(missing_ok=True)


def remove_copies_before(moment: datetime) -> None:
    for file in (_config().instance / "mail").glob("*.log"):
        with suppress(FileNotFoundError):  # somebody else was faster
            if file.stat().st_mtime < moment.timestamp():
                file.unlink()


def _recipients(file: Path) -> set[str]:
    """Whom the mails in a file are addressed to."""
    heads = re.findall(r"^To: (.*(?:\n[ \t].*)*)", file.read_text(errors="replace"), re.MULTILINE)
    return {address.casefold() for _name, address in getaddresses(heads)}
