"""A conference is deleted a day after its owner said so: nothing of it is left, and nothing of others goes."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, current_app

from planner import audit, deletion, jobs
from planner.errors import MoveForbidden
from planner.extensions import db
from planner.models import (
    Absence,
    AllocationProgress,
    AuditEntry,
    Conference,
    Finding,
    ImportBatch,
    ImportedPerson,
    ImportedThing,
    ImportState,
    InterpreterPair,
    InterpretingMode,
    LanguageLevel,
    Level,
    MailKind,
    MailText,
    MergedRole,
    MergedSubmission,
    MovedSupport,
    Order,
    Quota,
    Recommendation,
    Registration,
    RoomClosure,
    SentForm,
    SessionClosure,
    SessionGroup,
    SessionOrder,
    SignInFailure,
    SubmissionState,
    Supporter,
    Veto,
    WishesBefore,
)
from planner.models.findings import Competent, RequestKind
from tests import factories as make
from tests.client import Client
from tests.planner.world import World, _fill, build

TABLES = db.metadata.tables
NOT_OF_A_CONFERENCE = {"user", "role", "user_roles", "sign_in_link", "ended_visit", "mail_trial"}
"""Accounts: whoever worked on it keeps hers."""
NOW = make.NOW
SECOND = timedelta(seconds=1)


def stored() -> dict[str, list[str]]:
    """Every row of what can belong to a conference; the site's own chain of the audit aside."""
    db.session.flush()
    found = {
        name: sorted(repr(tuple(row)) for row in db.session.execute(sa.select(table)))
        for name, table in TABLES.items()
        if name not in NOT_OF_A_CONFERENCE | {"audit_entry", "audit_head"}
    }
    for name in ("audit_entry", "audit_head"):
        rows = db.session.execute(sa.select(TABLES[name]).where(TABLES[name].c.chain != audit.EVERYWHERE))
        found[name] = sorted(repr(tuple(row)) for row in rows)
    return found


def filled(conference: Conference) -> None:
    """A row in each table that has to do with it: the walk below says which is missing."""
    made = _fill(conference)
    person, slot, room, session = made["person"], conference.slots[0], conference.rooms[0], conference.sessions[0]
    meeting, run = made["meetings"], conference.published
    finding = make.add(Finding(meeting_id=meeting, text="Erkannt", changed_at=NOW))
    batch, away = made["imports"], conference.sessions[1]
    db.session.get_one(ImportBatch, batch).state = ImportState.APPLIED  # one that waits goes by itself
    support = make.add(Supporter(participant_id=person.id, submission_id=made["others"]))
    for row in (
        Registration(participant_id=person.id, group_link_id=make.group_link(conference).id, registered_at=NOW),
        MailText(conference_id=conference.id, kind=MailKind.REMINDER, language="de", subject="Bald", body="{link}"),
        MovedSupport(submission_id=made["submissions"], supporter_id=support.id),
        Recommendation(
            finding_id=finding.id, position=1, text="Mehr Kurse", kind=RequestKind.MONEY, competent=Competent.CITY
        ),
        Absence(participant_id=person.id, slot_id=slot.id),
        LanguageLevel(participant_id=person.id, language="ar", level=Level.SPEAKS),
        InterpreterPair(participant_id=person.id, source="ar", target="de", mode=InterpretingMode.WHISPERING),
        Veto(participant_id=person.id, session_id=away.id),
        MergedRole(merge_id=made["merges"], role_id=session.roles[0].id),
        MergedSubmission(
            merge_id=made["merges"], submission_id=made["others"], session_id=away.id, state=SubmissionState.ACCEPTED
        ),
        WishesBefore(merge_id=made["merges"], participant_id=person.id, favourites=[away.id]),
        Quota(conference_id=conference.id, group_id=conference.groups[0].id, minimum=1),
        RoomClosure(room_id=room.id, slot_id=slot.id),
        SessionClosure(session_id=session.id, slot_id=slot.id),
        SessionGroup(session_id=session.id, group_id=conference.groups[0].id),
        SessionOrder(session_id=session.id, other_id=away.id, kind=Order.AFTER),
        ImportedPerson(batch_id=batch, participant_id=person.id),
        ImportedThing(batch_id=batch, kind="room", row_id=room.id),
        AllocationProgress(allocation_id=run.id, number=1, goal="wishes", seconds=1.0, value=1.0, bound=1.0),
        SentForm(fingerprint=conference.slug, leads_to=f"/organise/{conference.slug}/rooms/", sent_at=NOW),
        SignInFailure(kind="card", subject=str(conference.id), address="x", happened_at=NOW),
        AuditEntry(conference_id=conference.id, happened_at=NOW, actor="organiser:1", action="rooms.new"),
    ):
        make.add(row)
    make.wishes(person, session)
    make.commitment(person, slot, session)
    make.organisation(conference)
    db.session.commit()


@pytest.fixture
def conference(either_app: Flask) -> Conference:
    """To be deleted, beside another one."""
    filled(make.organised()[0])
    return make.organised()[0]


