"""The rules of one session: whom it is open to, in which rounds it is held, and beside or after which others."""

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import String, Text, case, cast, delete, func, or_, select

from planner import dates, languages, rules
from planner.errors import PlannerError
from planner.extensions import db
from planner.models import (
    Conference,
    Group,
    ImportBatch,
    ImportedThing,
    Order,
    Participant,
    Session,
    SessionClosure,
    SessionGroup,
    SessionOrder,
    Slot,
)

EVERYBODY, NOBODY = "*", ""
SHARED_BY = 2
MOST_VALUES = 40
"""Of an attribute with more different values, a remark for example, none is offered to choose from."""


class InNoRound(PlannerError):
    sentence = _l("Please leave a round in which it can be held.")


class PlacedThere(PlannerError):
    sentence = _l("It is placed by hand in one of these rounds. Take it out of the programme there first.")


class UnknownNumber(PlannerError):
    pass


class Itself(PlannerError):
    sentence = _l("That is this session itself.")


class InACircle(PlannerError):
    sentence = _l("That goes in a circle: the other session is to come after this one.")


class TooLong(PlannerError):
    sentence = _l("So many rounds are not there in a row on one day, without those in which it is not held.")


@dataclass
class SessionRules:
    """By numbers of rows; `not_beside` goes both ways."""

    groups: list[int] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)
    not_beside: list[int] = field(default_factory=list)
    after: list[int] = field(default_factory=list)


def of(session: Session) -> SessionRules:
    orders = select(SessionOrder).where(or_(SessionOrder.session_id == session.id, SessionOrder.other_id == session.id))
    found = SessionRules(
        groups=list(db.session.scalars(select(SessionGroup.group_id).filter_by(session_id=session.id))),
        closed=list(db.session.scalars(select(SessionClosure.slot_id).filter_by(session_id=session.id))),
    )
    for row in db.session.scalars(orders.order_by(SessionOrder.id)):
        if row.kind is Order.NOT_BESIDE:
            found.not_beside.append(row.other_id if row.session_id == session.id else row.session_id)
        elif row.session_id == session.id:
            found.after.append(row.other_id)
    return found


def audiences(sessions: Collection[Session]) -> dict[int, str]:
    """In words for whom each of these is, by its number in the database; what is for everybody is not among them."""
    here, found = languages.current(), {}
    rows = select(SessionGroup.session_id, Group.title).join(Group, Group.id == SessionGroup.group_id)
    titles: dict[int, list[str]] = {}
    for row in db.session.execute(rows.where(SessionGroup.session_id.in_([each.id for each in sessions]))):
        titles.setdefault(row.session_id, []).append(languages.pick(row.title, here))
    for session in sessions:
        known = [f"{name}: {', '.join(values) or '–'}" for name, values in sorted(session.open_to.items())]
        words = [", ".join(sorted(titles.get(session.id, []))), *known]
        found[session.id] = "; ".join(filter(None, words))
    return {id: words for id, words in found.items() if words}


def numbered(conference: Conference, ids: Collection[int]) -> str:
    """As people write them: "3, 7"."""
    return ", ".join(str(session.number) for session in conference.sessions if session.id in ids)


def by_number(conference: Conference, numbers: Iterable[str], name: str) -> list[int]:
    """Raises UnknownNumber at the field with this name."""
    known = {str(session.number): session.id for session in conference.sessions}
    found = []
    for number in numbers:
        if number not in known:
            raise UnknownNumber(_l("There is no session “%(word)s”.", word=number[:80]), field=name)
        found.append(known[number])
    return list(dict.fromkeys(found))


