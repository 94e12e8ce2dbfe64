"""One maker per model: dull defaults, keywords for what a test is about. Nothing is committed."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any, TypeVar

from planner import auth
from planner.extensions import db
from planner.models import (
    Absence,
    AgendaItem,
    Allocation,
    AllocationState,
    Assignment,
    AssignmentRole,
    Bond,
    BondKind,
    BondMember,
    Commitment,
    Conference,
    Group,
    GroupLink,
    ImportBatch,
    Invitation,
    InvitationState,
    LanguageLevel,
    Level,
    Meeting,
    Member,
    MemberRole,
    MergedSession,
    Message,
    Need,
    NeedKind,
    Organisation,
    Participant,
    Placement,
    Preference,
    Room,
    Session,
    SessionMerge,
    SessionRole,
    Slot,
    Submission,
    SubmissionState,
    Theme,
    User,
    WishesBefore,
    random_key,
)

T = TypeVar("T")
NUMBERS = count(1)
NOW = datetime.now(UTC).replace(microsecond=0)
DAY = timedelta(days=1)


def add(row: T) -> T:
    db.session.add(row)
    db.session.flush()
    return row


def user(**given: Any) -> User:
    number = next(NUMBERS)
    return add(
        User(
            **{
                "email": f"organiser{number}@example.org",
                "name": "Orga",
                "active": True,
                "fs_uniquifier": random_key(),
                **given,
            }
        )
    )


MORNING = {"day_starts": (NOW + 10 * DAY).replace(hour=6), "day_ends": (NOW + 10 * DAY).replace(hour=18)}
"""Of a conference whose rounds are of one day whenever the tests run: late in the evening the next ones are not."""


def conference(**given: Any) -> Conference:
    """In its wishes phase, unless dates are given; with nothing in it."""
    number = next(NUMBERS)
    return add(
        Conference(
            **{
                "slug": f"conference-{number}",
                "title": {"de": f"Konferenz {number}", "en": f"Conference {number}"},
                "call_from": NOW - 20 * DAY,
                "call_until": NOW + 5 * DAY,
                "wishes_from": NOW - 2 * DAY,
                "wishes_until": NOW + 5 * DAY,
                "day_starts": NOW + 10 * DAY,
                "day_ends": NOW + 10 * DAY + timedelta(hours=9),
                **given,
            }
        )
    )


def organised(**given: Any) -> tuple[Conference, User]:
    """A conference with its organiser."""
    place, person = conference(**given), user()
    member(place, person)
    return place, person


def member(conference: Conference, person: User, role: MemberRole = MemberRole.OWNER, **given: Any) -> Member:
    return add(Member(conference_id=conference.id, user_id=person.id, role=role, since=NOW, **given))


def invitation(conference: Conference, **given: Any) -> Invitation:
    facts = {"email": f"guest{next(NUMBERS)}@example.org", "role": MemberRole.VIEWER, "state": InvitationState.SHOWN}
    return add(Invitation(conference_id=conference.id, expires_at=NOW + DAY, **{**facts, **given}))


def group_link(conference: Conference, token: str = "", **given: Any) -> GroupLink:
    """Open until tomorrow; whoever needs its address says which token it has."""
    facts = {"name": f"Chat {next(NUMBERS)}", "places": 3, "ends_at": NOW + DAY, "created_at": NOW}
    hidden = auth.hashed(token or f"token {next(NUMBERS)}")
    return add(GroupLink(conference_id=conference.id, token_hash=hidden, **{**facts, **given}))


def theme(conference: Conference, **given: Any) -> Theme:
    number = next(NUMBERS)
    facts = {"key": f"theme{number}", "title": {"de": f"Thema {number}", "en": f"Theme {number}"}, **given}
    return add(Theme(conference_id=conference.id, **facts))


def agenda_item(conference: Conference, **given: Any) -> AgendaItem:
    starts = conference.day_starts
    facts = {
        "title": {"de": "Mittagessen", "en": "Lunch"},
        "starts": starts,
        "ends": starts + DAY / 24,
        **given,
    }
    return add(AgendaItem(conference_id=conference.id, **facts))


def group(conference: Conference, **given: Any) -> Group:
    number = next(NUMBERS)
    facts = {
        "key": f"group{number}",
        "title": {"de": f"Gruppe {number}", "en": f"Group {number}"},
        "letter": f"{number % 100}",
        **given,
    }
    return add(Group(conference_id=conference.id, **facts))


def organisation(conference: Conference, **given: Any) -> Organisation:
    return add(Organisation(conference_id=conference.id, **{"name": f"Organisation {next(NUMBERS)}", **given}))


def participant(conference: Conference, **given: Any) -> Participant:
    """Somebody who speaks German and is there all day; `languages` and `needs` are plain words."""
    languages = given.pop("languages", {"de": "speaks"})
    needs = given.pop("needs", ())
    away = given.pop("away", ())
    person = Participant(conference_id=conference.id, **{"name": f"Person {next(NUMBERS)}", **given})
    person.languages = [LanguageLevel(language=key, level=Level(level)) for key, level in languages.items()]
    person.needs = [Need(kind=NeedKind(kind), consented_at=NOW) for kind in needs]
    person.absences = [Absence(slot_id=slot.id) for slot in away]
    return add(person)


def bond(*people: Participant, kind: BondKind = BondKind.TOGETHER, **given: Any) -> Bond:
    row = Bond(conference_id=people[0].conference_id, kind=kind, **given)
    row.members = [BondMember(participant_id=person.id) for person in people]
    return add(row)


def commitment(person: Participant, slot: Slot, session: Session, **given: Any) -> Commitment:
    facts = {"role": AssignmentRole.FACILITATOR, "is_taken": True, "answered_at": NOW, **given}
    return add(Commitment(participant_id=person.id, slot_id=slot.id, session_id=session.id, **facts))


def message(participant: Participant, **given: Any) -> Message:
    facts = {"kind": "published", "dedupe_key": f"message:{next(NUMBERS)}", "created_at": NOW, **given}
    return add(Message(conference_id=participant.conference_id, participant_id=participant.id, **facts))


def import_batch(conference: Conference, **given: Any) -> ImportBatch:
    """A list that waits for its preview."""
    tables = [{"name": "", "rows": [[1, ["Name"]], [2, ["Erika Beispiel"]]]}]
    choices = {
        "layout": {"table": 0, "heading": 1, "columns": {"0": "name"}, "preset": ""},
        "answers": {},
        "consent": "",
    }
    facts = {"kind": "people", "created_at": NOW, "applied_at": NOW, "tables": tables, "choices": choices, **given}
    return add(ImportBatch(conference_id=conference.id, **facts))


def submission(author: Participant, **given: Any) -> Submission:
    """One that others see; with `let_through_at=None` it waits until an organiser has read it."""
    facts = {
        "problem": "Es gibt zu wenige Kurse mit Kinderbetreuung.",
        "state": SubmissionState.SUBMITTED,
        "created_at": NOW,
        "changed_at": NOW,
        "let_through_at": NOW - DAY,
        **given,
    }
    return add(Submission(conference_id=author.conference_id, author_id=author.id, **facts))


def slot(conference: Conference, **given: Any) -> Slot:
    """The next round: rounds of 75 minutes, two hours apart."""
    number = len(conference.slots) + 1
    starts = conference.day_starts + timedelta(hours=2 * number - 1)
    facts = {
        "title": {"de": f"Runde {number}", "en": f"Round {number}"},
        "starts": starts,
        "ends": starts + timedelta(minutes=75),
        **given,
    }
    row = add(Slot(conference_id=conference.id, **facts))
    db.session.expire(conference, ["slots"])
    return row


def room(conference: Conference, **given: Any) -> Room:
    facts = {"name": f"Raum {next(NUMBERS)}", "capacity_circle": 20, "capacity_rows": 40, **given}
    return add(Room(conference_id=conference.id, **facts))


def session(conference: Conference, **given: Any) -> Session:
    number = next(NUMBERS)
    facts = {
        "number": number,
        "title": {"de": f"Arbeitsgruppe {number}", "en": f"Session {number}"},
        "sentence": {"de": "Worum es geht.", "en": "What it is about."},
        "minimum": 0,
        "maximum": 20,
        **given,
    }
    return add(Session(conference_id=conference.id, **facts))


def merge(session: Session, other: Session, person: Participant | None = None, **given: Any) -> SessionMerge:
    """`other` is part of `session`; it changed this person's list."""
    row = SessionMerge(conference_id=session.conference_id, session_id=session.id, merged_at=NOW)
    row.parts = [MergedSession(session_id=other.id)]
    row.wishes = [WishesBefore(participant_id=person.id, **given)] if person else []
    return add(row)


