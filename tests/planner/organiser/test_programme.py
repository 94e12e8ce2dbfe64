"""Sessions, rooms and the grid, as an organiser fills them."""

import pytest

from planner.extensions import db
from planner.models import Allocation, Duty, Placement, Room, Session, SessionState
from tests import factories as make
from tests.planner.organiser.conftest import Office


def filled(office: Office, **given: str) -> dict[str, str]:
    return {
        "title_de": "Wohnen",
        "theme_id": str(office.conference.themes[0].id),
        "minimum": "6",
        "maximum": "12",
        "offered": "2",
        "languages": "de",
        **given,
    }


def test_a_session_is_written_with_its_task_and_its_people(office: Office) -> None:
    leader = make.participant(office.conference)
    form = filled(
        office, questions_de="Was fehlt?\n\nWer zahlt?", minutes_de="10 Ankommen", facilitators=str(leader.id)
    )
    office.client.submit(f"{office.home}sessions/new", form)

    session = db.session.query(Session).one()
    assert session.questions == {"de": ["Was fehlt?", "Wer zahlt?"]}
    assert session.minutes == {"de": ["10 Ankommen"]}
    assert [(role.participant_id, role.duty) for role in session.roles] == [(leader.id, Duty.FACILITATOR)]


def test_a_session_keeps_texts_in_languages_that_the_form_does_not_show(office: Office) -> None:
    session = make.session(
        office.conference, title={"de": "Alt", "ar": "قديم"}, questions={"de": ["Eins"], "ar": ["واحد"]}
    )
    office.client.submit(f"{office.home}sessions/{session.id}", filled(office, title_de="Neu", questions_de="Zwei"))

    changed = db.session.get(Session, session.id)
    assert changed.title == {"de": "Neu", "ar": "قديم"}
    assert changed.questions == {"de": ["Zwei"], "ar": ["واحد"]}


def test_a_session_is_saved_in_a_conference_without_themes(office: Office) -> None:
    """Nothing could be chosen, and what was sent was "not a valid choice"."""
    for theme in office.conference.themes:
        db.session.delete(theme)
    db.session.commit()
    form = office.client.get(f"{office.home}sessions/new").form("form").sent

    office.client.submit(f"{office.home}sessions/new", {**form, "title_de": "Wohnen", "languages": ["de"]})

    assert [(row.title["de"], row.theme_id) for row in office.conference.sessions] == [("Wohnen", None)]


def test_a_session_without_a_theme_gets_none_by_being_saved(office: Office) -> None:
    """The first theme stood in the field, so that saving anything else put the session into it."""
    session = make.session(office.conference)
    page = f"{office.home}sessions/{session.id}"
    form = office.client.get(page).form("form").sent

    office.client.submit(page, {**form, "maximum": "9"})

    db.session.refresh(session)
    assert (session.maximum, session.theme_id) == (9, None)


def test_cancelling_a_session_can_be_undone(office: Office) -> None:
    session, page = make.session(office.conference), f"{office.home}sessions/"
    office.client.submit(f"{page}{session.id}/cancel", {}, page=page)
    assert db.session.get(Session, session.id).state is SessionState.CANCELLED

    office.client.submit(f"{page}{session.id}/reopen", {}, page=page)
    assert db.session.get(Session, session.id).state is SessionState.OPEN


def test_a_room_keeps_its_closure_when_it_is_saved_again(office: Office) -> None:
    free, taken = make.slot(office.conference), make.slot(office.conference)
    form = {"name": "Saal", "seating": "rows", "capacity_circle": "20", "capacity_rows": "45", "free": str(free.id)}
    office.client.submit(f"{office.home}rooms/new", form)
    room = db.session.query(Room).one()
    office.client.submit(f"{office.home}rooms/{room.id}", {**form, "capacity_rows": "50"})

    room = db.session.query(Room).one()
    assert room.capacity == 50
    assert [closure.slot_id for closure in room.closures] == [taken.id]


@pytest.mark.parametrize(("used", "other"), [("circle", "rows"), ("rows", "circle")])
def test_a_room_needs_the_chairs_of_one_seating_only(office: Office, used: str, other: str) -> None:
    form = {"name": "Saal", "seating": used, f"capacity_{used}": "20", f"capacity_{other}": ""}

    office.client.submit(f"{office.home}rooms/new", form)

    room = db.session.query(Room).one()
    assert room.capacity == 20
    assert getattr(room, f"capacity_{other}") == 0
    page = office.client.get(f"{office.home}rooms/{room.id}")
    assert page.fields[f"capacity_{other}"] == ""


