"""The list of commitments: who has answered what, answers by telephone, and the way to mend what is declined."""

import pytest
from flask import Flask

from planner.extensions import db
from planner.models import AssignmentRole, Commitment, MemberRole, Participant
from tests import factories as make
from tests.client import Client, Page
from tests.planner.organiser.conftest import Office

FACILITATOR, INTERPRETER = AssignmentRole.FACILITATOR, AssignmentRole.INTERPRETER


@pytest.fixture
def people(office: Office) -> dict[str, Participant]:
    """Lea leads, Nico takes notes, Hala interprets, in the published plan."""
    conference = office.conference
    run, slot = make.allocation(conference), make.slot(conference)
    session = make.session(conference, title={"de": "Wohnen", "en": "Housing"})
    meeting = make.meeting(run, session, slot, make.room(conference), language="de")
    roles = {"Lea": FACILITATOR, "Nico": AssignmentRole.NOTE_TAKER, "Hala": INTERPRETER}
    found = {name: make.participant(conference, name=name) for name in roles}
    for name, role in roles.items():
        make.assignment(meeting, found[name], role=role, voices="ar" if role is INTERPRETER else None)
    conference.published = run
    db.session.commit()
    return found


def page_of(office: Office, person: Participant) -> str:
    return f"{office.home}commitments/{person.id}/rounds/{office.conference.slots[0].id}"


def enters(office: Office, person: Participant, **given: str) -> Page:
    path = page_of(office, person)
    return office.client.submit(path, {**office.client.get(path).form("form").sent, **given})


def said(person: Participant) -> tuple[bool, str, bool] | None:
    row = db.session.query(Commitment).filter_by(participant_id=person.id).one_or_none()
    return row and (row.is_taken, row.reason, row.is_entered)


def test_an_answer_by_telephone_is_entered_for_her_with_the_way_to_mend_it(
    office: Office, people: dict[str, Participant]
) -> None:
    path = page_of(office, people["Lea"])

    listed = enters(office, people["Lea"], does="no", reason="Fortbildung")

    assert "Her answer is noted." in listed.text
    assert "Fortbildung" in listed.text
    assert said(people["Lea"]) == (False, "Fortbildung", True)
    text = office.client.get(path).text
    assert "entered for her" in text
    assert "Name somebody else, then make a new plan and publish it." in text
    enters(office, people["Hala"], does="no")
    assert "To her page" in office.client.get(page_of(office, people["Hala"])).text


def test_several_are_confirmed_at_once(office: Office, people: dict[str, Participant]) -> None:
    home = f"{office.home}commitments/"

    answer = office.client.submit(f"{home}mark", {"everything": "yes", "act": "confirm"}, page=home)

    assert "Noted for 3 tasks." in answer.text
    assert {name: said(person) for name, person in people.items()} == dict.fromkeys(people, (True, "", True))


def test_whoever_has_said_that_she_cannot_is_confirmed_by_no_button_for_several(
    office: Office, people: dict[str, Participant]
) -> None:
    home = f"{office.home}commitments/"
    enters(office, people["Lea"], does="no", reason="Fortbildung")

    answer = office.client.submit(f"{home}mark", {"everything": "yes", "act": "confirm"}, page=home)

    assert "Noted for 2 tasks." in answer.text
    assert "1 task stays as it is: somebody has answered" in answer.text
    assert said(people["Lea"]) == (False, "Fortbildung", True)


def test_an_answer_that_came_since_the_page_was_shown_is_not_written_over(
    office: Office, people: dict[str, Participant]
) -> None:
    path = page_of(office, people["Lea"])
    shown = office.client.get(path).fields
    enters(office, people["Lea"], does="no", reason="Fortbildung")

    answer = office.client.post(path, {"task": shown["task"], "does": "yes"})

    assert answer.status_code == 409
    assert "Somebody has answered for this task in the meantime." in answer.text
    assert said(people["Lea"]) == (False, "Fortbildung", True)


def test_the_list_filters_and_says_when_nothing_is_marked(office: Office, people: dict[str, Participant]) -> None:
    home = f"{office.home}commitments/"
    enters(office, people["Lea"], does="no")

    declined = office.client.get(f"{home}?only=declined").text
    interpreters = office.client.get(f"{home}?only=interpreters").text
    nothing = office.client.submit(f"{home}mark", {"act": "confirm"}, page=home).text

    assert ("Lea" in declined, "Nico" in declined) == (True, False)
    assert ("Hala" in interpreters, "Lea" in interpreters) == (True, False)
    assert "Please mark something first." in nothing


def test_whoever_only_reads_sees_who_answered_but_not_why_not(
    app: Flask, office: Office, people: dict[str, Participant]
) -> None:
    enters(office, people["Lea"], does="no", reason="Kanarienvogel")
    viewer = make.user()
    make.member(office.conference, viewer, MemberRole.VIEWER)
    db.session.commit()
    client = Client(app).as_organiser(viewer)

    texts = [client.get(path).text for path in (f"{office.home}commitments/", page_of(office, people["Lea"]))]

    assert all("cannot" in text for text in texts)
    assert not any("Kanarienvogel" in text for text in texts)
    assert client.fetch(page_of(office, people["Lea"]), method="POST", data={"does": "yes"}).status_code == 403


def test_before_a_plan_is_published_the_page_says_what_will_be_asked(office: Office) -> None:
    assert "Nothing is published yet" in office.client.get(f"{office.home}commitments/").text
