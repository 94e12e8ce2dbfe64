"""Sessions become one with their wishes, and are split again exactly as they were."""

import itertools

import pytest
from flask import Flask

from planner import merging, preferences, programme
from planner.errors import Closed, Stale
from planner.extensions import db
from planner.merging import Absorbed, ItIsPublished, LaterFirst, OnlyOne, OpenToOthers, Wishes
from planner.models import (
    Conference,
    Duty,
    Group,
    Participant,
    Preference,
    Session,
    SessionGroup,
    SessionMerge,
    SessionRole,
    SessionState,
    SubmissionState,
    Veto,
    WishesBefore,
)
from tests import factories as make
from tests.at_once import DONE, at_once


def now():  # type: ignore[no-untyped-def]
    return make.NOW


@pytest.fixture
def conference(app: Flask) -> Conference:
    return make.conference(most_vetoes=2)


def sessions(conference: Conference, count: int) -> list[Session]:
    return [make.session(conference, number=number) for number in range(1, count + 1)]


def wishes_of(person: Participant) -> tuple[list[int], set[int]]:
    """By the sessions' numbers."""
    rows = db.session.query(Preference).filter_by(participant_id=person.id).order_by(Preference.rank)
    assert [row.rank for row in rows] == list(range(1, rows.count() + 1))
    refused = db.session.query(Veto).filter_by(participant_id=person.id)
    return [row.session.number for row in rows], {row.session.number for row in refused}


@pytest.mark.parametrize(
    ("favourites", "vetoes", "leads", "after"),
    [
        ([4, 2, 3, 1], [], False, ([4, 1], [])),
        ([3], [], False, ([1], [])),
        ([1, 4], [], False, ([1, 4], [])),
        ([4, 2], [3], False, ([4], [1])),  # what is not for her stays so
        ([], [2, 3, 4], False, ([], [1, 4])),
        ([1, 4], [2], True, ([4], [])),  # nobody wishes for what she leads
    ],
)
def test_several_wishes_become_one_at_the_best_rank(
    favourites: list[int], vetoes: list[int], leads: bool, after: tuple[list[int], list[int]]
) -> None:
    assert Wishes(favourites, vetoes).with_one_for({1, 2, 3}, 1, leads=leads) == Wishes(*after)


def test_merging_and_splitting_leave_every_list_as_it_was(conference: Conference) -> None:
    """Each order of up to three of four sessions, with something refused where that goes."""
    all_four = sessions(conference, 4)
    people = []
    for count in range(4):
        for chosen in itertools.permutations(all_four, count):
            person = make.participant(conference)
            make.wishes(person, *chosen)
            rest = [each for each in all_four if each not in chosen]
            person.vetoes = [Veto(session_id=rest[0].id)] if rest and len(people) % 2 else []
            people.append(person)
    db.session.flush()
    before = {person.id: wishes_of(person) for person in people}

    row = merging.merge(conference, all_four[0], all_four[1:3], {}, make.NOW)
    assert db.session.query(Preference).filter(Preference.session_id.in_([s.id for s in all_four[1:3]])).count() == 0
    assert [session.state for session in all_four] == ["open", "cancelled", "cancelled", "open"]
    touched = len(row.wishes)

    assert merging.split(row) == (touched, 0)
    assert {person.id: wishes_of(person) for person in people} == before
    assert {session.state for session in all_four} == {SessionState.OPEN}
    assert db.session.query(SessionMerge).count() == db.session.query(WishesBefore).count() == 0


def test_whoever_has_changed_her_list_since_keeps_that(conference: Conference) -> None:
    one, two, three = sessions(conference, 3)
    changes, waits = make.participant(conference), make.participant(conference)
    for person in (changes, waits):
        make.wishes(person, two, three)
    row = merging.merge(conference, one, [two], {}, make.NOW)
    preferences.save_ranking(changes, [three.id, one.id], [], changes.revision, now)

    assert merging.split(row) == (1, 1)
    assert wishes_of(changes) == ([3, 1], set())
    assert wishes_of(waits) == ([2, 3], set())


def test_a_page_that_was_open_meanwhile_is_told_of_the_change(conference: Conference) -> None:
    one, two = sessions(conference, 2)
    person = make.participant(conference)
    make.wishes(person, two)
    opened = person.revision
    merging.merge(conference, one, [two], {}, make.NOW)

    with pytest.raises(Stale):
        preferences.save_ranking(person, [two.id, one.id], [], opened, now)
    assert merging.told(person)[0].session_id == one.id
    preferences.save_ranking(person, [one.id], [], person.revision, now)
    assert merging.told(person) == []