def test_after_a_day_nothing_is_left_of_it_in_any_table_or_file(conference: Conference) -> None:
    id, before = conference.id, stored()
    filled(conference)
    grown = {name for name, rows in stored().items() if len(rows) > len(before[name])}
    mail = Path(current_app.extensions["planner"].instance) / "mail" / "one.log"
    mail.parent.mkdir(exist_ok=True)
    mail.write_text("To: kanarie@example.org\n\nIhre Runden\n")

    deletion.ask(conference, conference.slug, NOW)
    db.session.commit()
    jobs.keep_promises(NOW + deletion.GRACE - SECOND)
    kept = stored()["conference"]
    jobs.keep_promises(NOW + deletion.GRACE)

    assert grown | {"conference"} == set(before), "a table of which the test has no row"
    assert len(kept) == len(before["conference"])
    left = {name: set(rows) - set(before[name]) for name, rows in stored().items()}
    gone = {name: set(before[name]) - set(rows) for name, rows in stored().items() if name != "conference"}
    assert {name: rows for name, rows in left.items() if rows} == {}
    assert {name: rows for name, rows in gone.items() if rows and name != "member"} == {}
    assert not mail.exists()
    [told] = db.session.query(AuditEntry).filter_by(action="conference.deleted")
    assert (told.chain, told.actor, told.subject, told.facts) == (audit.EVERYWHERE, "system", f"conference:{id}", {})


def test_the_audit_of_the_site_is_whole_afterwards_and_nobody_gets_its_number(conference: Conference) -> None:
    filled(conference)
    config = current_app.extensions["planner"]
    audit.anchor(config, NOW)
    deletion.ask(conference, conference.slug, NOW)
    db.session.commit()
    id = conference.id
    jobs.keep_promises(NOW + deletion.GRACE)

    assert list(audit.faults(audit.anchors(config))) == []
    assert make.conference().id > id


def test_a_chain_that_somebody_removed_without_deleting_its_conference_is_missed(conference: Conference) -> None:
    filled(conference)
    for name in ("audit_entry", "audit_head"):
        db.session.execute(sa.delete(TABLES[name]).where(TABLES[name].c.chain == conference.id))
    db.session.commit()

    assert any("has no head" in fault for fault in audit.faults([]))


def test_its_owner_takes_it_back_within_the_day(conference: Conference) -> None:
    deletion.ask(conference, conference.slug, NOW)
    db.session.commit()
    deletion.take_back(conference)
    db.session.commit()

    assert deletion.due(NOW + 2 * deletion.GRACE) == []
    assert deletion.erase(conference.id, NOW + 2 * deletion.GRACE) == 0
    assert db.session.get(Conference, conference.id) is not None


def test_what_is_gone_cannot_be_taken_back(app: Flask) -> None:
    conference = make.organised()[0]
    deletion.ask(conference, conference.slug, NOW)
    db.session.commit()
    db.session.execute(
        sa.delete(Conference).where(Conference.id == conference.id).execution_options(synchronize_session=False)
    )

    with pytest.raises(MoveForbidden):
        deletion.take_back(conference)


@pytest.fixture
def world(app: Flask) -> World:
    app.config["WTF_CSRF_ENABLED"] = False
    return build(app)


def press(client: Client, world: World, act: str, **typed: str) -> Any:
    return client.fetch(f"/organise/{world.here.slug}/archive/{act}", method="POST", data=typed)


@pytest.mark.parametrize("typed", ["", "Konferenz", "conference"])
def test_another_name_deletes_nothing_and_is_kept_on_the_page(world: World, typed: str) -> None:
    answer = press(world.caller("organiser"), world, "delete", name=typed)

    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.text
    assert db.session.get_one(Conference, world.here.id).deletes_at is None


def test_an_owner_deletes_by_the_short_name_and_takes_it_back(world: World) -> None:
    client, here = world.caller("organiser"), world.here.id

    press(client, world, "delete", name=world.here.slug)
    asked = db.session.get_one(Conference, here).deletes_at
    shown, listed = client.get(f"/organise/{world.here.slug}/archive/"), Client(world.app).get("/")
    refused = client.fetch(f"/organise/{world.here.slug}/rooms/new", method="POST", data={"name": "Neu"})
    press(client, world, "keep")

    assert asked is not None
    assert timedelta(hours=23) < asked - datetime.now(UTC) <= deletion.GRACE
    assert "will be deleted" in shown.text
    assert world.here.title["en"] not in listed.headings
    assert (refused.status_code, "will be deleted" in refused.text) == (409, True)
    assert db.session.get_one(Conference, here).deletes_at is None


def test_an_archived_conference_can_be_deleted_too(world: World) -> None:
    """The field stood still, and there was no button."""
    world.here.archived_at = NOW
    client = world.caller("organiser")

    shown = client.get(f"/organise/{world.here.slug}/archive/")
    press(client, world, "delete", name=world.here.slug)

    assert "Delete this conference" in shown.text
    assert db.session.get_one(Conference, world.here.id).deletes_at is not None


def test_only_an_owner_deletes(world: World) -> None:
    for name in ("second organiser", "clerk", "viewer", "other organiser", "participant"):
        press(world.caller(name), world, "delete", name=world.here.slug)
        assert db.session.get_one(Conference, world.here.id).deletes_at is None, name
