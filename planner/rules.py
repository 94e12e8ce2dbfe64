"""The rules that organisers set for a plan: how many of a group, who never sits alone, who sits with whom."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Integer, String, cast, delete, func, literal, null, or_, select, union_all
from sqlalchemy.orm import joinedload, selectinload

from planner import locks
from planner.errors import PlannerError
from planner.extensions import db
from planner.models import (
    Bond,
    BondKind,
    BondMember,
    Company,
    Conference,
    Group,
    MemberRole,
    Order,
    Participant,
    Quota,
    Session,
    SessionClosure,
    SessionGroup,
    SessionOrder,
    SessionRole,
    SessionState,
    User,
)

LEAST_COMPANY = 2
PRICES = {"first": 1, "second": 10, "last": 100}
"""How soon a flexible rule gives way, and what each of its breaches then counts."""
FLEXIBLE = (
    "size_at_most",
    "size_at_least",
    "everybody_understands",
    "quotas_hold",
    "nobody_isolated",
    "organisations_spread",
    "vetoes_respected",
)
"""The rules that may give way; the solver knows no other."""
NONE = cast(null(), Integer)
NO_MARK = (cast(null(), String), cast(null(), String))


@dataclass(frozen=True)
class Whom:
    """Whom a rule is about: those of a group, or those who have this value of an attribute."""

    group_id: int | None = None
    mark: str | None = None
    value: str | None = None

    @classmethod
    def of(cls, row: Quota | Company) -> "Whom":
        return cls(row.group_id, row.mark, row.value)


class ThereAlready(PlannerError):
    sentence = _l("There is such a rule for this group already. You find it in the list.")


class NoBound(PlannerError):
    sentence = _l("Please give at least one of the two numbers.")


class BeyondTheSession(PlannerError):
    sentence = _l("So many do not fit into this session: its maximum is smaller.")


class TooFewAllowed(PlannerError):
    sentence = _l(
        "Another rule lets fewer people of this group into a meeting than are needed to keep each other company."
    )


class TooFewPeople(PlannerError):
    sentence = _l("Please choose at least two people.")


class SaidAlready(PlannerError):
    sentence = _l("This stands in the list already.")


class SaysTheOpposite(PlannerError):
    sentence = _l("Another rule says the opposite of two of these people. Please change one of the two rules.")


class BothInCharge(PlannerError):
    sentence = _l("Two of these people lead the same session, or take its notes, so they cannot be kept apart.")


class KeptApart(PlannerError):
    status = 409
    sentence = _l(
        "Two who lead this session or take its notes are to be kept apart. Please let somebody else do it, or change "
        "that agreement under “Rules”, and offer it again."
    )


class GivesWay(PlannerError):
    sentence = _l(
        "This group shows religion or origin, so nobody of it may ever sit alone. "
        "Please make that rule strict first, under “Strict or flexible”."
    )


class ProtectedForGood(PlannerError):
    sentence = _l("A group that shows religion or origin is protected, so this rule has to stay strict.")


@dataclass
class Stated:
    """All rules that stand in tables of their own, as numbers of rows."""

    quotas: list[tuple[Whom, int | None, int, int | None]] = field(default_factory=list)
    """Whom, session (None: every meeting), minimum, maximum."""
    companies: list[tuple[Whom, int]] = field(default_factory=list)
    """Whom, and how many keep each other company."""
    protects_a_sensitive_group: bool = False
    bonds: dict[BondKind, dict[int, list[int]]] = field(default_factory=lambda: {kind: {} for kind in BondKind})
    """By kind and by number of the bond the people in it."""
    admits: dict[int, list[int]] = field(default_factory=dict)
    """By session the groups that it is open to."""
    closed: dict[int, list[int]] = field(default_factory=dict)
    """By session the rounds in which it is not held."""
    orders: dict[Order, dict[int, list[int]]] = field(default_factory=lambda: {kind: {} for kind in Order})
    """By session the others, as they are stored: of two that never run side by side one names the other."""

    @property
    def marks(self) -> set[str]:
        """The attributes that some rule is about."""
        about = [quota[0] for quota in self.quotas] + [company[0] for company in self.companies]
        return {whom.mark for whom in about if whom.mark}


def stated(conference: Conference) -> Stated:
    """One question for all of them, whatever there is."""
    bonds = select(cast(Bond.kind, String), Bond.id, BondMember.participant_id, NONE, NONE, *NO_MARK)
    every = union_all(
        _of(
            conference,
            select(literal("quota"), Quota.group_id, Quota.session_id, Quota.minimum, Quota.maximum).add_columns(
                Quota.mark, Quota.value
            ),
            Quota,
        ),
        _of(
            conference,
            select(literal("company"), Company.group_id, NONE, Company.least, cast(Group.is_sensitive, Integer))
            .add_columns(Company.mark, Company.value)
            .outerjoin(Group, Group.id == Company.group_id),
            Company,
        ),
        _of(conference, bonds.join(BondMember, BondMember.bond_id == Bond.id), Bond),
        _of_sessions(conference, literal("admits"), SessionGroup.session_id, SessionGroup.group_id),
        _of_sessions(conference, literal("closed"), SessionClosure.session_id, SessionClosure.slot_id),
        _of_sessions(conference, cast(SessionOrder.kind, String), SessionOrder.session_id, SessionOrder.other_id),
    )
    found = Stated()
    for kind, first, second, least, most, mark, value in sorted(db.session.execute(every), key=repr):
        if kind == "quota":
            found.quotas.append((Whom(first, mark, value), second, least, most))
        elif kind == "company":
            found.companies.append((Whom(first, mark, value), least))
            found.protects_a_sensitive_group |= bool(most)
        elif kind in set(BondKind):
            found.bonds[BondKind(kind)].setdefault(first, []).append(second)
        else:
            by_session = {"admits": found.admits, "closed": found.closed}
            (by_session[kind] if kind in by_session else found.orders[Order(kind)]).setdefault(first, []).append(second)
    return found


def _of(conference: Conference, rows: Any, model: type[Quota | Company | Bond | Session]) -> Any:
    return rows.where(model.conference_id == conference.id)


def _of_sessions(conference: Conference, kind: Any, session: Any, other: Any) -> Any:
    rows = select(kind, session, other, NONE, NONE, *NO_MARK).join(Session, Session.id == session)
    return _of(conference, rows, Session)


def quotas(conference: Conference) -> Sequence[Quota]:
    rows = select(Quota).filter_by(conference_id=conference.id).options(joinedload(Quota.group))
    return db.session.scalars(rows.order_by(Quota.id)).all()


def companies(conference: Conference) -> Sequence[Company]:
    rows = select(Company).filter_by(conference_id=conference.id).options(joinedload(Company.group))
    return db.session.scalars(rows.order_by(Company.id)).all()


def bonds(conference: Conference, reader: User, role: MemberRole) -> Sequence[Bond]:
    """Those that she may know of, with whom they are about."""
    rows = select(Bond).filter_by(conference_id=conference.id).where(seen_by(reader, role))
    people = selectinload(Bond.members).joinedload(BondMember.participant)
    return db.session.scalars(rows.options(people, joinedload(Bond.author)).order_by(Bond.id)).all()


def seen_by(reader: User, role: MemberRole) -> ColumnElement[bool]:
    """Who must be apart is known to whoever said so, and to the owners."""
    hers = or_(Bond.kind == BondKind.TOGETHER, Bond.author_id == reader.id)
    return Bond.id.is_not(None) if role is MemberRole.OWNER else hers


def save_quota(
    conference: Conference,
    quota: Quota | None,
    whom: Whom,
    session_id: int | None,
    minimum: int,
    maximum: int | None,
) -> Quota:
    """Raises NoBound, ThereAlready, BeyondTheSession, TooFewAllowed, each at its field."""
    locks.conference(conference, alone=True)
    if not minimum and maximum is None:
        raise NoBound(field="minimum")
    others = [row for row in quotas(conference) if row is not quota and Whom.of(row) == whom]
    if any(row.session_id == session_id for row in others):
        raise ThereAlready(field="whom")
    session = db.session.get(Session, session_id) if session_id else None
    if session and minimum > session.maximum:
        raise BeyondTheSession(field="minimum")
    protected = db.session.scalar(select(Company.least).filter_by(conference_id=conference.id, **asdict(whom)))
    if protected and maximum is not None and 0 < maximum < protected:
        raise TooFewAllowed(field="maximum")
    row = quota or Quota(conference_id=conference.id)
    row.group_id, row.mark, row.value = whom.group_id, whom.mark, whom.value
    row.session_id, row.minimum, row.maximum = session_id, minimum, maximum
    db.session.add(row)
    return row


def save_company(conference: Conference, company: Company | None, whom: Whom, least: int) -> Company:
    """Raises ThereAlready, GivesWay, TooFewAllowed."""
    locks.conference(conference, alone=True)
    if any(row is not company and Whom.of(row) == whom for row in companies(conference)):
        raise ThereAlready(field="whom")
    group = db.session.get_one(Group, whom.group_id) if whom.group_id else None
    if "nobody_isolated" in conference.flexible and group and group.is_sensitive:
        raise GivesWay(field="whom")
    bounds = [row.maximum for row in quotas(conference) if Whom.of(row) == whom and row.maximum]
    if bounds and min(bounds) < least:
        raise TooFewAllowed(field="least")
    row = company or Company(conference_id=conference.id)
    row.group_id, row.mark, row.value, row.least = whom.group_id, whom.mark, whom.value, least
    db.session.add(row)
    return row


def set_flexible(conference: Conference, wanted: Mapping[str, str]) -> None:
    """By rule how soon it gives way, empty where it never does. Raises ProtectedForGood. The caller holds the row."""
    found = {rule: step for rule, step in wanted.items() if rule in FLEXIBLE and step in PRICES}
    if "nobody_isolated" in found and stated(conference).protects_a_sensitive_group:
        raise ProtectedForGood(field="nobody_isolated")
    conference.flexible = found


def flexible(conference: Conference, rules: Stated) -> dict[str, int]:
    """The price of each rule that gives way; nobody of a group that shows religion or origin is ever left alone."""
    strict = {"nobody_isolated"} if rules.protects_a_sensitive_group else set()
    return {rule: PRICES[step] for rule, step in conference.flexible.items() if rule not in strict}


def save_bond(
    conference: Conference, bond: Bond | None, kind: BondKind, people: Collection[int], author: User, role: MemberRole
) -> Bond:
    """Compared with what she may know of only: a refusal would tell her of the others.

    Raises TooFewPeople, SaidAlready, SaysTheOpposite, BothInCharge.
    """
    locks.conference(conference, alone=True)
    if len(set(people)) < LEAST_COMPANY:
        raise TooFewPeople(field="people")
    known = [(each.kind, _people(each)) for each in bonds(conference, author, role) if each is not bond]
    if (kind, set(people)) in known:
        raise SaidAlready(field="people")
    if _at_odds([*known, (kind, set(people))]):
        raise SaysTheOpposite(field="people")
    if kind is BondKind.APART and _lead_together(people):
        raise BothInCharge(field="people")
    row = bond or Bond(conference_id=conference.id, kind=kind, author_id=author.id)
    row.members = [each for each in row.members if each.participant_id in set(people)]
    there = {each.participant_id for each in row.members}
    row.members += [BondMember(participant_id=id) for id in dict.fromkeys(people) if id not in there]
    db.session.add(row)
    return row


def _people(bond: Bond) -> set[int]:
    return {member.participant_id for member in bond.members}


def _crowds(bonds: Iterable[set[int]]) -> list[set[int]]:
    """Who sits together by way of others sits together, too."""
    crowds: list[set[int]] = []
    for bond in bonds:
        joined = [crowd for crowd in crowds if crowd & bond]
        crowds = [crowd for crowd in crowds if not crowd & bond] + [bond.union(*joined)]
    return crowds


def _at_odds(known: Sequence[tuple[BondKind, set[int]]]) -> list[int]:
    """The places of those that keep people apart of whom others say, perhaps by way of others, that they meet."""
    crowds = _crowds(people for kind, people in known if kind is BondKind.TOGETHER)
    apart = [(at, people) for at, (kind, people) in enumerate(known) if kind is BondKind.APART]
    return [at for at, people in apart if any(len(people & crowd) > 1 for crowd in crowds)]


def at_odds(known: Sequence[Bond]) -> list[Bond]:
    """Of these the ones that keep people apart of whom others say that they sit together."""
    return [known[at] for at in _at_odds([(row.kind, _people(row)) for row in known])]


def _lead_together(people: Collection[int]) -> bool:
    held = Session.state == SessionState.OPEN
    roles = select(SessionRole.session_id).join(Session, Session.id == SessionRole.session_id).where(held)
    roles = roles.where(SessionRole.participant_id.in_(people))
    twice = roles.group_by(SessionRole.session_id).having(func.count() > 1)
    return db.session.scalar(twice.limit(1)) is not None


def check_who_is_in_charge(session: Session, reader: User, role: MemberRole) -> None:
    """Raises KeptApart where she knows of an agreement that keeps two of them apart.

    To everybody else it is as if there were none: she reads of it nowhere, and the run says that agreements stand
    against it.
    """
    duties = {each.participant_id for each in session.roles}
    known = [each for each in bonds(session.conference, reader, role) if each.kind is BondKind.APART]
    if any(len(duties & _people(bond)) > 1 for bond in known):
        raise KeptApart


def drop_lonely_bonds(conference: Conference) -> None:
    """Of whom only one is left nothing is asked any more; called where people are erased."""
    members = select(func.count()).where(BondMember.bond_id == Bond.id).scalar_subquery()
    lonely = delete(Bond).where(Bond.conference_id == conference.id, members < LEAST_COMPANY)
    db.session.execute(lonely.execution_options(synchronize_session=False))


def have_an_organisation(conference: Conference) -> int:
    """How many people speak for one that is known."""
    rows = select(func.count()).select_from(Participant).filter_by(conference_id=conference.id)
    return db.session.scalar(rows.where(Participant.organisation_id.is_not(None))) or 0
