"""The order list: each channel of the plan with who works there, and whether she has confirmed."""

import pytest
from flask import Flask

from planner import interpreting
from planner.extensions import db
from planner.models import Allocation, AssignmentRole, InterpreterPair, ParticipantState, SessionState
from tests import factories as make
from tests.client import Client


@pytest.fixture
def plan(app: Flask) -> Allocation:
    """In the hall Samir, who said yes, works for two; in the yard Hala is silent; in the attic nobody is left."""
    conference, _organiser = make.organised()
    slot = make.slot(conference)
    run = make.allocation(conference, number=3)
    for room, worker, state, listeners in (
        ("Hall", "Samir", ParticipantState.REGISTERED, 2),
        ("Yard", "Hala", ParticipantState.REGISTERED, 1),
        ("Attic", "Gone", ParticipantState.CANCELLED, 1),
    ):
        meeting = make.meeting(run, make.session(conference), slot, make.room(conference, name=room), language="de")
        person = make.participant(conference, name=worker, state=state)
        make.assignment(meeting, person, role=AssignmentRole.INTERPRETER, voices="ar")
        if worker == "Samir":
            make.commitment(person, slot, meeting.session, role=AssignmentRole.INTERPRETER, channel="de>ar")
        for _ in range(listeners):
            make.assignment(meeting, make.participant(conference), listens_in="ar")
        make.assignment(meeting, make.participant(conference))
    db.session.commit()
    return run


def test_each_channel_is_listed_with_who_works_there_and_for_how_many(plan: Allocation) -> None:
    found = interpreting.orders(plan)

    assert [
        (each.meeting.room.name, each.channel, each.listeners, [person.name for person in each.people], each.state)
        for each in found
    ] == [
        ("Attic", "ar", 1, [], "open"),
        ("Hall", "ar", 2, ["Samir"], "confirmed"),
        ("Yard", "ar", 1, ["Hala"], "to_confirm"),
    ]


def test_a_long_meeting_is_listed_once_and_whoever_cancelled_does_not_listen(app: Flask) -> None:
    """Two rounds were two interpreters and twice the listeners."""
    conference, _organiser = make.organised()
    slots = [make.slot(conference) for _ in range(2)]
    run = make.allocation(conference)
    meeting = make.meeting(run, make.session(conference, duration=2), slots[0], make.room(conference), language="de")
    samir, alma = make.participant(conference, name="Samir"), make.participant(conference)
    gone = make.participant(conference, state=ParticipantState.CANCELLED)
    for slot in slots:
        make.assignment(meeting, samir, role=AssignmentRole.INTERPRETER, voices="ar", slot_id=slot.id)
        for person in (alma, gone):
            make.assignment(meeting, person, listens_in="ar", slot_id=slot.id)
    db.session.commit()

    ((found),) = interpreting.orders(run)

    assert (found.meeting.slot, found.listeners, [person.name for person in found.people]) == (slots[0], 1, ["Samir"])


def test_a_booth_that_lost_one_of_two_is_not_called_confirmed_and_what_is_cancelled_is_not_listed(app: Flask) -> None:
    conference, _organiser = make.organised()
    slot, run = make.slot(conference), make.allocation(conference)
    booth, gone = (
        make.meeting(run, make.session(conference, state=state), slot, make.room(conference), language="de")
        for state in (SessionState.OPEN, SessionState.CANCELLED)
    )
    for meeting in (booth, gone):
        for state in (ParticipantState.CONFIRMED, ParticipantState.CANCELLED):
            person = make.participant(conference, state=state)
            make.assignment(meeting, person, role=AssignmentRole.INTERPRETER, voices="ar")
        make.assignment(meeting, make.participant(conference), listens_in="ar")
    db.session.commit()

    assert [(each.meeting, each.state, len(each.people)) for each in interpreting.orders(run)] == [(booth, "fewer", 1)]


def test_where_places_are_missing_nobody_is_said_to_understand_everything(app: Flask) -> None:
    conference, organiser = make.organised()
    run = make.allocation(conference, without_place={"somebody": ["1"]})
    db.session.commit()
    home = f"/organise/{conference.slug}/interpreting/"
    client = Client(app).as_organiser(organiser)

    lacking = client.get(home).text
    run.without_place = {}
    db.session.commit()

    assert "Nobody is interpreted for" in lacking
    assert "In this plan 1 place is missing." in lacking
    assert "everybody understands" not in lacking
    assert "everybody understands" in client.get(home).text


def test_the_page_filters_and_the_file_takes_along_what_is_shown(app: Flask, plan: Allocation) -> None:
    client = Client(app).as_organiser(plan.conference.members[0].user)
    home = f"/organise/{plan.conference.slug}/interpreting/"

    whole, lacking = client.get(home).text, client.get(f"{home}?only=open").text
    file = client.download(f"{home}interpreting.csv?only=open").decode()

    assert "German → Arabic" in whole
    assert "As run 3 has it, the newest plan. It is not published yet." in whole
    assert ("Samir" in whole, "Samir" in lacking, "Samir" in file) == (True, False, False)
    assert ("Attic" in lacking, "Attic" in file, "nobody yet" in file) == (True, True, True)


def test_without_a_plan_the_page_says_what_it_will_tell_and_who_can_interpret(app: Flask) -> None:
    conference, organiser = make.organised()
    samir = make.participant(conference, name="Samir")
    samir.interprets = [InterpreterPair(source="de", target="ar", listeners=4, most_slots_in_a_row=2)]
    db.session.commit()

    text = Client(app).as_organiser(organiser).get(f"/organise/{conference.slug}/interpreting/").text

    assert "There is no plan yet" in text
    assert "Samir" in text
    assert "German → Arabic" in text
