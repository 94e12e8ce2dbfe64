"""Wishes: save a ranking; who has not chosen yet; is the deadline past."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Row, Select, Text, cast, delete, func, insert, select

from planner import locks, merging, session_rules
from planner.clock import Clock
from planner.errors import Closed, PlannerError, Stale
from planner.extensions import db
from planner.models import COMING, Conference, Participant, Preference, Session, SessionState, Theme, Translated, Veto


class PreferencesClosed(Closed):
    sentence = _l("Wishes can no longer be changed. Your choice is still on this page, but it was not saved.")


class OnlyOnPaperInTime(PlannerError):
    sentence = _l(
        "Choosing has ended. What somebody gave on paper in time, an organiser may still enter: "
        "please tick that it was so."
    )


class PlanIsOut(PlannerError):
    """Whoever reads her plan is told why she sits where she does, by the wishes that it was made from."""

    sentence = _l("The plan is published, so wishes are not changed any more. Take it back first if it must be.")


class BadRanking(PlannerError):
    sentence = _l("Please choose each session once.")


class NotOffered(BadRanking):
    sentence = _l("One of the sessions is no longer offered, or not open to you. Please look at your list.")

    def __init__(self, sessions: Collection[int]) -> None:
        super().__init__()
        self.sessions = sessions


class NotOpenToHer(BadRanking):
    """For whoever types somebody's paper."""


class Merged(Stale):
    sentence = _l(
        "Sessions of your list were merged in the meantime. Below stands the one that they are part of now. "
        "Please look at your list and save it again."
    )


def save_ranking(
    participant: Participant,
    favourites: Sequence[int],
    vetoes: Sequence[int],
    revision: int,
    clock: Clock,
) -> None:
    """Replace somebody's list, the most wanted first; what is stored is exactly one list that she sent.

    The same list sent again, by a double click or a reload, is the same save.
    """
    # Shared with other people's saves; the final snapshot takes the same lock alone.
    locks.person(participant)
    if _sent_again(participant, favourites, vetoes, revision):
        return
    conference, now = participant.conference, clock()
    if not conference.takes_wishes(now):
        raise PreferencesClosed
    if participant.revision != revision:
        raise Stale
    try:
        _check(participant, conference, favourites, vetoes)
    except NotOffered as error:
        if merging.are_merged(error.sessions):
            raise Merged from None
        raise
    _replace(Veto, participant, [{"session_id": session} for session in vetoes])
    _store(participant, favourites, now, entered=False)


def enter_ranking(
    participant: Participant, favourites: Sequence[int], revision: int, clock: Clock, *, in_time: bool
) -> None:
    """Replace somebody's list by what she gave on paper; what is not for her is hers alone, and stays.

    A session that she now wishes for is the exception: the paper is her later word, as a favourite is that she chooses
    herself. Were it refused or left out, whoever types could ask session by session what she does not want.

    `in_time` where an organiser says of a paper that comes to be entered late that it was there before the end. What
    was saved before the end is in the final snapshot; this comes afterwards, and a run that does not know it says so.
    """
    locks.person(participant)
    refused = [veto.session_id for veto in participant.vetoes]
    if _sent_again(participant, favourites, refused, revision):
        return
    conference, now = participant.conference, clock()
    _may_enter(conference, now, in_time)
    if participant.revision != revision:
        raise Stale
    try:
        _check(participant, conference, favourites, ())
    except NotOffered as error:
        numbers = session_rules.numbered(conference, error.sessions)
        raise NotOpenToHer(
            _l("Not offered any more, or not open to this person: %(numbers)s. Please leave it out.", numbers=numbers)
        ) from None
    kept = [id for id in refused if id not in favourites]
    _replace(Veto, participant, [{"session_id": session} for session in kept])
    _store(participant, favourites, now, entered=True)


def _may_enter(conference: Conference, now: datetime, in_time: bool) -> None:
    """Papers may be there before choosing begins on people's own pages, as lists may that are taken in."""
    if conference.wishes_may_change(now):
        return
    if conference.published_id:
        raise PlanIsOut
    if not in_time:
        raise OnlyOnPaperInTime(field="in_time")


def _store(participant: Participant, favourites: Sequence[int], now: datetime, *, entered: bool) -> None:
    ranks = [{"session_id": session, "rank": rank} for rank, session in enumerate(favourites, start=1)]
    _replace(Preference, participant, ranks)
    participant.revision += 1
    participant.wishes_saved_at, participant.wishes_entered = now, entered
    db.session.flush()
    db.session.expire(participant, ["preferences", "vetoes"])


