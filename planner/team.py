"""Who works on a conference, and in which role: looked up with each request, so a removal holds at once everywhere.

An invitation is for one address: whoever has its link joins with an account that has this address, and with no other.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import joinedload

from planner import archive, auth
from planner.errors import Archived, MoveForbidden, PlannerError
from planner.extensions import db
from planner.models import (
    AuditEntry,
    Conference,
    ImportBatch,
    ImportState,
    Invitation,
    InvitationState,
    Member,
    MemberRole,
    User,
)
from planner.post import Ending

INVITATION_LIVES = timedelta(days=7)
ENDINGS = {
    Ending.SENT: InvitationState.SENT,
    Ending.WRITTEN: InvitationState.WRITTEN,
    Ending.DOUBTFUL: InvitationState.DOUBTFUL,
}


class LastOwner(PlannerError):
    status = 409
    sentence = _l("A conference needs an owner. Please make somebody else an owner first.")


class GroupMissing(PlannerError):
    sentence = _l("Please choose the group whose people she enters.")


class WorksHere(PlannerError):
    sentence = _l("Somebody with this address works on this conference already. You can change her role in the list.")


class IsInvited(PlannerError):
    sentence = _l("This address is invited already. You find it among the open invitations below.")


@dataclass(frozen=True)
class Part:
    """What somebody is in a conference, and the group whose people are all that she reaches, where there is one."""

    role: MemberRole
    group_id: int | None = None


def part_of(user: User, conference: Conference, *, holds: bool = False) -> Part | None:
    """`holds` for whoever writes: she is neither removed nor given another role between this look and her commit.

    Whoever commits or rolls back on the way looks again before she writes, see g.holds_role.
    """
    mine = select(Member.role, Member.group_id).filter_by(user_id=user.id, conference_id=conference.id)
    found = db.session.execute(mine.with_for_update(read=True) if holds else mine).first()
    return Part(*found) if found else None


def role_of(user: User, conference: Conference) -> MemberRole | None:
    part = part_of(user, conference)
    return part.role if part else None


def hold(conference: Conference) -> None:
    """Before anybody's role is looked at to change one: of two owners who remove each other one comes second."""
    everybody = select(Member).filter_by(conference_id=conference.id).order_by(Member.id).with_for_update()
    db.session.scalars(everybody.execution_options(populate_existing=True)).all()


def memberships(user: User) -> Sequence[Member]:
    """Her conferences, with what she is there."""
    mine = select(Member).filter_by(user_id=user.id).options(joinedload(Member.conference)).order_by(Member.id)
    return db.session.scalars(mine).all()


def members(conference: Conference) -> Sequence[Member]:
    """Everybody, in the order of their roles, then of their names."""
    found = select(Member).filter_by(conference_id=conference.id)
    found = found.options(joinedload(Member.user), joinedload(Member.group))
    order = list(MemberRole)
    return sorted(db.session.scalars(found), key=lambda each: (order.index(each.role), each.user.name, each.id))


def owners(conference: Conference) -> Sequence[User]:
    """Those who can sign in."""
    query = select(User).join(Member).where(Member.conference_id == conference.id, Member.role == MemberRole.OWNER)
    return db.session.scalars(query.where(User.active).order_by(User.name, User.id)).all()


def change_role(member: Member, role: MemberRole, owner: User, now: datetime, group_id: int | None = None) -> None:
    """Raises LastOwner, where nobody would be left who says who works here; GroupMissing."""
    _has_its_group(role, group_id)
    before = member.role
    if (before, member.group_id) == (role, group_id):
        return
    member.role, member.group_id = role, group_id
    _keep_an_owner(member.conference)
    facts = {"role": role.value, "before": before.value}
    _note(member.conference, owner, "team.role", f"organiser:{member.user_id}", facts, now)


def remove(member: Member, owner: User, now: datetime) -> None:
    """She reaches nothing here from her next request on; lists that only she could see are gone. Raises LastOwner."""
    conference, user = member.conference, member.user_id
    _note(conference, owner, "team.remove", f"organiser:{user}", {"before": member.role.value}, now)
    db.session.delete(member)
    _keep_an_owner(conference)
    hers = delete(ImportBatch).where(ImportBatch.conference_id == conference.id, ImportBatch.user_id == user)
    db.session.execute(hers.where(ImportBatch.state == ImportState.DRAFT))


def _keep_an_owner(conference: Conference) -> None:
    """All roles are held, see hold: nobody changes another one meanwhile."""
    db.session.flush()
    if not owners(conference):
        raise LastOwner


def invitations(conference: Conference) -> Sequence[Invitation]:
    """Open ones and those that have ended, by address."""
    return db.session.scalars(
        select(Invitation)
        .filter_by(conference_id=conference.id)
        .options(joinedload(Invitation.group))
        .order_by(Invitation.email)
    ).all()


