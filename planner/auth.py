"""Who is asking: personal links and cards, organisers' sign-in; the only module that touches the cookie."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from flask import current_app, g
from flask import session as cookie
from flask_babel import lazy_gettext as _l
from flask_security import current_user, logout_user
from flask_wtf.csrf import validate_csrf
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import joinedload
from wtforms import ValidationError

from planner.config import Config
from planner.errors import PlannerError, SignInAfresh
from planner.extensions import db
from planner.models import (
    Conference,
    EndedVisit,
    LinkKind,
    Participant,
    PersonalLink,
    SessionRole,
    SignInLink,
    User,
    random_key,
)

TOKEN_BYTES = 24  # 192 random bits
SIGN_IN_LINK_LIVES = timedelta(hours=24)
LINKS_AN_HOUR = 5
SEEN_EVERY = 60  # seconds
CARD_LETTERS = "ABCDEFGHJKMNPQRTUVWXY2346789"  # nothing that looks like something else
CARD_LENGTH = 8
ASIDE = "former_csrf_token"


class WaysInEnded(PlannerError):
    """A link or card that is made now would have ended before anybody had it."""

    sentence = _l(
        "Links and cards for this conference have ended, so a new one would not work. Please show her yourself what "
        "she still wants to see. You can erase her data here."
    )


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def card_hash(conference_id: int, code: str) -> str:
    """Cards have few bits, so their hash needs the server's key."""
    key = str(current_app.secret_key).encode()
    return hmac.new(key, f"card:{conference_id}:{code}".encode(), hashlib.sha256).hexdigest()


def link_ends(conference: Conference, now: datetime) -> datetime:
    """Until when a way in works: some days after the conference. A demonstration's day may lie behind it."""
    ended = max(conference.day_ends, now) if conference.is_demonstration else conference.day_ends
    config: Config = current_app.extensions["planner"]
    return ended + timedelta(days=config.keep_links_days)


def takes_links(conference: Conference, now: datetime) -> bool:
    """Whether a link that is made now would ever work."""
    return now < link_ends(conference, now)


def _end_of_a_new_one(participant: Participant, now: datetime) -> datetime:
    if not takes_links(participant.conference, now):
        raise WaysInEnded
    return link_ends(participant.conference, now)


def mint_link(participant: Participant, now: datetime) -> str:
    """A new personal link's token; it is not kept anywhere, so hand it on at once. Raises WaysInEnded."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    db.session.add(
        PersonalLink(
            participant_id=participant.id,
            token_hash=hashed(token),
            created_at=now,
            expires_at=_end_of_a_new_one(participant, now),
        )
    )
    return token


def forget_link(token: str) -> None:
    """A link that nobody was given after all."""
    db.session.execute(delete(PersonalLink).where(PersonalLink.token_hash == hashed(token)))


def mint_card(participant: Participant, now: datetime) -> str:
    """A new card's code; only its hash is kept. Raises WaysInEnded."""
    code = "".join(secrets.choice(CARD_LETTERS) for _ in range(CARD_LENGTH))
    card(participant, code, now)
    return code


def card(participant: Participant, code: str, now: datetime) -> PersonalLink:
    """The row of a card with this code. Raises WaysInEnded."""
    row = PersonalLink(
        participant_id=participant.id,
        kind=LinkKind.CARD,
        token_hash=card_hash(participant.conference_id, code),
        created_at=now,
        expires_at=_end_of_a_new_one(participant, now),
    )
    db.session.add(row)
    return row


