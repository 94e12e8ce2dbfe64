"""Cards to print: for each person a link as a QR code and a code to type; of both only hashes are kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask import url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import exists, or_, select
from sqlalchemy.orm import joinedload

from planner import auth, dates, languages, qr, vocabulary
from planner.errors import PlannerError
from planner.extensions import db
from planner.models import Conference, Participant, ParticipantState, PersonalLink

MOST = 400
"""On one file: so many are set in a few seconds, and a stack of fifty sheets is what hands can sort."""


class Whom(StrEnum):
    """Who gets a card."""

    WITHOUT = "without"  # nobody gave her a way in yet
    UNREACHED = "unreached"  # no mail reaches her
    EVERYBODY = "everybody"


class Pile(StrEnum):
    """What lies together, each pile on pages of its own."""

    ALL = "all"
    GROUP = "group"
    ORGANISATION = "organisation"


class NobodyToPrintFor(PlannerError):
    sentence = _l(
        "Nobody is left to print for. Cards that were printed already cannot be shown again: “Everybody” makes a new "
        "file with new codes."
    )


class TooManyCards(PlannerError):
    sentence = _l(
        "These are more than %(most)s cards. Please choose a smaller group, or whom no mail reaches.", most=MOST
    )


@dataclass(frozen=True)
class Card:
    """What one person's card says; the link and the code open her pages."""

    person: Participant
    link: str
    code: str


def whom(conference: Conference, kind: Whom, group: int, now: datetime) -> Sequence[Participant]:
    """These people by name; `group` 0 is every group. Whoever cancelled gets none."""
    query = (
        select(Participant)
        .filter_by(conference_id=conference.id)
        .where(Participant.state != ParticipantState.CANCELLED)
        .options(joinedload(Participant.group), joinedload(Participant.organisation))
        .order_by(Participant.name, Participant.id)
    )
    if group:
        query = query.where(Participant.group_id == group)
    if kind is Whom.UNREACHED:
        query = query.where(or_(Participant.email.is_(None), Participant.email == ""))
    if kind is Whom.WITHOUT:
        valid = or_(PersonalLink.expires_at.is_(None), PersonalLink.expires_at > now)
        ways = exists().where(PersonalLink.participant_id == Participant.id, PersonalLink.revoked_at.is_(None), valid)
        query = query.where(~ways)
    return db.session.scalars(query).all()


def mint(people: Sequence[Participant], home: str, now: datetime) -> list[Card]:
    """A new link and code for each. Raises NobodyToPrintFor, TooManyCards, WaysInEnded."""
    if not people:
        raise NobodyToPrintFor
    if len(people) > MOST:
        raise TooManyCards
    return [
        Card(person, home + url_for("public.link", token=auth.mint_link(person, now)), auth.mint_card(person, now))
        for person in people
    ]


def sheets(conference: Conference, cards: Sequence[Card], pile: Pile, home: str) -> list[dict[str, Any]]:
    """The piles in order, each with its heading and its cards as the paper wants them, but for what `draw` adds."""
    piles: dict[str, list[dict[str, Any]]] = {}
    for card in cards:
        piles.setdefault(_heading(card.person, pile), []).append(_printed(conference, card, home))
    return [{"heading": heading, "cards": piles[heading]} for heading in sorted(piles, key=str.casefold)]


def _heading(person: Participant, pile: Pile) -> str:
    if pile is Pile.ORGANISATION:
        return person.organisation.name if person.organisation else _("without an organisation")
    if pile is Pile.GROUP:
        return languages.pick(person.group.title, languages.current()) if person.group else _("without a group")
    return ""


def _printed(conference: Conference, card: Card, home: str) -> dict[str, Any]:
    """In the language in which she is written to."""
    with force_locale(languages.told_in(card.person)), vocabulary.speaking(card.person.conference):
        address = home.partition("://")[2] + url_for("public.enter", slug=conference.slug)
        return {
            "language": languages.current(),
            "conference": languages.pick(conference.title, languages.current()),
            "day": ", ".join(filter(None, (dates.long_days(conference), conference.place))),
            "name": card.person.name,
            "how": _("Scan the picture with your phone. Or open this address and type your code:"),
            "address": address,
            "code": f"{card.code[:4]}-{card.code[4:]}",
            "keep": _("With this card everybody can open your pages. Please give it to nobody."),
            "link": card.link,
            "alt": _("The way to your pages, as a picture for your phone"),
        }


def draw(piles: Sequence[dict[str, Any]]) -> None:
    """Each card's link becomes its picture; milliseconds each, so nobody's turn to write should last as long."""
    for pile in piles:
        for card in pile["cards"]:
            card["picture"] = qr.picture(card.pop("link"))
