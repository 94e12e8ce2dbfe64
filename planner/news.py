"""Who is told what of a plan that is published: those whose day is another than they were told, and what differs.

What somebody was told of stands with each message, so it outlives plans that are taken back and published again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Row, and_, or_, select
from sqlalchemy.orm import contains_eager

from planner import days, notifications
from planner.days import Day
from planner.errors import PlannerError
from planner.extensions import db
from planner.models import COMING, Allocation, Conference, Message, MessageState, Participant

NEWS = ("published", "changed")
"""Kinds of messages that say where somebody is; of two the later one counts."""
Person = Row[Any]
"""Somebody's id, name, email, state and key."""
NOT_HAD = {MessageState.WAITING, MessageState.FAILED}
"""She certainly has not got it, unless it was sent before this, or somebody told her."""
PERHAPS = {MessageState.SENDING, MessageState.DOUBTFUL, MessageState.BY_HAND}
"""She may have it, or may have been told, and nobody knows."""


def tried_out() -> set[MessageState]:
    """Where mails are written into files for trying, these stand for those that would be sent; else nobody has them."""
    return {MessageState.WRITTEN} if notifications.way() == "file" else set()


class NotTrue(PlannerError):
    sentence = _l(
        "This is not true any more, so it was not sent: there is newer news for her, or nothing is published now."
    )


@dataclass(frozen=True)
class News:
    """What somebody is to be told; `before` is None where nobody told her anything.

    `whole`: all of her day, also what does not change, as nobody knows what she has heard so far.

    `after` is the number of her last message, 0 where there is none; `stands` whether one of hers still counts.
    """

    person: Person
    day: Day
    before: Day | None
    after: int
    whole: bool = False
    stands: bool = False

    def message(self, run: Allocation, now: datetime) -> Message:
        facts = {"day": days.written(self.day), "whole": self.whole}
        if self.before is not None:
            facts["before"] = days.written(self.before)
        kind = "published" if self.before is None else "changed"
        key = f"published:{run.id}:{self.after}:{self.person.id}"
        return notifications.message(run.conference_id, self.person, kind, key, now, facts)


@dataclass(frozen=True)
class Reach:
    """Whom a publication tells: by mail, or otherwise by telephone, card, paper; and whose day does not change.

    `open` are those for whom an earlier message says the same and who may not know it: it waits, or somebody has to see
    to it. `overtaken` are the numbers of messages that would not be true any more.
    """

    way: str  # off, file, smtp: as PLANNER_MAIL says
    by_mail: Sequence[News]
    otherwise: Sequence[News]
    unchanged: Sequence[int]  # who knows it: sent to her, or ticked off
    open: Sequence[int] = ()
    overtaken: Sequence[int] = ()

    @property
    def is_set_up(self) -> bool:
        return self.way != "off"


@dataclass(frozen=True)
class Outcome:
    """What a publication has made, and of those for whom it made nothing, who knows her day and who may not."""

    by_mail: int
    otherwise: int
    unchanged: int
    open: int = 0


@dataclass(frozen=True)
class _Told:
    id: int
    state: MessageState
    is_done: bool  # somebody told her otherwise
    may_have: bool
    day: Day | None  # None: not known any more

    @property
    def is_sure(self) -> bool:
        return self.is_done or self.state in {MessageState.SENT, *tried_out()}

    @property
    def counts(self) -> bool:
        return self.state is not MessageState.OVERTAKEN


def reach(run: Allocation, *, alone: bool = False) -> Reach:
    """Whom publishing tells, and whom it does not; `alone` for whoever acts upon it."""
    people, heard = _heard(run.conference_id, alone=alone)
    planned = days.of_everybody(run, {person.key: id for id, person in people.items()})
    found: list[News] = []
    unchanged: list[int] = []
    still: list[int] = []
    overtaken: list[int] = []
    for person in people.values():
        day, hers = planned.get(person.id, {}), heard[person.id]
        if person.state not in COMING:
            overtaken += [told.id for told in hers if told.counts and not told.is_sure]
            continue
        rest, stale = _without_stale(hers, day)
        overtaken += stale
        if rest and rest[-1].day == day and rest[-1].counts:
            (unchanged if rest[-1].is_sure else still).extend([person.id] if day else [])
        elif day or any(told.day for told in rest):
            found.append(_news(person, day, rest, hers))
            overtaken += [told.id for told in rest if told.counts and not told.is_sure]
    by_mail = [each for each in found if notifications.by_mail(each.person)]
    otherwise = [each for each in found if not notifications.by_mail(each.person)]
    return Reach(notifications.way(), by_mail, otherwise, unchanged, still, overtaken)


def _without_stale(hers: Sequence[_Told], day: Day) -> tuple[list[_Told], list[int]]:
    """What she has or may have heard, with a last message that says what is planned; and what nobody needs any more."""
    last = next((told for told in reversed(hers) if told.counts and (told.is_sure or told.may_have)), None)
    kept, stale = [], []
    for told in hers:
        newer = last is None or told.id > last.id
        if told.is_sure or told.may_have or (told.counts and newer and told.day == day):
            kept.append(told)
        elif told.counts:
            stale.append(told.id)
    return kept, stale


def _news(person: Person, day: Day, rest: Sequence[_Told], hers: Sequence[_Told]) -> News:
    """Who may not have heard what was written to her last, or may have heard what others did not, is told all of it."""
    sure = next((told for told in reversed(rest) if told.is_sure), None)
    perhaps = [told for told in rest if not told.is_sure and (sure is None or told.id > sure.id)]
    before = next((told.day for told in [*reversed(perhaps), *filter(None, [sure])] if told.day != day), None)
    stands = any(told.counts for told in hers)
    return News(person, day, before, hers[-1].id if hers else 0, whole=bool(perhaps), stands=stands)