def code_from(mark: str) -> str:
    """The code of a card that nobody can tell from the mark without the server's key; of one mark always the same."""
    key = str(current_app.secret_key).encode()
    number = int.from_bytes(hmac.new(key, f"code:{mark}".encode(), hashlib.sha256).digest())
    return "".join(CARD_LETTERS[number // len(CARD_LETTERS) ** at % len(CARD_LETTERS)] for at in range(CARD_LENGTH))


def mint_sign_in(user: User, now: datetime) -> str:
    token = secrets.token_urlsafe(TOKEN_BYTES)
    db.session.add(SignInLink(user_id=user.id, token_hash=hashed(token), expires_at=now + SIGN_IN_LINK_LIVES))
    return token


def account_of(email: str) -> User | None:
    """The organiser's account with this address, in whatever case somebody typed it."""
    return db.session.scalar(select(User).where(func.lower(User.email) == email.lower()))


def account(email: str, name: str) -> User:
    """The account with this address; a new one, if there is none."""
    found = account_of(email)
    if found is None:
        found = User(email=email, name=name, fs_uniquifier=random_key() + random_key())
        db.session.add(found)
        db.session.flush()
    return found


def link_for(token: str, now: datetime) -> PersonalLink | None:
    return _valid(select(PersonalLink).filter_by(kind=LinkKind.LINK, token_hash=hashed(token)), now)


def card_for(conference: Conference, code: str, now: datetime) -> PersonalLink | None:
    """The card's link; typed in any case, with or without spaces and dashes."""
    found = select(PersonalLink).filter_by(kind=LinkKind.CARD, token_hash=card_hash(conference.id, _tidy(code)))
    return _valid(found, now)


def looks_like_a_code(word: str) -> bool:
    """Whether a card may have it: so many of the letters that cards have."""
    return len(_tidy(word)) == CARD_LENGTH and set(_tidy(word)) <= set(CARD_LETTERS)


def _tidy(code: str) -> str:
    return "".join(letter for letter in code.upper() if letter.isalnum())


def _valid(query: object, now: datetime) -> PersonalLink | None:
    link = db.session.scalar(query)  # type: ignore[call-overload]
    usable = link and link.is_valid(now) and not link.participant.is_shut_out
    return link if usable else None


def enter(link: PersonalLink, now: datetime) -> None:
    """Exchange a personal link for a cookie; another person's cookie on a shared phone is gone."""
    secret = _her_forms(link)
    _clear()
    begin_visit(now)
    cookie["link"] = link.id
    if secret:
        cookie["csrf_token"] = secret


def show_card(link: PersonalLink, mark: str) -> None:
    """Her own code, made from this mark, on her start page, until she says that she has kept it.

    The cookie holds the mark alone: whoever copies it reads no code in it.
    """
    cookie["card"] = [link.id, mark]


def shown_card() -> str:
    """The code that this browser still shows to whoever came in with it."""
    number, mark = cookie.get("card", (0, ""))
    return code_from(str(mark)) if number and number == cookie.get("link") else ""


def card_is_kept() -> None:
    cookie.pop("card", None)


def _her_forms(link: PersonalLink) -> str | None:
    """What signs the forms that are still open in this browser, if they are her own: they can be sent at once."""
    before = db.session.get(PersonalLink, cookie.get("link", 0))
    same = before is not None and before.participant_id == link.participant_id
    return _of_the_former_visit() if same else None


def leave(now: datetime) -> None:
    if current_user.is_authenticated:
        logout_user()
    end_visit(now)
    _clear()


def _clear() -> None:
    """Whoever was here is gone from the cookie; the language and the group's link are of whoever shares the device."""
    for name in cookie.keys() - {"language", "door"}:
        cookie.pop(name)


def remember_door(conference: Conference, token: str) -> None:
    """The group link that was opened here: the next person on this device registers by it."""
    cookie["door"] = [conference.id, token]


def remembered_door(conference: Conference) -> str:
    id, token = cookie.get("door", (0, ""))
    return str(token) if id == conference.id else ""


def begin_visit(now: datetime) -> None:
    """From here on this browser is somebody; whoever it was before is gone."""
    cookie.pop("link", None)
    cookie["visit"] = secrets.token_urlsafe(TOKEN_BYTES)
    cookie["began"] = cookie["seen"] = int(now.timestamp())
    g.stays = True


def renew_forms(user: User) -> None:
    """Whoever had this browser before may know what signs its forms; her own that are open can be sent at once."""
    secret = _of_the_former_visit() if cookie.get("forms_of") == user.id else None
    for kept, name in ((cookie, "csrf_token"), (cookie, ASIDE), (g, "csrf_token")):
        kept.pop(name, None)
    if secret:
        cookie["csrf_token"] = secret
    cookie["forms_of"] = user.id


def set_forms_aside(now: datetime) -> bool:
    """Whoever is here after a visit fell asleep sees forms that are signed anew, until who was here is back."""
    over = "visit" in cookie and not _in_time(now)
    if over and ASIDE not in cookie:
        cookie[ASIDE] = cookie.pop("csrf_token", "")  # where nothing was, what comes next is not hers either
    return over


def take_up_form(token: str) -> None:
    """A form of the visit itself is answered with its like: what was typed can be sent once she is back."""
    with suppress(ValidationError):
        validate_csrf(token, token_key=ASIDE)
        cookie["csrf_token"] = cookie.pop(ASIDE)


def _of_the_former_visit() -> str | None:
    return cookie.get(ASIDE, cookie.get("csrf_token"))


def end_visit(now: datetime) -> None:
    """This cookie opens nothing any more, on no worker, whoever kept a copy of it."""
    visit = cookie.pop("visit", None)
    cookie.pop("forms_of", None)
    if visit and not _is_ended(visit):
        db.session.add(EndedVisit(visit_hash=hashed(visit), ended_at=now))
    g.stays = False


def stays(now: datetime) -> bool:
    """Whether this browser's visit goes on: neither signed out nor too long ago."""
    if "stays" not in g:
        g.stays = _in_time(now) and not _is_ended(cookie["visit"])
    return bool(g.stays)


def _in_time(now: datetime) -> bool:
    config: Config = current_app.extensions["planner"]
    longest, idle = config.organiser_hours, config.organiser_idle_hours
    if "link" in cookie:
        longest, idle = config.participant_hours, config.participant_idle_hours
    present = now.timestamp()
    return "visit" in cookie and present - cookie["began"] < longest * 3600 and present - cookie["seen"] < idle * 3600


def _is_ended(visit: str) -> bool:
    return db.session.scalar(select(EndedVisit.id).filter_by(visit_hash=hashed(visit))) is not None


def was_here(now: datetime) -> None:
    """Keeps a visit from falling asleep; once a minute is enough."""
    present = int(now.timestamp())
    if g.get("stays") and present - cookie["seen"] >= SEEN_EVERY:
        cookie["seen"] = present


def is_fresh(now: datetime) -> bool:
    """Whether the organiser has proven of late who she is, as Flask-Security notes it."""
    within: timedelta = current_app.config["SECURITY_FRESHNESS"]
    return within < timedelta(0) or now.timestamp() - cookie.get("fs_paa", 0) < within.total_seconds()


def must_be_fresh(now: datetime, way: str) -> None:
    """For what only some of a page's forms do. `way` leads to the password and back; raises SignInAfresh."""
    if not is_fresh(now):
        raise SignInAfresh(way)


def sets_up_a_second_factor() -> bool:
    """Whether Flask-Security waits for the first code of a key that this browser was shown."""
    shown = cookie.get("tf_primary_method") and cookie.get("tf_totp_secret")
    return bool(shown) and cookie.get("tf_state") == "validating_profile"


def use_sign_in_link(token: str, now: datetime, email: str = "") -> User | None:
    """Spend the organiser's link; None when it signs nobody in."""
    link = sign_in_link(token, now, email, holds=True)
    if link is None:
        return None
    if link.used_at is not None:
        link.expires_at = now
    link.used_at = now
    return link.user


def sign_in_link(token: str, now: datetime, email: str = "", *, holds: bool = False) -> SignInLink | None:
    """A link that signs in. A mail scanner may have used it first: who knows whose it is can use it once more.

    `holds` for whoever uses it: of two at once one finds it used.
    """
    found = select(SignInLink).filter_by(token_hash=hashed(token))
    link = db.session.scalar(found.with_for_update() if holds else found)
    if link is None or now >= link.expires_at or not link.user.active:
        return None
    knows = email.strip().lower() == link.user.email.lower()
    return link if link.used_at is None or knows else None


def why_no_sign_in(token: str, now: datetime) -> str:
    """What is the matter with a link that signs nobody in: used (and works once more), spent, old or unknown."""
    link = db.session.scalar(select(SignInLink).filter_by(token_hash=hashed(token)))
    if link is None or not link.user.active:
        return "unknown"
    if link.used_at is None:
        return "old"
    return "used" if now < link.expires_at else "spent"


def spend_sign_in_links(user: User, now: datetime) -> None:
    """Those that she has used: whoever signs out leaves no way in behind, not in this browser's history either."""
    used = update(SignInLink).where(SignInLink.user_id == user.id, SignInLink.used_at.is_not(None))
    db.session.execute(used.where(SignInLink.expires_at > now).values(expires_at=now))


def may_get_another_link(user: User, now: datetime) -> bool:
    """Whoever asks again and again in somebody's name fills no mailbox."""
    an_hour_ago = now + SIGN_IN_LINK_LIVES - timedelta(hours=1)
    recent = select(func.count(SignInLink.id)).filter_by(user_id=user.id).where(SignInLink.expires_at > an_hour_ago)
    return user.active and (db.session.scalar(recent) or 0) < LINKS_AN_HOUR


def participant_in(conference: Conference, now: datetime) -> Participant | None:
    """The person whose personal link this browser opened, if she belongs to this conference."""
    link = db.session.get(PersonalLink, cookie.get("link", 0), options=[joinedload(PersonalLink.participant)])
    if link is None or not link.is_valid(now) or not stays(now):
        return None
    person = link.participant
    here = person.conference_id == conference.id and not person.is_shut_out
    return person if here else None


def facilitates(participant: Participant) -> bool:
    roles = select(func.count()).select_from(SessionRole).filter_by(participant_id=participant.id)
    return bool(db.session.scalar(roles))


def organiser() -> User | None:
    return current_user._get_current_object() if current_user.is_authenticated else None


def remember_language(language: str) -> None:
    cookie["language"] = language


def remembered_language() -> str | None:
    return cookie.get("language") if g else None


def not_told(marks: Sequence[str]) -> int | None:
    """Which of these this visit was not told yet, the first one; from now on it was told these and no others."""
    before = cookie.pop("told", ())
    if marks:
        cookie["told"] = list(marks)
    return next((at for at, mark in enumerate(marks) if mark not in before), None)
