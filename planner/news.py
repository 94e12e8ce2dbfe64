"""Who is told what of a plan that is published: those whose day is another than they were told, and what differs.

What somebody was told of stands with each message, so it outlives plans that are taken back and published again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import ColumnElement, Row, and_, or_, select, update
from sqlalchemy.orm import contains_eager

from planner import days, notifications
from planner.days import Day
from planner.extensions import db
from planner.models import Allocation, Conference, Message, MessageState, Participant, ParticipantState

NEWS = ("published", "changed")
"""Kinds of messages that say where somebody is; of two the later one counts."""
Person = Row[Any]
"""Somebody's id, name, email, state and key."""
KNOWN = {MessageState.SENDING, MessageState.SENT, MessageState.DOUBTFUL}
"""She has it, or may have it."""
NOT_TOLD = {MessageState.WAITING, MessageState.FAILED, MessageState.BY_HAND}
"""She certainly has not, unless somebody told her otherwise."""


@dataclass(frozen=True)
class News:
    """What somebody is to be told; `before` is None where nobody told her anything, `whole` where nobody knows.

    `after` is the number of her last message, 0 where there is none.
    """

    person: Person
    day: Day
    before: Day | None
    after: int
    whole: bool = False

    def message(self, run: Allocation, now: datetime, *, by_mail: bool) -> Message:
        facts = {"day": days.written(self.day), "whole": self.whole}
        if self.before is not None:
            facts["before"] = days.written(self.before)
        return Message(
            conference_id=run.conference_id,
            participant_id=self.person.id,
            kind="published" if self.before is None else "changed",
            dedupe_key=f"published:{run.id}:{self.after}:{self.person.id}",
            facts=facts,
            state=MessageState.WAITING if by_mail else MessageState.BY_HAND,
            created_at=now,
        )


@dataclass(frozen=True)
class Reach:
    """Whom a publication tells: by mail, or otherwise by telephone, card, paper; and whose day does not change.

    `overtaken` are the numbers of messages that nobody has got and that would not be true any more.
    """

    way: str  # off, file, smtp: as PLANNER_MAIL says
    by_mail: Sequence[News]
    otherwise: Sequence[News]
    unchanged: int
    overtaken: Sequence[int] = ()

    @property
    def is_set_up(self) -> bool:
        return self.way != "off"


@dataclass(frozen=True)
class Outcome:
    """What a publication has made, counted from its rows."""

    by_mail: int
    otherwise: int
    unchanged: int


@dataclass
class _Heard:
    """What somebody was told so far: her last message that still counts, the last that she has, and the very last."""

    last: "_Told | None" = None
    known: "_Told | None" = None
    newest: int = 0


@dataclass(frozen=True)
class _Told:
    id: int
    state: MessageState
    is_done: bool  # somebody told her otherwise
    day: Day | None  # None: not known any more

    @property
    def is_known(self) -> bool:
        return self.is_done or self.state in KNOWN


def reach(run: Allocation, *, alone: bool = False) -> Reach:
    """Before publishing: who will get a message, and who will not; `alone` for whoever acts upon it."""
    people, heard = _heard(run.conference_id, alone=alone)
    planned = days.of_everybody(run, {person.key: id for id, person in people.items()})
    found: list[News] = []
    unchanged, overtaken = 0, []
    for person in people.values():
        day, hers = planned.get(person.id, {}), heard[person.id]
        if hers.last and hers.last.day == day:
            unchanged += bool(day)
            continue
        if hers.last and not hers.last.is_done and hers.last.state not in {MessageState.SENDING, MessageState.SENT}:
            overtaken.append(hers.last.id)
        if hers.known and hers.known.day == day:
            unchanged += bool(day)
        elif day or (hers.last and hers.last.day and person.state is not ParticipantState.CANCELLED):
            found.append(_news(person, day, hers))
    mail = notifications.mail_is_set_up()
    by_mail = [each for each in found if mail and each.person.email]
    otherwise = [each for each in found if not (mail and each.person.email)]
    return Reach(notifications.way(), by_mail, otherwise, unchanged, overtaken)


def _news(person: Person, day: Day, hers: _Heard) -> News:
    """Whom somebody had to tell herself may have been told, though nobody ticked it off: she is told all of it."""
    last = hers.last
    if last and last.state is MessageState.BY_HAND and not last.is_done:
        return News(person, day, last.day, hers.newest, whole=True)
    return News(person, day, hers.known.day if hers.known else None, hers.newest)


def _heard(conference_id: int, *, alone: bool) -> tuple[dict[int, Person], dict[int, _Heard]]:
    """Everybody in the order of names, and what each was told; in one query however many they are."""
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
    found: dict[int, _Heard] = {}
    older: dict[str, Mapping[int, Day]] = {}
    for row in db.session.execute(rows).all():
        people[row.id], hers = row, found.setdefault(row.id, _Heard())
        if row.number is None:
            continue
        hers.newest = row.number
        if row.how is MessageState.OVERTAKEN:
            continue
        told = _Told(row.number, row.how, row.told_at is not None, _day(row, older))
        hers.last = told
        hers.known = told if told.is_known else hers.known
    return people, found


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
    db.session.add_all(each.message(run, now, by_mail=True) for each in told.by_mail)
    db.session.add_all(each.message(run, now, by_mail=False) for each in told.otherwise)
    db.session.flush()
    made = select(Message).filter_by(conference_id=run.conference_id, created_at=now).where(Message.kind.in_(NEWS))
    return outcome(db.session.scalars(made).all(), now, len(days.of_everybody(run)))


