"""A session that is cancelled after publishing: whoever has it reads so at once, and taking it back undoes that."""

import json
import threading
from dataclasses import replace

import pytest
from flask import Flask
from icalendar import Calendar

from planner import allocations, clock, jobs
from planner.extensions import db
from planner.models import Assignment, AssignmentRole, Conference, Participant, Session, SessionState, User
from solver import Preset
from tests.client import Client
from tests.planner.allocations.small import SETTINGS, small, solved
from tests.planner.facilitator.test_papers import text_of

NEXT = "If the organisers publish another plan, “My day” shows where you are then."
QUESTION = "It stands in the published plan: 7 people have it on their day (Round 1)."
FROM_NOW_ON = "start a run “Change as little as possible” and publish it."


@pytest.fixture
def conference(app: Flask) -> Conference:
    """Six people and the one who leads are all in the first session; it is published."""
    conference, organiser = small()
    conference.sessions[0].title = {"en": "Housing", "de": "Wohnen"}
    conference.sessions[1].minimum = 0
    for room in conference.rooms:
        room.capacity_circle = 8
    db.session.flush()
    run = solved(conference, organiser)
    assert run.missing == 0
    allocations.publish(run, organiser, clock.now())
    db.session.commit()
    return conference


@pytest.fixture
def session(conference: Conference) -> Session:
    return conference.sessions[0]


def somebody(session: Session, role: AssignmentRole) -> Participant:
    places = db.session.query(Assignment).filter_by(role=role, allocation_id=session.conference.published_id)
    return next(place.person for place in places if place.meeting.session_id == session.id)


@pytest.fixture
def office(app: Flask, conference: Conference) -> Client:
    return Client(app).as_organiser(db.session.query(User).one())


def test_cancelling_says_before_it_is_done_who_has_it_and_what_is_next(office: Client, session: Session) -> None:
    page = f"/organise/{session.conference.slug}/sessions/{session.id}"

    asked = office.get(page).text
    assert QUESTION in asked
    assert "They read there at once that it is not held; nobody is told by itself." in asked
    assert f"Afterwards {FROM_NOW_ON}" in asked

    done = office.submit(f"{page}/cancel", {}, page=page).text
    for text in (done, office.get(page).text):
        assert f"{QUESTION} Now {FROM_NOW_ON}" in text
    run = f"/organise/{session.conference.slug}/allocations/{session.conference.published.number}"
    assert "not held" in office.get(run).text


def test_whoever_cancels_while_a_run_is_published_reads_that_it_stands_there(either_app: Flask) -> None:
    """On PostgreSQL it went through beside the publishing: nobody was told that people have it on their day."""
    conference, organiser = small()
    conference.sessions[0].minimum = conference.sessions[1].minimum = 0
    run = solved(conference, organiser)
    client, home = Client(either_app).as_organiser(organiser), f"/organise/{conference.slug}/sessions/"
    [id] = {place.meeting.session_id for place in db.session.query(Assignment).filter_by(role="facilitator")}
    form = {"csrf_token": client.get(f"{home}{id}").fields["csrf_token"]}
    cancels = threading.Thread(target=lambda: client.http.post(f"{home}{id}/cancel", data=form))

    assert allocations.publish(run, organiser, clock.now(), accepted=["incomplete", "outdated"])
    cancels.start()
    cancels.join(1.0)  # where nobody holds her up she is done by now
    db.session.commit()
    cancels.join()

    assert "It stands in the published plan" in client.get(home).text
    assert db.session.get_one(Session, id).state is SessionState.CANCELLED


def test_a_session_that_nobody_has_is_cancelled_without_more_words(office: Client, conference: Conference) -> None:
    page = f"/organise/{conference.slug}/sessions/{conference.sessions[1].id}"

    assert "published plan" not in office.get(page).text
    told = office.submit(f"{page}/cancel", {}, page=page).text
    assert "Now start a run" not in told
    assert "does not fit any more" in told  # a meeting of it stands there, without anybody


def day_of(client: Client, home: str) -> dict[str, str]:
    """What a participant reads of her day, wherever it stands."""
    pages = {name: client.get(home + name).text for name in ("", "day/", "day/why")}
    paper = " ".join(text_of(client.download(f"{home}day/my-day.pdf"), "pdf").split())
    return {**pages, "paper": paper}


def test_who_lacks_a_round_reads_of_what_is_not_held_too(app: Flask, session: Session) -> None:
    """Her start told the first of both only."""
    her = somebody(session, AssignmentRole.ATTENDEE)
    run = session.conference.published
    assert run
    run.without_place = {her.key: ["1"]}
    session.move_to(SessionState.CANCELLED)
    db.session.commit()

    text = Client(app).as_participant(her).get(f"/c/{session.conference.slug}/me/", language="en").text

    assert "In 1 round there is no place for you" in text
    assert "1 session of your day is not held" in text


