"""What stands on a paper: whose it is, by code, number or name, and which sessions, by the numbers of the programme."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, select
from sqlalchemy.orm import selectinload

from planner import auth, clock, failures
from planner.errors import PlannerError
from planner.extensions import db
from planner.models import (
    Conference,
    Organisation,
    Participant,
    ParticipantState,
    Preference,
    Session,
    SessionRole,
    SessionState,
)
from planner.texts import folded

PARTS = re.compile(r"[\s,;./+]+")
NAME_AND_NUMBERS = re.compile(r"(.*[^\d\s,;])[\s,;]+(\d[\d\s,;./+]*)")
LATELY = 20


class Misread(PlannerError):
    """Said at the line, which stays as it was typed."""

    def __init__(self, *sentences: Any):
        super().__init__(field="line")
        self.sentences = sentences

    @property
    def sentence(self) -> str:  # type: ignore[override]
        return " ".join(map(str, self.sentences))


@dataclass(frozen=True)
class Called:
    """Somebody who may be meant, with what tells her from others of the same name."""

    id: int
    name: str
    number: str
    organisation: str
    state: ParticipantState


@dataclass(frozen=True)
class Choice:
    """Sessions, the most wanted first; `led` are left out, because she is there anyway."""

    ids: list[int]
    led: list[int]


def parts(line: str) -> tuple[str, str]:
    """The person and the numbers: "code or name: 3, 7, 12"; behind a name the colon may be missing. Raises Misread."""
    who, colon, numbers = line.rpartition(":")
    if not colon:
        found = NAME_AND_NUMBERS.fullmatch(line)
        who, numbers = (found[1], found[2]) if found else (line, "")
    if not who.strip():
        raise Misread(_l("Please write whose paper it is, then a colon, then the numbers: “ABCD-2346: 3, 7, 12”."))
    if not numbers.strip():
        raise Misread(_l("There are no numbers behind the name. Please write them after a colon."))
    return who.strip(), numbers


def called(conference: Conference, word: str, group_id: int | None) -> tuple[Sequence[Called], bool]:
    """Who may be meant, and whether that is sure: by the organisers' number, or the whole name in any order.

    In one group, as in a class, a first name of only one is enough. Beginnings are no more than a guess. The code on
    a card is asked for apart, as wrong ones are counted.
    """
    people, words = _people(conference, group_id), folded(word.replace(",", " ")).split()
    known = [(each, folded(each.name).split()) for each in people]
    sure = [each for each in people if each.number and each.number.casefold() == word.casefold()]
    sure = sure or [each for each, name in known if sorted(name) == sorted(words)]
    first = [each for each, name in known if group_id is not None and words and set(words) <= set(name)]
    sure = sure or (first if len(first) == 1 else [])
    guessed = [each for each, name in known if words and all(any(part.startswith(w) for part in name) for w in words)]
    return sure or guessed, bool(sure)


def by_card(conference: Conference, code: str, address: str | None, group_id: int | None) -> Sequence[Called]:
    """Whose card it is, among those whom the reader may enter; a wrong code is counted before it is looked at.

    It keeps what it counts at once, so nothing else may be under way.
    """
    now = clock.now()
    tried = failures.count("card", str(conference.id), address, now)
    db.session.commit()
    card = auth.card_for(conference, code, now)
    found = [each for each in _people(conference, group_id) if card and each.id == card.participant_id]
    if found:
        failures.were_right([tried])
        db.session.commit()
    return found


def _people(conference: Conference, group_id: int | None) -> list[Called]:
    query = (
        select(Participant.id, Participant.name, Participant.external_key, Organisation.name, Participant.state)
        .outerjoin(Organisation, Organisation.id == Participant.organisation_id)
        .where(Participant.conference_id == conference.id)
        .order_by(Participant.name, Participant.id)
    )
    query = query if group_id is None else query.where(Participant.group_id == group_id)
    rows = db.session.execute(query)
    return [Called(id, name, number or "", body or "", state) for id, name, number, body, state in rows]


def chosen(conference: Conference, numbers: str, person: Participant) -> Choice:
    """What the numbers stand for; every mistake is named. Raises Misread."""
    words = [word.strip("#()") for word in PARTS.split(numbers) if word.strip("#()")]
    sessions = {str(row.number): row for row in _sessions(conference)}
    found, wrong = [], []
    for word in words:
        session = sessions.get(word.lstrip("0") or word)
        if session is None:
            wrong.append(_l("There is no session “%(word)s”.", word=word[:80]))
        elif session.state is SessionState.CANCELLED:
            wrong.append(_l("Session “%(word)s” is cancelled.", word=word[:80]))
        elif session.id in found:
            wrong.append(_l("“%(name)s” stands in the list twice.", name=word[:80]))
        else:
            found.append(session.id)
    leads = set(db.session.scalars(select(SessionRole.session_id).filter_by(participant_id=person.id)))
    ids = [id for id in found if id not in leads]
    if len(ids) > conference.most_favourites:
        most = conference.most_favourites
        wrong.append(_l("At most %(most)s wishes count. Please leave some out.", most=most))
    if wrong:
        raise Misread(*wrong)
    return Choice(ids, [session.number for session in sessions.values() if session.id in leads.intersection(found)])


def _sessions(conference: Conference) -> Sequence[Session]:
    rows = select(Session).filter_by(conference_id=conference.id).order_by(Session.number)
    return db.session.scalars(rows).all()


def _entered(conference: Conference, group_id: int | None) -> Select[Any]:
    query = select(Participant).filter_by(conference_id=conference.id, wishes_entered=True)
    return query if group_id is None else query.filter_by(group_id=group_id)


def lately(conference: Conference, group_id: int | None) -> Sequence[Participant]:
    """Whose wishes were entered for them, the last one first."""
    order = (Participant.wishes_saved_at.desc(), Participant.id.desc())
    lists = selectinload(Participant.preferences).joinedload(Preference.session)
    return db.session.scalars(_entered(conference, group_id).options(lists).order_by(*order).limit(LATELY)).all()


def counted(conference: Conference, group_id: int | None) -> int:
    return db.session.scalar(select(func.count()).select_from(_entered(conference, group_id).subquery())) or 0
