"""Whether a run still fits: the list of runs, its own page and publishing have one answer for each kind of change."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from planner import allocations, clock, create_app, erasure, jobs, languages, participants, programme
from planner.config import Config
from planner.extensions import db
from planner.models import (
    Absence,
    Allocation,
    Conference,
    Duty,
    InterpreterPair,
    LanguageLevel,
    Level,
    MemberRole,
    Need,
    NeedKind,
    Participant,
    ParticipantState,
    Quota,
    RoomClosure,
    Session,
    SessionState,
    User,
    Veto,
)
from solver import Preset
from tests import factories as make
from tests.client import Client
from tests.conftest import settled
from tests.planner.allocations.small import SETTINGS, small, solved

HAS_CHANGED = "Something has changed since this plan was made."
NOT_KNOWN = "open it to see whether it still fits"
MISFIT = (
    "The published plan does not fit any more. ",
    "Something has changed since the published plan was made: ",
    "What is set contradicts itself, so nobody can tell whether the published plan still fits.",
)
NEAR = replace(SETTINGS, preset=Preset.REPAIR)


@pytest.fixture(scope="module")
def planned(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Solved once; each test has a copy."""
    folder = tmp_path_factory.mktemp("planned")
    app = create_app(settled(migrated, folder))
    with app.app_context():
        fill()
        db.session.remove()
        db.engine.dispose()
    return folder / "planner.sqlite3"


def fill() -> None:
    """Six who want the first session, one who leads it, one who said nothing of languages, one who does not count."""
    conference, organiser = small(most_vetoes=1)
    make.participant(conference, name="Stumm", languages={}, group_id=conference.groups[0].id)
    make.participant(conference, name="Zaungast", attends=False)
    make.room(conference, name="Kammer", capacity_circle=1)
    db.session.commit()
    run = solved(conference, organiser)
    allocations.publish(run, organiser, clock.now())
    near = allocations.create(conference, NEAR, organiser, clock.now())
    db.session.commit()
    jobs.run_allocation(near.id)
    conference.published_id = None
    db.session.commit()


@pytest.fixture
def config(planned: Path, tmp_path: Path) -> Config:
    return settled(planned, tmp_path)


@pytest.fixture
def conference(app: Flask) -> Conference:
    return db.session.scalars(sa.select(Conference)).one()


@pytest.fixture(params=["a run", "a run that stays close"])
def run(conference: Conference, request: pytest.FixtureRequest) -> Allocation:
    first, near = db.session.scalars(sa.select(Allocation).order_by(Allocation.number)).all()
    chosen, other = (near, first) if near.close_to_id and "close" in request.param else (first, near)
    near.close_to_id = None if other is first else near.close_to_id
    db.session.delete(other)
    db.session.commit()
    return chosen


def person(conference: Conference, name: str = "") -> Participant:
    """By her name, or the first of those who have wishes."""
    everybody = participants.listed(conference)
    return next(each for each in everybody if each.name == name or (not name and each.preferences))


def speaks(conference: Conference, name: str, code: str) -> None:
    person(conference, name).languages = [LanguageLevel(language=code, level=Level.UNDERSTANDS)]


def wishes(conference: Conference, *sessions: Session) -> None:
    her = person(conference)
    her.preferences.clear()
    db.session.flush()
    make.wishes(her, *sessions)


def interprets(conference: Conference, source: str, target: str) -> None:
    person(conference, "Zaungast").interprets = [InterpreterPair(source=source, target=target)]


def erase(conference: Conference, name: str = "") -> None:
    erasure.erase(person(conference, name), clock.now(), leaves_statements=False)


def set_to(thing: object, **values: object) -> None:
    for name, value in values.items():
        setattr(thing, name, value)


def leads_too(conference: Conference) -> None:
    make.role(conference.sessions[1], person(conference), duty=Duty.FACILITATOR)


def bounded(conference: Conference) -> None:
    make.add(Quota(conference_id=conference.id, group_id=conference.groups[0].id, maximum=9))


def closed(conference: Conference) -> None:
    conference.rooms[0].closures.append(RoomClosure(slot_id=conference.slots[0].id))


def away(conference: Conference) -> None:
    person(conference).absences = [Absence(slot_id=conference.slots[0].id)]


def refused(conference: Conference) -> None:
    person(conference).vetoes = [Veto(session_id=conference.sessions[1].id)]


def needs(conference: Conference) -> None:
    person(conference).needs = [Need(kind=NeedKind.STEP_FREE, consented_at=make.NOW)]


