"""What an organiser reads about one person's places and about a run's fairness, and what may be published of it."""

from flask import Flask

from planner import allocations
from planner.extensions import db
from planner.models import Allocation, Assignment, Participant
from tests import factories as make
from tests.client import Client
from tests.planner.organiser.conftest import Office


def _not_in_her_first(run: Allocation) -> Participant:
    """Four people wish for the same session first; two of them sit in the second."""
    first = run.conference.sessions[0]
    seats = db.session.query(Assignment).filter_by(allocation_id=run.id)
    return next(seat.participant for seat in seats if seat.meeting.session_id != first.id)


def test_the_page_of_a_person_says_what_stood_against_her_first_wish(office: Office, run: Allocation) -> None:
    person = _not_in_her_first(run)

    page = office.client.get(f"{office.home}allocations/{run.number}/people/{person.id}", language="en")

    assert "You are here because it was your wish number 2." in page.text
    assert "Wish 1, “" in page.text
    assert page.text.count(run.conference.sessions[1].title["en"]) == 1


def test_the_page_names_nobody_else(office: Office, run: Allocation) -> None:
    person = _not_in_her_first(run)
    other = make.participant(office.conference, name="Kanarienvogel")

    page = office.client.get(f"{office.home}allocations/{run.number}/people/{person.id}", language="en")

    assert person.name in page.text
    assert other.name not in page.text
    assert all(p.name not in page.text for p in office.conference.participants if p.id != person.id)


def test_she_reads_the_same_about_her_published_day(app: Flask, office: Office, run: Allocation) -> None:
    person = _not_in_her_first(run)
    for_organisers = office.client.get(f"{office.home}allocations/{run.number}/people/{person.id}", language="en")
    sentence = for_organisers.text[for_organisers.text.index("Wish 1, “") :].split(".")[0]
    why = f"/c/{office.conference.slug}/me/day/why"
    hers = Client(app).as_participant(person)

    before = hers.get(why, language="en")
    office.conference.published = run
    db.session.commit()
    page = hers.get(why, language="en")

    assert "Wish 1" not in before.text
    assert sentence in page.text
    assert all(p.name not in page.text for p in office.conference.participants if p.id != person.id)


def test_the_fairness_note_hides_small_numbers_on_the_page_and_in_the_table(office: Office, run: Allocation) -> None:
    """Four people are too few for any count of how they fared."""
    note = allocations.note(run)
    assert note is not None
    assert set(note.best.values()) == {None}

    page = office.client.get(f"{office.home}allocations/{run.number}/fairness", language="en")
    table = office.client.get(f"{office.home}allocations/{run.number}/fairness.csv", language="en")

    assert "Fairness note" in page.headings
    assert note.problem_hash in page.text
    assert note.problem_hash in table.text
    assert "fewer than 5" in table.text
    assert "Preset;Wishes first" in table.text
    assert "None" not in page.text + table.text
    assert not any(p.name in page.text + table.text for p in office.conference.participants)