def role(session: Session, participant: Participant, **given: Any) -> SessionRole:
    return add(SessionRole(session_id=session.id, participant_id=participant.id, **given))


def placement(session: Session, slot: Slot, room: Room | None = None, **given: Any) -> Placement:
    return add(
        Placement(
            conference_id=session.conference_id,
            session_id=session.id,
            slot_id=slot.id,
            room_id=room.id if room else None,
            **given,
        )
    )


def wishes(participant: Participant, *sessions: Session) -> list[Preference]:
    """Her favourites, the most wanted first."""
    participant.preferences = [
        Preference(session_id=wanted.id, rank=rank) for rank, wanted in enumerate(sessions, start=1)
    ]
    db.session.flush()
    return participant.preferences


def allocation(conference: Conference, **given: Any) -> Allocation:
    facts = {
        "number": next(NUMBERS),
        "state": AllocationState.SOLVED,
        "settings": {},
        "snapshot": "{}",
        "snapshot_hash": "0" * 64,
        "created_at": NOW,
        **given,
    }
    return add(Allocation(conference_id=conference.id, **facts))


def meeting(allocation: Allocation, session: Session, slot: Slot, room: Room, **given: Any) -> Meeting:
    where = {"session_id": session.id, "slot_id": slot.id, "room_id": room.id}
    facts = {**where, "duration": session.duration, **given}
    return add(Meeting(allocation_id=allocation.id, **facts))


def assignment(meeting: Meeting, participant: Participant, **given: Any) -> Assignment:
    facts = {"slot_id": meeting.slot_id, "participant_id": participant.id, **given}
    return add(Assignment(allocation_id=meeting.allocation_id, meeting_id=meeting.id, **facts))
