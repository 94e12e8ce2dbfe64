"""Sessions, rooms, slots, meetings: create, place by hand, forecast of seats."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from planner import dates, locks, session_rules
from planner import languages as tongues
from planner.errors import PlannerError
from planner.extensions import db
from planner.models import (
    COMING,
    Absence,
    Assignment,
    Conference,
    Duty,
    Meeting,
    Participant,
    Placement,
    Room,
    RoomClosure,
    Seating,
    Session,
    SessionRole,
    SessionState,
    Slot,
    Translated,
)
from planner.rows import unless

MOST_DAYS = 60


class Stranded(PlannerError):
    pass


class NoHours(PlannerError):
    sentence = _l(
        "A round over several days is held on each of them between the same hours: it has to end at a later hour than "
        "it begins."
    )


class EndsFirst(PlannerError):
    sentence = _l("The end must be after the beginning.")


class TooManyDays(PlannerError):
    sentence = _l("A round lasts %(most)s days at most.", most=MOST_DAYS)


class InUse(PlannerError):
    sentence = _l("This is part of an allocation. Cancel the session or change the allocation first.")


class Occupied(PlannerError):
    sentence = _l("There is another session in this room in this round already.")


class NameTaken(PlannerError):
    sentence = _l("Another room has this name already.")


class NoChairs(PlannerError):
    sentence = _l("The chairs are placed this way, so please say how many there are.")


class NotOffered(PlannerError):
    sentence = _l("This session is cancelled. Offer it again first.")


class WhoComesDecides(PlannerError):
    sentence = _l("This session may be held in two languages at once. What is spoken there follows from who comes.")


class NotHeldIn(PlannerError):
    sentence = _l("The session is not held in this language. Change the session first.")


class TwoLanguages(PlannerError):
    sentence = _l("A session in two languages at once needs exactly two. Tick two, or untick this.")


def create_session(
    conference: Conference, title: Translated, sentence: Translated, theme_id: int | None, **details: Any
) -> Session:
    """A session with the next free number, of the conference's usual size unless the details say otherwise."""
    locks.conference(conference, alone=True)
    highest = db.session.scalar(select(func.max(Session.number)).filter_by(conference_id=conference.id))
    session = Session(
        conference_id=conference.id,
        number=(highest or 0) + 1,
        title=title,
        sentence=sentence,
        theme_id=theme_id,
        **{"languages": [conference.language], **conference.usual_sizes, **details},
    )
    db.session.add(session)
    db.session.flush()
    return session


def save_session(
    conference: Conference, session: Session | None, spoken: Sequence[str], *, two_language: bool, **details: Any
) -> Session:
    """Change a session, or add one with the next number."""
    if session is None:
        session = create_session(conference, **details)
    for name, value in details.items():
        setattr(session, name, value)
    set_languages(session, spoken, two_language)
    return session


def sessions(conference: Conference) -> Sequence[Session]:
    query = (
        select(Session)
        .filter_by(conference_id=conference.id)
        .options(
            joinedload(Session.theme),
            selectinload(Session.roles).joinedload(SessionRole.participant),
            selectinload(Session.placements),
            selectinload(Session.submissions),
        )
        .order_by(Session.number)
    )
    return db.session.scalars(query).unique().all()


def offered(conference: Conference) -> Sequence[Session]:
    """The open ones with who leads them, and nothing else of theirs: for counting."""
    query = select(Session).filter_by(conference_id=conference.id, state=SessionState.OPEN)
    staff = joinedload(Session.roles).joinedload(SessionRole.participant)
    return db.session.scalars(query.options(staff).order_by(Session.number)).unique().all()


def offers_anything(conference: Conference) -> bool:
    query = select(Session.id).filter_by(conference_id=conference.id, state=SessionState.OPEN)
    return db.session.scalar(query.limit(1)) is not None


def open_sessions(conference: Conference) -> list[Session]:
    return [session for session in sessions(conference) if session.state is SessionState.OPEN]


def title_of(session: Session) -> str:
    """Where no badge can stand beside it: on papers, in calendars."""
    title = tongues.pick(session.title, tongues.current())
    return title if session.is_held else _("%(title)s (not held)", title=title)


def not_held(session: Session) -> str:
    """What everybody reads who has a cancelled session on her day; empty where it is held."""
    if session.is_held:
        return ""
    return _("It is not held. If the organisers publish another plan, “My day” shows where you are then.")


