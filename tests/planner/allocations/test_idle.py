"""A plan from before the rule that between two languages somebody interprets only where she is needed."""

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_babel import force_locale

from planner import allocations, clock, languages
from planner.allocations.results.answer import question
from planner.allocations.results.idle import interprets_for_nobody
from planner.allocations.results.publish import AskedFirst, NotVerified
from planner.allocations.runs.store import store, stored
from planner.extensions import db
from planner.models import (
    Allocation,
    AllocationState,
    Assignment,
    InterpreterPair,
    LanguageLevel,
    Level,
    Participant,
    User,
)
from solver import Meeting, Problem, Role, Seat, Solution, Status, verify
from tests import factories as make
from tests.client import Client
from tests.planner.allocations.small import SETTINGS, small

RULE = (
    "Since this plan was made a rule has changed: between two languages somebody interprets only where she is needed."
)


@pytest.fixture
def old(app: Flask) -> tuple[Allocation, User]:
    """Everybody in Housing understands German, and listens to Hala all the same: so such a meeting was stored once."""
    conference, organiser = small(4)  # as many as one who whispers serves
    first = conference.sessions[0]
    first.title, first.languages, first.two_language = {"en": "Housing", "de": "Wohnen"}, ["de", "ar"], True
    conference.sessions[1].may_be_cancelled = True
    hala = make.participant(conference, name="Hala", attends=False, languages={"de": "speaks", "ar": "speaks"})
    hala.interprets.append(InterpreterPair(source="ar", target="de"))
    db.session.commit()
    run = allocations.create(conference, SETTINGS, organiser, clock.now())
    run.state, run.result = AllocationState.SOLVED, {"status": "optimal"}
    problem = question(run)
    assert problem
    store(run, problem, as_it_was(problem, hala.key))
    db.session.commit()
    db.session.expire_all()
    assert [interprets_for_nobody(each) for each in verify(problem, stored(run))] == [True]
    return run, organiser


def as_it_was(problem: Problem, interpreter: str) -> Solution:
    """One meeting, of the first session."""
    session, slot = problem.sessions[0], problem.slots[0].id
    held = Meeting("m", session.id, slot, problem.rooms[0].id)
    leading = tuple(Seat(id, slot, "m", Role.FACILITATOR) for id in session.facilitators)
    others = problem.participant.keys() - {*session.facilitators, interpreter}
    listening = tuple(Seat(id, slot, "m", Role.ATTENDEE, "ar-de") for id in sorted(others))
    work = Seat(interpreter, slot, "m", Role.INTERPRETER, "ar-de")
    return Solution(Status.FEASIBLE, (held,), (*leading, *listening, work))


def test_it_is_called_outdated_and_says_who_interprets_for_nobody(app: Flask, old: tuple[Allocation, User]) -> None:
    run, organiser = old
    client = Client(app).as_organiser(organiser)
    page = f"/organise/{run.conference.slug}/allocations/"

    assert "outdated" in client.get(page).text
    text = client.get(f"{page}{run.number}").text
    text = text.translate(dict.fromkeys(map(ord, languages.isolated(""))))
    assert "In “Housing” Hala has nobody to interpret for. A new run mends it." in text
    assert RULE in text


def test_it_is_published_by_whoever_was_asked(old: tuple[Allocation, User]) -> None:
    run, organiser = old

    with pytest.raises(AskedFirst) as asked:
        allocations.publish(run, organiser, clock.now())
    with force_locale("en"):
        assert (asked.value.about, str(asked.value.sentence)) == ("outdated", RULE)

    assert allocations.publish(run, organiser, clock.now(), ["outdated"])
    assert allocations.unpublish(run, organiser, clock.now())
    assert allocations.publish(run, organiser, clock.now(), ["outdated"])


def test_a_change_beside_it_is_told_without_a_broken_rule(old: tuple[Allocation, User]) -> None:
    run, _ = old
    run.conference.rooms[0].capacity_circle = 40

    since = allocations.outdated(run)

    assert since
    assert (since.changed, since.broken) == ({"rooms": 1}, {})
    assert [each.session for each in since.idle] == [str(run.conference.sessions[0].id)]


def test_whoever_is_needed_by_now_is_not_called_idle(old: tuple[Allocation, User]) -> None:
    run, _ = old
    other = db.session.scalars(sa.select(Participant).where(Participant.email == "p@example.org").limit(1)).one()
    other.languages = [LanguageLevel(language="ar", level=Level.SPEAKS)]
    db.session.commit()

    since = allocations.outdated(run)

    assert since
    assert (since.broken, since.idle) == ({}, [])


def test_any_other_fault_is_refused_as_before(old: tuple[Allocation, User]) -> None:
    run, organiser = old
    lost = sa.select(Assignment.id).filter_by(allocation_id=run.id, voices="ar-de")
    db.session.execute(sa.delete(Assignment).where(Assignment.id.in_(lost)))
    db.session.expire_all()

    with pytest.raises(NotVerified):
        allocations.publish(run, organiser, clock.now(), ["outdated"])