def taken_back(conference: Conference) -> None:
    """What nobody has got yet is told to nobody; what is doubtful stays, as she may know."""
    _overtake(Message.conference_id == conference.id, Message.kind.in_(NEWS), Message.state.in_(NOT_TOLD))


def _overtake(*which: ColumnElement[bool]) -> None:
    db.session.execute(
        update(Message)
        .where(*which, Message.told_at.is_(None), Message.state.in_({*NOT_TOLD, MessageState.DOUBTFUL}))
        .values(state=MessageState.OVERTAKEN)
        .execution_options(synchronize_session="fetch")
    )


def is_overtaken(message: Message) -> bool:
    """Whether it would not be true any more: something later is to be told to her, or nothing is published."""
    if message.kind not in NEWS or "day" not in message.facts:  # of an earlier version, which kept no day
        return False
    later = select(Message.id).where(Message.participant_id == message.participant_id, Message.id > message.id)
    return (
        message.participant.conference.published_id is None
        or db.session.scalar(later.where(Message.kind.in_(NEWS)).limit(1)) is not None
    )


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


def outcome(messages: Sequence[Message], at: datetime | None, concerned: int) -> Outcome:
    """Of the publication at this moment; `concerned` are all of whom the plan says something."""
    made = [message for message in messages if message.created_at == at]
    otherwise = sum(message.state is MessageState.BY_HAND for message in made)
    return Outcome(len(made) - otherwise, otherwise, concerned - sum(bool(each.facts.get("day")) for each in made))


def published_sentences(done: Outcome) -> list[str]:
    """What really happens: messages on their way, written into files, or none at all; whom to tell otherwise."""
    found = [_sent(done)]
    if done.otherwise and notifications.mail_is_set_up():
        found.append(_without_address(done.otherwise))
    if done.unchanged:
        found.append(_unchanged(done.unchanged))
    return found


def _sent(done: Outcome) -> str:
    if notifications.way() == "off":
        if not done.otherwise:
            return _("Published.")
        if done.unchanged:
            return _("Published. Mail is not set up: please tell those whose day has changed yourself.")
        return _("Published. Mail is not set up, so nobody gets a message: please tell everybody yourself.")
    if notifications.way() == "file":
        return _(
            "Published. Messages written into files on this computer: %(count)s. None leaves it.", count=done.by_mail
        )
    return _("Published. Messages on their way: %(count)s.", count=done.by_mail)


def told_sentences(done: Outcome) -> list[str]:
    """The same for as long as the plan is published."""
    found = []
    if done.by_mail:
        found.append(ngettext("%(num)s message by mail.", "%(num)s messages by mail.", done.by_mail))
    if done.otherwise:
        found.append(
            ngettext("%(num)s person to be told otherwise.", "%(num)s people to be told otherwise.", done.otherwise)
        )
    if done.unchanged:
        found.append(_unchanged(done.unchanged))
    return [_("Told at this publication:"), *found] if found else []


def publish_question(told: Reach) -> list[str]:
    """What publishing does, before it is pressed: who then sees what, whom a message reaches, and whom it does not."""
    asked = [_("Publish this allocation? Everybody then sees their day.")]
    if told.is_set_up:
        asked += [_by_mail(told)] if told.by_mail or not told.unchanged else []
        asked += [_without_address(len(told.otherwise))] if told.otherwise else []
    elif told.otherwise and told.unchanged:
        asked.append(
            _(
                "Mail is not set up here: you have to tell those whose day changes yourself (%(count)s).",
                count=len(told.otherwise),
            )
        )
    elif told.otherwise:
        asked.append(
            _(
                "Mail is not set up here: nobody gets a message. You have to tell all of them yourself (%(count)s).",
                count=len(told.otherwise),
            )
        )
    return [*asked, *([_unchanged(told.unchanged)] if told.unchanged else [])]


def _by_mail(told: Reach) -> str:
    count = len(told.by_mail)
    if told.way == "file":
        return _("Mails are only written into files on this computer (%(count)s); none leaves it.", count=count)
    return ngettext("%(num)s person is told once by mail.", "%(num)s people are told once by mail.", count)


def _without_address(count: int) -> str:
    return ngettext(
        "%(num)s person has no e-mail address: tell her otherwise.",
        "%(num)s people have no e-mail address: tell them otherwise.",
        count,
    )


def _unchanged(count: int) -> str:
    return ngettext(
        "The day of %(num)s person stays as she was told: she gets no message.",
        "The days of %(num)s people stay as they were told: they get no message.",
        count,
    )


def otherwise_sentence(count: int) -> str:
    """The heading above those who must be told otherwise, after publishing."""
    if notifications.mail_is_set_up():
        return ngettext("Tell %(num)s person otherwise", "Tell %(num)s people otherwise", count)
    return ngettext(
        "Mail is not set up: tell %(num)s person yourself", "Mail is not set up: tell %(num)s people yourself", count
    )
