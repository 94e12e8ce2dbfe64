"""What the database or a noun refuses reaches people as a sentence with a status, never as a 500."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from planner.errors import PlannerError
from planner.extensions import db
from planner.models import Room, Supporter
from planner.rows import once, unless
from tests import factories as make
from tests.client import Client


def test_the_loser_of_a_race_gets_the_winners_row(either_app: Flask) -> None:
    person = make.participant(make.conference())
    submission = make.submission(person)
    facts = {"submission_id": submission.id, "participant_id": person.id}
    first = once(Supporter(**facts), select(Supporter).filter_by(**facts))

    second = once(Supporter(**facts), select(Supporter).filter_by(**facts))

    assert second is first
    assert db.session.query(Supporter).count() == 1


def test_a_row_that_is_refused_for_another_reason_is_no_winner(either_app: Flask) -> None:
    person = make.participant(make.conference())

    with pytest.raises(IntegrityError):
        once(Supporter(participant_id=person.id), select(Supporter).filter_by(participant_id=person.id))


def test_a_name_that_is_gone_is_refused_in_words(either_app: Flask) -> None:
    conference = make.conference()
    room = make.room(conference)

    with pytest.raises(PlannerError, match="PlannerError"), unless(PlannerError("gone")):
        db.session.add(Room(conference_id=conference.id, name=room.name))

    assert db.session.query(Room).count() == 1


def test_a_receipt_of_somebody_else_is_no_server_error(app: Flask) -> None:
    """The database let one row through; the other person read "an error happened on our side"."""
    conference = make.conference()
    theme = make.theme(conference)
    taken = make.submission(make.participant(conference))
    client = Client(app).as_participant(make.participant(conference))
    form = {
        "theme_id": theme.id,
        "problem": "Dasselbe",
        "visibility": "anonymous",
        "language": "de",
        "receipt": taken.receipt,
        "revision": 0,
    }

    answer = client.post(f"/c/{conference.slug}/me/submissions/new", form, language="en")

    assert answer.status_code == 409
    assert "Somebody did the same at the same moment." in answer.text


def test_a_second_room_of_the_same_name_is_refused_at_the_field(app: Flask) -> None:
    conference, organiser = make.organised()
    room = make.room(conference)
    client = Client(app).as_organiser(organiser)
    form = {"name": room.name, "seating": "circle", "capacity_circle": 9, "capacity_rows": 9}

    answer = client.post(f"/organise/{conference.slug}/rooms/new", form, language="en")

    assert answer.status_code == 422
    assert "Another room has this name already." in answer.text


def test_a_step_that_is_not_possible_any_more_is_told_on_the_page(app: Flask) -> None:
    conference, organiser = make.organised()
    person = make.participant(conference)
    client = Client(app).as_organiser(organiser)
    page = f"/organise/{conference.slug}/submissions/{make.submission(person).id}"

    again = client.submit(f"{page}/reopen", {}, page=page)

    assert "This step is not possible any more" in again.text
