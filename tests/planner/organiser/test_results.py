"""The page of a result: what an organiser reads, publishes, takes back."""

from flask import Flask

from planner.extensions import db
from planner.models import (
    Allocation,
    AllocationState,
    Assignment,
    AuditEntry,
)
from tests import factories as make
from tests.client import Client
from tests.planner.allocations.small import fill, small, solved
from tests.planner.organiser.conftest import Office
from tests.queries import counted


def test_publishing_asks_once_and_can_be_taken_back(office: Office, run: Allocation) -> None:
    page = f"{office.home}allocations/{run.number}"

    published = office.client.submit(f"{page}/publish", {}, page=page)
    assert office.conference.published_id == run.id
    assert "Take this allocation back?" in published.text
    assert "Published on " in published.text

    back = office.client.submit(f"{page}/unpublish", {}, page=page)
    assert office.conference.published_id is None
    assert "Publish this allocation?" in back.text


def test_publishing_twice_is_noted_and_done_once(office: Office, run: Allocation) -> None:
    page = f"{office.home}allocations/{run.number}"
    office.client.submit(f"{page}/publish", {}, page=page)
    since = run.published_at

    again = office.client.submit(f"{page}/publish", {}, page=page)

    assert "published already. Nothing was changed" in again.text
    db.session.refresh(run)
    assert run.published_at == since
    assert db.session.query(AuditEntry).filter_by(action="allocation.published").count() == 1


def test_rows_that_break_a_rule_are_not_published(office: Office, run: Allocation) -> None:
    page = f"{office.home}allocations/{run.number}"
    seat = db.session.query(Assignment).filter_by(allocation_id=run.id).first()
    assert seat
    for other in list(db.session.query(Assignment).filter_by(meeting_id=seat.meeting_id)):
        db.session.delete(other)

    answer = office.client.submit(f"{page}/publish", {}, page=page)

    assert "does not fit the conference any more" in answer.text
    assert office.conference.published_id is None


def test_the_result_page_speaks_in_sentences_and_asks_as_much_for_any_size(app: Flask) -> None:
    asked = []
    for people in (6, 30):
        conference, organiser = small(people)
        run = solved(conference, organiser)
        client = Client(app).as_organiser(organiser)
        with counted() as queries:
            page = client.get(f"/organise/{conference.slug}/allocations/{run.number}")
        asked.append(len(queries))
        assert "Everybody has a place in every round." in page.text
        assert "proven" in page.text

    assert asked[0] == asked[1]


def beside(run: Allocation) -> Allocation:
    """The same plan published, but everybody sits in the other room."""
    other = make.allocation(run.conference, snapshot=run.snapshot, snapshot_hash=run.snapshot_hash, result=run.result)
    rooms = [meeting.room for meeting in run.meetings]
    for meeting, room in zip(run.meetings, reversed(rooms), strict=True):
        moved = make.meeting(other, meeting.session, meeting.slot, room, language=meeting.language)
        for seat in meeting.assignments:
            make.assignment(moved, seat.participant, role=seat.role)
    run.conference.published = other
    db.session.commit()
    return other


def test_a_run_beside_a_published_one_asks_as_much_for_any_size(app: Flask) -> None:
    """Each place that differed was asked for by itself: 78 queries at 30 meetings."""
    asked = []
    for people in (6, 30):
        conference, organiser = small(people)
        run = solved(conference, organiser)
        beside(run)
        client = Client(app).as_organiser(organiser)
        with counted() as queries:
            page = client.get(f"/organise/{conference.slug}/allocations/{run.number}", language="en")
        asked.append(len(queries))
        told = f"{people + 1} places differ from what is published: in session, room, language or task "
        told += f"(only the room: {people + 1})"
        assert told in page.text

    assert asked[0] == asked[1]


def test_an_impossible_run_names_first_what_alone_makes_it_impossible(office: Office) -> None:
    """Three meetings in a round with two rooms: the page before the run knew it, and so does the run."""
    fill(office.conference)
    make.session(office.conference, minimum=1)
    run = solved(office.conference)

    page = office.client.get(f"{office.home}allocations/{run.number}", language="de")

    assert run.state is AllocationState.INFEASIBLE
    cause = "3 Termine sind geplant, aber Räume sind nur 2-mal frei."
    assert page.text.index(cause) < page.text.index("Diese Regeln")
    assert f"{office.home}rooms/" in page.links


def test_a_published_draft_is_still_called_a_draft(office: Office, run: Allocation) -> None:
    page = f"{office.home}allocations/{run.number}"
    office.client.submit(f"{page}/publish", {}, page=page)

    assert run.is_draft
    for where in (page, office.home):
        assert "This plan is a draft: wishes can be changed until" in office.client.get(where, language="en").text


def test_a_run_says_whether_everybody_sees_it_and_only_a_plan_is_a_draft(office: Office, run: Allocation) -> None:
    """Nothing said that a plan is not published; a run that failed was called a draft."""
    page, runs = f"{office.home}allocations/{run.number}", f"{office.home}allocations/"
    broken = make.allocation(office.conference, state=AllocationState.FAILED, is_draft=True, reason={"code": "crashed"})
    failed = f"{office.home}allocations/{broken.number}"

    for where, said in ((page, "solved draft not published"), (runs, "solved draft not published")):
        assert said in " ".join(office.client.get(where, language="en").text.split())
    for where in (failed, runs):
        assert "failed draft" not in " ".join(office.client.get(where, language="en").text.split())
    office.client.submit(f"{page}/publish", {}, page=page)
    for where in (page, runs):
        text = " ".join(office.client.get(where, language="en").text.split())
        assert ("solved draft published" in text, "not published" in text) == (True, False)


def test_a_group_that_nobody_is_of_is_not_shown(office: Office, run: Allocation) -> None:
    """A school's template brings six years, whoever comes."""
    make.group(office.conference, title={"de": "Leer", "en": "Empty group"})
    meeting = run.meetings[0]
    page = f"{office.home}allocations/{run.number}"

    texts = [office.client.get(path).text for path in (page, f"{page}/meetings/{meeting.id}")]

    assert not any("Empty group" in text for text in texts)
    here = office.conference.groups[0].title["en"]
    assert all(here in text for text in texts)