def keep(session: Session, wanted: SessionRules) -> None:
    """Replace its rules by these; raises what contradicts itself, at its field. The caller holds the conference."""
    _check(session, wanted)
    earlier = of(session)
    _changed(session, SessionGroup, "group_id", earlier.groups, wanted.groups)
    _changed(session, SessionClosure, "slot_id", earlier.closed, wanted.closed)
    if sorted(earlier.not_beside) != sorted(wanted.not_beside):
        beside = SessionOrder.kind == Order.NOT_BESIDE
        either = or_(SessionOrder.session_id == session.id, SessionOrder.other_id == session.id)
        db.session.execute(delete(SessionOrder).where(beside, either))
        _order(session, Order.NOT_BESIDE, wanted.not_beside)
    if sorted(earlier.after) != sorted(wanted.after):
        mine = (SessionOrder.kind == Order.AFTER, SessionOrder.session_id == session.id)
        db.session.execute(delete(SessionOrder).where(*mine))
        _order(session, Order.AFTER, wanted.after)


def _changed(
    session: Session,
    model: type[SessionGroup | SessionClosure],
    column: str,
    earlier: Collection[int],
    wanted: Collection[int],
) -> None:
    gone = set(earlier) - set(wanted)
    if gone:
        mine = model.session_id == session.id
        db.session.execute(delete(model).where(mine, getattr(model, column).in_(gone)))
    db.session.add_all(model(session_id=session.id, **{column: id}) for id in sorted(set(wanted) - set(earlier)))


def _order(session: Session, kind: Order, others: Iterable[int]) -> None:
    db.session.add_all(SessionOrder(session_id=session.id, other_id=id, kind=kind) for id in others)


def _check(session: Session, wanted: SessionRules) -> None:
    slots = session.conference.slots
    if slots and {slot.id for slot in slots} <= set(wanted.closed):
        raise InNoRound(field="closed")
    if session.duration > 1 and not beginnings(session.conference, slots, session.duration, wanted.closed):
        raise TooLong(field="duration")
    if any(placement.slot_id in set(wanted.closed) for placement in session.placements):
        raise PlacedThere(field="closed")
    for name in ("not_beside", "after"):
        if session.id in getattr(wanted, name):
            raise Itself(field=name)
    if _leads_back(session, wanted.after):
        raise InACircle(field="after")


def beginnings(
    conference: Conference, slots: Sequence[Slot], duration: int, closed: Collection[int] = ()
) -> list[Slot]:
    """Of these rounds those in which what lasts so many can begin: they follow each other on one day, and are open."""
    rows = [slots[at : at + duration] for at in range(len(slots) - duration + 1)]
    return [
        row[0]
        for row in rows
        if not {slot.id for slot in row} & set(closed)
        and all(dates.joins(one, other, conference) for one, other in pairwise(row))
    ]


def stranded_without(slot: Slot) -> Session | None:
    """A session that can begin somewhere now, and could not if this round were removed."""
    conference, closed = slot.conference, rules.stated(slot.conference).closed
    without = [each for each in conference.slots if each.id != slot.id]
    for session in conference.sessions:
        asked = session.duration, closed.get(session.id, [])
        can_now = session.is_held and beginnings(conference, conference.slots, *asked)
        if can_now and asked != (1, []) and not beginnings(conference, without, *asked):
            return session
    return None


def _leads_back(session: Session, after: Collection[int]) -> bool:
    """Whether one of these comes, by way of others perhaps, after this session."""
    rows = select(SessionOrder.session_id, SessionOrder.other_id).where(
        SessionOrder.kind == Order.AFTER, SessionOrder.session_id != session.id
    )
    here = rows.join(Session, Session.id == SessionOrder.session_id)
    pairs = db.session.execute(here.where(Session.conference_id == session.conference_id)).all()
    seen, waiting = set(after), list(after)
    while waiting:
        later = waiting.pop()
        new = {other for one, other in pairs if one == later} - seen
        seen |= new
        waiting += new
    return session.id in seen


