"""Lists that several take in, drop or change in the same moment, and what others can do meanwhile."""

from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select
from werkzeug.test import TestResponse

from planner import auth, clock, extensions
from planner.config import Config
from planner.extensions import db, only_reads
from planner.imports import batches
from planner.imports.plan import Plan
from planner.models import AuditEntry, ImportBatch, ImportedPerson, ImportState, NeedKind, Participant, Room
from tests import factories as make
from tests.client import Client, Page
from tests.faults.browser import Person, at_once
from tests.planner.organiser.conftest import Office
from tests.planner.organiser.test_imports import bring, take

ROWS = 30
LIST = "Name;E-Mail\n" + "".join(f"Erika Beispiel {number};e{number}@example.org\n" for number in range(ROWS))


class Desk:
    """An organiser's browser in which several requests may run at once, and the preview of her list."""

    def __init__(self, app: Flask):
        self.app = app
        conference, user = make.organised()
        db.session.commit()
        self.client, self.home = Client(app).as_organiser(user), f"/organise/{conference.slug}/"
        self.office = Office(conference, self.client, self.home)
        token = auth.mint_sign_in(user, clock.now())
        db.session.commit()
        self.person = Person(app, f"/s/{token}", f"{self.home}imports/", press=True)

    def brings(self) -> str:
        preview = bring(self.office, LIST)
        self.seen = Page(self.person.get(preview).text).form("form").sent["seen"]
        return preview

    def presses(self, preview: str, button: str) -> Callable[[], TestResponse]:
        return lambda: self.person.post(f"{preview}/{button}", {"seen": self.seen})


@pytest.fixture
def desk(either_app: Flask) -> Desk:
    return Desk(either_app)


