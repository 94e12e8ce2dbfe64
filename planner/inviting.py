"""People are invited by mail to their own pages: whom it reaches, who was invited before, and who has no address.

Nobody gets a second invitation by itself, but where the first has certainly not left; again only who is asked for.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import select, update

from planner import auth, locks, notifications, spans
from planner.clock import Clock
from planner.errors import PlannerError
from planner.extensions import db
from planner.models import COMING, Conference, Message, MessageState, Participant

KIND = "invitation"
UNDER_WAY = {MessageState.WAITING, MessageState.SENDING}
SPAN = re.compile(r"[0-9]{1,9}(-[0-9]{1,9})?(,[0-9]{1,9}(-[0-9]{1,9})?)*")
LONGEST = 3000
"""Characters of the numbers of those who are meant, as an address holds them."""
Person = Any
"""A row with somebody's id, name, email and state."""


class NoWaysIn(PlannerError):
    sentence = _l("Ways into this conference have ended, so nobody can be invited any more.")


class TooScattered(PlannerError):
    sentence = _l("These are too many one by one. Please mark fewer, or invite everybody who was not invited yet.")


class NobodyMeant(PlannerError):
    sentence = _l("Nobody was invited: whoever is meant was invited before, or no mail reaches her.")


@dataclass(frozen=True)
class Reach:
    """Whom an invitation reaches now; who had one, and would get another only if she is meant again; and who cannot."""

    way: str  # off, file, smtp: as PLANNER_MAIL says
    new: Sequence[Person]
    had: Sequence[Person]
    under_way: Sequence[Person]
    unreached: Sequence[Person]  # no mail reaches her, or mail is off

    def meant(self, *, again: bool) -> list[Person]:
        return [*self.new, *(self.had if again else ())]


def asked_for(text: str) -> str:
    """The numbers of those who were marked, as an address says them; none where it says nothing that can be read."""
    return text if len(text) <= LONGEST and SPAN.fullmatch(text) else ""


def in_an_address(ids: Sequence[int]) -> str:
    """Raises TooScattered where they are too many for one."""
    text = spans.written(ids)
    if len(text) > LONGEST:
        raise TooScattered
    return text


def reach(conference: Conference, of: str = "") -> Reach:
    """Of those whose numbers `of` holds, or of everybody, by name; nobody who waits for a place or has cancelled."""
    rows = select(Participant.id, Participant.name, Participant.email).filter_by(conference_id=conference.id)
    coming = rows.where(Participant.state.in_(COMING)).order_by(Participant.name, Participant.id)
    people = [row for row in db.session.execute(coming) if not of or spans.holds(of, row.id)]
    had, under_way = _before(conference)
    reached: list[Person] = [row for row in people if notifications.by_mail(row)]
    return Reach(
        notifications.way(),
        [row for row in reached if row.id not in had | under_way],
        [row for row in reached if row.id in had - under_way],
        [row for row in reached if row.id in under_way],
        [row for row in people if not notifications.by_mail(row)],
    )


def _before(conference: Conference) -> tuple[set[int], set[int]]:
    """Who has had an invitation, or may have; and for whom one is on its way."""
    had, under_way = set(), set()
    hers = {MessageState.SENT, MessageState.DOUBTFUL} | (
        {MessageState.WRITTEN} if notifications.way() == "file" else set()
    )
    facts = select(Message.participant_id, Message.state, Message.facts, Message.told_at)
    for row in db.session.execute(facts.filter_by(conference_id=conference.id, kind=KIND)):
        if row.state in UNDER_WAY:
            under_way.add(row.participant_id)
        elif row.state in hers or row.told_at or row.facts.get("perhaps"):
            had.add(row.participant_id)
    return had, under_way


def invite(conference: Conference, of: str, clock: Clock, *, again: bool) -> list[Person]:
    """One message for each of them; `again` also for those who had one. Raises NoWaysIn, NobodyMeant."""
    locks.conference(conference, alone=True)
    now = clock()
    if not auth.takes_links(conference, now):
        raise NoWaysIn
    people = reach(conference, of).meant(again=again)
    if not people:
        raise NobodyMeant
    _overtake([row.id for row in people])
    counts = _counts(conference)
    keys = {row.id: f"{KIND}:{row.id}:{counts.get(row.id, 0) + 1}" for row in people}
    db.session.add_all(notifications.message(conference.id, row, KIND, keys[row.id], now) for row in people)
    db.session.flush()
    return people


def _counts(conference: Conference) -> dict[int, int]:
    """How many invitations each has a row of, whatever became of them."""
    counts: dict[int, int] = {}
    for id in db.session.scalars(select(Message.participant_id).filter_by(conference_id=conference.id, kind=KIND)):
        counts[id] = counts.get(id, 0) + 1
    return counts


def _overtake(people: Sequence[int]) -> None:
    """One that has not left: the newer stands in its place on the list of what did not arrive."""
    failed = update(Message).where(
        Message.participant_id.in_(people),
        Message.kind == KIND,
        Message.state == MessageState.FAILED,
        Message.told_at.is_(None),
    )
    db.session.execute(failed.values(state=MessageState.OVERTAKEN).execution_options(synchronize_session="fetch"))


def is_overtaken(message: Message) -> bool:
    """Whether she has no place any more, or does not come."""
    return message.kind == KIND and message.participant.state not in COMING


def sample(person: Participant, now: datetime) -> Message:
    """As she would get it now; it is nowhere, and never sent."""
    return Message(participant=person, kind=KIND, facts={}, created_at=now)


def question(told: Reach) -> list[str]:
    """What pressing the button does, and whom it leaves out."""
    count, files = len(told.new), told.way == "file"
    return [
        *([_("Mails are only written into files on this computer; none leaves it.")] if files else []),
        _("Invitations that would be written: %(count)s.", count=count)
        if count and files
        else ngettext("%(num)s person is invited by mail.", "%(num)s people are invited by mail.", count)
        if count
        else _("Nobody is left whom a mail reaches and who was not invited yet."),
        *_left_out(told),
    ]


def _left_out(told: Reach) -> list[str]:
    found = []
    if told.had:
        found.append(
            ngettext(
                "%(num)s person was invited already, and gets no second mail.",
                "%(num)s people were invited already, and get no second mail.",
                len(told.had),
            )
        )
    if told.under_way:
        found.append(
            ngettext(
                "For %(num)s person an invitation is on its way.",
                "For %(num)s people an invitation is on its way.",
                len(told.under_way),
            )
        )
    return found


def done(people: Sequence[Person]) -> str:
    if notifications.way() == "file":
        return _("Invitations written into files on this computer: %(count)s. None leaves it.", count=len(people))
    return _("Invitations on their way: %(count)s.", count=len(people))
