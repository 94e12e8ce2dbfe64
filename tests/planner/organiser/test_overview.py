"""The overview: one step to do next, and every phase that is open."""

from datetime import timedelta

from planner import clock
from planner.extensions import db
from planner.models import Allocation, Phase
from tests import factories as make
from tests.load.pages import MOST
from tests.planner.organiser.conftest import Office
from tests.queries import counted


def test_the_overview_recommends_one_step_and_marks_every_open_phase(office: Office) -> None:
    text = office.client.fetch(office.home).text

    assert text.count("button-primary") == 1
    assert text.count('<li class="present" aria-current="step">') == 2
    assert office.conference.open_phases(make.NOW) == {Phase.CALL, Phase.WISHES}


def break_the_published(office: Office, run: Allocation) -> int:
    """How many sit where only one may sit now."""
    office.conference.published_id = run.id
    meeting = max(run.meetings, key=lambda each: len(each.assignments))
    meeting.room.capacity_circle = 1
    db.session.commit()
    return len(meeting.assignments)


def test_a_broken_published_plan_is_the_first_next_step_with_its_reason_and_its_repair(
    office: Office, run: Allocation
) -> None:
    """The next step was to name leaders, while people had been told of chairs that were not there."""
    size = break_the_published(office, run)

    with counted() as asked:
        page = office.client.get(office.home, language="en")

    assert "The next step Repair: The published plan does not fit any more. “" in page.text
    assert f"has {size} people, but only 1 may sit there now." in page.text
    assert page.links.count(f"{office.home}allocations/?preset=repair") == 2
    assert len(asked) <= MOST


def test_a_plan_that_is_only_outdated_needs_no_repair(office: Office, run: Allocation) -> None:
    office.conference.published_id = run.id
    make.room(office.conference)
    db.session.commit()

    text = office.client.get(office.home, language="en").text

    assert "Something has changed since this plan was made." in text
    assert "Repair" not in text


def test_after_the_day_nothing_is_repaired(office: Office, run: Allocation) -> None:
    break_the_published(office, run)
    over = clock.now() - timedelta(days=1)
    office.conference.call_from = office.conference.wishes_from = over - timedelta(days=9)
    office.conference.call_until = office.conference.wishes_until = over - timedelta(days=8)
    office.conference.day_starts, office.conference.day_ends = over - timedelta(days=1), over
    db.session.commit()

    assert "Repair" not in office.client.get(office.home, language="en").text


def test_who_is_still_to_be_told_is_an_open_point_with_the_number_of_the_messages_page(office: Office) -> None:
    """They stood nowhere on the overview, so nobody told them."""
    first, second, told = (make.participant(office.conference) for _ in range(3))
    make.message(first, state="by_hand")
    make.message(first, state="by_hand", kind="reminder")
    make.message(second, state="by_hand")
    make.message(told, state="by_hand", told_at=clock.now())
    db.session.commit()

    page = office.client.get(office.home, language="en")

    assert "To be told otherwise open No mail reaches 2 people: tell them yourself." in page.text
    assert f"{office.home}messages/?only=otherwise" in page.links
    assert "No mail reaches 2 people: tell them yourself, and tick them off here." in (
        office.client.get(f"{office.home}messages/", language="en").text
    )
