"""What people are told to be kept until a day is gone on that day, by itself; nothing goes before."""

import os
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask import Flask
from pydantic import ValidationError

from planner import allocations, auth, clock, jobs, notifications, outbox, retention
from planner.extensions import db
from planner.models import (
    Allocation,
    Commitment,
    Conference,
    ImportBatch,
    ImportedPerson,
    ImportState,
    InterpreterPair,
    Message,
    Participant,
    PersonalLink,
    Registration,
    SignInFailure,
    SignInLink,
    Submission,
    Supporter,
    Veto,
)
from solver import Problem
from tests import factories as make
from tests.client import Client
from tests.conftest import settings

EVENT = timedelta(hours=9)
PEOPLE = {
    table.name: table
    for table in db.metadata.tables.values()
    if table.name == "participant"
    or any(key.column.table.name == "participant" and key.ondelete == "CASCADE" for key in table.foreign_keys)
}
"""Every table with a row about somebody, as the foreign keys say."""


def conference() -> Conference:
    """With somebody who has a row in each of them."""
    from planner.allocations import problem_of

    row = make.conference()
    slots, theme, session = [make.slot(row), make.slot(row)], make.theme(row), make.session(row)
    person = make.participant(row, name="Erika Beispiel", email="erika@example.org", needs=["quiet"], away=[slots[1]])
    other = make.participant(row, needs=["step_free"])
    make.wishes(person, session)
    person.vetoes = [Veto(session_id=make.session(row).id)]
    person.interprets = [InterpreterPair(source="ar", target="de")]
    make.role(session, person)
    make.commitment(person, slots[0], session, is_taken=False, reason="Ich bin krank.")
    make.merge(session, make.session(row), person)
    make.submission(person, theme_id=theme.id, problem="Zu wenig Licht.")
    make.add(Supporter(submission_id=make.submission(other).id, participant_id=person.id))
    make.add(
        Message(conference_id=row.id, participant_id=person.id, kind="published", dedupe_key="1", created_at=make.NOW)
    )
    taken_in = make.import_batch(row, state=ImportState.APPLIED, tables=None)
    make.add(ImportedPerson(batch_id=taken_in.id, participant_id=person.id, before={"name": "E. Beispiel"}))
    make.bond(person, other)
    make.add(Registration(participant_id=person.id, group_link_id=make.group_link(row).id, registered_at=make.NOW))
    auth.mint_link(person, make.NOW)
    auth.mint_card(other, make.NOW)
    db.session.commit()
    question = problem_of(row, "system", make.NOW)
    run = make.allocation(row, snapshot=question.to_json(), snapshot_hash=question.hash, result={"status": "feasible"})
    make.assignment(make.meeting(run, session, slots[0], make.room(row)), person)
    db.session.commit()
    return row


def left(*names: str) -> int:
    return sum(db.session.scalar(sa.select(sa.func.count()).select_from(PEOPLE[name])) or 0 for name in names)


def after(row: Conference, **span: float) -> None:
    jobs.keep_promises(row.day_ends + timedelta(**span))


def test_each_kind_goes_on_its_day_and_in_the_end_nothing_is_left(either_app: Flask) -> None:
    """120 days after the event 14 needs, 240 names and 440 links were still there."""
    row = conference()
    whole = {name: left(name) for name in PEOPLE}
    assert all(whole.values())

    after(row, days=7, seconds=-1)
    assert {name: left(name) for name in PEOPLE} == whole
    after(row, days=7)
    assert left("personal_link") == 0
    after(row, days=14, seconds=-1)
    assert left("need") == whole["need"]
    assert db.session.scalars(sa.select(Commitment.reason)).one() == "Ich bin krank."
    after(row, days=14)
    assert left("need", "message") == 0
    assert db.session.scalars(sa.select(Commitment.reason)).one() == ""
    assert '"needs"' not in db.session.scalars(sa.select(Allocation.snapshot)).one()
    after(row, days=90, seconds=-1)
    assert left("participant") == whole["participant"]
    after(row, days=90)

    residue = [name for name in PEOPLE if name != "assignment" and left(name)]
    assert residue == []
    run = db.session.scalars(sa.select(Allocation)).one()
    said = [(each.attributes, each.needs, each.favourites) for each in Problem.unpacked(run.snapshot).participants]
    assert said == [({}, frozenset(), ())]
    assert run.result
    assert run.result["problem_hash"] == run.snapshot_hash
    statements = db.session.scalars(sa.select(Submission)).all()
    assert {statement.author_id for statement in statements} == {None}
    assert "Zu wenig Licht." in {statement.problem for statement in statements}


