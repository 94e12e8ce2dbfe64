"""What happens in the same moment happens in some order, on both databases: every answer fits what is stored."""

import threading
import time
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import delete

from planner import conferences, erasure, locks, moderation, participants, preferences, session_rules, submissions
from planner.errors import Gone, MoveForbidden
from planner.extensions import db
from planner.models import Conference, Group, Participant, Session, Submission, SubmissionState, Supporter, random_key
from planner.submissions import Statement
from tests import factories as make
from tests.at_once import DONE, at_once

ROUNDS = 10  # as many statements as one person may send in an hour


def now() -> datetime:
    return make.NOW


def test_whoever_has_left_writes_nothing_any_more(app: Flask) -> None:
    conference = make.conference()
    person, other = make.participant(conference), make.submission(make.participant(conference))
    own, statement = make.submission(person), Statement(make.theme(conference).id, "Zu spät")
    mine = own.id
    erasure.erase(person, make.NOW, leaves_statements=True)
    writes = {
        "wishes": lambda: preferences.save_ranking(person, [], [], 0, now),
        "statement": lambda: submissions.submit(person, statement, random_key(), now),
        "support": lambda: submissions.support(other, person),
        "unsupport": lambda: submissions.unsupport(other, person),
        "details": lambda: participants.save_details(person, {}, [], [], now, consent=True),
    }

    for write in writes.values():
        with pytest.raises(Gone):
            write()
    assert [
        (row.id, row.author_id, row.state) for row in db.session.query(Submission).filter(Submission.id == mine)
    ] == [(mine, None, SubmissionState.SUBMITTED)]


def test_a_row_that_is_removed_meanwhile_cannot_be_held(either_app: Flask) -> None:
    person = make.participant(make.conference())
    id = person.id
    db.session.commit()
    with db.engine.begin() as elsewhere:
        elsewhere.execute(delete(Participant).where(Participant.id == id))

    with pytest.raises(Gone):
        locks.person(person)


def test_withdrawing_and_accepting_at_once_leave_what_both_were_told(either_app: Flask) -> None:
    conference = make.conference()
    rows = [make.submission(make.participant(conference)).id for _ in range(ROUNDS)]
    session = make.session(conference).id
    db.session.commit()

    for id in rows:
        accepted, withdrawn = at_once(
            either_app,
            lambda id=id: moderation.accept(submission(id), db.session.get_one(Session, session), 0, make.NOW),
            lambda id=id: submissions.withdraw(submission(id), now),
        )
        state = submission(id).state
        if withdrawn is DONE:
            assert state is SubmissionState.WITHDRAWN
            assert accepted in (DONE, MoveForbidden)
        else:
            raise AssertionError(f"an accepted statement can be withdrawn, so this is never refused: {withdrawn}")


def test_accepting_several_at_once_with_single_decisions_waits_for_nobody_who_waits(either_app: Flask) -> None:
    """Whoever makes a session holds the conference alone: before the rows, as those who decide about one of them do."""
    conference = make.conference()
    pairs = [[make.submission(make.participant(conference)).id for _ in range(2)] for _ in range(ROUNDS)]
    number = conference.id
    db.session.commit()

    for several in pairs:
        found = at_once(
            either_app,
            lambda several=several: moderation.accept_together(
                db.session.get_one(Conference, number), dict.fromkeys(several, 0), None, {"de": "Neu"}, {}, make.NOW
            ),
            lambda several=several: moderation.decline(submission(several[0]), "Danke.", make.NOW, 0),
        )
        assert sorted(str(each) for each in found) == sorted([DONE, str(MoveForbidden)])


def submission(id: int) -> Submission:
    return db.session.get_one(Submission, id)


def test_the_same_wishes_fifty_times_at_once_are_one_save(either_app: Flask) -> None:
    conference = make.conference()
    person, wanted = make.participant(conference).id, make.session(conference).id
    db.session.commit()

    def save() -> None:
        preferences.save_ranking(db.session.get_one(Participant, person), [wanted], [], 0, now)

    assert at_once(either_app, *[save] * 50) == [DONE] * 50
    assert db.session.get_one(Participant, person).revision == 1


def test_the_same_statement_and_the_same_support_at_once_are_one_row(either_app: Flask) -> None:
    conference = make.conference()
    person, theme = make.participant(conference).id, make.theme(conference).id
    other = make.submission(make.participant(conference)).id
    db.session.commit()

    def send(receipt: str) -> None:
        submissions.submit(db.session.get_one(Participant, person), Statement(theme, "Doppelt"), receipt, now)

    def support() -> None:
        submissions.support(submission(other), db.session.get_one(Participant, person))

    for at in range(ROUNDS):
        assert at_once(either_app, *[lambda at=at: send(f"{at:016x}")] * 4) == [DONE] * 4
    assert at_once(either_app, *[support] * 8) == [DONE] * 8
    assert db.session.query(Submission).filter_by(author_id=person).count() == ROUNDS
    assert db.session.query(Supporter).count() == 1


def test_sessions_made_at_once_have_different_numbers(either_app: Flask) -> None:
    from planner import programme
    from planner.models import Conference

    id = make.conference().id
    db.session.commit()

    def add() -> None:
        conference = db.session.get_one(Conference, id)
        programme.create_session(conference, {"de": "Neu"}, {}, None)

    assert at_once(either_app, *[add] * 8) == [DONE] * 8
    assert sorted(row.number for row in db.session.query(Session)) == list(range(1, 9))


def test_a_group_that_a_session_is_being_kept_for_alone_is_not_removed(either_app: Flask) -> None:
    """Saved and not committed yet: on PostgreSQL the removal saw no session of it, waited, and took the rule along."""
    conference = make.conference()
    id, group = make.session(conference).id, make.group(conference).id
    db.session.commit()
    saved = threading.Event()

    def keep() -> None:
        session = db.session.get_one(Session, id)
        locks.conference(session.conference, alone=True)
        session_rules.keep(session, session_rules.SessionRules([group]))
        db.session.flush()
        saved.set()
        time.sleep(1)

    def remove() -> None:
        saved.wait(60)
        conferences.remove_group(db.session.get_one(Group, group))

    assert at_once(either_app, keep, remove) == [DONE, conferences.OpenToItOnly]
    assert session_rules.of(db.session.get_one(Session, id)).groups == [group]
