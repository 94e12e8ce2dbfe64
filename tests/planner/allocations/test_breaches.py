"""What a published plan breaks today is said as broken: where, of how many people, and how much more there is."""

import pytest
from flask import Flask

from planner import clock, languages, participants
from planner.extensions import db
from planner.models import (
    Allocation,
    AssignmentRole,
    Conference,
    LanguageLevel,
    Level,
    Meeting,
    Need,
    NeedKind,
    ParticipantState,
    RoomClosure,
    Veto,
)
from tests.client import Client
from tests.planner.allocations.small import small, solved

UNDERSTANDS = "The rule: Everybody who attends understands"


@pytest.fixture
def here(app: Flask) -> Conference:
    return small()[0]


@pytest.fixture
def run(here: Conference) -> Allocation:
    run = solved(here)
    here.published_id = run.id
    db.session.commit()
    return run


@pytest.fixture
def client(app: Flask, here: Conference) -> Client:
    return Client(app).as_organiser(here.members[0].user)


def at(meeting: Meeting) -> str:
    titles = (meeting.session.title["en"], meeting.room.name, meeting.slot.title["en"])
    return ", ".join(languages.isolated(title) for title in titles)


def speak_ukrainian(meeting: Meeting, count: int) -> None:
    attending = [
        each.participant for each in meeting.assignments if each.role is AssignmentRole.ATTENDEE and each.participant
    ]
    for person in attending[:count]:
        person.languages = [LanguageLevel(language="uk", level=Level.SPEAKS)]
    assert len(attending) >= count
    db.session.commit()


def largest(run: Allocation) -> Meeting:
    return max(run.meetings, key=lambda meeting: len(meeting.assignments))


def saved(client: Client, here: Conference) -> str:
    """What the page says after an organiser has saved something of which no plan knows."""
    return client.submit(f"/organise/{here.slug}/themes/new", {"title_de": "Verkehr", "icon": "house"}).text


def page(client: Client, here: Conference, run: Allocation) -> str:
    return client.get(f"/organise/{here.slug}/allocations/{run.number}", language="en").text


def test_a_broken_rule_is_said_as_broken_with_place_and_people(
    here: Conference, run: Allocation, client: Client
) -> None:
    """The note was the rule's own sentence, as if all were well, and named no place."""
    meeting = largest(run)
    speak_ukrainian(meeting, 3)
    told = f"Not kept here: {at(meeting)} (3 people). {UNDERSTANDS}"

    note = saved(client, here)

    assert f"does not fit any more. {told}" in note
    assert "more breach" not in note
    assert told in page(client, here, run)


def test_the_note_tells_one_breach_and_how_many_more_there_are(
    here: Conference, run: Allocation, client: Client
) -> None:
    for meeting in run.meetings:
        speak_ukrainian(meeting, 1)
    closed = run.meetings[0]
    closed.room.closures.append(RoomClosure(slot_id=closed.slot_id))
    db.session.commit()

    note, whole = saved(client, here), page(client, here, run)

    assert "And 2 more breaches." in note
    assert f"{at(run.meetings[0])} (1 person); {at(run.meetings[1])} (1 person). {UNDERSTANDS}" in whole
    assert f"Not kept here: {at(closed)}. The rule: A room holds one meeting at a time" in whole


def test_where_a_rule_is_broken_because_of_what_one_person_needs_is_not_told(here: Conference, client: Client) -> None:
    for room in here.rooms:
        room.features = ["step_free"]
    her = next(each for each in participants.listed(here) if each.preferences)
    her.needs = [Need(kind=NeedKind.STEP_FREE, consented_at=clock.now())]
    db.session.commit()
    run = solved(here)
    here.published_id = run.id
    for room in here.rooms:
        room.features = []
    db.session.commit()

    note, whole = saved(client, here), page(client, here, run)

    for text in (note, whole):
        assert "Not kept in 1 case. The rule: Rooms have what sessions and people need." in text
    assert not any(f"kept here: {at(meeting)}" in text for meeting in run.meetings for text in (note, whole))


def test_a_session_whose_room_lacks_what_it_needs_is_named(here: Conference, run: Allocation, client: Client) -> None:
    meeting = run.meetings[0]
    meeting.session.features = ["projector"]
    db.session.commit()

    told = f"Not kept here: {at(meeting)}. The rule: Rooms have what sessions and people need."

    assert told in saved(client, here)
    assert told in page(client, here, run)


def test_a_meeting_that_is_too_large_is_told_with_both_numbers(
    here: Conference, run: Allocation, client: Client
) -> None:
    meeting = largest(run)
    size = len(meeting.assignments)
    meeting.room.capacity_circle = 2
    db.session.commit()

    assert f"Not kept here: {at(meeting)} ({size} people, at most 2)." in page(client, here, run)


def test_what_is_not_for_people_has_a_number_and_no_place(here: Conference, client: Client) -> None:
    here.most_vetoes = 1
    run = solved(here)
    here.published_id = run.id
    meeting = largest(run)
    for each in [each for each in meeting.assignments if each.role is AssignmentRole.ATTENDEE][:2]:
        each.participant.vetoes = [Veto(session_id=meeting.session_id)]
    db.session.commit()

    whole = page(client, here, run)

    assert "Not kept in 2 cases. The rule: Nobody is in a session that is “not for me”." in whole
    assert f"kept here: {at(meeting)}" not in whole


def test_a_rule_that_is_broken_today_is_listed_as_kept_only_when_the_plan_was_made(
    here: Conference, run: Allocation, client: Client
) -> None:
    """The page named the broken rule above, and listed it as kept below."""
    before = page(client, here, run)
    largest(run).room.capacity_circle = 2
    db.session.commit()

    after = page(client, here, run)

    rule, then = "No meeting is larger than its room or its maximum.", "Kept when this plan was made, not with"
    assert rule in before
    assert (then in before, after.count(then), f"{rule} {then}" in after) == (False, 1, True)
    assert after.count(rule) == 2
    assert "What is listed was so when this plan was made." in after


def test_of_an_outdated_plan_nothing_is_told_as_if_it_were_so_today(
    here: Conference, run: Allocation, client: Client
) -> None:
    """After somebody had cancelled the page still said that all those people take part."""
    before = page(client, here, run)
    participants.listed(here)[0].move_to(ParticipantState.CANCELLED)
    db.session.commit()

    after = page(client, here, run)

    assert ("people take part:" in before, "people took part then:" in before) == (True, False)
    assert ("people take part:" in after, "7 people took part then:" in after) == (False, True)
    assert "As it was when this plan was made:" in after
    assert ("Everybody has a place" in after, "Everybody had a place" in after) == (False, True)