def test_a_link_that_is_made_later_works_until_its_own_end(app: Flask) -> None:
    """Organisers hand one to somebody who wants to see what became of it, or to erase herself."""
    row = conference()
    after(row, days=8)
    made = row.day_ends + timedelta(days=8)
    late = make.add(
        PersonalLink(
            participant_id=row.participants[0].id, token_hash="x", created_at=made, expires_at=made + timedelta(days=7)
        )
    )
    db.session.commit()

    after(row, days=15, seconds=-1)
    assert db.session.get(PersonalLink, late.id)
    after(row, days=15)
    assert left("personal_link") == 0


def test_a_list_that_nobody_comes_back_to_is_gone_after_a_day(app: Flask) -> None:
    """An hour before, because somebody looks once in an hour."""
    row = make.conference()
    make.import_batch(row)
    make.import_batch(row, state=ImportState.APPLIED, tables=None)
    db.session.commit()

    jobs.keep_promises(make.NOW + timedelta(hours=23, seconds=-1))
    assert db.session.query(ImportBatch).count() == 2
    jobs.keep_promises(make.NOW + timedelta(hours=23, seconds=1))

    assert [batch.state for batch in db.session.query(ImportBatch)] == [ImportState.APPLIED]


def test_a_second_round_finds_nothing_more(app: Flask) -> None:
    row = conference()

    assert jobs.keep_promises(row.day_ends + timedelta(days=91)).rows > 0
    assert jobs.keep_promises(row.day_ends + timedelta(days=91)).rows == 0


def test_another_conference_keeps_what_is_its_own(app: Flask) -> None:
    row, later = conference(), make.conference(day_ends=make.NOW + timedelta(days=200))
    person = make.participant(later, needs=["quiet"])

    after(row, days=91)

    assert db.session.scalars(sa.select(Participant.id)).all() == [person.id]
    assert left("need") == 1


def test_a_demonstration_is_left_alone(app: Flask) -> None:
    row = conference()
    row.is_demonstration = True
    db.session.commit()

    after(row, days=400)

    assert left("need", "participant") > 0