def test_duties_needs_title_and_submissions_move_and_come_back(conference: Conference) -> None:
    one, two = sessions(conference, 2)
    both, other, notes = (make.participant(conference) for _ in range(3))
    make.role(one, both, duty=Duty.NOTE_TAKER)
    make.role(two, both)
    make.role(two, other)
    make.role(two, notes, duty=Duty.NOTE_TAKER)
    make.wishes(other, one)
    two.features = ["step_free"]
    accepted = SubmissionState.ACCEPTED
    first, second = (make.submission(both, session_id=s.id, state=accepted) for s in (one, two))
    old = one.title

    row = merging.merge(conference, one, [two], {"de": "Beides"}, make.NOW)
    db.session.expire_all()
    assert one.title == {"de": "Beides"}
    assert one.features == ["step_free"]
    duties = {role.participant_id: role.duty for role in one.roles}
    assert duties == {both.id: Duty.FACILITATOR, other.id: Duty.FACILITATOR, notes.id: Duty.NOTE_TAKER}
    assert wishes_of(other) == ([], set())
    assert [(s.session_id, s.state) for s in (first, second)] == [(one.id, accepted), (one.id, "merged")]

    merging.split(row)
    assert (one.title, one.features) == (old, [])
    assert [(role.participant_id, role.duty) for role in one.roles] == [(both.id, Duty.NOTE_TAKER)]
    assert db.session.query(SessionRole).filter_by(session_id=two.id).count() == 3
    assert wishes_of(other) == ([1], set())
    assert [(s.session_id, s.state) for s in (first, second)] == [(one.id, accepted), (two.id, accepted)]


def test_what_was_changed_at_the_session_that_stays_is_left(conference: Conference) -> None:
    one, two = sessions(conference, 2)
    row = merging.merge(conference, one, [two], {"de": "Beides"}, make.NOW)
    one.title = {"de": "Noch anders"}

    merging.split(row)

    assert one.title == {"de": "Noch anders"}


def test_merges_that_rest_on_each_other_are_split_the_latest_first(conference: Conference) -> None:
    one, two, three = sessions(conference, 3)
    person = make.participant(conference)
    make.wishes(person, three, two)
    first = merging.merge(conference, one, [two], {}, make.NOW)
    second = merging.merge(conference, three, [one], {}, make.NOW)
    assert wishes_of(person) == ([3], set())
    assert len(merging.told(person)) == 2

    with pytest.raises(LaterFirst):
        merging.split(first)
    assert merging.split(second) == (1, 0)
    assert wishes_of(person) == ([3, 1], set())
    assert merging.split(first) == (1, 0)
    assert wishes_of(person) == ([3, 2], set())


def test_what_cannot_be_merged_is_refused_and_nothing_is_changed(conference: Conference) -> None:
    one, two, three = sessions(conference, 3)
    group: Group = make.group(conference)
    make.add(SessionGroup(session_id=three.id, group_id=group.id))
    run = make.allocation(conference)
    merged = merging.merge(conference, one, [two], {}, make.NOW)

    with pytest.raises(Absorbed):
        merging.must_be_free(two)
    for error, stays, others in [
        (OnlyOne, one, [one]),
        (OpenToOthers, one, [three]),
        (programme.NotOffered, three, [two]),
    ]:
        with pytest.raises(error):
            merging.merge(conference, stays, others, {}, make.NOW)
    conference.published = run
    with pytest.raises(ItIsPublished):
        merging.split(merged)
    with pytest.raises(ItIsPublished):
        merging.merge(conference, one, [three], {}, make.NOW)
    assert db.session.query(SessionMerge).count() == 1


def test_a_new_list_that_names_a_part_meets_the_merge(conference: Conference) -> None:
    """Her stored list had nothing to do with it, so its revision is the same."""
    one, two, three, four = sessions(conference, 4)
    person = make.participant(conference)
    first = merging.merge(conference, two, [three], {}, make.NOW)
    merging.merge(conference, one, [two], {}, make.NOW)

    with pytest.raises(preferences.Merged):
        preferences.save_ranking(person, [four.id, three.id], [], person.revision, now)
    assert merging.with_the_whole(conference, [four.id, three.id, two.id], []).favourites == [four.id, one.id]
    assert first.session_id == two.id


def test_saving_wishes_and_merging_at_once_loses_neither(either_app: Flask) -> None:
    """Whoever is faster: afterwards nobody wishes for what is part of another session."""
    conference = make.conference()
    numbers = [session.id for session in sessions(conference, 3)]
    ids = [make.participant(conference).id for _ in range(6)]
    db.session.commit()

    def saves(id: int) -> None:
        person = db.session.get_one(Participant, id)
        preferences.save_ranking(person, [numbers[1], numbers[2]], [], person.revision, now)

    def merges() -> None:
        here = db.session.get_one(Conference, conference_id)
        one, two = (db.session.get_one(Session, number) for number in numbers[:2])
        merging.merge(here, one, [two], {}, make.NOW)

    conference_id = conference.id
    found = at_once(either_app, merges, *(lambda id=id: saves(id) for id in ids))

    assert found[0] is DONE
    assert all(each in (DONE, preferences.Merged, Stale, Closed) for each in found[1:]), found
    db.session.expire_all()
    for id, answer in zip(ids, found[1:], strict=True):
        wished = wishes_of(db.session.get_one(Participant, id))[0]
        assert wished == ([1, 3] if answer is DONE else [])
    before = db.session.query(WishesBefore).count()
    assert before == sum(answer is DONE for answer in found[1:])
    assert merging.split(db.session.query(SessionMerge).one()) == (before, 0)