def _heard(conference_id: int, *, alone: bool) -> tuple[dict[int, Person], dict[int, list[_Told]]]:
    """Everybody in the order of names, and what was written to each; in one query however many they are."""
    of_them = Message.conference_id == conference_id, Message.kind.in_(NEWS)
    if alone:  # a worker that would send one of them waits
        db.session.execute(select(Message.id).where(*of_them).order_by(Message.id).with_for_update())
    rows = (
        select(Participant.id, Participant.name, Participant.email, Participant.state, Participant.key)
        .add_columns(Message.id.label("number"), Message.state.label("how"))
        .add_columns(Message.told_at, Message.facts, Message.dedupe_key)
        .outerjoin(Message, and_(Message.participant_id == Participant.id, *of_them))
        .where(Participant.conference_id == conference_id)
        .order_by(Participant.name, Participant.id, Message.id)
    )
    people: dict[int, Person] = {}
    found: dict[int, list[_Told]] = {}
    older: dict[str, Mapping[int, Day]] = {}
    for row in db.session.execute(rows).all():
        people[row.id], hers = row, found.setdefault(row.id, [])
        if row.number is not None:
            done = row.told_at is not None
            hers.append(_Told(row.number, row.how, done, _may_have(row.how, row.facts), _day(row, older)))
    return people, found


def _may_have(state: MessageState, facts: Mapping[str, Any]) -> bool:
    """Whether it may have reached her, also earlier: once it was doubtful, nobody knows that it did not."""
    return state in PERHAPS or bool(facts.get("perhaps")) or facts.get("why") in {"cut", "lost"}


def _day(row: Row[Any], older: dict[str, Mapping[int, Day]]) -> Day | None:
    """What she was told; a message of an earlier version names the plan, which is still there."""
    if "day" in row.facts:
        return days.read(row.facts["day"])
    _kind, _, rest = row.dedupe_key.partition(":")
    number = rest.partition(":")[0]
    if number not in older:
        run = db.session.get(Allocation, int(number)) if number.isdecimal() and rest != number else None
        older[number] = days.of_everybody(run) if run else {}
    return older[number].get(row.id)


def allocation_published(run: Allocation, now: datetime) -> Outcome:
    """One message for everybody whose day is another than she was told; the same news never twice."""
    told = reach(run, alone=True)
    _overtake(Message.id.in_(told.overtaken))
    db.session.add_all(each.message(run, now) for each in (*told.by_mail, *told.otherwise))
    db.session.flush()
    return Outcome(len(told.by_mail), len(told.otherwise), len(told.unchanged), len(told.open))


def taken_back(conference: Conference) -> None:
    """What nobody has got yet is told to nobody; what is doubtful stays, as she may know."""
    which = Message.state.in_({*NOT_HAD, MessageState.BY_HAND})
    _overtake(Message.conference_id == conference.id, Message.kind.in_(NEWS), which)


def _overtake(*which: ColumnElement[bool]) -> None:
    """What is being sent is not touched; of what may have reached her that stays known."""
    open_ones = Message.state.in_({*NOT_HAD, *PERHAPS, MessageState.WRITTEN} - tried_out())
    rows = select(Message).where(*which, Message.told_at.is_(None)).where(open_ones)
    for message in db.session.scalars(rows.where(Message.state != MessageState.SENDING)):
        if _may_have(message.state, message.facts):
            message.facts = {**message.facts, "perhaps": True}
        message.move_to(MessageState.OVERTAKEN)


def is_overtaken(message: Message) -> bool:
    """Whether it would not be true any more: something later is to be told to her, or nothing is published."""
    if message.kind not in NEWS or "day" not in message.facts:  # of an earlier version, which kept no day
        return False
    later = select(Message.id).where(Message.participant_id == message.participant_id, Message.id > message.id)
    counting = later.where(Message.kind.in_(NEWS), Message.state != MessageState.OVERTAKEN)
    return message.participant.conference.published_id is None or db.session.scalar(counting.limit(1)) is not None


def check_true(message: Message) -> None:
    """Raises NotTrue where sending it would tell her what is not so any more."""
    if is_overtaken(message):
        raise NotTrue


def told_of(run: Allocation) -> Sequence[Message]:
    """What the present publication of a plan made, and whom somebody still has to tell; by their names."""
    open_ones = and_(Message.state == MessageState.BY_HAND, Message.told_at.is_(None))
    which = Message.kind.in_(NEWS), or_(Message.created_at == run.published_at, open_ones)
    query = select(Message).filter_by(conference_id=run.conference_id).where(*which)
    named = query.join(Participant, Participant.id == Message.participant_id).order_by(Participant.name)
    return db.session.scalars(named.options(contains_eager(Message.participant))).all()


def to_tell(messages: Sequence[Message]) -> list[Message]:
    """Those of them whom somebody still has to tell herself."""
    return [each for each in messages if each.state is MessageState.BY_HAND and each.told_at is None]


def outcome(messages: Sequence[Message], run: Allocation, told: Reach) -> Outcome:
    """Of what is published: what its publication made, and who of the others knows by now."""
    made = {each.participant_id: each.state for each in messages if each.created_at == run.published_at}
    otherwise = sum(state is MessageState.BY_HAND for state in made.values())
    unchanged, still = (sum(id not in made for id in which) for which in (told.unchanged, told.open))
    return Outcome(len(made) - otherwise, otherwise, unchanged, still)


def never_told(told: Reach) -> Sequence[News]:
    """Of whom no message stands though it is published: an earlier version made none where no mail went."""
    return [each for each in (*told.by_mail, *told.otherwise) if not each.stands]