CHANGES: dict[str, Callable[[Conference], object]] = {
    "a room is cut": lambda here: set_to(here.rooms[0], capacity_circle=2),
    "a room has another feature": lambda here: set_to(here.rooms[0], features=["step_free"]),
    "a room is closed": closed,
    "a room is new": make.room,
    "a room is gone": lambda here: db.session.delete(next(room for room in here.rooms if room.name == "Kammer")),
    "a round is later": lambda here: set_to(here.slots[0], ends=here.slots[0].ends + make.DAY / 24),
    "a round is new": make.slot,
    "a session has a minimum": lambda here: set_to(here.sessions[0], minimum=3),
    "a session has a maximum": lambda here: set_to(here.sessions[0], maximum=3),
    "a session is held in another language": lambda here: programme.set_languages(here.sessions[1], ["ar"], False),
    "a session is offered twice": lambda here: set_to(here.sessions[0], offered=2),
    "a session may be cancelled": lambda here: set_to(here.sessions[0], may_be_cancelled=True),
    "a session is cancelled": lambda here: here.sessions[1].move_to(SessionState.CANCELLED),
    "a session is new": make.session,
    "somebody else leads": leads_too,
    "a meeting is fixed": lambda here: make.placement(here.sessions[0], here.slots[0]),
    "a bound for a group": bounded,
    "a wish": wishes,
    "the order of wishes": lambda here: wishes(here, *reversed(here.sessions)),
    "what is not for her": refused,
    "her languages": lambda here: speaks(here, "", "ar"),
    "what the silent understand": lambda here: set_to(here, presumes_language=False),
    "she is away": away,
    "her group": lambda here: set_to(person(here), group_id=make.group(here).id),
    "she does not attend": lambda here: set_to(person(here, "Leitung"), attends=False),
    "she cancels": lambda here: person(here).move_to(ParticipantState.CANCELLED),
    "she is erased": erase,
    "who leads is erased": lambda here: erase(here, "Leitung"),
    "somebody is new": make.participant,
    "somebody interprets": lambda here: interprets(here, "de", "ar"),
    "a contradiction": lambda here: interprets(here, "de", "de-DE"),
}
NOTHING: dict[str, Callable[[Conference], object]] = {
    "nothing": lambda _here: None,
    "a title": lambda here: set_to(here.sessions[0], title={"de": "Neu", "en": "New"}),
    "a name": lambda here: set_to(person(here), name="Anders"),
    "a need": needs,
    "what was taken of her is what she says": lambda here: speaks(here, "Stumm", "de"),
    "somebody who does not count is erased": lambda here: erase(here, "Zaungast"),
}


@pytest.mark.parametrize("what", [*CHANGES, *NOTHING])
def test_list_page_and_publishing_have_one_answer(
    app: Flask, conference: Conference, run: Allocation, what: str
) -> None:
    """The list said nothing of what the run's own page called outdated; of a fixed meeting a repair said nothing."""
    {**CHANGES, **NOTHING}[what](conference)
    db.session.commit()
    client = Client(app).as_organiser(db.session.scalars(sa.select(User)).one())
    home = f"/organise/{conference.slug}/allocations/"
    page = f"{home}{run.number}"

    listed, told = client.get(home, language="en").text, client.get(page, language="en").text
    asked = client.submit(f"{page}/publish", {"accepted": "incomplete"}, page=page).text

    expected = what in CHANGES
    assert ("outdated" in listed, "outdated" in told, HAS_CHANGED in asked) == (expected, expected, expected)
    assert NOT_KNOWN not in listed
    assert (conference.published_id is None) == expected


def test_of_an_older_run_the_list_says_that_its_page_knows(app: Flask, conference: Conference, run: Allocation) -> None:
    run.rests_on = None
    conference.rooms[0].capacity_circle = 2
    db.session.commit()
    client = Client(app).as_organiser(db.session.scalars(sa.select(User)).one())
    home = f"/organise/{conference.slug}/allocations/"

    listed = client.get(home, language="en").text

    assert NOT_KNOWN in listed
    assert "outdated" not in listed
    assert "outdated" in client.get(f"{home}{run.number}", language="en").text


def test_a_run_without_a_plan_is_not_compared(app: Flask, conference: Conference, run: Allocation) -> None:
    waiting = allocations.create(conference, SETTINGS, None, clock.now())
    make.room(conference)
    db.session.commit()

    found = allocations.fit([run, waiting], allocations.today(conference).problem)

    assert found == {run.id: False}


def published(app: Flask, conference: Conference, run: Allocation) -> tuple[Client, str]:
    user = db.session.scalars(sa.select(User)).one()
    allocations.publish(run, user, clock.now(), accepted=["incomplete"])
    db.session.commit()
    return Client(app).as_organiser(user), f"/organise/{conference.slug}/"


def saved(client: Client, home: str, name: str) -> str:
    """What the page says after an organiser has saved something of which no plan knows."""
    return client.submit(f"{home}themes/new", {"title_de": name, "icon": "house"}).text


@pytest.mark.parametrize("what", [*CHANGES, *NOTHING])
def test_after_a_write_the_page_says_once_that_the_published_plan_does_not_fit(
    app: Flask, conference: Conference, run: Allocation, what: str
) -> None:
    """Organisers cut rooms and cancelled sessions of a published plan, and nothing said so."""
    client, home = published(app, conference, run)
    {**CHANGES, **NOTHING}[what](conference)

    first, second = saved(client, home, "Verkehr"), saved(client, home, "Wohnen")

    expected = what in CHANGES
    assert ("See the plan" in first, "See the plan" in second) == (expected, False)
    assert any(sentence in first for sentence in MISFIT) == expected


