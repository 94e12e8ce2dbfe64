"""Several sessions become one, with wishes, people and submissions, and are split again as they were."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.orm import joinedload, selectinload

from planner import locks, programme, session_rules
from planner.errors import PlannerError
from planner.extensions import db
from planner.models import (
    WORKED_ON,
    Conference,
    Duty,
    MergedRole,
    MergedSession,
    MergedSubmission,
    Participant,
    Preference,
    Session,
    SessionMerge,
    SessionRole,
    SessionState,
    SubmissionState,
    Translated,
    Veto,
    WishesBefore,
)


class OnlyOne(PlannerError):
    sentence = _l("Please name two sessions at least.")


class ItIsPublished(PlannerError):
    """Whoever reads her plan is told why she sits where she does, by the wishes that it was made from."""

    sentence = _l("The plan is published, so sessions stay as they are. Take it back first if it must be.")


class OpenToOthers(PlannerError):
    """`sessions` are those that were to be one; whoever may know for whom each is reads that beside it."""

    sentence = _l("These sessions are open to different people. Please make that the same first.")

    def __init__(self, sessions: Sequence[Session]) -> None:
        super().__init__(field="sessions")
        self.sessions = sessions


class Absorbed(PlannerError):
    sentence = _l("This session is part of another one now. Split them there, then it is offered again.")


class LaterFirst(PlannerError):
    pass


TOOK_NOTES = "took_notes"
"""Among what was before a merge: the roles of those who took notes in the one that stays, and lead it now."""


@dataclass(frozen=True)
class Wishes:
    """Numbers of sessions: favourites, the most wanted first, and what is not for her."""

    favourites: list[int]
    vetoes: list[int]

    def with_one_for(self, several: Collection[int], one: int, *, leads: bool) -> "Wishes":
        """A wish for several of them is one wish at its best rank, and the rest close up.

        What is not for her stays so, although she wished for another part of it: a wish that is lost she can say
        again, but nobody must sit where she did not want to. Nobody wishes for what she leads.
        """

        def mapped(ids: Iterable[int]) -> list[int]:
            found = dict.fromkeys(one if id in several else id for id in ids)
            return [id for id in found if id != one or not leads]

        vetoes = mapped(self.vetoes)
        return Wishes([id for id in mapped(self.favourites) if id not in vetoes], vetoes)


def merge(
    conference: Conference, stays: Session, others: Collection[Session], title: Translated, now: datetime
) -> SessionMerge:
    """Hold all of them as the one that stays; an empty title leaves it its own.

    Alone in the conference: a save that was faster is in it, a slower one reads that her list has changed. Raises what
    cannot be in words.
    """
    locks.conference(conference, alone=True)
    ids = {session.id for session in others} - {stays.id}
    held = locks.things(Session, {stays.id, *ids})
    _check(conference, stays, [held[id] for id in held])
    led = _who_leads(ids)
    notes = [each for each in stays.roles if each.duty is Duty.NOTE_TAKER and each.participant_id in led]
    before = {**_facts(stays), TOOK_NOTES: [each.id for each in notes]}
    row = SessionMerge(conference_id=conference.id, session_id=stays.id, merged_at=now, before=before)
    row.parts = [MergedSession(session_id=id) for id in sorted(ids)]
    db.session.add(row)
    db.session.flush()
    _submissions_move(row, stays, ids)
    _duties_are_shared(row, stays, ids)
    for each in notes:
        each.duty = Duty.FACILITATOR
    _wishes_become_one(row, stays, ids)
    stays.title = title or stays.title
    stays.features = list(dict.fromkeys([*stays.features, *(f for id in sorted(ids) for f in held[id].features)]))
    row.after = _facts(stays)
    for id in ids:
        held[id].move_to(SessionState.CANCELLED)
    db.session.flush()
    return row


def _check(conference: Conference, stays: Session, sessions: Sequence[Session]) -> None:
    if len(sessions) < 2:
        raise OnlyOne(field="sessions")
    if conference.published_id:
        raise ItIsPublished
    if not all(session.is_held for session in sessions):
        raise programme.NotOffered(field="sessions")
    admitted = {(str(sorted(s.open_to.items())), *sorted(session_rules.of(s).groups)) for s in sessions}
    if len(admitted) > 1:
        raise OpenToOthers(sessions)


def _facts(session: Session) -> dict[str, Any]:
    return {"title": session.title, "features": session.features}


def _submissions_move(row: SessionMerge, stays: Session, ids: Collection[int]) -> None:
    """The first one that was accepted made the session; there is one such."""
    for other in db.session.scalars(select(Session).where(Session.id.in_(ids)).order_by(Session.number)):
        for submission in list(other.submissions):
            row.submissions.append(
                MergedSubmission(submission_id=submission.id, session_id=other.id, state=submission.state)
            )
            accepted = any(each.state is SubmissionState.ACCEPTED for each in stays.submissions)
            submission.session = stays
            submission.state = SubmissionState.MERGED if accepted else submission.state


def _who_leads(sessions: Collection[int]) -> set[int]:
    led = select(SessionRole.participant_id).where(SessionRole.session_id.in_(sessions))
    return set(db.session.scalars(led.where(SessionRole.duty == Duty.FACILITATOR)))


def _duties_are_shared(row: SessionMerge, stays: Session, ids: Collection[int]) -> None:
    """Who leads or takes notes in one of them does so in the one that stays; where both, she leads."""
    there = {role.participant_id for role in stays.roles}
    found: dict[int, Duty] = {}
    for role in db.session.scalars(select(SessionRole).where(SessionRole.session_id.in_(ids)).order_by(SessionRole.id)):
        if role.participant_id not in there and found.get(role.participant_id) is not Duty.FACILITATOR:
            found[role.participant_id] = role.duty
    added = [SessionRole(participant_id=id, duty=duty) for id, duty in found.items()]
    stays.roles += added
    row.roles = [MergedRole(role=role) for role in added]
    db.session.flush()


def _wishes_become_one(row: SessionMerge, stays: Session, ids: Collection[int]) -> None:
    leaders = {role.participant_id for role in stays.roles}
    people = _whose(ids) | (_whose([stays.id]) & leaders)
    before, several = _lists(people), {*ids, stays.id}
    after = {id: wishes.with_one_for(several, stays.id, leads=id in leaders) for id, wishes in before.items()}
    people_held = _store(after)
    row.wishes = [
        WishesBefore(participant_id=id, favourites=old.favourites, vetoes=old.vetoes, revision=people_held[id].revision)
        for id, old in before.items()
    ]


def _whose(sessions: Collection[int]) -> set[int]:
    """Who wishes for one of them, or does not want it."""
    return {
        id
        for table in (Preference, Veto)
        for id in db.session.scalars(select(table.participant_id).where(table.session_id.in_(sessions)))
    }


def _lists(people: Collection[int]) -> dict[int, Wishes]:
    found = {id: Wishes([], []) for id in people}
    wished = select(Preference).where(Preference.participant_id.in_(people)).order_by(Preference.rank)
    for preference in db.session.scalars(wished):
        found[preference.participant_id].favourites.append(preference.session_id)
    for veto in db.session.scalars(select(Veto).where(Veto.participant_id.in_(people)).order_by(Veto.id)):
        found[veto.participant_id].vetoes.append(veto.session_id)
    return found


def _store(lists: Mapping[int, Wishes]) -> dict[int, Participant]:
    """Replace these lists; whoever has hers open reads that it has changed."""
    people = locks.things(Participant, lists.keys())
    for table in (Preference, Veto):
        gone = delete(table).where(table.participant_id.in_(people))
        db.session.execute(gone.execution_options(synchronize_session=False))
    ranks: list[dict[str, int]] = []
    refused: list[dict[str, int]] = []
    for id, person in people.items():
        ranks += [{"participant_id": id, "session_id": s, "rank": r} for r, s in enumerate(lists[id].favourites, 1)]
        refused += [{"participant_id": id, "session_id": s} for s in lists[id].vetoes]
        person.revision += 1
        db.session.expire(person, ["preferences", "vetoes"])
    for kind, rows in ((Preference, ranks), (Veto, refused)):
        if rows:
            db.session.execute(insert(kind), rows)
    db.session.flush()
    return people


def split(row: SessionMerge) -> tuple[int, int]:
    """Offer the parts again as they were; how many have their wishes back, and how many have changed theirs since.

    Theirs stay as they are now. What was changed at the session that stays is left as it is.
    """
    conference, stays = db.session.get_one(Conference, row.conference_id), row.session
    locks.conference(conference, alone=True)
    locks.thing(row)
    if conference.published_id:
        raise ItIsPublished
    _no_later(row)
    for part in row.parts:
        part.session.state = SessionState.OPEN
    for moved in row.submissions:
        if moved.submission.session_id == stays.id and moved.submission.state in WORKED_ON:
            moved.submission.session_id, moved.submission.state = moved.session_id, moved.state
    shared = select(MergedRole.role_id).where(MergedRole.merge_id == row.id)
    gone = delete(SessionRole).where(SessionRole.id.in_(shared))
    db.session.execute(gone.execution_options(synchronize_session=False))
    before = dict(row.before)
    for role in locks.things(SessionRole, before.pop(TOOK_NOTES, [])).values():
        if role.session_id == stays.id and role.duty is Duty.FACILITATOR:
            role.duty = Duty.NOTE_TAKER
    for name, value in before.items():
        if getattr(stays, name) == row.after[name]:
            setattr(stays, name, value)
    told = _wishes_are_two_again(row)
    db.session.delete(row)
    db.session.flush()
    db.session.expire_all()
    return told


def _no_later(row: SessionMerge) -> None:
    """What a later merge has made of the same people's lists, or of this session, is taken back before this one."""
    people = select(WishesBefore.participant_id).where(WishesBefore.merge_id == row.id)
    later = select(SessionMerge).where(SessionMerge.conference_id == row.conference_id, SessionMerge.id > row.id)
    same = or_(
        SessionMerge.session_id == row.session_id,
        SessionMerge.parts.any(MergedSession.session_id == row.session_id),
        SessionMerge.wishes.any(WishesBefore.participant_id.in_(people)),
    )
    found = db.session.scalars(later.where(same).order_by(SessionMerge.id.desc()).limit(1)).first()
    if found:
        number = found.session.number
        raise LaterFirst(
            _l("Something was merged later that rests on this: please split number %(number)s first.", number=number)
        )