@pytest.mark.parametrize("chairs", ["", "0"])
def test_the_seating_that_is_chosen_needs_its_chairs(office: Office, chairs: str) -> None:
    form = {"name": "Saal", "seating": "rows", "capacity_circle": "20", "capacity_rows": chairs}

    answer = office.client.post(f"{office.home}rooms/new", form)

    assert answer.status_code == 422
    assert 'href="#capacity_rows"' in answer.text
    assert db.session.query(Room).count() == 0


def test_two_rooms_cannot_have_one_name(office: Office) -> None:
    make.room(office.conference, name="Saal")
    form = {"name": "Saal", "seating": "circle", "capacity_circle": "20", "capacity_rows": "45"}
    answer = office.client.post(f"{office.home}rooms/new", form)

    assert answer.status_code == 422
    assert "Another room has this name already." in answer.text


def test_a_meeting_is_placed_and_taken_out(office: Office) -> None:
    slot, room, session = make.slot(office.conference), make.room(office.conference), make.session(office.conference)
    page = f"{office.home}programme/"
    form = {"session": str(session.id), "slot": str(slot.id), "room": str(room.id)}
    assert "Everything is placed by hand." in office.client.submit(f"{page}place", form, page=page).text

    placed = db.session.query(Placement).one()
    office.client.submit(f"{page}placements/{placed.id}/remove", {}, page=page)
    assert db.session.query(Placement).count() == 0


def test_a_round_is_fixed_without_a_room(office: Office) -> None:
    slot, session = make.slot(office.conference), make.session(office.conference)
    make.room(office.conference)
    page = f"{office.home}programme/"
    shown = office.client.submit(f"{page}place", {"session": str(session.id), "slot": str(slot.id)}, page=page)

    assert "In a fixed round, without a room yet" in shown.headings


def test_placing_with_foreign_or_senseless_numbers_finds_nothing(office: Office) -> None:
    slot, foreign = make.slot(office.conference), make.session(make.conference())
    page = f"{office.home}programme/"
    for session, status in ((str(foreign.id), 404), ("9" * 30, 422), ("-1", 422), ("x", 422), ("", 422)):
        answer = office.client.post(f"{page}place", {"session": session, "slot": str(slot.id)}, page=page)
        assert answer.status_code == status

    assert db.session.query(Placement).count() == 0


def test_clashes_stand_in_words_above_the_grid(office: Office) -> None:
    session = make.session(office.conference, title={"en": "Housing"}, minimum=15)
    make.placement(
        session, make.slot(office.conference), make.room(office.conference, name="Kammer", capacity_circle=5)
    )

    assert "Kammer has too few chairs for “Housing”." in office.client.get(f"{office.home}programme/").text


@pytest.mark.parametrize("room", ["\0", "x", "1.5", "-1", "9" * 30])
def test_a_room_that_is_no_number_moves_no_meeting(office: Office, room: str) -> None:
    """It was taken for "no room", and a meeting that had one lost it."""
    session, slot = make.session(office.conference), make.slot(office.conference)
    kept = make.placement(session, slot, make.room(office.conference)).room_id
    page = f"{office.home}programme/"

    answer = office.client.post(f"{page}place", {"session": session.id, "slot": slot.id, "room": room}, page=page)

    assert answer.status_code == 422
    assert "Please check what you typed" in answer.text
    assert db.session.query(Placement).one().room_id == kept


def test_the_grid_says_that_it_shows_no_published_plan_and_leads_there(office: Office, run: Allocation) -> None:
    """After publication every room was "free" and all sessions "left to the solver", without a word of the plan."""
    page = office.client.get(f"{office.home}programme/", language="en")
    assert "not placed by hand" in page.text
    assert " free " not in page.text.replace("Chairs in free rooms", "")
    assert "not the published allocation" not in page.text

    office.conference.published = run
    db.session.commit()

    page = office.client.get(f"{office.home}programme/", language="en")
    assert "This page shows only what you placed by hand, not the published allocation." in page.text
    assert f"{office.home}allocations/{run.number}" in page.links