def marks(conference: Conference) -> dict[str, list[str]]:
    """What is known of people beside their group, with the values that occur, where these are few.

    Only what tells nobody from all others: values that two people or more have. One alone in her class takes the
    other classes from nobody.
    """
    found: dict[str, Counter[str]] = {}
    rows = select(Participant.attributes).filter_by(conference_id=conference.id)
    for attributes in db.session.scalars(rows):
        for name, value in (attributes or {}).items():
            found.setdefault(name, Counter())[str(value)] += 1
    few = {name: counts for name, counts in sorted(found.items()) if len(counts) <= MOST_VALUES}
    shared = {name: sorted(v for v, count in counts.items() if count >= SHARED_BY) for name, counts in few.items()}
    return {name: values for name, values in shared.items() if values}


def mark(name: str, value: str) -> str:
    """Both in one word, for a field."""
    return json.dumps([name, value], ensure_ascii=False)


def by_name(words: Iterable[str]) -> dict[str, list[str]]:
    """What `mark` made of each, as a session keeps it."""
    found: dict[str, list[str]] = {}
    for word in words:
        name, value = json.loads(word)
        found.setdefault(name, []).extend([value] if value else [])
    return found


def ticked(open_to: Mapping[str, Sequence[str]]) -> list[str]:
    """The opposite; of what nobody has any more the name alone, so that the session stays closed."""
    return [mark(name, value) for name, values in open_to.items() for value in values or [NOBODY]]


def forget_values(conference: Conference) -> None:
    """Of whoever was erased: what nobody has any more, and rules about it; a session that asked for it stays closed."""
    asking = [session for session in conference.sessions if session.open_to]
    earlier = select(ImportedThing).join(ImportBatch).where(ImportBatch.conference_id == conference.id)
    things = [row for row in db.session.scalars(earlier.where(ImportedThing.kind == "session")) if row.before]
    about = [row for row in (*rules.quotas(conference), *rules.companies(conference)) if row.mark]
    if not asking and not things and not about:
        return
    known: dict[str, set[str]] = {}
    rows = select(Participant.attributes).filter_by(conference_id=conference.id)
    for attributes in db.session.scalars(rows):
        for name, value in (attributes or {}).items():
            known.setdefault(name, set()).add(str(value))
    for row in about:
        if row.value not in known.get(row.mark or "", ()):
            db.session.delete(row)
    for session in asking:
        session.open_to = _still_known(session.open_to, known)
    for thing in things:
        if thing.before.get("open_to"):
            thing.before = {**thing.before, "open_to": _still_known(thing.before["open_to"], known)}


def _still_known(open_to: Mapping[str, Sequence[str]], known: Mapping[str, Collection[str]]) -> dict[str, list[str]]:
    return {name: [value for value in values if value in known.get(name, ())] for name, values in open_to.items()}


def limits() -> tuple[Any, Any]:
    """Two columns of a session for `is_open_to`: what it asks of people, and its groups; the same for everybody.

    One that is for a group that shows religion or origin hides from nobody, because that would tell.
    """
    group = case((Group.is_sensitive, EVERYBODY), else_=cast(SessionGroup.group_id, String))
    groups = select(func.aggregate_strings(group, ",")).select_from(SessionGroup).join(Group)
    mine = groups.where(SessionGroup.session_id == Session.id).correlate(Session)
    return cast(Session.open_to, Text).label("open_to"), mine.scalar_subquery().label("admits")


def is_open_to(person: Participant, row: Any) -> bool:
    groups = row.admits.split(",") if row.admits else [EVERYBODY]
    admitted = EVERYBODY in groups or str(person.group_id) in groups
    return admitted and fits(json.loads(row.open_to), person.attributes or {})


def fits(open_to: Mapping[str, Sequence[str]], attributes: Mapping[str, object]) -> bool:
    return all(str(attributes.get(name, "")) in values for name, values in open_to.items())


def has_its_only_group(group: Group) -> bool:
    """Whether a session would be open to everybody if this group were removed."""
    alone = select(SessionGroup.session_id).group_by(SessionGroup.session_id).having(func.count() == 1)
    only = alone.having(func.max(SessionGroup.group_id) == group.id)
    return db.session.scalar(only.limit(1)) is not None
