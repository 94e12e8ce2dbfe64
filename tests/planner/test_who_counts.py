"""One definition of who counts, and the same number on every page."""

from flask import Flask

from planner import allocations
from planner.models import ParticipantState
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
    said = "6 people take part: 4 could choose and did, 1 named no wishes, 1 leads, takes notes or interprets in"

    overview = client.get(f"{home}/", language="en")
    points = client.get(f"{home}/allocations/", language="en")
    missing = client.get(f"{home}/people/?only=not_chosen", language="en")
    run = solved(conference)
    result = client.get(f"{home}/allocations/{run.number}", language="en")

    assert said in overview.text
    assert said in result.text
    assert "1 person has not chosen yet" in overview.text
    assert "1 person has not chosen yet" in points.text
    assert missing.text.count("confirmed") == 1
    assert allocations.who_counts(conference).people == 6
