"""Wishes: what is stored is exactly one list that somebody sent, in time, on both databases."""

import threading
from datetime import datetime, timedelta
from itertools import permutations

import pytest
from flask import Flask
from sqlalchemy import event

from planner import preferences
from planner.errors import PlannerError, Stale
from planner.extensions import db
from planner.models import Conference, Participant, SessionState
from planner.preferences import BadRanking, PreferencesClosed
from tests import factories as make


def now() -> datetime:
    return make.NOW


@pytest.fixture
def conference(app: Flask) -> Conference:
    return make.conference(most_vetoes=1)


def stored(person: Participant) -> list[int]:
    return [wish.session_id for wish in person.preferences]


def test_a_ranking_replaces_the_one_before(conference: Conference) -> None:
    person, first, second = make.participant(conference), make.session(conference), make.session(conference)

    preferences.save_ranking(person, [first.id, second.id], [], 0, now)
    preferences.save_ranking(person, [second.id], [first.id], 1, now)

    assert stored(person) == [second.id]
    assert [veto.session_id for veto in person.vetoes] == [first.id]
    assert person.revision == 2


def test_a_ranking_after_the_deadline_is_refused(conference: Conference) -> None:
    person, session = make.participant(conference), make.session(conference)

    with pytest.raises(PreferencesClosed):
        preferences.save_ranking(person, [session.id], [], 0, lambda: conference.wishes_until)
    preferences.save_ranking(person, [session.id], [], 0, lambda: conference.wishes_until - timedelta(seconds=1))

    assert stored(person) == [session.id]


def test_an_old_revision_is_stale(conference: Conference) -> None:
    person, session = make.participant(conference), make.session(conference)
    preferences.save_ranking(person, [session.id], [], 0, now)

    with pytest.raises(Stale):
        preferences.save_ranking(person, [], [], 0, now)


def test_foreign_cancelled_doubled_and_own_sessions_cannot_be_wished(conference: Conference) -> None:
    person, session = make.participant(conference), make.session(conference)
    own = make.session(conference)
    make.role(own, person)
    cancelled = make.session(conference, state=SessionState.CANCELLED)
    foreign = make.session(make.conference())
    db.session.expire(person)

    for wrong in ([foreign.id], [cancelled.id], [own.id], [session.id, session.id]):
        with pytest.raises(BadRanking):
            preferences.save_ranking(person, wrong, [], 0, now)
    assert stored(person) == []


def test_saves_at_once_leave_one_whole_list_and_tell_the_losers(either_app: Flask) -> None:
    conference = make.conference()
    sessions = [make.session(conference).id for _ in range(5)]
    people = [make.participant(conference).id for _ in range(2)]
    rankings = [list(order) for order in permutations(sessions)]  # no two saves are the same one
    db.session.commit()
    sent: dict[int, list[list[int]]] = {id: [[]] for id in people}
    won: dict[int, list[list[int]]] = {id: [[]] for id in people}
    stale: list[int] = []
    guard = threading.Lock()

    def save(turn: int) -> None:
        for at in range(6):
            id = people[(turn + at) % 2]
            ranking = rankings[turn * 6 + at]
            with either_app.app_context():
                person = db.session.get_one(Participant, id)
                revision = person.revision
                db.session.rollback()
                try:
                    preferences.save_ranking(db.session.get_one(Participant, id), ranking, [], revision, now)
                    db.session.commit()
                    with guard:
                        won[id].append(ranking)
                except PlannerError:
                    db.session.rollback()
                    stale.append(id)
            with guard:
                sent[id].append(ranking)

    threads = [threading.Thread(target=save, args=(turn,)) for turn in range(6)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]

    for id in people:
        db.session.expire_all()
        person = db.session.get_one(Participant, id)
        assert stored(person) in sent[id]
        assert person.revision == len(won[id]) - 1
    assert sum(len(lists) - 1 for lists in won.values()) + len(stale) == 36


def test_a_save_asks_as_often_for_a_long_list_as_for_a_short_one(conference: Conference) -> None:
    """Everybody does it in the last minute: each wish was a statement of its own."""
    sessions = [make.session(conference) for _ in range(5)]
    person = make.participant(conference)
    statements: list[str] = []

    def note(_connection, _cursor, statement: str, *_rest) -> None:  # type: ignore[no-untyped-def]
        statements.append(statement)

    asked = []
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        for revision, count in enumerate((1, 5, 2)):
            statements.clear()
            preferences.save_ranking(person, [each.id for each in sessions[:count]], [], revision, now)
            asked.append(len(statements))
            assert stored(person) == [each.id for each in sessions[:count]]
    finally:
        event.remove(db.engine, "before_cursor_execute", note)

    assert len(set(asked[1:])) == 1
    assert max(asked) <= 12