def number(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_of_twenty_equal_presses_one_takes_the_list_in_and_all_lead_to_its_page(desk: Desk) -> None:
    preview = desk.brings()

    answers = at_once([desk.presses(preview, "apply")] * 20)

    assert {(answer.status_code, answer.location) for answer in answers} == {(302, preview)}
    assert (number(Participant), number(ImportedPerson)) == (ROWS, ROWS)
    applied = select(func.count()).select_from(AuditEntry).filter_by(action="import.applied")
    assert db.session.scalar(applied) == 1


def test_a_list_is_either_taken_in_or_dropped(desk: Desk) -> None:
    for _round in range(4):
        known, preview = number(Participant), desk.brings()

        answers = at_once([desk.presses(preview, "apply"), desk.presses(preview, "cancel")])

        db.session.rollback()
        kept = db.session.scalars(select(ImportBatch).order_by(ImportBatch.id.desc())).first()
        here = kept is not None and preview.endswith(f"/{kept.id}")
        assert all(answer.status_code in {302, 404, 409} for answer in answers), [each.status for each in answers]
        assert not here or (kept is not None and kept.state is ImportState.APPLIED)
        assert number(Participant) == known + (ROWS if here else 0)
        assert answers[0].location == preview if here else answers[0].status_code in {302, 404, 409}
        db.session.execute(Participant.__table__.delete())
        db.session.commit()


Between = Callable[[int], None]


@pytest.fixture
def planned(office: Office, config: Config, monkeypatch: pytest.MonkeyPatch) -> Callable[[Between], list[bool]]:
    """After each plan another does `between`, told how many there were; of each whether its maker only reads."""

    def watch(between: Between) -> list[bool]:
        plans, makes = list[bool](), batches.Draft.plan

        def plan(self: batches.Draft, *how: Any) -> Plan:
            made = makes(self, *how)
            plans.append(only_reads())
            between(len(plans))
            return made

        monkeypatch.setattr(batches.Draft, "plan", plan)
        return plans

    return watch


def write(config: Config, statement: str, *values: str) -> None:
    """As somebody who does not wait for anybody. By the same library: two of them undo each other's locks."""
    with closing(extensions.sqlite.connect(config.instance / "planner.sqlite3", timeout=0)) as other, other:
        other.execute(statement, values)


def test_others_write_while_a_list_is_planned(office: Office, config: Config, planned: Any) -> None:
    """A list of 5,000 kept everybody from saving while it was compared with who is there."""
    preview = bring(office, LIST)
    shown = office.client.get(preview).form("form").sent
    plans = planned(lambda _number: write(config, "update user set name = 'Somebody'"))

    office.client.fetch(f"{preview}/apply", method="POST", data=shown)

    assert plans == [True]
    assert number(Participant) == ROWS


@pytest.mark.parametrize("times", [1, 2])
def test_a_list_is_planned_anew_when_what_it_rests_on_has_changed(
    office: Office, config: Config, planned: Any, times: int
) -> None:
    preview = bring(office, LIST)
    make.participant(office.conference, name="Hans Muster", email="hans@example.org")
    db.session.commit()
    shown = office.client.get(preview).form("form").sent

    def between(number: int) -> None:
        if number <= times:
            write(config, "update participant set name = ?", f"Hans {number}")

    plans = planned(between)
    office.client.fetch(f"{preview}/apply", method="POST", data=shown)

    assert plans == [[True, True], [True, True, False]][times - 1]  # at last by the writer, so it does come to an end
    assert number(Participant) == ROWS + 1


def test_a_list_is_planned_anew_when_needs_were_erased_meanwhile(office: Office, config: Config, planned: Any) -> None:
    """They are compared with the list's, and go by themselves some days after the conference."""
    preview = bring(office, LIST)
    make.participant(office.conference, needs=[NeedKind.STEP_FREE])
    db.session.commit()
    shown = office.client.get(preview).form("form").sent
    plans = planned(lambda number: write(config, "delete from need") if number == 1 else None)

    office.client.fetch(f"{preview}/apply", method="POST", data=shown)

    assert plans == [True, True]
    assert number(Participant) == ROWS + 1


def test_what_changed_between_plan_and_turn_is_not_written_over(office: Office, config: Config, planned: Any) -> None:
    make.participant(office.conference, name="Erika Beispiel 1", email="alt@example.org")
    db.session.commit()
    preview = bring(office, "Name;E-Mail\nErika Beispiel 1;e1@example.org\n")
    shown = office.client.get(preview).form("form").sent
    first = {name: "same" for name in shown if name.startswith("answer-")}
    office.client.submit(preview, {**shown, **first})
    shown = office.client.get(preview).form("form").sent
    planned(lambda number: write(config, "update participant set email = 'neu@example.org'") if number == 1 else None)

    answer = office.client.fetch(f"{preview}/apply", method="POST", data=shown)

    assert answer.status_code == 409
    assert "Please look at the preview once more." in answer.text
    db.session.expire_all()
    assert db.session.scalar(select(Participant.email)) == "neu@example.org"


def test_many_lists_are_taken_in_one_after_the_other(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    preview = bring(office, LIST)
    shown = office.client.get(preview).form("form").sent
    monkeypatch.setattr(batches, "PATIENCE", 0)
    with batches.one_after_the_other():
        answer = office.client.post(f"{preview}/apply", shown, page=preview)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert "Please send this once more in ten seconds." in answer.text
    take(office, preview)
    assert number(Participant) == ROWS


def test_many_rooms_come_and_go_in_as_many_steps_as_a_few(office: Office) -> None:
    """Each one came by itself, and each time all were looked at: 5,000 sessions kept writers out for a minute."""

    def counted(act: Callable[[], Any]) -> tuple[int, int]:
        flushes, reads = list[Any](), list[str]()
        note = lambda *how: reads.append(how[2]) if how[2].startswith("SELECT") else None  # noqa: E731
        flushed = lambda *how: flushes.append(how)  # noqa: E731
        event.listen(db.engine, "before_cursor_execute", note)
        event.listen(db.session, "before_flush", flushed)
        try:
            act()
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
            event.remove(db.session, "before_flush", flushed)
        return len(flushes), len(reads)

    def steps(rows: int) -> list[tuple[int, int]]:
        preview = bring(office, "Raum;Kreis\n" + "".join(f"R{rows}-{each};20\n" for each in range(rows)), "rooms")
        shown = office.client.get(preview).form("form").sent
        found = [counted(lambda: office.client.fetch(f"{preview}/apply", method="POST", data=shown))]
        assert number(Room) == rows
        token = {"csrf_token": shown["csrf_token"]}
        found.append(counted(lambda: office.client.fetch(f"{preview}/undo", method="POST", data=token)))
        assert number(Room) == 0
        return found

    assert steps(2) == steps(40)