def _replace(table: type[Preference | Veto], participant: Participant, rows: Sequence[dict[str, int]]) -> None:
    """One statement for all that goes and one for all that comes: this is what everybody does in the last minute."""
    db.session.execute(delete(table).where(table.participant_id == participant.id))
    if rows:
        mine = {"participant_id": participant.id}
        db.session.execute(insert(table), [{**mine, **row} for row in rows])


def _sent_again(participant: Participant, favourites: Sequence[int], vetoes: Sequence[int], revision: int) -> bool:
    stored = [wish.session_id for wish in participant.preferences], {veto.session_id for veto in participant.vetoes}
    return 0 <= revision < participant.revision and stored == (list(favourites), set(vetoes))


def _check(participant: Participant, conference: Conference, favourites: Sequence[int], vetoes: Sequence[int]) -> None:
    chosen = [*favourites, *vetoes]
    if len(set(chosen)) < len(chosen):
        raise BadRanking(_l("Please choose each session once: a favourite cannot be “not for me” as well."))
    if len(favourites) > conference.most_favourites:
        most = conference.most_favourites
        raise BadRanking(_l("You can choose %(most)s favourites at most. Please remove some.", most=most))
    if len(vetoes) > conference.most_vetoes:
        most = conference.most_vetoes
        raise BadRanking(_l("You can mark %(most)s sessions as “not for me” at most.", most=most))
    unknown = set(chosen) - choosable(
        participant, db.session.execute(_open(conference, Session.id, *session_rules.limits())).all()
    )
    if unknown:
        raise NotOffered(unknown)


def offer(conference: Conference) -> Sequence[Row[Any]]:
    """The open sessions as they are stored, in their order; texts and languages as JSON, so that rows can be compared.

    id, number, title, sentence, languages, two_language, the theme's colour, icon and title, and whom it is open to.
    """
    texts = (cast(column, Text).label(column.key) for column in (Session.title, Session.sentence, Session.languages))
    theme = (Theme.colour, Theme.icon, cast(Theme.title, Text).label("theme"))
    limits = session_rules.limits()
    rows = _open(conference, Session.id, Session.number, *texts, Session.two_language, *theme, *limits)
    rows = rows.outerjoin(Theme, Theme.id == Session.theme_id).order_by(Session.number)
    return db.session.execute(rows).all()


def _open(conference: Conference, *columns: Any) -> Select[Any]:
    open_ = Session.state == SessionState.OPEN
    return select(*columns).select_from(Session).where(Session.conference_id == conference.id, open_)


def choosable(participant: Participant, offered: Iterable[Row[Any]]) -> set[int]:
    """The ids of what is offered and open to her, without the sessions that she leads or takes notes in anyway."""
    led = {role.session_id for role in participant.roles}
    return {row.id for row in offered if session_rules.is_open_to(participant, row)} - led


def titles(participant: Participant) -> dict[str, list[Translated]]:
    """Of her favourites, the most wanted first, and of what is not for her."""
    wished = select(Session.title).join(Preference).filter(Preference.participant_id == participant.id)
    refused = select(Session.title).join(Veto).filter(Veto.participant_id == participant.id).order_by(Veto.id)
    return {
        "favourites": list(db.session.scalars(wished.order_by(Preference.rank))),
        "vetoes": list(db.session.scalars(refused)),
    }


def demand(conference: Conference) -> dict[int, int]:
    """How many people want each session, at any rank."""
    rows = db.session.execute(
        select(Preference.session_id, func.count())
        .join(Session, Session.id == Preference.session_id)
        .where(Session.conference_id == conference.id)
        .group_by(Preference.session_id)
    )
    return {row[0]: row[1] for row in rows}


def saved_by_day(conference: Conference, now: datetime) -> dict[date, int]:
    """On which day in the conference's zone how many of those who come saved their wishes for the last time.

    Each day since choosing began, or since the first of them; wishes that came with a list have no day.
    """
    last = select(Participant.wishes_saved_at).where(
        Participant.conference_id == conference.id,
        Participant.state.in_(COMING),
        Participant.wishes_saved_at.is_not(None),
        Participant.preferences.any(),
    )
    days = Counter(saved.astimezone(conference.tz).date() for saved in db.session.scalars(last) if saved)
    if not days:
        return {}
    ends = max(min(now, conference.wishes_until).astimezone(conference.tz).date(), *days)
    begins = min(conference.wishes_from.astimezone(conference.tz).date(), *days)
    return {day: days[day] for day in (begins + timedelta(days=at) for at in range((ends - begins).days + 1))}
