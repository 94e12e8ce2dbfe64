"""A page is of one moment: whatever others write while it is made, on both databases."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from planner import auth, clock, erasure, roster, rows
from planner.extensions import db
from planner.imports import known
from planner.models import (
    Absence,
    AllocationState,
    Conference,
    LanguageLevel,
    Level,
    Participant,
    Preference,
)
from tests import factories as make
from tests.client import Client
from tests.planner.allocations.small import fill, solved
from tests.planner.organiser.conftest import Office
from tests.planner.organiser.test_imports import bring
from tests.planner.test_policy import SKIPPED, doors
from tests.planner.world import build

LIST = "Name;E-Mail\nErika Beispiel;erika@example.org\n"
EVERYBODY = "FROM participant \nWHERE participant.conference_id"


@contextmanager
def meanwhile(asked: str, act: Callable[[], Any]) -> Iterator[list[str]]:
    """After each statement that has `asked` in it somebody else acts; the statements after which it happened."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("SELECT") and asked in statement:
            found.append(statement)
            act()

    event.listen(db.engine, "after_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(db.engine, "after_cursor_execute", note)


def somebody(conference: int, session: int, slot: int) -> Callable[[], None]:
    """Adds a person of whom everything is known that is gathered in queries of their own."""

    def add() -> None:
        own = {
            "languages": [LanguageLevel(language="ar", level=Level.SPEAKS)],
            "absences": [Absence(slot_id=slot)],
            "preferences": [Preference(session_id=session, rank=1)],
        }
        rows.at_once(Participant(conference_id=conference, name="Spät", **own))

    return add


@pytest.fixture
def office(either_app: Flask) -> Office:
    conference, user = make.organised()
    fill(conference)
    run = solved(conference)
    assert run.state is AllocationState.SOLVED
    return Office(conference, Client(either_app).as_organiser(user), f"/organise/{conference.slug}/")


@pytest.mark.parametrize("page", ["", "allocations/", "allocations/forecast", "allocations/1", "preview"])
def test_whoever_is_added_while_a_page_is_made_stands_on_the_next_one(office: Office, page: str) -> None:
    """Somebody who was not there yet when people were listed had languages and wishes by the next query: 500."""
    path = bring(office, LIST) if page == "preview" else office.home + page
    here = office.conference
    add = somebody(here.id, here.sessions[0].id, here.slots[0].id)

    with meanwhile(EVERYBODY, add) as asked:
        office.client.get(path)

    assert asked
    assert db.session.query(Participant).filter_by(name="Spät").count() == len(asked)


def test_a_plan_is_shown_whole_although_somebody_is_erased_meanwhile(office: Office) -> None:
    """Its question was read with her, its places without: 500."""
    conference, person = office.conference.id, office.conference.participants[0].id
    told = {"leaves_statements": False, "actor": "system"}
    gone: list[int] = []

    def erase() -> None:
        with office.client.app.app_context():
            here = db.session.get_one(Conference, conference)
            gone.append(erasure.everybody(here, {person}, clock.now(), **told))
            db.session.commit()

    other = threading.Thread(target=erase)

    def in_another_thread() -> None:
        if other.ident is None:  # erasing reads runs as well
            other.start()
            other.join()

    with meanwhile("allocation.snapshot", in_another_thread):
        office.client.get(f"{office.home}allocations/1")

    assert gone == [1]
    assert db.session.get(Participant, person) is None
    office.client.get(f"{office.home}allocations/1")


@pytest.mark.postgresql
@pytest.mark.parametrize("everybody", [roster.everybody, known.everybody])
def test_a_writer_takes_whoever_came_between_two_queries_as_not_there(
    postgresql_app: Flask, everybody: Callable[[Conference], Any]
) -> None:
    """Writers see what is there by then at each statement; on SQLite they are alone."""
    here = make.conference()
    make.participant(here, name="Da")
    add = somebody(here.id, make.session(here).id, make.slot(here).id)
    db.session.commit()

    with meanwhile(EVERYBODY, add) as asked:
        found = everybody(here)

    assert asked
    assert len(found) == 1
    db.session.rollback()
    assert len(everybody(here)) == 1 + len(asked)


@pytest.mark.postgresql
def test_no_page_that_only_reads_locks_or_changes_a_row(postgresql_app: Flask) -> None:
    """PostgreSQL refuses both to whoever said that she only reads; SQLite would let it pass."""
    world = build(postgresql_app)
    for caller in ("facilitator", "organiser"):
        client = world.caller(caller)
        for endpoint in sorted(set(postgresql_app.view_functions) - SKIPPED):
            for door in doors(postgresql_app, endpoint):
                if door.method == "GET":
                    assert client.fetch(door.path(world, 0)).status_code < 500, door

    now = clock.now()
    for path in (
        f"/l/{auth.mint_link(world.person, now)}",
        f"/s/{auth.mint_sign_in(world.organiser, now)}",
        f"/i/{'x' * 32}",
        "/organise/account/tf-setup",
        "/organise/account/tf-validate",
        "/organise/account/mf-recovery",
    ):
        assert Client(postgresql_app).fetch(path).status_code < 500, path
        assert client.fetch(path).status_code < 500, path
