"""A conference of any size with everything that costs: wishes, languages, needs, staff, two plans, one published."""

from dataclasses import dataclass
from datetime import timedelta

from planner import allocations, clock, news
from planner.extensions import db
from planner.models import (
    Absence,
    Allocation,
    Conference,
    InterpreterPair,
    LanguageLevel,
    Level,
    Need,
    NeedKind,
    Participant,
    Preference,
    Room,
    RoomClosure,
    Session,
    SessionRole,
    Slot,
    Submission,
    SubmissionState,
    User,
)
from solver import Meeting, Problem, Role, Seat, Settings, Solution, Status
from tests import factories as make

WISHES = 5
GROUPS = 6
STAFF = 100  # they lead at most, and are there all day


@dataclass
class Crowd:
    """One in every so many people leads a session, is away in a round, needs something or interprets."""

    conference: Conference
    organiser: User
    people: list[Participant]
    sessions: list[Session]


def gathered(people: int, sessions: int = 100, rounds: int = 4, rooms: int | None = None) -> Crowd:
    """Nothing is committed. Sessions are spread over the rounds; the first people lead them, as many as there are."""
    conference, organiser = make.organised(languages=["de", "en", "ar"], most_favourites=WISHES)
    themes = [make.theme(conference) for _ in range(4)]
    groups = [make.group(conference, position=at) for at in range(GROUPS)]
    slots = [make.slot(conference) for _ in range(rounds)]
    seats = max(20, 2 * people // max(1, sessions // rounds))
    offered = [
        Session(
            conference_id=conference.id,
            number=number,
            title={"de": f"Arbeitsgruppe {number}", "en": f"Session {number}", "ar": f"مجموعة {number}"},
            sentence={"de": f"Worum es in Nummer {number} geht.", "en": f"What number {number} is about."},
            theme_id=themes[number % 4].id,
            minimum=0,
            maximum=seats,
            languages=["de", "en"] if number % 3 == 0 else ["de"],
        )
        for number in range(1, sessions + 1)
    ]
    db.session.add_all(offered)
    db.session.add_all(
        Room(conference_id=conference.id, name=f"Raum {at}", capacity_circle=seats, position=at, features=["step_free"])
        for at in range(rooms or -(-sessions // rounds) + 1)
    )
    crowd = [_person(conference, at, groups[at % GROUPS].id, slots) for at in range(people)]
    db.session.add_all(crowd)
    db.session.flush()
    last = conference.rooms[-1]
    last.closures = [RoomClosure(slot_id=slots[0].id)]
    staff = crowd[: min(sessions, people // 4, STAFF)]
    for session, person in zip(offered, staff, strict=False):
        db.session.add(SessionRole(session_id=session.id, participant_id=person.id))
    for at, person in enumerate(crowd):
        # Nobody wishes for what she leads: the form would refuse it.
        free = [offered[(at * 7 + step * 11) % sessions] for step in range(WISHES + 1)]
        mine = [session for session in dict.fromkeys(free) if not (at < len(staff) and session is offered[at])]
        person.preferences = [
            Preference(session_id=session.id, rank=rank) for rank, session in enumerate(mine[:WISHES], start=1)
        ]
    _statements(conference, crowd, offered, themes[0].id)
    db.session.flush()
    db.session.expire(conference)
    return Crowd(conference, organiser, crowd, offered)


def _person(conference: Conference, at: int, group: int, slots: list[Slot]) -> Participant:
    person = Participant(conference_id=conference.id, name=f"Person {at:05}", group_id=group)
    person.languages = [LanguageLevel(language="de", level=Level.SPEAKS)]
    if at % 4 == 0:
        person.languages.append(LanguageLevel(language="en", level=Level.UNDERSTANDS))
    if at % 9 == 8:
        person.needs = [Need(kind=NeedKind.STEP_FREE, consented_at=make.NOW)]
    if at % 11 == 10 and at > STAFF:
        person.absences = [Absence(slot_id=slots[-1].id)]
    if at % 50 == 19:
        person.interprets = [InterpreterPair(source="de", target="ar")]
    return person


def _statements(conference: Conference, people: list[Participant], sessions: list[Session], theme: int) -> None:
    db.session.add_all(
        Submission(
            conference_id=conference.id,
            author_id=person.id,
            theme_id=theme,
            problem=f"Anliegen von {person.name}: es fehlt an vielem, was wir brauchen.",
            state=SubmissionState.ACCEPTED if at % 2 else SubmissionState.SUBMITTED,
            let_through_at=make.NOW,
            session_id=sessions[at % len(sessions)].id if at % 2 else None,
            created_at=make.NOW - timedelta(hours=5),
            changed_at=make.NOW,
        )
        for at, person in enumerate(people[::5])
    )


def planned(crowd: Crowd, shift: int = 0) -> Allocation:
    """A run with a verified plan: sessions dealt over the rounds, people dealt over the sessions, `shift` places on."""
    now = clock.now()
    run = allocations.create(crowd.conference, Settings(time_limit=1), crowd.organiser, now)
    db.session.flush()
    assert allocations.claim(run.id, "crowd", now)
    problem = Problem.from_json(run.snapshot)
    assert allocations.finish(run.id, "crowd", problem, dealt(problem, shift), now)
    db.session.flush()
    db.session.refresh(run)
    assert run.state.value == "solved", run.reason
    return run


def dealt(problem: Problem, shift: int = 0) -> Solution:
    """By counting, without any search: the conference is made so that this keeps every rule."""
    rounds, rooms = len(problem.slots), problem.rooms[:-1]
    meetings = [
        Meeting(f"m{at}", session.id, problem.slots[at % rounds].id, rooms[at // rounds].id, "de")
        for at, session in enumerate(problem.sessions)
    ]
    leads = {id: at for at, session in enumerate(problem.sessions) for id in session.facilitators}
    seats = []
    for number, person in enumerate(problem.participants):
        for at, slot in enumerate(problem.slots):
            here = meetings[at::rounds]
            own = leads.get(person.id)
            if own is not None and own % rounds == at:
                seats.append(Seat(person.id, slot.id, meetings[own].id, Role.FACILITATOR, None))
            elif person.slots is None or slot.id in person.slots:
                meeting = here[(number + shift) % len(here)]
                seats.append(Seat(person.id, slot.id, meeting.id, Role.ATTENDEE, None))
    return Solution(Status.FEASIBLE, meetings=tuple(meetings), seats=tuple(seats))


def two_plans(people: int, sessions: int = 100) -> tuple[Crowd, Allocation, Allocation]:
    """A published one and another beside it; committed."""
    crowd = gathered(people, sessions)
    published = planned(crowd)
    db.session.commit()
    now = clock.now()
    allocations.publish(published, crowd.organiser, now, accepted=["incomplete", "outdated"])
    news.allocation_published(published, now)
    db.session.commit()
    other = planned(crowd, shift=3)
    db.session.commit()
    return crowd, published, other
