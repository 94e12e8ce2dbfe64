"""What a chair shows, and to whom."""

from flask import Flask

from planner import allocations, chairs
from planner.models import AssignmentRole, Meeting
from planner.rings import Chair, Ring
from tests import factories as make


def meeting() -> Meeting:
    """An interpreter into Arabic, somebody of a group, somebody of one that shows religion."""
    conference = make.conference()
    allocation = make.allocation(conference)
    held = make.meeting(allocation, make.session(conference), make.slot(conference), make.room(conference))
    open_group = make.group(conference, letter="V", colour=2, position=1)
    hidden = make.group(conference, letter="Q", colour=5, position=2, is_sensitive=True)
    body = make.organisation(conference, group_id=hidden.id)
    make.assignment(held, make.participant(conference), role=AssignmentRole.INTERPRETER, voices="ar")
    make.assignment(held, make.participant(conference, group_id=open_group.id))
    make.assignment(held, make.participant(conference, group_id=hidden.id, organisation_id=body.id))
    return held


def everybodys(held: Meeting) -> chairs.GroupOf:
    return {place.key: place.person.group for place in held.assignments}


def shown(ring: Ring) -> list[tuple[str, str, str]]:
    return [(chair.role, chair.letter, chair.language) for chair in ring.chairs]


def test_an_interpreters_chair_shows_the_language_into_which_she_interprets(app: Flask) -> None:
    held = meeting()
    with app.test_request_context():
        for groups in ({}, everybodys(held)):
            ring = chairs.ring(held, held.assignments, groups, chairs.Bounds(1, 9))
            assert shown(ring)[0] == ("interpreter", "·", "ar")


def test_where_one_group_must_not_be_shown_rooms_see_nobodys(app: Flask) -> None:
    """The only chair without a letter told who was of the group that shows religion."""
    held = meeting()
    with app.test_request_context():
        for_organisers = chairs.ring(held, held.assignments, everybodys(held), chairs.Bounds(1, 9))
        shown_there = chairs.groups_in_a_room(held.assignments)
        for_the_room = chairs.ring(held, held.assignments, shown_there, chairs.Bounds(1, 9))
        for group in held.allocation.conference.groups:
            group.is_sensitive = False
        shown_there = chairs.groups_in_a_room(held.assignments)
        nothing_to_hide = chairs.ring(held, held.assignments, shown_there, chairs.Bounds(1, 9))

    assert [letter for _, letter, _ in shown(for_organisers)[1:]] == ["V", "Q"]
    assert [letter for _, letter, _ in shown(for_the_room)[1:]] == ["·", "·"]
    assert [letter for _, letter, _ in shown(nothing_to_hide)[1:]] == ["V", "Q"]


def test_the_places_are_those_of_people_who_attend_and_staff_sits_beside_them(app: Flask) -> None:
    """ "20 of 20" stood over a meeting of 16 with four at work in which a place was free."""
    held = meeting()
    held.room.capacity_circle, held.session.maximum = 30, 12

    def drawn() -> Ring:
        return chairs.ring(held, held.assignments, {}, allocations.bounds(held, held.assignments))

    with app.test_request_context():
        ring = drawn()
        assert (ring.attending, ring.working, ring.most, ring.free, len(ring.places)) == (2, 1, 12, 10, 13)
        held.session.maximum = 2
        ring = drawn()
        assert (ring.attending, ring.most, ring.free, len(ring.places)) == (2, 2, 0, 3)
        held.room.capacity_circle = 2  # one of them for the one who works there
        assert drawn().most == 1


def test_the_notch_stands_after_as_many_who_attend_as_are_needed() -> None:
    seats = [Chair(role="facilitator"), *[Chair(role="attendee")] * 4]

    assert Ring("", 7, seats, 3).notch == Ring("", 8, [Chair(role="attendee")] * 5, 4).notch