def _has_its_group(role: MemberRole, group_id: int | None) -> None:
    if role.of_a_group != (group_id is not None):
        raise GroupMissing(field="group_id")


def invite(
    conference: Conference, email: str, role: MemberRole, owner: User, now: datetime, group_id: int | None = None
) -> Invitation:
    """An invitation, still without a link; one that has ended makes room for it.

    Raises WorksHere, IsInvited, GroupMissing.
    """
    _has_its_group(role, group_id)
    email = email.lower()
    works_here = select(Member.id).join(User).where(func.lower(User.email) == email)
    if db.session.scalar(works_here.where(Member.conference_id == conference.id)):
        raise WorksHere(field="email")
    row = db.session.scalar(select(Invitation).filter_by(conference_id=conference.id, email=email).with_for_update())
    if row is not None and now < row.expires_at:
        raise IsInvited(field="email")
    row = row or Invitation(conference_id=conference.id, email=email)
    row.role, row.group_id, row.invited_by_id = role, group_id, owner.id
    row.state, row.token_hash, row.expires_at = InvitationState.WAITING, None, now + INVITATION_LIVES
    db.session.add(row)
    db.session.flush()
    _note(conference, owner, "team.invite", f"invitation:{row.id}", {"role": role.value}, now)
    return row


def renew(invitation: Invitation, owner: User, now: datetime) -> None:
    """It lives on from today, and waits for a new link; the one before is worth nothing."""
    invitation.token_hash, invitation.state = None, InvitationState.WAITING
    invitation.expires_at = now + INVITATION_LIVES
    _note(invitation.conference, owner, "team.renew", f"invitation:{invitation.id}", {}, now)


def mint(invitation: Invitation) -> str:
    """A new link's token, which is kept nowhere; an older one is worth nothing from now on."""
    token = secrets.token_urlsafe(auth.TOKEN_BYTES)
    invitation.token_hash = auth.hashed(token)
    return token


def begin_to_send(id: int) -> str | None:
    """A new link's token for whoever sends it.

    None where somebody else does, nobody waits for it any more, or the conference is only read.
    """
    row = db.session.scalar(_unsent().filter_by(id=id).with_for_update())
    return mint(row) if row else None


def unsent(conference: Conference, now: datetime) -> Sequence[Invitation]:
    """Those that still wait to leave, which they do not while it is only read."""
    waiting = _unsent().filter_by(conference_id=conference.id).where(Invitation.expires_at > now)
    return db.session.scalars(waiting.order_by(Invitation.id)).all()


def _unsent() -> Select[Invitation]:
    rows = select(Invitation).filter_by(state=InvitationState.WAITING, token_hash=None)
    return rows.where(Invitation.conference_id.not_in(archive.shut()))


def note_sending(token: str, ending: Ending) -> None:
    """How it ended; nothing, where it was taken back or accepted, or has another link by now."""
    row = db.session.scalar(select(Invitation).filter_by(token_hash=auth.hashed(token)).with_for_update())
    if row is not None:
        row.state = ENDINGS.get(ending, InvitationState.FAILED)


def take_back(invitation: Invitation, owner: User, now: datetime) -> None:
    _note(invitation.conference, owner, "team.withdraw", f"invitation:{invitation.id}", {}, now)
    db.session.delete(invitation)


def invitation_for(token: str, *, holds: bool = False) -> Invitation | None:
    """`holds` for whoever accepts it: of two at once one finds it gone."""
    found = select(Invitation).filter_by(token_hash=auth.hashed(token))
    return db.session.scalar(found.with_for_update() if holds else found)


def is_for(invitation: Invitation, user: User) -> bool:
    return user.email.lower() == invitation.email


def accept(invitation: Invitation, user: User, now: datetime) -> None:
    """She joins, and the link is used up; who works here already keeps the role that she has."""
    if not is_for(invitation, user) or now >= invitation.expires_at:
        raise MoveForbidden
    conference = invitation.conference
    if conference.is_shut:
        raise Archived
    if role_of(user, conference) is None:
        part = {"role": invitation.role, "group_id": invitation.group_id}
        db.session.add(Member(conference_id=conference.id, user_id=user.id, since=now, **part))
    subject, facts = f"invitation:{invitation.id}", {"role": invitation.role.value}
    _note(conference, user, "team.join", subject, facts, now)
    db.session.delete(invitation)


def _note(conference: Conference, actor: User, action: str, subject: str, facts: dict[str, str], now: datetime) -> None:
    """By numbers only: neither a name nor an address."""
    who = f"organiser:{actor.id}"
    row = AuditEntry(
        conference_id=conference.id, happened_at=now, actor=who, action=action, subject=subject, facts=facts
    )
    db.session.add(row)
