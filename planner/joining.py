"""One link for many people: whoever opens it registers herself, while it has places left and has not ended."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from planner import admission, auth, locks, participants
from planner.clock import Clock
from planner.errors import PlannerError
from planner.extensions import db
from planner.models import AuditEntry, Conference, GroupLink, Participant, PersonalLink, Registration

PLACES, MOST = 30, 2000
"""How many places a link has, if nobody says otherwise; and at most."""


class Shut(PlannerError):
    """The link registers nobody, and why."""

    status, code = 409, ""


class Withdrawn(Shut):
    code = "withdrawn"
    sentence = _l("The organisers have taken this link back. Please ask whoever gave it to you for another one.")


class Ended(Shut):
    code = "ended"
    sentence = _l("This link has ended. Please ask whoever gave it to you whether you can still come.")


class Full(Shut):
    code = "full"
    sentence = _l("All places of this link are taken. Please ask whoever gave it to you whether there are more.")


class NotPossible(PlannerError):
    """What an organiser wants of a link."""


@dataclass(frozen=True)
class Listed:
    """A link, how many people came by it, and why it registers nobody, where that is so."""

    link: GroupLink
    taken: int
    trouble: Shut | None


@dataclass(frozen=True)
class Applicant:
    """What somebody gives who registers; `mark` is the same only where the same form is sent again."""

    name: str
    email: str
    language: str
    mark: str


def usual_end(conference: Conference, now: datetime) -> datetime:
    """When choosing ends, or where that is over, when the conference begins; else in a day."""
    ends = (conference.wishes_until, conference.day_starts, conference.day_ends, now + timedelta(days=1))
    return next(end for end in ends if end > now)


def check(link: GroupLink, now: datetime) -> None:
    """Raises NotPossible where it would work for nobody, or longer than people can come in."""
    conference = link.conference
    last = auth.link_ends(conference, now)
    if link.ends_at > last:
        raise NotPossible(_l("Ways into this conference end before that. Please choose an earlier end."), "ends_at")
    if link.ends_at <= _present(conference, now) and link.withdrawn_at is None:
        raise NotPossible(_l("This time is over already. Please choose a later end."), "ends_at")
    if link.id and link.places < taken(link):
        raise NotPossible(_l("More people than that have come by this link already."), "places")


def mint(link: GroupLink) -> str:
    """A new link's token, which is kept nowhere; an older one is worth nothing from now on."""
    token = secrets.token_urlsafe(auth.TOKEN_BYTES)
    link.token_hash = auth.hashed(token)
    return token


def renew(link: GroupLink, now: datetime) -> str:
    """A new address of a link, also of one that was taken back. Raises NotPossible where it would register nobody."""
    withdrawn, link.withdrawn_at = link.withdrawn_at, None
    reason = trouble(link, now)
    if reason:
        link.withdrawn_at = withdrawn
        sentence, field = USELESS[type(reason)]
        raise NotPossible(sentence, field)
    return mint(link)


USELESS = {
    Ended: (
        _l("A new address would register nobody: the link has ended. Please choose a later end and save."),
        "ends_at",
    ),
    Full: (
        _l("A new address would register nobody: all places are taken. Please give more places and save."),
        "places",
    ),
}


def link_for(conference: Conference, token: str) -> GroupLink | None:
    return db.session.scalar(select(GroupLink).filter_by(conference_id=conference.id, token_hash=auth.hashed(token)))


def taken(link: GroupLink) -> int:
    """By rows: whoever was erased leaves a place."""
    rows = select(func.count()).select_from(Registration).filter_by(group_link_id=link.id)
    return db.session.scalar(rows) or 0


def trouble(link: GroupLink, now: datetime, there: int | None = None) -> Shut | None:
    """Why it registers nobody; None where it does. `there` where somebody has counted."""
    conference = link.conference
    if link.withdrawn_at is not None:
        return Withdrawn()
    if _present(conference, now) >= link.ends_at or conference.is_shut or not auth.takes_links(conference, now):
        return Ended()
    return Full() if (taken(link) if there is None else there) >= link.places else None


def _present(conference: Conference, now: datetime) -> datetime:
    return now + timedelta(seconds=conference.clock_shift)


def register(link: GroupLink, who: Applicant, clock: Clock) -> tuple[PersonalLink, str]:
    """Her card and the mark of its code; of two who want the last place one gets it. Raises Withdrawn, Ended, Full.

    Where the conference has no place left she is on its waiting list.

    The same form sent again finds the card that the first one made: its code comes from the form, by the server's key.
    """
    address = link.token_hash
    locks.conference(link.conference, alone=True)  # as she takes one of its places
    locks.thing(link)
    now, mark = clock(), f"{link.id}:{who.mark}"
    code = auth.code_from(mark)
    known = auth.card_for(link.conference, code, now)
    if known:
        return known, mark
    reason = trouble(link, now) if link.token_hash == address else Withdrawn()  # it got another address meanwhile
    if reason:
        raise reason
    person = participants.register(
        link.conference, who.name, email=who.email or None, locale=who.language, group_id=link.group_id
    )
    admission.admit(person, now)
    db.session.add(Registration(participant_id=person.id, group_link_id=link.id, registered_at=now))
    card = auth.card(person, code, now)
    db.session.flush()
    _note(link, person, now)
    return card, mark


def _note(link: GroupLink, person: Participant, now: datetime) -> None:
    db.session.add(
        AuditEntry(
            conference_id=link.conference_id,
            happened_at=now,
            actor=f"participant:{person.id}",
            action="participant.joined",
            subject=f"links:{link.id}",
        )
    )


def listed(conference: Conference, now: datetime) -> Sequence[Listed]:
    """The newest first."""
    came = select(Registration.group_link_id, func.count()).group_by(Registration.group_link_id)
    counts = dict(db.session.execute(came.join(GroupLink).where(GroupLink.conference_id == conference.id)).all())
    links = select(GroupLink).filter_by(conference_id=conference.id).options(joinedload(GroupLink.group))
    return [
        Listed(link, counts.get(link.id, 0), trouble(link, now, counts.get(link.id, 0)))
        for link in db.session.scalars(links.order_by(GroupLink.id.desc()))
    ]


def names(conference: Conference) -> dict[int, str]:
    """By number what each link is called."""
    rows = select(GroupLink.id, GroupLink.name).filter_by(conference_id=conference.id).order_by(GroupLink.id)
    return dict(db.session.execute(rows).all())


def came_by(conference: Conference) -> dict[int, int]:
    """By the number of each person who came by a link, that of the link."""
    rows = select(Registration.participant_id, Registration.group_link_id).join(GroupLink)
    return dict(db.session.execute(rows.where(GroupLink.conference_id == conference.id)).all())


def registration_of(person: Participant) -> Registration | None:
    """When and by which link she came, if she did."""
    mine = select(Registration).filter_by(participant_id=person.id)
    return db.session.scalar(mine.options(joinedload(Registration.group_link)))