def _wishes_are_two_again(row: SessionMerge) -> tuple[int, int]:
    known = set(db.session.scalars(select(Session.id).filter_by(conference_id=row.conference_id)))
    people = locks.things(Participant, [each.participant_id for each in row.wishes])
    same = {each.participant_id: each for each in row.wishes if people[each.participant_id].revision == each.revision}
    held = _store(
        {
            id: Wishes([s for s in each.favourites if s in known], [s for s in each.vetoes if s in known])
            for id, each in same.items()
        }
    )
    for id, each in same.items():  # an earlier merge finds her list as it has left it
        earlier = update(WishesBefore).where(WishesBefore.participant_id == id, WishesBefore.merge_id < row.id)
        mine = earlier.where(WishesBefore.revision == each.revision - 1).values(revision=held[id].revision)
        db.session.execute(mine.execution_options(synchronize_session=False))
    return len(same), len(row.wishes) - len(same)


def of(conference: Conference) -> Sequence[SessionMerge]:
    """The latest first, each with its sessions."""
    query = select(SessionMerge).filter_by(conference_id=conference.id).order_by(SessionMerge.id.desc())
    parts = selectinload(SessionMerge.parts).joinedload(MergedSession.session)
    return db.session.scalars(query.options(joinedload(SessionMerge.session), parts)).all()