def in_the_published_plan(session: Session) -> str:
    """How many people have it on their day, and in which rounds; empty where nobody has."""
    places = (
        select(Assignment.participant_id, Assignment.slot_id)
        .join(Meeting, Meeting.id == Assignment.meeting_id)
        .join(Participant, Participant.id == Assignment.participant_id)
        .where(Meeting.session_id == session.id, Meeting.allocation_id == session.conference.published_id)
        .where(Participant.state.in_(COMING))
    )
    rows = db.session.execute(places).all()
    people, slots = {row.participant_id for row in rows}, {row.slot_id for row in rows}
    here = tongues.current()
    rounds = [tongues.pick(slot.title, here) for slot in session.conference.slots if slot.id in slots]
    if not rows:
        return ""
    return ngettext(
        "It stands in the published plan: %(num)s person has it on her day (%(rounds)s).",
        "It stands in the published plan: %(num)s people have it on their day (%(rounds)s).",
        len(people),
        rounds=tongues.in_a_row(rounds),
    )


def set_staff(session: Session, facilitators: Sequence[int], note_takers: Sequence[int]) -> None:
    """Who leads and who takes notes; somebody named for both leads."""
    duties = dict.fromkeys(note_takers, Duty.NOTE_TAKER) | dict.fromkeys(facilitators, Duty.FACILITATOR)
    for role in list(session.roles):
        if role.participant_id not in duties:
            session.roles.remove(role)
        else:
            role.duty = duties.pop(role.participant_id)
    session.roles += [SessionRole(participant_id=id, duty=duty) for id, duty in duties.items()]


def set_languages(session: Session, languages: Sequence[str], two_language: bool) -> None:
    """What it may be held in; a meeting placed in a language that is not among them is open again."""
    if two_language and len(set(languages)) != 2:
        raise TwoLanguages(field="two_language")
    session.languages, session.two_language = list(languages), two_language
    for placement in session.placements:
        if two_language or placement.language not in languages:
            placement.language = None


def rooms_of(conference: Conference) -> Sequence[Room]:
    """In their order, with the rounds in which they are not free."""
    query = select(Room).filter_by(conference_id=conference.id).options(joinedload(Room.closures))
    rooms = db.session.scalars(query.order_by(Room.position, Room.id)).unique().all()
    set_committed_value(conference, "rooms", list(rooms))  # whoever asks the conference for them next looks no more
    return rooms


def save_room(
    room: Room,
    language: str,
    *,
    name: str,
    seating: Seating,
    capacity_circle: int,
    capacity_rows: int,
    features: Sequence[str],
    directions: str,
) -> None:
    """Keep what was changed or added; a seating without chairs is one that the room is not used in.

    A way that was translated stays as it is unless it was changed in `language`.
    """
    room.name, room.seating, room.features = name, seating, list(features)
    room.capacity_circle, room.capacity_rows = capacity_circle, capacity_rows
    if directions != tongues.pick(room.directions, language):
        room.directions = {language: directions}
    if not room.capacity:
        raise NoChairs(field=f"capacity_{room.seating.value}")
    with unless(NameTaken(field="name")):
        db.session.add(room)


def remove_room(room: Room) -> None:
    if db.session.scalar(select(Meeting.id).filter_by(room_id=room.id).limit(1)):
        raise InUse
    db.session.delete(room)


def period(conference: Conference, starts: datetime, ends: datetime) -> tuple[datetime, datetime]:
    """The instants of a round whose times are the conference's own; raises what is wrong with them, by its field."""
    first, last = dates.instant(starts, conference, "starts"), dates.instant(ends, conference, "ends")
    if last <= first:
        raise EndsFirst(field="ends")
    nights = (ends.date() - starts.date()).days
    if nights > 1 and ends.time() <= starts.time():
        raise NoHours(field="ends")
    if nights >= MOST_DAYS:
        raise TooManyDays(field="ends")
    return first, last


def save_slot(conference: Conference, slot: Slot | None, title: Translated, starts: datetime, ends: datetime) -> Slot:
    """Change a round, or add it; the times are the conference's own.

    One that ends on a later day at a later hour is held on each of its days, and is one round all the same.
    """
    first, last = period(conference, starts, ends)
    if slot is None:
        slot = Slot(conference_id=conference.id)
        db.session.add(slot)
    slot.title, slot.starts, slot.ends = title, first, last
    return slot


