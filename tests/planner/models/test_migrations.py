"""The revisions build the models' tables, on both databases, forwards and back."""

import ast
from pathlib import Path

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import CheckConstraint, func, inspect, select, text

import planner
from planner import audit, word_index
from planner.extensions import db
from planner.models import Member, MemberRole
from tests import factories as make


def test_revisions_and_models_agree(either_app: Flask) -> None:
    flask_migrate.check()


def test_the_revisions_keep_numbers_that_are_never_given_again_and_the_rules_of_each_row(app: Flask) -> None:
    """A table that is rebuilt loses both where its revision does not say them again, and no comparison tells."""
    rows = db.session.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
    built: dict[str, str] = {row.name: row.sql for row in rows}
    for_ever = {name for name, sql in built.items() if "AUTOINCREMENT" in sql and name in db.metadata.tables}
    checks = {
        (table.name, str(each.name))
        for table in db.metadata.tables.values()
        for each in table.constraints
        if isinstance(each, CheckConstraint) and each.name
    }

    assert for_ever == {t.name for t in db.metadata.tables.values() if t.dialect_options["sqlite"]["autoincrement"]}
    assert [(table, name) for table, name in checks if name not in built[table]] == []


def test_every_table_is_there(either_app: Flask) -> None:
    tables = set(inspect(db.engine).get_table_names())

    assert set(db.metadata.tables) == {name for name in tables if not word_index.is_ours(name)} - {"alembic_version"}


def test_going_back_leaves_nothing_and_forward_again_works(either_app: Flask) -> None:
    flask_migrate.downgrade(revision="base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}

    flask_migrate.upgrade()
    flask_migrate.check()


@pytest.mark.parametrize("table", sorted(db.metadata.tables))
def test_constraint_names_fit_postgresql(table: str) -> None:
    names = [constraint.name for constraint in db.metadata.tables[table].constraints]

    assert all(name is None or len(str(name)) <= 63 for name in names)


def test_a_working_language_is_added_without_losing_anything(app: Flask) -> None:
    """SQLite rebuilds a table for some changes, and what points to it would be deleted with it."""
    conference = make.conference()
    session, slot, room = make.session(conference), make.slot(conference), make.room(conference)
    make.role(session, make.participant(conference))
    make.placement(session, slot, room)
    meeting = make.meeting(make.allocation(conference), session, slot, room)
    make.assignment(meeting, make.participant(conference), listens_in="ar")
    db.session.commit()
    tables = ("conference", "session", "session_role", "placement", "meeting", "assignment")
    before = {table: count(table) for table in tables}
    db.session.rollback()

    flask_migrate.downgrade(revision="0002")
    flask_migrate.upgrade()

    assert {table: count(table) for table in tables} == before
    assert db.session.execute(text("select listens_in from assignment")).scalars().all() == ["ar"]


def count(table: str) -> int:
    return db.session.scalar(select(func.count()).select_from(db.metadata.tables[table])) or 0


def test_what_nobody_read_is_dropped_and_comes_back_without_losing_anything(either_app: Flask) -> None:
    conference = make.conference()
    session, slot, room = make.session(conference), make.slot(conference), make.room(conference)
    published = make.allocation(conference)
    make.allocation(conference, close_to_id=published.id)
    make.meeting(published, session, slot, room)
    make.wishes(make.participant(conference), session)
    db.session.commit()
    tables = ("conference", "session", "allocation", "meeting", "preference", "participant")
    before = {table: count(table) for table in tables}
    kept = published.id
    db.session.rollback()

    flask_migrate.downgrade(revision="0005")
    assert db.session.execute(text("select max(copied_from_id) from allocation")).scalar() == kept
    db.session.rollback()
    flask_migrate.upgrade()

    assert {table: count(table) for table in tables} == before
    assert db.session.execute(text("select max(close_to_id) from allocation")).scalar() == kept


@pytest.mark.parametrize("revision", sorted((Path(planner.__file__).parent / "migrations" / "versions").glob("*.py")))
def test_a_revision_needs_nothing_that_may_change_after_it(revision: Path) -> None:
    tree = ast.walk(ast.parse(revision.read_text()))
    used = {str(node.module) for node in tree if isinstance(node, ast.ImportFrom)}

    assert {name for name in used if name.split(".")[0] in {"planner", "solver"}} == set()


def test_entries_from_before_the_chain_are_sealed_as_they_were_when_it_came(either_app: Flask) -> None:
    """The seals are written down here: a revision that makes others would break what is kept of old installations."""
    here = make.conference(id=7).id
    db.session.commit()
    flask_migrate.downgrade(revision="0010")
    old = "insert into audit_entry (conference_id, happened_at, actor, action, subject, facts) values"
    for place, minute in ((here, 1), (None, 2), (here, 3)):
        values = {"place": place, "at": f"2026-05-01 10:0{minute}:00.000000", "facts": '{"people": 2, "of": "1-2"}'}
        row = text(f"{old} (:place, :at, 'organiser:1', 'needs.read', '', :facts)")
        db.session.execute(row, values)
    db.session.commit()

    flask_migrate.upgrade(revision="0011")
    sealed = db.session.execute(text("select chain, number, digest from audit_entry order by chain, number")).all()
    db.session.rollback()
    flask_migrate.upgrade()

    assert " ".join(f"{row.chain}.{row.number}:{row.digest[:9]}" for row in sealed) == SEALED
    assert list(audit.faults([])) == []


SEALED = "0.1:874056981 0.2:257cea7dd 7.1:45b568e6a 7.2:d7582eb09"


def test_whoever_organised_a_conference_owns_it_and_going_back_lets_nobody_else_in(either_app: Flask) -> None:
    conference, organiser = make.organised()
    viewer = make.user()
    make.member(conference, viewer, MemberRole.VIEWER)
    db.session.commit()
    here, known = conference.id, organiser.id
    db.session.remove()

    flask_migrate.downgrade(revision="0014")
    before = db.session.execute(text("select conference_id, user_id from conference_organisers")).all()
    db.session.remove()
    flask_migrate.upgrade()

    assert [tuple(row) for row in before] == [(here, known)]
    assert [(m.conference_id, m.user_id, m.role) for m in db.session.scalars(select(Member))] == [
        (here, known, MemberRole.OWNER)
    ]