def with_the_whole(conference: Conference, favourites: list[int], vetoes: list[int]) -> Wishes:
    """Somebody's list that is not stored yet, where each session that is part of another one now gives way to that."""
    wishes = Wishes(favourites, vetoes)
    for part, whole in reversed(absorbed(conference).items()):  # the earliest first, as one may be part of the next
        wishes = wishes.with_one_for({part}, whole.id, leads=False)
    return wishes


def are_merged(sessions: Collection[int]) -> bool:
    """Whether one of these is part of another one now."""
    return (
        db.session.scalar(select(MergedSession.id).where(MergedSession.session_id.in_(sessions)).limit(1)) is not None
    )


def absorbed(conference: Conference) -> dict[int, Session]:
    """For each session that is part of another one, by its number in the database, that one."""
    return {part.session_id: row.session for row in of(conference) for part in row.parts}


def must_be_free(session: Session) -> None:
    """Raises Absorbed for what is part of another session: it cannot be offered beside it."""
    if db.session.scalar(select(MergedSession.id).filter_by(session_id=session.id)):
        raise Absorbed


def told(person: Participant) -> Sequence[SessionMerge]:
    """What has changed her list since she saved it last, the latest first."""
    query = select(WishesBefore).filter_by(participant_id=person.id).order_by(WishesBefore.id.desc())
    found: list[SessionMerge] = []
    for row in db.session.scalars(query):
        if row.revision != person.revision - len(found):  # each has made one revision
            break
        found.append(row.merge)
    return found