def test_her_day_says_at_once_that_it_is_not_held_and_taking_back_undoes_it(app: Flask, session: Session) -> None:
    her = somebody(session, AssignmentRole.ATTENDEE)
    client, home = Client(app).as_participant(her), f"/c/{session.conference.slug}/me/"
    before, room = day_of(client, home), session.conference.rooms[0].name
    session.move_to(SessionState.CANCELLED)
    db.session.commit()

    told = day_of(client, home)

    assert "1 session of your day is not held" in told[""]
    assert "Your day" not in told[""].partition("How things stand")[0]
    for name in ("day/", "day/why", "paper"):
        assert "Housing" in told[name]
        assert "not held" in told[name]
        assert NEXT in told[name]
        assert "your wish number 1" not in told[name]
    assert room not in told["day/"]
    event = Calendar.from_ical(client.download(f"{home}day/calendar.ics")).walk("VEVENT")[0]
    assert (str(event["summary"]), str(event["status"])) == ("Housing (not held)", "CANCELLED")
    assert NEXT in str(event["description"])
    assert "location" not in event

    session.move_to(SessionState.OPEN)
    db.session.commit()
    assert day_of(client, home) == before


def test_the_one_who_leads_and_everybody_read_it_too(app: Flask, session: Session) -> None:
    leader = somebody(session, AssignmentRole.FACILITATOR)
    client, home = Client(app).as_participant(leader), f"/c/{session.conference.slug}/facilitate/"
    meeting = session.conference.published.meetings[0]
    here = f"{home}meetings/{meeting.id}/"
    pages = [home, here, f"/c/{session.conference.slug}/programme"]
    papers = [*(f"{kind}.{end}" for kind in ("names", "confidential") for end in ("pdf", "xlsx", "csv")), "brief.pdf"]

    def told() -> list[bool]:
        texts = [client.get(page).text for page in pages]
        texts += [text_of(client.download(here + name), name.rpartition(".")[2]) for name in papers]
        return ["not held" in " ".join(text.split()) for text in texts]

    assert not any(told())
    session.move_to(SessionState.CANCELLED)
    db.session.commit()
    assert all(told())
    assert NEXT in client.get(here).text


def test_nobody_is_said_to_be_expected_or_to_come(app: Flask, session: Session) -> None:
    """ "7 people are expected" stood on the page of a meeting that is not held, and on the paper for its table."""
    leader = somebody(session, AssignmentRole.FACILITATOR)
    client, home = Client(app).as_participant(leader), f"/c/{session.conference.slug}/facilitate/meetings/"
    here = f"{home}{session.conference.published.meetings[0].id}/"

    def told() -> str:
        return client.get(here).text + " ".join(text_of(client.download(f"{here}brief.pdf"), "pdf").split())

    coming = ("7 people are expected", "Who comes", "Who is expected")
    assert [words in told() for words in coming] == [True, True, True]
    session.move_to(SessionState.CANCELLED)
    db.session.commit()
    assert [words in told() for words in coming] == [False, False, False]
    assert "7 people have a place in the plan" in told()


def test_her_data_say_beside_place_and_task_that_it_is_not_held(app: Flask, session: Session) -> None:
    """ "Round 1: Housing. You attend.", her data said without a word about it."""
    her, leader = somebody(session, AssignmentRole.ATTENDEE), somebody(session, AssignmentRole.FACILITATOR)
    home = f"/c/{session.conference.slug}/me/data/"

    def told(person: Participant) -> tuple[int, list[bool]]:
        client = Client(app).as_participant(person)
        decided = json.loads(client.download(f"{home}my-data.json"))["decided"]
        return client.get(home).text.count("not held"), [
            row["is_held"] for row in decided["duties"] + decided["places"]
        ]

    assert [told(her), told(leader)] == [(0, [True]), (0, [True, True])]
    session.move_to(SessionState.CANCELLED)
    db.session.commit()
    assert [told(her), told(leader)] == [(1, [False]), (2, [False, False])]


def test_the_run_that_is_advised_gives_everybody_another_day(app: Flask, session: Session) -> None:
    """What the pages promise: a new plan near the old one, and my day shows it once it is published."""
    conference, organiser = session.conference, db.session.query(User).one()
    her = somebody(session, AssignmentRole.ATTENDEE)
    session.move_to(SessionState.CANCELLED)
    run = allocations.create(conference, replace(SETTINGS, preset=Preset.REPAIR), organiser, clock.now())
    db.session.commit()
    jobs.run_allocation(run.id)
    db.session.refresh(run)
    assert [meeting.session_id for meeting in run.meetings] == [conference.sessions[1].id]
    allocations.publish(run, organiser, clock.now())
    db.session.commit()

    text = Client(app).as_participant(her).get(f"/c/{conference.slug}/me/day/").text

    assert "not held" not in text
    assert conference.sessions[1].title["en"] in text
