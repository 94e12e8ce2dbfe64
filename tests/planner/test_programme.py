"""Placing by hand: what is refused, which clashes are named, what a round offers."""

import pytest
from flask import Flask

from planner import clashes, programme
from planner.extensions import db
from planner.models import Conference, Duty, Placement, Room, RoomClosure, SessionState
from tests import factories as make


@pytest.fixture
def conference(app: Flask) -> Conference:
    conference = make.conference()
    make.slot(conference)
    make.slot(conference)
    return conference


def codes(conference: Conference) -> list[str]:
    db.session.flush()
    db.session.expire_all()
    return [clash.code for clash in clashes.clashes(conference)]


def test_a_session_gets_the_next_free_number(conference: Conference) -> None:
    make.session(conference, number=7)
    make.session(make.conference(), number=40)

    assert programme.create_session(conference, {"de": "Neu"}, {}, None).number == 8


def test_placing_again_in_the_same_round_moves_the_meeting(conference: Conference) -> None:
    session, slot = make.session(conference), conference.slots[0]
    first, second = make.room(conference), make.room(conference)
    programme.place(session, slot, first)
    db.session.flush()
    programme.place(session, slot, second)
    db.session.flush()

    assert [row.room_id for row in db.session.query(Placement)] == [second.id]


def test_placing_the_same_meeting_twice_changes_nothing(conference: Conference) -> None:
    session, slot, room = make.session(conference), conference.slots[0], make.room(conference)
    assert programme.place(session, slot, room) is programme.place(session, slot, room)


def test_a_room_holds_one_meeting_at_a_time(conference: Conference) -> None:
    slot, room = conference.slots[0], make.room(conference)
    make.placement(make.session(conference), slot, room)
    with pytest.raises(programme.Occupied):
        programme.place(make.session(conference), slot, room)


def test_a_cancelled_session_is_not_placed(conference: Conference) -> None:
    session = make.session(conference, state=SessionState.CANCELLED)
    with pytest.raises(programme.NotOffered):
        programme.place(session, conference.slots[0], None)


def test_what_is_not_placed_is_left_to_the_solver(conference: Conference) -> None:
    session = make.session(conference, offered=3)
    make.placement(session, conference.slots[0], make.room(conference))
    make.session(conference, state=SessionState.CANCELLED)

    assert programme.still_open(conference) == [(session, 2)]


def test_a_good_plan_has_no_clashes(conference: Conference) -> None:
    session = make.session(conference)
    make.role(session, make.participant(conference))
    make.placement(session, conference.slots[0], make.room(conference))

    assert codes(conference) == []


def test_a_room_that_is_closed_too_small_or_lacks_something_is_named(conference: Conference) -> None:
    slot = conference.slots[0]
    room = make.room(conference, capacity_circle=8)
    db.session.add(RoomClosure(room_id=room.id, slot_id=slot.id))
    session = make.session(conference, minimum=8, features=["step_free"])
    make.role(session, make.participant(conference))
    make.placement(session, slot, room)

    assert codes(conference) == ["room_closed", "room_too_small", "room_lacks_features"]


def test_somebody_needed_in_two_rooms_or_while_away_is_named(conference: Conference) -> None:
    first, second = conference.slots
    leader = make.participant(conference, away=[second])
    one, other = make.session(conference), make.session(conference)
    for session in (one, other):
        make.role(session, leader)
        make.placement(session, first, make.room(conference))
    make.placement(one, second, make.room(conference))
    one.offered = 2

    assert sorted(codes(conference)) == ["staff_absent", "staff_in_two_rooms"]


def test_a_session_placed_too_often_is_named(conference: Conference) -> None:
    session = make.session(conference, offered=1)
    for slot in conference.slots:
        make.placement(session, slot, make.room(conference))

    assert codes(conference) == ["placed_too_often"]


def test_who_is_named_twice_leads(conference: Conference) -> None:
    session = make.session(conference)
    leader, writer, former = (make.participant(conference) for _ in range(3))
    make.role(session, former)
    programme.set_staff(session, [leader.id], [leader.id, writer.id])
    db.session.flush()

    assert {role.participant_id: role.duty for role in session.roles} == {
        leader.id: Duty.FACILITATOR,
        writer.id: Duty.NOTE_TAKER,
    }


def test_a_room_of_an_allocation_stays(conference: Conference) -> None:
    room = make.room(conference)
    make.meeting(make.allocation(conference), make.session(conference), conference.slots[0], room)
    with pytest.raises(programme.InUse):
        programme.remove_room(room)
    with pytest.raises(programme.InUse):
        programme.remove_slot(conference.slots[0])

    assert db.session.query(Room).all() == [room]


def test_a_room_that_stays_closed_keeps_its_closure(conference: Conference) -> None:
    first, second = conference.slots
    room = make.room(conference)
    programme.set_closures(room, [first.id])
    db.session.flush()
    programme.set_closures(room, [first.id, second.id])
    db.session.flush()

    assert {closure.slot_id for closure in room.closures} == {first.id, second.id}


def test_a_round_counts_chairs_in_free_rooms_and_people_who_are_there(conference: Conference) -> None:
    first, second = conference.slots
    make.room(conference, capacity_circle=10, features=["step_free"])
    programme.set_closures(make.room(conference, capacity_circle=12), [second.id])
    make.participant(conference)
    make.participant(conference, away=[first])
    make.participant(conference, attends=False)
    make.participant(conference, state="cancelled")
    make.participant(make.conference(), away=[])

    outlooks = programme.forecast(conference)
    assert [(o.people, o.rooms, o.chairs, o.step_free) for o in outlooks] == [(1, 2, 22, 10), (2, 1, 10, 10)]


def test_every_clash_has_a_sentence(app: Flask, conference: Conference) -> None:
    session = make.session(conference, title={"de": "Wohnen", "en": "Housing"})
    facts = {
        "session": session,
        "other": make.session(conference),
        "room": make.room(conference),
        "slot": make.slot(conference),
        "person": make.participant(conference),
    }
    codes = ("room_closed", "room_too_small", "room_lacks_features", "staff_in_two_rooms", "staff_absent")

    with app.test_request_context(headers={"Accept-Language": "en"}):
        said = [clashes.sentence(clashes.Clash(code, facts)) for code in (*codes, "placed_too_often")]

    assert len(set(said)) == len(codes) + 1
    assert all("“Housing”" in sentence for sentence in said[1:])
    assert not any("None" in sentence for sentence in said)
