"""The overview's steps: done, open or waiting, as the tables say and in no other way."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from planner import allocations, checklist, curves, preferences
from planner.checklist import State, Step
from planner.extensions import db
from planner.models import Allocation, AllocationState, Conference, ParticipantState, SubmissionState
from tests import factories as make

NOW = make.NOW


@pytest.fixture
def here(app: Flask) -> Conference:
    return make.conference()


def step(conference: Conference, title: str, now=NOW) -> Step:  # type: ignore[no-untyped-def]
    """By its English title, from the whole list."""
    found = checklist.steps(conference, allocations.glance(conference), now)
    return next(each for each in found if str(each.title) == title)


@pytest.fixture(autouse=True)
def english(app: Flask):  # type: ignore[no-untyped-def]
    with app.test_request_context(headers={"Accept-Language": "en"}):
        yield


@pytest.mark.parametrize(
    ("title", "add"),
    [
        ("Rounds", make.slot),
        ("Agenda", make.agenda_item),
        ("Rooms", make.room),
        ("Themes", make.theme),
        ("Groups", make.group),
        ("People", make.participant),
    ],
)
def test_what_there_must_be_is_open_until_there_is_one(here: Conference, title: str, add: Callable) -> None:  # type: ignore[type-arg]
    if title != "Rounds":
        make.slot(here)
    before = step(here, title)
    add(here)
    db.session.expire(here)

    assert (before.state, step(here, title).state) == (State.OPEN, State.DONE)


def test_rooms_say_how_many_chairs_they_have_as_they_are_placed(here: Conference) -> None:
    make.room(here, capacity_circle=12, capacity_rows=60)
    make.room(here, capacity_circle=8)

    assert str(step(here, "Rooms").sentence) == "2 rooms with 20 chairs"


def test_the_call_waits_is_open_while_something_waits_for_a_decision_and_is_done_after_it(here: Conference) -> None:
    later, author = here.call_until + timedelta(hours=1), make.participant(here)
    assert step(here, "Submissions", here.call_from - make.DAY).state is State.WAITING
    assert step(here, "Submissions").state is State.WAITING
    make.submission(author, state=SubmissionState.DRAFT)
    assert step(here, "Submissions", later).state is State.DONE

    row = make.submission(author)
    assert {step(here, "Submissions", when).state for when in (NOW, later)} == {State.OPEN}
    row.state = SubmissionState.DECLINED
    db.session.flush()
    assert str(step(here, "Submissions", later).sentence) == "1 submission is decided"


def test_sessions_are_open_while_one_has_nobody_who_leads_it(here: Conference) -> None:
    assert step(here, "Sessions").state is State.OPEN
    session, person = make.session(here), make.participant(here)
    make.role(session, person, duty="note_taker")
    missing = step(here, "Sessions")
    assert (missing.state, dict(missing.values)) == (State.OPEN, {"only": "no_leader"})
    make.role(session, make.participant(here))
    db.session.expire_all()

    assert step(here, "Sessions").state is State.DONE


def test_wishes_wait_for_people_and_count_those_who_could_choose(here: Conference) -> None:
    make.slot(here)
    session = make.session(here)
    make.wishes(make.participant(here), session)
    make.participant(here)
    make.wishes(make.participant(here, state=ParticipantState.CANCELLED), session)

    now, after = step(here, "Wishes"), step(here, "Wishes", here.wishes_until)
    assert (now.state, after.state) == (State.WAITING, State.DONE)
    assert "1 of 2 have chosen something that is offered" in str(now.sentence)
    assert "(in 5 days)" in str(now.sentence)
    assert (str(now.action), dict(now.values)) == (
        "1 person has chosen nothing that is offered yet",
        {"only": "not_chosen"},
    )
    assert step(here, "Wishes", here.wishes_from - make.DAY).state is State.WAITING


def test_wishes_are_open_where_choosing_has_ended_and_nobody_chose(here: Conference) -> None:
    make.slot(here)
    make.participant(here)

    assert step(here, "Wishes", here.wishes_until).state is State.OPEN


def test_an_allocation_is_done_when_it_was_made_after_choosing(here: Conference) -> None:
    ended = here.wishes_until
    assert [checklist.allocation(here, None, when).state for when in (NOW, ended)] == [State.WAITING, State.OPEN]
    draft = Allocation(number=1, state=AllocationState.SOLVED, is_draft=True)
    assert checklist.allocation(here, draft, ended).state is State.OPEN
    final = Allocation(number=2, state=AllocationState.SOLVED, is_draft=False)
    assert checklist.allocation(here, final, ended).state is State.DONE


def test_a_run_that_failed_is_no_plan() -> None:
    runs = [Allocation(number=3, state=AllocationState.FAILED), Allocation(number=2, state=AllocationState.SOLVED)]

    assert checklist.newest_plan(runs) is runs[1]


def test_publication_is_done_only_where_nothing_speaks_against_the_plan(here: Conference) -> None:
    ended = here.wishes_until
    assert checklist.publication(here, None, {}, ended).state is State.WAITING
    final = make.allocation(here, state=AllocationState.SOLVED)
    assert checklist.publication(here, final, {}, ended).state is State.OPEN
    here.published = final

    assert checklist.publication(here, final, {}, ended).state is State.DONE
    assert checklist.publication(here, final, {}, NOW).state is State.WAITING
    doubted = checklist.publication(here, final, {"incomplete": "2 places are missing."}, ended)
    assert (doubted.state, "2 places are missing." in str(doubted.sentence)) == (State.OPEN, True)


def test_messages_that_did_not_arrive_are_a_step_only_while_there_are_some(here: Conference) -> None:
    titles = [str(each.title) for each in checklist.steps(here, allocations.glance(here), NOW)]
    assert "Messages" not in titles
    make.message(make.participant(here), state="failed")

    assert step(here, "Messages").state is State.OPEN


def test_the_first_open_step_is_recommended_but_never_an_optional_one() -> None:
    def one(state: State, **more: bool) -> Step:
        return Step("", state, "", "", "", **more)

    done, waiting, beside, open_ = (
        one(State.DONE),
        one(State.WAITING),
        one(State.OPEN, is_optional=True),
        one(State.OPEN),
    )

    assert checklist.recommended([done, waiting, beside, open_, one(State.OPEN)]) is open_
    assert checklist.recommended([done, waiting, beside]) is None


def test_wishes_are_counted_by_the_day_on_which_they_were_saved_last(here: Conference) -> None:
    session = make.session(here)
    for days, more in ((1, {}), (1, {}), (0, {}), (0, {"state": ParticipantState.CANCELLED})):
        make.wishes(make.participant(here, wishes_saved_at=NOW - days * make.DAY, **more), session)
    make.participant(here, wishes_saved_at=NOW)  # an empty list is no wish
    make.wishes(make.participant(here), session)  # came with a list

    counts = preferences.saved_by_day(here, NOW)

    assert list(counts.values()) == [0, 2, 1]
    assert next(reversed(counts)) == NOW.astimezone(here.tz).date()


def test_a_curve_tells_each_of_few_counts_and_the_highest_and_last_of_many() -> None:
    few, many = curves.curve([0, 2, 1]), curves.curve([0, 1, 9, *[2] * 12])
    assert few
    assert many

    assert [spot.count for spot in few.spots if spot.is_told] == [2, 1]
    assert [spot.count for spot in many.spots if spot.is_told] == [9, 2]
    assert (few.spots[1].y, few.spots[0].y) == (curves.TOP, curves.HEIGHT - curves.FOOT)
    assert curves.curve([3]) is None
