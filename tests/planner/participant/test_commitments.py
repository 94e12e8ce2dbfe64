"""What I am asked to do: my pages ask once the plan is published, take my answer, and keep what I typed."""

import pytest
from flask import Flask

from planner.extensions import db
from planner.models import Allocation, AssignmentRole, Commitment, Participant
from tests import factories as make
from tests.client import Client, Page


@pytest.fixture
def lea(app: Flask) -> Participant:
    conference = make.conference(**make.MORNING)
    person = make.participant(conference, name="Lea", locale="en")
    run = make.allocation(conference)
    session = make.session(conference, title={"de": "Wohnen", "en": "Housing"})
    meeting = make.meeting(run, session, make.slot(conference), make.room(conference, name="Hall"), language="de")
    make.assignment(meeting, person, role=AssignmentRole.FACILITATOR)
    conference.published = run
    db.session.commit()
    return person


def home(person: Participant) -> str:
    return f"/c/{person.conference.slug}/me/"


def slot_of(person: Participant) -> int:
    return person.conference.slots[0].id


def answers(client: Client, path: str, **given: str) -> Page:
    """As on the page of one task."""
    return client.submit(path, {**client.get(path).form("form").sent, **given})


def test_my_start_asks_me_and_one_press_answers(app: Flask, lea: Participant) -> None:
    client, start = Client(app).as_participant(lea), home(lea)
    assert "You are asked to do 1 task" in client.get(start).headings
    page = client.get(f"{start}tasks/")
    assert "Housing" in page.headings
    assert "Hall" in page.text
    assert "You lead." in page.text

    path = f"{start}tasks/{slot_of(lea)}"
    (button,) = [form for form in page.forms if form.action == path]

    answered = client.submit(path, button.sent)

    assert "Saved. The organisers see your answer." in answered.text
    assert "You do it" in answered.text
    assert "You are asked to do 1 task" not in client.get(start).headings
    row = db.session.query(Commitment).one()
    assert (row.is_taken, row.is_entered) == (True, False)


def test_i_cannot_with_a_reason_and_may_change_my_mind(app: Flask, lea: Participant) -> None:
    client, path = Client(app).as_participant(lea), f"{home(lea)}tasks/{slot_of(lea)}"

    answered = answers(client, path, does="no", reason="Ich bin verreist.")
    assert "You cannot" in answered.text
    assert "Ich bin verreist." in client.get(path).text
    answers(client, path, does="yes")

    row = db.session.query(Commitment).one()
    assert (row.is_taken, row.reason) == (True, "")


def test_without_a_choice_the_reason_stays_on_the_page(app: Flask, lea: Participant) -> None:
    client, path = Client(app).as_participant(lea), f"{home(lea)}tasks/{slot_of(lea)}"
    sent = client.get(path).form("form").sent

    answer = client.post(path, {**sent, "reason": "Kanarienvogel"})

    assert answer.status_code == 422
    assert "Please choose one of the two answers." in answer.text
    assert "Kanarienvogel" in answer.text


def test_a_task_that_has_changed_since_is_shown_again_with_what_was_typed(app: Flask, lea: Participant) -> None:
    client, path = Client(app).as_participant(lea), f"{home(lea)}tasks/{slot_of(lea)}"
    sent = client.get(path).form("form").sent
    other = make.session(lea.conference, title={"de": "Arbeit", "en": "Work"})
    run: Allocation = make.allocation(lea.conference)
    meeting = make.meeting(run, other, lea.conference.slots[0], lea.conference.rooms[0], language="de")
    make.assignment(meeting, lea, role=AssignmentRole.FACILITATOR)
    lea.conference.published = run
    db.session.commit()

    answer = client.post(path, {**sent, "does": "no", "reason": "Kanarienvogel"})

    assert answer.status_code == 409
    for text in ("The plan has changed, and this task with it.", "Work", "Kanarienvogel"):
        assert text in answer.text
    assert db.session.query(Commitment).count() == 0


def test_nobody_answers_for_somebody_else(app: Flask, lea: Participant) -> None:
    other = make.participant(lea.conference)
    db.session.commit()
    client = Client(app).as_participant(other)

    assert client.fetch(f"{home(lea)}tasks/{slot_of(lea)}").status_code == 404
    assert "Nothing at the moment" in client.get(f"{home(lea)}tasks/").text


def test_what_was_picked_stays_when_the_language_changes(app: Flask, lea: Participant) -> None:
    """The address says no, as she came by that button, and she has picked yes since."""
    client, path = Client(app).as_participant(lea), f"{home(lea)}tasks/{slot_of(lea)}?does=no"
    form = client.get(path).form("form").sent
    assert form["does"] == ["no"]

    changed = client.fetch(path, method="POST", data={**form, "does": "yes", "switch_language": "de"})

    assert Page(changed.text).form("form").sent["does"] == ["yes"]
