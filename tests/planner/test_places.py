"""Places: never more promised than may be, first come first served, and nobody waits while one is free for her."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from planner import admission, clock, erasure, locks, places, roster
from planner.admission import NoPlace, NoPlaceForYou, NotAsked, PlaceIsFree
from planner.errors import Gone
from planner.extensions import db
from planner.models import AuditEntry, Conference, Message, Participant, ParticipantState
from tests import factories as make
from tests.at_once import DONE, at_once

REGISTERED, CONFIRMED, WAITING, CANCELLED = ParticipantState  # every state there is
NOW = make.NOW


@pytest.fixture
def here(app: Flask) -> Conference:
    return make.conference()


def guest(here: Conference, state: ParticipantState = CONFIRMED, **given: object) -> Participant:
    return make.participant(here, state=state, **given)


def queue(here: Conference, count: int, **given: object) -> list[Participant]:
    """Who came first stands last in the table: the order is that of waiting, not of numbers."""
    people = [guest(here, WAITING, waits_since=NOW - timedelta(hours=hour), **given) for hour in range(1, count + 1)]
    return people[::-1]


@pytest.mark.parametrize(
    ("chairs", "share", "promised"),
    [(100, 0, 100), (100, 20, 125), (100, 50, 200), (7, 30, 10), (1, 33, 1), (1, 50, 2)],
)
def test_so_many_may_be_promised_as_come_for_the_chairs(chairs: int, share: int, promised: int) -> None:
    assert places.promised(chairs, share) == promised
    assert promised * (100 - share) <= chairs * 100 < (promised + 1) * (100 - share)


def test_a_place_is_taken_by_whoever_comes_and_takes_part_herself(app: Flask, here: Conference) -> None:
    one, other = make.group(here, places=2), make.group(here)
    here.places = 4
    for group in (one, other):
        for state in ParticipantState:
            guest(here, state, group_id=group.id)
    guest(here, attends=False, group_id=one.id)
    guest(here)
    db.session.expire(here)

    house = places.house(here)

    assert house.taken == {places.IN_ALL: 5, one.id: 2, other.id: 2}
    assert house.excess == {places.IN_ALL: 1}
    assert places.of(here, roster.everybody(here)) == house
    with app.test_request_context():
        lines = places.lines(here, roster.everybody(here))
    rows = [(line.places, line.taken, line.confirmed, line.waiting, line.cancelled) for line in lines]
    assert rows == [(2, 2, 1, 1, 1), (None, 2, 1, 1, 1), (None, 1, 1, 0, 0), (4, 5, 3, 2, 2)]


def test_whoever_waits_longest_moves_up_in_her_group_and_in_all(here: Conference) -> None:
    small, large = make.group(here, places=1), make.group(here)
    here.places = 2
    leaves, _stays = guest(here, group_id=large.id), guest(here, group_id=small.id)
    of_small, of_large = queue(here, 1, group_id=small.id), queue(here, 2, group_id=large.id)
    of_small[0].waits_since = NOW - timedelta(days=3)  # longest of all, but of her group nobody leaves

    outcome = admission.decline(here, [leaves], NOW)

    assert outcome.moved == of_large[:1]
    assert (of_large[0].state, of_large[0].waits_since) == (REGISTERED, None)
    assert (leaves.state, leaves.has_declined, leaves.is_shut_out) == (CANCELLED, True, False)
    assert [person.state for person in (of_small[0], of_large[1])] == [WAITING, WAITING]
    entry = db.session.query(AuditEntry).filter_by(action="place.moved_up").one()
    assert (entry.actor, entry.subject) == ("system", f"participant:{of_large[0].id}")


def test_raising_the_number_and_taking_it_away_let_people_in(here: Conference) -> None:
    here.places = 1
    guest(here)
    waiting = queue(here, 3)
    here.places = 2
    assert admission.settle(here, NOW) == waiting[:1]

    here.places = None
    assert admission.settle(here, NOW) == []
    assert admission.settle(here, NOW, opens=True) == waiting[1:]


def test_without_numbers_of_places_another_list_decides_who_waits(here: Conference) -> None:
    person = guest(here, WAITING)

    assert admission.settle(here, NOW) == []
    assert (person.state, person.waits_since) == (WAITING, NOW)


def test_erasing_somebody_frees_her_place(here: Conference) -> None:
    here.places = 1
    gone, waiting = guest(here), queue(here, 2)

    erasure.everybody(here, {gone.id}, NOW, leaves_statements=False, actor="system")

    assert [person.state for person in waiting] == [REGISTERED, WAITING]


def test_after_the_conference_nobody_moves_up(here: Conference) -> None:
    here.places = 1
    leaves, waiting = guest(here), queue(here, 1)
    after = here.day_ends + timedelta(hours=1)

    assert admission.cancel(here, [leaves], after).moved == []
    assert waiting[0].state is WAITING


def test_all_or_nobody_is_confirmed_past_the_list(here: Conference) -> None:
    here.places = 2
    known, first, second = guest(here, REGISTERED), guest(here, CANCELLED), guest(here, CANCELLED)

    with pytest.raises(NoPlace):
        admission.confirm(here, [known, first, second], NOW)
    db.session.rollback()


def test_whoever_only_interprets_needs_no_place(here: Conference) -> None:
    here.places = 1
    guest(here)
    person = guest(here, CANCELLED, attends=False)

    assert admission.confirm(here, [person], NOW).changed == [person]
    assert places.house(here).excess == {}


def test_nobody_is_put_on_the_waiting_list_while_a_place_is_free(here: Conference) -> None:
    here.places = 2
    person = guest(here)
    db.session.commit()
    with pytest.raises(PlaceIsFree):
        admission.wait(here, [person], NOW)
    db.session.rollback()
    for number in (1, None):  # nor where she would be the next one herself, nor where there is no number
        here.places = number
        with pytest.raises(PlaceIsFree):
            admission.wait(here, [person], NOW)
        db.session.rollback()


def test_whoever_is_put_off_goes_to_the_end_and_the_next_one_moves_up(here: Conference) -> None:
    here.places = 1
    person, waiting = guest(here), queue(here, 2)

    outcome = admission.wait(here, [person], NOW)

    assert (outcome.changed, outcome.moved) == ([person], waiting[:1])
    assert list(admission.queue(here)) == [waiting[1], person]


def test_somebody_new_waits_where_all_is_taken(here: Conference) -> None:
    group = make.group(here, places=1)
    assert [admission.admit(guest(here, group_id=group.id), NOW) for _ in range(2)] == [False, True]
    assert [admission.admit(guest(here), NOW), admission.admit(guest(here, attends=False), NOW)] == [False, False]


def test_she_says_herself_what_her_page_offers_her(here: Conference) -> None:
    here.places = 1
    person, other = guest(here, REGISTERED), guest(here, CANCELLED, has_declined=True)
    db.session.commit()

    admission.answer(person, "come", NOW)
    assert person.state is CONFIRMED
    with pytest.raises(NotAsked):
        admission.answer(person, "wait", NOW)
    with pytest.raises(NoPlaceForYou):
        admission.answer(other, "come", NOW)
    admission.answer(other, "wait", NOW)
    admission.answer(person, "decline", NOW)
    assert (person.state, other.state) == (CANCELLED, REGISTERED)
    told = [(row.action, row.actor) for row in db.session.query(AuditEntry).order_by(AuditEntry.id) if row]
    she, they = f"participant:{person.id}", f"participant:{other.id}"
    assert told == [("place.come", she), ("place.wait", they), ("place.moved_up", "system"), ("place.decline", she)]


def test_where_places_are_not_scarce_nobody_asks(here: Conference) -> None:
    with pytest.raises(NotAsked):
        admission.answer(guest(here), "decline", NOW)


@pytest.mark.parametrize("state", [REGISTERED, WAITING])
def test_after_the_conference_nobody_answers(here: Conference, state: ParticipantState) -> None:
    person = guest(here, state)
    with pytest.raises(admission.Over):
        admission.answer(person, "decline", here.day_ends + timedelta(hours=1))


@pytest.mark.parametrize("wish", list(admission.ANSWERS))
def test_whom_organisers_cancel_while_her_answer_waits_stays_out(
    here: Conference, monkeypatch: pytest.MonkeyPatch, wish: str
) -> None:
    person, hold = guest(here, WAITING), locks.place

    def waits(row: Participant) -> None:
        admission.cancel(here, [row], NOW)
        hold(row)

    monkeypatch.setattr(locks, "place", waits)

    with pytest.raises(Gone):
        admission.answer(person, wish, NOW)
    assert person.is_shut_out


ROUNDS = 5


def says(id: int, wish: str) -> Callable[[], None]:
    return lambda: admission.answer(db.session.get_one(Participant, id), wish, clock.now())


def raises(id: int, number: int) -> Callable[[], None]:
    def act() -> None:
        conference = db.session.get_one(Conference, id)
        locks.conference(conference, alone=True)
        conference.places = number
        admission.settle(conference, clock.now())

    return act


def erases(conference: int, id: int) -> Callable[[], object]:
    here = {"leaves_statements": False, "actor": "system"}
    return lambda: erasure.everybody(db.session.get_one(Conference, conference), {id}, clock.now(), **here)


def state(person: int) -> ParticipantState:
    return db.session.get_one(Participant, person).state


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_of_those_who_want_the_last_place_one_gets_it(either_app: Flask, _round: int) -> None:
    here = make.conference(places=1)
    people, number = [guest(here, CANCELLED, has_declined=True).id for _ in range(3)], here.id
    db.session.commit()

    found = at_once(either_app, *(says(id, "come") for id in people))

    assert sorted(map(str, found)) == sorted(map(str, [DONE, NoPlaceForYou, NoPlaceForYou]))
    assert places.house(db.session.get_one(Conference, number)).taken[places.IN_ALL] == 1


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_one_who_declines_and_one_who_goes_on_the_list_meet(either_app: Flask, _round: int) -> None:
    """Whoever comes first: in the end nobody waits beside a free place."""
    here = make.conference(places=1)
    leaves, comes = guest(here).id, guest(here, CANCELLED, has_declined=True).id
    db.session.commit()

    declined, waits = at_once(either_app, says(leaves, "decline"), says(comes, "wait"))

    assert declined == DONE
    assert waits in (DONE, PlaceIsFree)
    assert (state(leaves), state(comes)) == (CANCELLED, REGISTERED if waits == DONE else CANCELLED)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_raising_the_number_meets_an_erasure(either_app: Flask, _round: int) -> None:
    here = make.conference(places=1)
    gone, waiting, number = guest(here).id, [person.id for person in queue(here, 3)], here.id
    db.session.commit()

    assert at_once(either_app, raises(number, 2), erases(number, gone)) == [DONE, DONE]
    assert [state(id) for id in waiting] == [REGISTERED, REGISTERED, WAITING]


def test_somebody_takes_anothers_place_past_the_list_and_both_are_told(here: Conference) -> None:
    here.places = 2
    leaves, _stays, first, comes = guest(here), guest(here), guest(here, WAITING), guest(here, WAITING)

    outcome = admission.instead(leaves, comes, "organiser:1", NOW)

    assert (outcome.changed, outcome.moved) == ([leaves, comes], [])
    assert [each.state for each in (leaves, first, comes)] == [CANCELLED, WAITING, REGISTERED]
    assert leaves.has_declined
    told = [(row.participant_id, row.kind) for row in db.session.query(Message).order_by(Message.id)]
    assert told == [(comes.id, "place"), (leaves.id, "replaced")]
    entry = db.session.query(AuditEntry).one()
    assert (entry.actor, entry.action, entry.subject) == ("organiser:1", "place.instead", f"participant:{comes.id}")


def test_where_too_many_have_a_place_one_can_still_be_given_on(here: Conference) -> None:
    here.places = 1
    leaves, comes = guest(here), guest(here, CANCELLED)
    guest(here)

    admission.instead(leaves, comes, "organiser:1", NOW)

    assert places.house(here).taken[places.IN_ALL] == 2


def test_somebody_of_another_group_finds_room_in_that_one_too(here: Conference) -> None:
    full, other = make.group(here, places=1), make.group(here, places=1)
    guest(here, group_id=full.id)
    leaves, waits = guest(here, group_id=other.id), guest(here, WAITING, group_id=other.id)
    comes, fits = guest(here, CANCELLED, group_id=full.id), guest(here, CANCELLED)
    db.session.commit()

    with pytest.raises(NoPlace):
        admission.instead(leaves, comes, "organiser:1", NOW)
    db.session.rollback()
    assert admission.instead(leaves, fits, "organiser:1", NOW).moved == [waits]
    assert places.house(here).excess == {}


@pytest.mark.parametrize(
    ("of", "to", "refusal"),
    [(WAITING, WAITING, admission.NothingToTake), (CANCELLED, WAITING, admission.NothingToTake)]
    + [(CONFIRMED, state, admission.HasOne) for state in (REGISTERED, CONFIRMED)],
)
def test_a_place_is_given_by_who_has_one_to_who_has_none(
    here: Conference, of: ParticipantState, to: ParticipantState, refusal: type[Exception]
) -> None:
    leaves, comes = guest(here, of), guest(here, to)

    with pytest.raises(refusal):
        admission.instead(leaves, comes, "organiser:1", NOW)


@pytest.mark.parametrize("_round", range(ROUNDS))
def test_whoever_is_named_and_whoever_moves_up_share_no_place(either_app: Flask, _round: int) -> None:
    here = make.conference(places=1)
    leaves, waits, comes, number = guest(here).id, queue(here, 1)[0].id, guest(here, CANCELLED).id, here.id
    db.session.commit()

    def names() -> None:
        locks.conference(db.session.get_one(Conference, number), alone=True)
        one, other = (db.session.get_one(Participant, id, populate_existing=True) for id in (leaves, comes))
        admission.instead(one, other, "organiser:1", clock.now())

    declined, named = at_once(either_app, says(leaves, "decline"), names)

    assert declined == DONE
    assert (named, state(comes), state(waits)) in [
        (DONE, REGISTERED, WAITING),
        (admission.NothingToTake, CANCELLED, REGISTERED),
    ]
