"""What a chair shows, and to whom."""

from flask import Flask

from planner import chairs
from planner.models import AssignmentRole, Meeting
from planner.rings import Ring
from tests import factories as make


def meeting() -> Meeting:
    """An interpreter into Arabic, somebody of a group, somebody of one that shows religion."""
    conference = make.conference()
    allocation = make.allocation(conference)
    held = make.meeting(allocation, make.session(conference), make.slot(conference), make.room(conference))
    open_group = make.group(conference, letter="V", colour=2)
    hidden = make.group(conference, letter="Q", colour=5, is_sensitive=True)
    body = make.organisation(conference, group_id=hidden.id)
    make.assignment(held, make.participant(conference), role=AssignmentRole.INTERPRETER, voices="ar")
    make.assignment(held, make.participant(conference, group_id=open_group.id))
    make.assignment(held, make.participant(conference, group_id=hidden.id, organisation_id=body.id))
    return held


def shown(ring: Ring) -> list[tuple[str, str, str]]:
    return [(chair.role, chair.letter, chair.language) for chair in ring.chairs]


def test_an_interpreters_chair_shows_the_language_into_which_she_interprets(app: Flask) -> None:
    held = meeting()
    with app.test_request_context():
        for sensitive in (True, False):
            ring = chairs.ring(held, held.assignments, shows_sensitive=sensitive)
            assert shown(ring)[0] == ("interpreter", "·", "ar")


def test_a_group_that_shows_religion_is_drawn_for_organisers_only(app: Flask) -> None:
    held = meeting()
    with app.test_request_context():
        for_organisers = chairs.ring(held, held.assignments, shows_sensitive=True)
        for_the_room = chairs.ring(held, held.assignments, shows_sensitive=False)
        lying_open = chairs.ring(held, held.assignments, shows_sensitive=False, groups={})

    assert [letter for _, letter, _ in shown(for_organisers)[1:]] == ["V", "Q"]
    assert [letter for _, letter, _ in shown(for_the_room)[1:]] == ["V", "·"]
    assert [letter for _, letter, _ in shown(lying_open)[1:]] == ["·", "·"]


def test_a_body_of_such_a_group_is_hidden_with_it(app: Flask) -> None:
    person = meeting().assignments[-1].participant

    assert chairs.organisation_shown(person, shows_sensitive=True) is person.organisation
    assert chairs.organisation_shown(person, shows_sensitive=False) is None
    person.group_id = None
    assert chairs.organisation_shown(person, shows_sensitive=False) is None


def test_there_are_as_many_chairs_as_room_and_session_take(app: Flask) -> None:
    held = meeting()
    held.room.capacity_circle, held.session.maximum = 30, 12

    assert chairs.chairs_in(held, held.assignments) == 12
    held.session.maximum = 2
    assert chairs.chairs_in(held, held.assignments) == 3
