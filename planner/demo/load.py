"""Writes a demonstration's plain data into the tables, and steps it through its phases."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from planner import frame
from planner.demo import data as plain
from planner.demo.supporters import supporters_of
from planner.extensions import db
from planner.models import (
    Absence,
    Conference,
    Duty,
    InterpreterPair,
    LanguageLevel,
    Member,
    MemberRole,
    Need,
    Participant,
    Preference,
    Quota,
    Room,
    RoomClosure,
    Session,
    SessionRole,
    Submission,
    Supporter,
    User,
    Veto,
)


@dataclass
class Loader:
    """The rows written so far, by the keys of the files."""

    demo: plain.Demonstration
    conference: Conference
    frame: frame.Written
    now: datetime
    sessions: dict[str, Session] = field(default_factory=dict)
    people: dict[str, Participant] = field(default_factory=dict)

    def add(self, row: Any) -> Any:
        db.session.add(row)
        db.session.flush()
        return row


def load(demo: plain.Demonstration, organiser: User, now: datetime, slug: str | None = None) -> Conference:
    """A new conference with everything in the files; day 0 is today."""
    facts = demo.conference
    zone = ZoneInfo(facts.zone)
    first_day = now.astimezone(zone).date()
    conference = Conference(
        slug=slug or facts.slug,
        zone=facts.zone,
        languages=list(facts.languages),
        place=facts.place,
        contact=facts.contact,
        title=facts.title,
        summary=facts.summary,
        addressee=facts.addressee,
        most_favourites=facts.most_favourites,
        most_vetoes=facts.most_vetoes,
        preset=facts.preset,
        is_demonstration=True,
        **{name: getattr(facts.dates, name).at(first_day, zone) for name in frame.DATES},
    )
    conference.members.append(Member(user=organiser, role=MemberRole.OWNER, since=now))
    db.session.add(conference)
    db.session.flush()
    loader = Loader(demo, conference, frame.write(conference, facts, demo.groups, facts.day(first_day)), now)
    _rooms(loader)
    _sessions(loader)
    _people(loader)
    _submissions(loader)
    return conference


def _rooms(loader: Loader) -> None:
    for at, room in enumerate(loader.demo.rooms):
        row = Room(
            conference_id=loader.conference.id,
            position=at,
            name=room.name,
            capacity_circle=room.circle,
            capacity_rows=room.rows,
            features=list(room.features),
            walking_minutes=room.walking_minutes,
            directions=room.directions,
        )
        row.closures = [RoomClosure(slot_id=loader.frame.slots[key].id) for key in room.closed]
        loader.add(row)


def _sessions(loader: Loader) -> None:
    for session in loader.demo.sessions:
        loader.sessions[session.key] = loader.add(
            Session(
                conference_id=loader.conference.id,
                number=session.number,
                theme_id=loader.frame.themes[session.theme].id,
                title=session.title,
                sentence=session.sentence,
                goal=session.goal,
                questions=session.questions,
                minutes=loader.demo.conference.plans[session.plan],
                minimum=session.minimum,
                maximum=session.maximum,
                languages=list(session.languages),
                two_language=session.two_language,
                features=list(session.features),
                offered=session.offered,
                may_be_cancelled=session.may_be_cancelled,
            )
        )
    for quota in loader.demo.mix.quotas:
        loader.add(
            Quota(
                conference_id=loader.conference.id,
                group_id=loader.frame.groups[quota.group].id,
                session_id=loader.sessions[quota.session].id if quota.session else None,
                minimum=quota.minimum,
                maximum=quota.maximum,
            )
        )


def _people(loader: Loader) -> None:
    for person in loader.demo.participants:
        row = Participant(
            conference_id=loader.conference.id,
            name=person.name,
            email=person.email,
            locale=person.locale,
            state=person.state,
            group_id=loader.frame.groups[person.group].id,
            organisation_id=loader.frame.organisations[person.organisation].id if person.organisation else None,
            attributes={"newcomer": "yes" if person.newcomer else "no"},
            attends=person.attends,
            wishes_saved_at=loader.now - timedelta(days=1) if person.wishes else None,
        )
        _details(loader, row, person)
        loader.people[person.key] = loader.add(row)
    for session in loader.demo.sessions:
        staff = [(key, Duty.FACILITATOR) for key in session.facilitators] + [(session.note_taker, Duty.NOTE_TAKER)]
        for key, duty in staff:
            loader.add(
                SessionRole(session_id=loader.sessions[session.key].id, participant_id=loader.people[key].id, duty=duty)
            )


def _details(loader: Loader, row: Participant, person: plain.Participant) -> None:
    row.languages = [LanguageLevel(language=code, level=level) for code, level in person.languages.items()]
    row.needs = [Need(kind=kind, consented_at=loader.now) for kind in person.needs]
    row.absences = [Absence(slot_id=loader.frame.slots[key].id) for key in person.away]
    row.preferences = [
        Preference(session_id=loader.sessions[key].id, rank=rank) for rank, key in enumerate(person.wishes, start=1)
    ]
    row.vetoes = [Veto(session_id=loader.sessions[key].id) for key in person.vetoes]
    if person.interprets:
        row.interprets = [
            InterpreterPair(
                source=source,
                target=target,
                mode=person.interprets.mode,
                listeners=person.interprets.listeners,
                most_slots_in_a_row=person.interprets.most_slots_in_a_row,
            )
            for source, target in person.interprets.pairs
        ]


def _submissions(loader: Loader) -> None:
    for submission in loader.demo.submissions:
        came = loader.now + timedelta(days=submission.day)
        row = Submission(
            conference_id=loader.conference.id,
            author_id=loader.people[submission.author].id,
            theme_id=loader.frame.themes[submission.theme].id,
            session_id=loader.sessions[submission.session].id if submission.session else None,
            state=submission.state,
            visibility=submission.visibility,
            may_be_read_aloud=submission.read_aloud,
            language=submission.language,
            problem=submission.problem,
            experience=submission.experience,
            support_needed=submission.support_needed,
            question=submission.question,
            reason=submission.reason,
            created_at=came,
            changed_at=came,
            let_through_at=came + timedelta(hours=1) if submission.is_let_through else None,
        )
        row.supporters = [
            Supporter(participant_id=loader.people[key].id) for key in supporters_of(submission, loader.demo)
        ]
        loader.add(row)
