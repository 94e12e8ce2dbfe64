"""Pages around a run: what an organiser reads, presses, stops and compares."""

from dataclasses import replace
from datetime import timedelta

from planner import allocations, clock
from planner.extensions import db
from planner.models import Allocation, AllocationProgress, AllocationState
from solver import Preset
from tests import factories as make
from tests.planner.allocations.small import SETTINGS, fill, solved
from tests.planner.organiser.conftest import Office


def test_a_run_that_has_ended_is_neither_stopped_nor_cancelled(office: Office, run: Allocation) -> None:
    page = f"{office.home}allocations/{run.number}"

    for verb in ("stop", "cancel"):
        assert "not possible any more" in office.client.submit(f"{page}/{verb}", {}, page=page).text

    assert run.state is AllocationState.SOLVED
    assert not run.cancel_wanted


def test_two_runs_stand_side_by_side(office: Office, run: Allocation) -> None:
    solved(office.conference)

    page = office.client.get(f"{office.home}allocations/")

    assert "Compare the runs" in page.text
    assert "less is better" in page.text


def test_two_presses_lead_to_the_same_run(office: Office) -> None:
    fill(office.conference)
    path = f"{office.home}allocations/"

    answers = [office.client.post(path, {"preset": "balanced", "seconds": 2}) for _ in range(2)]

    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert db.session.query(Allocation).count() == 1


def test_a_session_that_no_room_suits_is_named_before_the_run(office: Office) -> None:
    fill(office.conference)
    office.conference.sessions[0].features = ["hearing_loop"]

    page = office.client.get(f"{office.home}allocations/")

    assert "No room is large enough and fit for" in page.text


def test_a_demonstration_in_its_wishes_phase_makes_drafts(office: Office) -> None:
    fill(office.conference)
    now = clock.now()
    office.conference.wishes_from, office.conference.wishes_until = now - timedelta(days=9), now - timedelta(days=8)
    office.conference.clock_shift = -int(timedelta(days=8, hours=12).total_seconds())

    assert allocations.create(office.conference, SETTINGS, None, now).is_draft


def test_the_progress_shows_value_and_bound_of_the_goal_in_hand(office: Office) -> None:
    fill(office.conference)
    run = allocations.create(office.conference, SETTINGS, None, clock.now())
    for number, (goal, value, bound) in enumerate([("unplaced", 0, 0), ("wishes", 10, 20), ("wishes", 15, 18)]):
        db.session.add(
            AllocationProgress(allocation_id=run.id, number=number, seconds=number, goal=goal, value=value, bound=bound)
        )
    db.session.flush()
    db.session.expire(run)

    answer = office.client.fetch(f"{office.home}allocations/{run.number}/progress").text

    assert 'points="0.0,58.0 200.0,30.0"' in answer
    assert "found 15" in answer
    assert "at best 18" in answer


def test_a_run_that_changes_little_names_the_run_it_stays_close_to(office: Office, run: Allocation) -> None:
    office.conference.published = run
    db.session.commit()

    near = allocations.create(office.conference, replace(SETTINGS, preset=Preset.REPAIR), None, clock.now())
    db.session.commit()
    page = office.client.get(f"{office.home}allocations/", language="en")

    assert near.close_to_id == run.id
    assert f"changes as little as possible of run {run.number}" in page.text


def test_each_point_that_blocks_a_start_says_what_to_do_and_leads_there(office: Office) -> None:
    page = f"{office.home}allocations/"
    empty = office.client.get(page)
    for remedy, place in [
        ("Add rounds", "rounds/new"),
        ("Add the rooms", "rooms/new"),
        ("Add the sessions", "sessions/new"),
        ("Add people", "people/new"),
    ]:
        assert remedy in empty.text
        assert f"{office.home}{place}" in empty.links

    refused = office.client.post(page, {"preset": "balanced", "seconds": 2})
    assert refused.status_code == 422
    assert "Add rounds" in refused.text

    fill(office.conference)
    for session in office.conference.sessions:
        session.minimum = 20
    few = office.client.get(page)
    assert "The minimum sizes add up to 40 people" in few.text
    assert "Lower minimum sizes, or offer fewer meetings" in few.text
    assert "Look at it" not in few.text


def test_the_look_ahead_of_an_empty_conference_says_what_to_add_and_not_that_nothing_is_missing(office: Office) -> None:
    """Without a room, a session or a person it found nothing that would be missing."""
    page = f"{office.home}allocations/forecast"
    empty = office.client.get(page)

    assert "Add the rooms" in empty.text
    assert f"{office.home}rooms/new" in empty.links
    assert "Nothing was found that will be missing" not in empty.text

    fill(office.conference)
    assert "Add the rooms" not in office.client.get(page).text


def test_who_has_not_chosen_is_one_press_away(office: Office) -> None:
    """The hint led to the list of everybody."""
    fill(office.conference)
    make.participant(office.conference, name="Stumm")

    page = office.client.get(f"{office.home}allocations/")

    assert "1 person has chosen nothing that is offered yet." in page.text
    assert f"{office.home}people/?only=not_chosen" in page.links


def test_a_published_plan_that_does_not_fit_leads_to_its_repair(office: Office, run: Allocation) -> None:
    """The link led to the list with the conference's usual choice: a whole new plan for everybody."""
    office.conference.published_id = run.id
    office.conference.rooms[0].capacity_circle = 1
    db.session.commit()

    plan = office.client.get(f"{office.home}allocations/{run.number}")
    link = f"{office.home}allocations/?preset=repair"

    assert link in plan.links
    assert office.client.get(link).fields["preset"] == "repair"
    assert db.session.query(Allocation).count() == 1


def test_a_link_chooses_only_what_can_be_chosen(office: Office, run: Allocation) -> None:
    for wanted in ("repair", "nonsense"):
        page = office.client.get(f"{office.home}allocations/?preset={wanted}")
        assert page.fields["preset"] == office.conference.preset
