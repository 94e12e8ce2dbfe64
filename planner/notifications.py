"""Which message goes to whom: rows of an outbox in the caller's transaction, and what they say."""

import hashlib
import hmac
import re
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import getaddresses
from pathlib import Path
from typing import cast
from urllib.parse import urlparse

from flask import current_app
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from flask_mailman import EmailMessage
from sqlalchemy import select

from planner import auth, dates, languages
from planner.allocations import provisional
from planner.config import Config
from planner.extensions import db
from planner.models import Allocation, Assignment, Invitation, Message, Participant, User
from planner.words import MEMBER_ROLES


@dataclass(frozen=True)
class Reach:
    """Whom mails about an allocation reach, and who must be told otherwise: by telephone, by card, on paper."""

    way: str  # off, file, smtp: as PLANNER_MAIL says
    by_mail: Sequence[Participant]
    otherwise: Sequence[Participant]

    @property
    def is_set_up(self) -> bool:
        return self.way != "off"


def mail_is_set_up() -> bool:
    """Whether anybody can be written to at all; if not, no message is made, and none waits."""
    return _config().mail != "off"


def reach(allocation: Allocation) -> Reach:
    """Before and after publishing: who gets a message, and who does not."""
    placed = _concerned(allocation)
    written_to = [person for person in placed if person.email and mail_is_set_up()]
    known = {person.id for person in written_to}
    return Reach(_config().mail, written_to, [person for person in placed if person.id not in known])


def allocation_published(allocation: Allocation, now: datetime) -> int:
    """One message for everybody concerned whom mail reaches; the same allocation never twice."""
    told = set(
        db.session.scalars(
            select(Message.dedupe_key).filter_by(conference_id=allocation.conference_id, kind="published")
        )
    )
    rows = [
        Message(
            conference_id=allocation.conference_id,
            participant_id=person.id,
            kind="published",
            dedupe_key=f"published:{allocation.id}:{person.id}",
            created_at=now,
        )
        for person in reach(allocation).by_mail
        if f"published:{allocation.id}:{person.id}" not in told
    ]
    db.session.add_all(rows)
    return len(rows)


def published_sentence(messages: int) -> str:
    """What really happens to the messages: on their way, written into files, or none at all."""
    if not mail_is_set_up():
        return _("Published. Mail is not set up, so nobody gets a message: please tell everybody yourself.")
    if _config().mail == "file":
        return _("Published. Messages written into files on this computer: %(count)s. None leaves it.", count=messages)
    return _("Published. Messages on their way: %(count)s.", count=messages)


def publish_question(told: Reach) -> list[str]:
    """What publishing does, before it is pressed: who then sees what, whom a message reaches, and whom it does not."""
    asked = [_("Publish this allocation? Everybody then sees their day.")]
    if not told.is_set_up:
        count = len(told.otherwise)
        return [
            *asked,
            _(
                "Mail is not set up here: nobody gets a message. You have to tell all of them yourself (%(count)s).",
                count=count,
            ),
        ]
    asked.append(_by_mail(told))
    if told.otherwise:
        asked.append(
            ngettext(
                "%(num)s person has no e-mail address: tell her otherwise.",
                "%(num)s people have no e-mail address: tell them otherwise.",
                len(told.otherwise),
            )
        )
    return asked


def _by_mail(told: Reach) -> str:
    count = len(told.by_mail)
    if told.way == "file":
        return _("Mails are only written into files on this computer (%(count)s); none leaves it.", count=count)
    return ngettext("%(num)s person is told once by mail.", "%(num)s people are told once by mail.", count)


def otherwise_sentence(told: Reach) -> str:
    """The heading above those who must be told otherwise, after publishing."""
    count = len(told.otherwise)
    if told.is_set_up:
        return ngettext(
            "%(num)s person has no e-mail address: tell her otherwise",
            "%(num)s people have no e-mail address: tell them otherwise",
            count,
        )
    return ngettext(
        "Mail is not set up: tell %(num)s person yourself", "Mail is not set up: tell %(num)s people yourself", count
    )


def _concerned(allocation: Allocation) -> Sequence[Participant]:
    """Everybody of whom the plan says something: where she is, or that there is no place for her."""
    placed = Participant.id.in_(select(Assignment.participant_id).filter_by(allocation_id=allocation.id))
    without = Participant.key.in_(list(allocation.without_place or {}))
    people = select(Participant).filter_by(conference_id=allocation.conference_id).where(placed | without)
    return db.session.scalars(people.order_by(Participant.name)).all()


def _config() -> Config:
    return cast(Config, current_app.extensions["planner"])


@dataclass(frozen=True)
class Letter:
    """A mail that is ready, and the token of the link in it: whoever sends it takes the token back if nobody got it."""

    mail: EmailMessage
    token: str


def compose(message: Message, now: datetime) -> Letter:
    """The mail in the person's language, with a personal link minted now and kept nowhere."""
    person = message.participant
    token = auth.mint_link(person, now)
    language = languages.told_in(person)
    with force_locale(language):
        title = _one_line(languages.pick(person.conference.title, language))
        mail = EmailMessage(
            subject=_("Your day at the conference: %(title)s", title=title),
            body=_(
                "Good day,\n\n%(news)s\n\n%(address)s\n\n"
                "The link is yours alone. Please do not pass it on. It works until %(until)s.\n\n%(title)s",
                news=_news(person),
                address="\n\n".join(filter(None, [f"{_config().public_url}/l/{token}", _draft(person, now)])),
                until=dates.moment(auth.link_ends(person.conference, now), person.conference),
                title=title,
            ),
            to=[_address(person)],
            headers={"Message-ID": _message_id(message)},
        )
    mail.message()  # what cannot be put into words is noticed here, before anything is promised
    return Letter(mail, token)


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


def _news(person: Participant) -> str:
    run = person.conference.published
    return _published(run.lacks(person.key) if run else 0)


def _draft(person: Participant, now: datetime) -> str:
    """That the plan may still change; below the news, which goes on from the greeting in small letters."""
    return provisional(person.conference.published, now + timedelta(seconds=person.conference.clock_shift))


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