def remove_slot(slot: Slot) -> None:
    if db.session.scalar(select(Meeting.id).filter_by(slot_id=slot.id).limit(1)):
        raise InUse
    if stranded := session_rules.stranded_without(slot):
        raise Stranded(
            _l(
                "“%(title)s” could begin in no round any more. Please change how long it lasts, or its rounds, first.",
                title=tongues.pick(stranded.title, tongues.current()),
            )
        )
    db.session.delete(slot)


def set_closures(room: Room, slots: Sequence[int]) -> None:
    """In which slots the room is not free; what stays closed keeps its row."""
    wanted = set(slots)
    room.closures = [closure for closure in room.closures if closure.slot_id in wanted]
    known = {closure.slot_id for closure in room.closures}
    room.closures += [RoomClosure(slot_id=id) for id in sorted(wanted - known)]


def place(session: Session, slot: Slot, room: Room | None) -> Placement:
    """Hold a meeting of this session in this slot; the room may be left to the solver.

    A meeting of the same session in the same slot moves to the room.
    """
    if session.state is not SessionState.OPEN:
        raise NotOffered
    row = db.session.scalar(select(Placement).filter_by(session_id=session.id, slot_id=slot.id))
    if room:
        here = db.session.scalar(select(Placement).filter_by(slot_id=slot.id, room_id=room.id))
        if here and here is not row:
            raise Occupied
    if row is None:
        row = Placement(conference_id=session.conference_id, session_id=session.id, slot_id=slot.id)
    with unless(Occupied()):  # somebody else placed a meeting here in the same moment
        db.session.add(row)
        row.room_id = room.id if room else None
    return row


def room_of(session: Session, slot: Slot) -> int | None:
    """In which room the session is held in this slot, where that was decided by hand."""
    return db.session.scalar(select(Placement.room_id).filter_by(session_id=session.id, slot_id=slot.id))


def hold_in(placement: Placement, language: str | None) -> None:
    """Decide the working language of a meeting that is placed, or leave it to the solver."""
    session = placement.session
    if language and session.two_language:
        raise WhoComesDecides
    if language and language not in session.languages:
        raise NotHeldIn
    placement.language = language or None


def unplace(placement: Placement) -> None:
    db.session.delete(placement)


def placements(conference: Conference) -> Sequence[Placement]:
    query = (
        select(Placement)
        .filter_by(conference_id=conference.id)
        .options(
            joinedload(Placement.session)
            .selectinload(Session.roles)
            .joinedload(SessionRole.participant)
            .selectinload(Participant.absences),
            joinedload(Placement.room).selectinload(Room.closures),
            joinedload(Placement.slot),
        )
    )
    return db.session.scalars(query).unique().all()


def still_open(conference: Conference) -> list[tuple[Session, int]]:
    """Sessions with how many of their meetings are left to the solver."""
    placed = Counter(placement.session_id for placement in placements(conference))
    return [
        (session, session.offered - placed[session.id])
        for session in open_sessions(conference)
        if session.offered > placed[session.id]
    ]


@dataclass(frozen=True)
class Outlook:
    """What one round offers, against the people who are there."""

    slot: Slot
    people: int
    rooms: int
    chairs: int
    step_free: int  # chairs in rooms that one reaches without steps


def forecast(conference: Conference) -> list[Outlook]:
    """Round by round, weeks before: will the chairs do?"""
    rooms = rooms_of(conference)
    attending = (Participant.state.in_(COMING), Participant.attends)
    everybody = select(func.count()).select_from(Participant).filter_by(conference_id=conference.id)
    people = db.session.scalar(everybody.where(*attending)) or 0
    rows = db.session.execute(
        select(Absence.slot_id, func.count())
        .join(Participant, Participant.id == Absence.participant_id)
        .where(Participant.conference_id == conference.id, *attending)
        .group_by(Absence.slot_id)
    )
    away: dict[int, int] = {row[0]: row[1] for row in rows}
    return [_outlook(slot, rooms, people - away.get(slot.id, 0)) for slot in conference.slots]


def _outlook(slot: Slot, rooms: Sequence[Room], people: int) -> Outlook:
    free = [room for room in rooms if slot.id not in {closure.slot_id for closure in room.closures}]
    return Outlook(
        slot=slot,
        people=people,
        rooms=len(free),
        chairs=sum(room.capacity for room in free),
        step_free=sum(room.capacity for room in free if "step_free" in room.features),
    )
