"""Who is asking: personal links and cards, organisers' sign-in; the only module that touches the cookie."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from flask import current_app, g
from flask import session as cookie
from flask_security import current_user, login_user, logout_user
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from planner.extensions import db
from planner.models import (
    Conference,
    LinkKind,
    Participant,
    ParticipantState,
    PersonalLink,
    SessionRole,
    SignInLink,
    User,
    random_key,
)

TOKEN_BYTES = 24  # 192 random bits
SIGN_IN_LINK_LIVES = timedelta(hours=24)
LINKS_AN_HOUR = 5
CARD_LETTERS = "ABCDEFGHJKMNPQRTUVWXY2346789"  # nothing that looks like something else
CARD_LENGTH = 8


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def card_hash(conference_id: int, code: str) -> str:
    """Cards have few bits, so their hash needs the server's key."""
    key = str(current_app.secret_key).encode()
    return hmac.new(key, f"card:{conference_id}:{code}".encode(), hashlib.sha256).hexdigest()


def mint_link(participant: Participant, now: datetime, lives: timedelta | None = None) -> str:
    """A new personal link's token; it is not kept anywhere, so hand it on at once."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    db.session.add(
        PersonalLink(
            participant_id=participant.id,
            token_hash=hashed(token),
            created_at=now,
            expires_at=now + lives if lives else None,
        )
    )
    return token


def mint_card(participant: Participant, now: datetime) -> str:
    code = "".join(secrets.choice(CARD_LETTERS) for _ in range(CARD_LENGTH))
    db.session.add(
        PersonalLink(
            participant_id=participant.id,
            kind=LinkKind.CARD,
            token_hash=card_hash(participant.conference_id, code),
            created_at=now,
        )
    )
    return code


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
    tidy = "".join(letter for letter in code.upper() if letter.isalnum())
    found = select(PersonalLink).filter_by(kind=LinkKind.CARD, token_hash=card_hash(conference.id, tidy))
    return _valid(found, now)


def _valid(query: object, now: datetime) -> PersonalLink | None:
    link = db.session.scalar(query)  # type: ignore[call-overload]
    usable = link and link.is_valid(now) and link.participant.state is not ParticipantState.CANCELLED
    return link if usable else None


def enter(link: PersonalLink) -> None:
    """Exchange a personal link for a cookie; another person's cookie on a shared phone is gone."""
    language = remembered_language()
    cookie.clear()
    cookie["link"] = link.id
    if language:
        remember_language(language)


def leave() -> None:
    language = remembered_language()
    if current_user.is_authenticated:
        logout_user()
    cookie.clear()
    if language:
        remember_language(language)


def use_sign_in_link(token: str, now: datetime) -> User | None:
    """Sign the organiser in and spend her link; None when it is unknown, spent or too old."""
    link = sign_in_link(token, now)
    if link is None:
        return None
    link.used_at = now
    login_user(link.user)
    return link.user


def sign_in_link(token: str, now: datetime) -> SignInLink | None:
    link = db.session.scalar(select(SignInLink).filter_by(token_hash=hashed(token)).with_for_update())
    usable = link and link.used_at is None and now < link.expires_at and link.user.active
    return link if usable else None


def why_no_sign_in(token: str, now: datetime) -> str:
    """What is the matter with a link that signs nobody in: used, old or unknown."""
    link = db.session.scalar(select(SignInLink).filter_by(token_hash=hashed(token)))
    if link is None or not link.user.active:
        return "unknown"
    return "used" if link.used_at else "old"


def may_get_another_link(user: User, now: datetime) -> bool:
    """Whoever asks again and again in somebody's name fills no mailbox."""
    an_hour_ago = now + SIGN_IN_LINK_LIVES - timedelta(hours=1)
    recent = select(func.count()).select_from(SignInLink)
    recent = recent.where(SignInLink.user_id == user.id, SignInLink.expires_at > an_hour_ago)
    return user.active and (db.session.scalar(recent) or 0) < LINKS_AN_HOUR


def participant_in(conference: Conference, now: datetime) -> Participant | None:
    """The person whose personal link this browser opened, if she belongs to this conference."""
    link = db.session.get(PersonalLink, cookie.get("link", 0), options=[joinedload(PersonalLink.participant)])
    if link is None or not link.is_valid(now):
        return None
    person = link.participant
    here = person.conference_id == conference.id and person.state is not ParticipantState.CANCELLED
    return person if here else None


def facilitates(participant: Participant) -> bool:
    roles = select(func.count()).select_from(SessionRole).filter_by(participant_id=participant.id)
    return bool(db.session.scalar(roles))


def organiser() -> User | None:
    return current_user._get_current_object() if current_user.is_authenticated else None


def organises(user: User, conference: Conference) -> bool:
    return conference in user.conferences


def remember_language(language: str) -> None:
    cookie["language"] = language


def remembered_language() -> str | None:
    return cookie.get("language") if g else None