def test_trouble_with_one_conference_does_not_hold_up_the_others(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    row, other = conference(), make.conference()
    ids, forget = (row.id, other.id), retention.forget

    def troubled(conference: Conference, now: datetime) -> int:
        if conference.id == min(ids):
            raise RuntimeError("the disk is full")
        return forget(conference, now)

    make.participant(other)
    db.session.commit()
    monkeypatch.setattr(retention, "forget", troubled)
    jobs.keep_promises(row.day_ends + timedelta(days=100))

    assert {person.conference_id for person in db.session.scalars(sa.select(Participant))} == {row.id}


def test_logs_and_mails_in_files_go_after_two_weeks(app: Flask) -> None:
    now = clock.now()
    for days in (15, 13):
        make.add(SignInFailure(kind="card", happened_at=now - timedelta(days=days)))
    make.add(SignInLink(user_id=make.user().id, token_hash="x", expires_at=now - timedelta(days=15)))
    mails = Path(app.config["MAIL_FILE_PATH"])
    mails.mkdir()
    for name, days in (("old.log", 15), ("new.log", 13)):
        (mails / name).write_text("To: erika@example.org")
        os.utime(mails / name, ((now - timedelta(days=days)).timestamp(),) * 2)

    jobs.keep_promises(now)

    assert db.session.query(SignInFailure).count() == 1
    assert db.session.query(SignInLink).count() == 0
    assert [file.name for file in mails.iterdir()] == ["new.log"]


def test_the_watchman_does_it_without_being_asked(app: Flask) -> None:
    row = conference()
    row.call_from = row.call_until = row.wishes_from = row.wishes_until = make.NOW - timedelta(days=130)
    row.day_starts, row.day_ends = make.NOW - timedelta(days=121), make.NOW - timedelta(days=120)
    db.session.commit()

    jobs.Worker(app).look()

    assert left("need", "personal_link", "participant") == 0


def test_the_watchman_soon_tries_again_what_could_not_be_erased(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A round that failed counted as done, and came back after an hour."""
    row, watchman, instant = conference(), jobs.Worker(app), [1000.0]
    row.call_from = row.call_until = row.wishes_from = row.wishes_until = make.NOW - timedelta(days=130)
    row.day_starts, row.day_ends = make.NOW - timedelta(days=121), make.NOW - timedelta(days=120)
    db.session.commit()
    monkeypatch.setattr(jobs, "time", SimpleNamespace(monotonic=lambda: instant[0]))

    with monkeypatch.context() as trouble:
        trouble.setattr(retention, "forget", _away)
        watchman._retention()
    assert left("participant") > 0
    instant[0] += 30  # trouble that stays must not keep everybody from writing
    watchman._retention()
    assert left("participant") > 0
    instant[0] += 31
    watchman._retention()

    assert left("participant") == 0


def _away(*_args: object) -> None:
    raise ConnectionError("no queue")


def test_a_queue_that_is_away_stops_no_erasing(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each look ended at the queue, before anything was erased."""
    row = conference()
    row.call_from = row.call_until = row.wishes_from = row.wishes_until = make.NOW - timedelta(days=130)
    row.day_starts, row.day_ends = make.NOW - timedelta(days=121), make.NOW - timedelta(days=120)
    id = db.session.query(Allocation.id).limit(1).scalar()
    assert id
    monkeypatch.setattr(allocations, "reap", lambda _now: [id])
    monkeypatch.setattr(outbox, "waiting", lambda _now: 1)
    monkeypatch.setattr(app.extensions["jobs"], "allocate", _away)
    monkeypatch.setattr(app.extensions["jobs"], "deliver", _away)
    db.session.commit()

    jobs.Worker(app).look()

    assert left("need", "personal_link", "participant") == 0


def test_logs_in_trouble_do_not_hold_up_conferences(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    row = conference()
    monkeypatch.setattr(retention, "forget_logs", _away)

    assert jobs.keep_promises(row.day_ends + timedelta(days=91)).rows > 0


def test_a_copy_that_is_gone_meanwhile_loses_no_round(app: Flask) -> None:
    mails = Path(app.extensions["planner"].instance) / "mail"
    mails.mkdir(exist_ok=True)
    (mails / "gone.log").symlink_to(mails / "nowhere")
    (mails / "old.log").write_text("An alle")
    os.utime(mails / "old.log", (0, 0))

    notifications.remove_copies_before(make.NOW)

    assert not (mails / "old.log").exists()


def test_people_read_until_when_and_why_it_is_longer(tmp_path: Path, client: Client) -> None:
    row = make.conference(day_ends=make.NOW + timedelta(days=11))
    person = make.participant(row)
    client.as_participant(person)
    client.app.extensions["planner"] = settings(tmp_path, keep_needs_days=30, keep_reason="Das Land prüft so lange.")
    with client.app.test_request_context():
        from planner.dates import long_day

        day = long_day(row.day_ends + timedelta(days=30), row)

    page = client.get(f"/c/{row.slug}/me/data/", language="de").text
    assert "Das Land prüft so lange." in page
    assert day in page
    assert day in client.get(f"/c/{row.slug}/me/about/", language="de").text


def test_whoever_keeps_something_longer_must_say_why(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="KEEP_REASON"):
        settings(tmp_path, keep_people_days=91)
    assert settings(tmp_path, keep_people_days=30).keep_people_days == 30


def test_one_look_of_the_watchman_cuts_off_the_log_of_writes(app: Flask) -> None:
    """His own open question stood in the way of it."""
    make.participant(make.conference())
    db.session.commit()
    log = Path(app.extensions["planner"].instance) / "planner.sqlite3-wal"
    assert log.stat().st_size > 0

    jobs.Worker(app).look()

    assert log.stat().st_size == 0


def test_organisers_words_about_submissions_go_with_the_people(app: Flask) -> None:
    """A note written later, on a text without an author, stood there for years."""
    conference = make.conference()
    row = make.submission(make.participant(conference), note="Erika Beispiel sagt …", reason="Liebe Erika …")
    row.author_id = None
    db.session.commit()

    retention.forget(conference, retention.kept(conference).people)
    db.session.commit()

    assert (row.note, row.reason) == ("", "")