def test_the_saved_room_says_how_many_sit_there(app: Flask, conference: Conference, run: Allocation) -> None:
    client, home = published(app, conference, run)
    most = max(run.meetings, key=lambda meeting: len(meeting.assignments))
    room, size = most.room, len(most.assignments)
    title, around = (languages.isolated(languages.pick(each.title, "en")) for each in (most.session, most.slot))
    there = f"“{title}” ({languages.isolated(room.name)}, {around})"

    told = client.submit(
        f"{home}rooms/{room.id}",
        {"name": room.name, "seating": "circle", "capacity_circle": 1, "free": [conference.slots[0].id]},
    )

    assert f"does not fit any more. {there} has {size} people, but only 1 may sit there now. See the plan" in told.text
    assert f"{home}allocations/{run.number}" in told.links


def test_a_copy_says_nothing_of_the_plan_of_what_was_copied(
    app: Flask, conference: Conference, run: Allocation
) -> None:
    client, home = published(app, conference, run)
    conference.rooms[0].capacity_circle = 1
    db.session.commit()

    told = client.submit(f"{home}copy/", {"title": "Noch einmal", "day": "2027-05-10"})

    assert "Noch einmal" in told.text
    assert "See the plan" not in told.text


def test_the_plans_own_page_says_it_alone(app: Flask, conference: Conference, run: Allocation) -> None:
    conference.rooms[0].capacity_circle = 2
    db.session.commit()
    client = Client(app).as_organiser(db.session.scalars(sa.select(User)).one())
    page = f"/organise/{conference.slug}/allocations/{run.number}"

    told = client.submit(f"{page}/publish", {"accepted": "incomplete outdated"}, page=page)

    assert HAS_CHANGED.rstrip(".") in told.text
    assert "See the plan" not in told.text


def test_whoever_may_not_read_the_plan_is_told_nothing_of_it(
    app: Flask, conference: Conference, run: Allocation
) -> None:
    published(app, conference, run)
    clerk = make.user(email="liste@example.org")
    make.member(conference, clerk, MemberRole.CLERK)
    person(conference).move_to(ParticipantState.CANCELLED)
    db.session.commit()

    told = (
        Client(app)
        .as_organiser(clerk)
        .submit(
            f"/organise/{conference.slug}/people/new",
            {"name": "Neu", "group_id": "0", "organisation_id": "0", "locale": "de"},
        )
    )

    assert "The published plan" not in told.text
    assert "since the published plan" not in told.text


def changed_wishes(conference: Conference, count: int) -> None:
    for each in [each for each in participants.listed(conference) if each.preferences][:count]:
        each.preferences.clear()
    db.session.commit()


def test_what_is_wrong_is_told_once_however_many_it_concerns(
    app: Flask, conference: Conference, run: Allocation
) -> None:
    """Two wishes entered one after the other gave "1 person has other wishes", then "2 people"."""
    client, home = published(app, conference, run)
    changed_wishes(conference, 1)
    first = saved(client, home, "Verkehr")
    changed_wishes(conference, 2)
    second = saved(client, home, "Wohnen")
    make.room(conference)
    db.session.commit()
    another = saved(client, home, "Arbeit")

    assert "1 person has other wishes." in first
    assert ("See the plan" in second, "See the plan" in another) == (False, True)
    assert "1 room has changed" in another


def test_a_new_thing_is_told_instead_of_a_graver_one_that_was_told(
    app: Flask, conference: Conference, run: Allocation
) -> None:
    client, home = published(app, conference, run)
    full = next(meeting for meeting in run.meetings if len(meeting.assignments) > 2)
    full.room.capacity_circle = 1
    db.session.commit()
    first = saved(client, home, "Verkehr")
    full.room.capacity_circle = 2
    changed_wishes(conference, 1)
    second = saved(client, home, "Wohnen")
    full.room.capacity_circle = 20
    db.session.commit()
    saved(client, home, "Arbeit")
    full.room.capacity_circle = 1
    db.session.commit()

    assert "only 1 may sit there now" in first
    assert "may sit there now" not in second
    assert "1 person has other wishes." in second
    assert "only 1 may sit there now" in saved(client, home, "Zeit"), "mended in between, so it is news again"


def test_a_stack_of_ballots_is_not_interrupted_and_what_is_saved_next_says_it(
    app: Flask, conference: Conference, run: Allocation
) -> None:
    """With a draft published while people choose, each line of a stack said so."""
    client, home = published(app, conference, run)
    conference.wishes_until = clock.now() + make.DAY
    make.participant(conference, name="Neu Gekommen")
    db.session.commit()
    number = conference.sessions[1].number

    line = client.submit(f"{home}ballots/", {"line": f"Neu Gekommen: {number}"})

    assert "Neu Gekommen" in line.text
    assert "See the plan" not in line.text
    assert "See the plan" in saved(client, home, "Verkehr")
