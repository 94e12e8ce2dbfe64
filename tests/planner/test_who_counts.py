"""One definition of who counts, and the same number on every page."""

from flask import Flask

from planner import allocations
from planner.extensions import db
from planner.models import ParticipantState, SessionState
from tests import factories as make
from tests.client import Client
from tests.planner.allocations.small import fill, solved


def test_the_same_people_are_counted_before_a_run_and_on_its_page(app: Flask) -> None:
    conference, organiser = make.organised()
    fill(conference)
    first = conference.sessions[0]
    make.role(first, make.participant(conference))
    make.participant(conference, attends=False)
    make.participant(conference)
    for state in (ParticipantState.CANCELLED, ParticipantState.WAITING):
        make.participant(conference, state=state)
    client = Client(app).as_organiser(organiser)
    home = f"/organise/{conference.slug}"
    said = "6 people take part: 4 could choose and did, 1 chose nothing that is offered, 1 leads, takes notes or"

    overview = client.get(f"{home}/", language="en")
    points = client.get(f"{home}/allocations/", language="en")
    missing = client.get(f"{home}/people/?only=not_chosen", language="en")
    run = solved(conference)
    result = client.get(f"{home}/allocations/{run.number}", language="en")

    assert said in overview.text
    assert said in result.text
    assert "1 person has chosen nothing that is offered yet" in overview.text
    assert "1 person has chosen nothing that is offered yet" in points.text
    assert missing.text.count("confirmed") == 1
    assert allocations.who_counts(conference).people == 6


def test_who_chose_only_what_was_cancelled_is_not_said_to_have_chosen_nothing_at_all(app: Flask) -> None:
    """ "2 people have not chosen yet" was said, and "You named no wishes" to somebody who had."""
    conference, organiser = make.organised()
    fill(conference)
    cancelled = make.session(conference)
    her = make.participant(conference, name="Frida")
    make.wishes(her, cancelled)
    make.participant(conference, name="Stumm")
    cancelled.move_to(SessionState.CANCELLED)
    run = solved(conference)
    conference.published_id = run.id
    db.session.commit()
    client, home = Client(app).as_organiser(organiser), f"/organise/{conference.slug}"
    pages = ("/", "/allocations/", "/people/?only=not_chosen", f"/allocations/{run.number}")

    overview, points, asked_again, result = (client.get(f"{home}{page}", language="en").text for page in pages)
    hers = Client(app).as_participant(her).get(f"/c/{conference.slug}/me/day/", language="en").text

    assert "4 of 6 have chosen something that is offered." in overview
    assert "2 people have chosen nothing that is offered yet" in overview
    assert "2 people have chosen nothing that is offered yet" in points
    assert "Frida" in asked_again
    assert "2 chose nothing that is offered" in result
    assert "You chose nothing that is offered, so we chose" in hers
