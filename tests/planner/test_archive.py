"""An archived conference: read as before, nothing that is sent there is kept, and its way back; the start pages."""

import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from planner import archive, auth, clock, deletion, team
from planner.extensions import db
from planner.models import AllocationState, Conference, Invitation, InvitationState, Member, Participant, PersonalLink
from planner.policy import POLICY, Who
from planner.policy.table import AREAS, OPEN_IN_AN_ARCHIVE
from tests import factories as make
from tests.client import Client
from tests.planner.test_one_moment import meanwhile
from tests.planner.test_policy import SKIPPED, Door
from tests.planner.world import World, build

TOLD = "This conference is archived"
CALLER = {Who.PARTICIPANT: "participant", Who.FACILITATOR: "facilitator", **dict.fromkeys(AREAS, "organiser")}


@pytest.fixture
def world(app: Flask) -> World:
    app.config["WTF_CSRF_ENABLED"] = False
    world = build(app)
    world.here.archived_at = make.NOW
    db.session.commit()
    return world


def sent(world: World) -> list[tuple[str, Door]]:
    """Every address of a conference to which something is sent."""
    return [
        (endpoint, Door(rule, "POST"))
        for endpoint in sorted(set(POLICY) - SKIPPED)
        for rule in world.app.url_map.iter_rules(endpoint)
        if "POST" in (rule.methods or set()) and "<slug>" in rule.rule
    ]


def stored() -> dict[str, list[Any]]:
    """All rows but those of the audit and of whoever knocked."""
    left_out = {"audit_entry", "audit_head", "sign_in_link", "sign_in_failure", "personal_link", "user"}
    tables = [table for name, table in db.metadata.tables.items() if name not in left_out]
    return {table.name: sorted(map(repr, db.session.execute(sa.select(table)))) for table in tables}


def test_whatever_is_sent_to_an_archived_conference_is_refused_with_a_sentence(world: World) -> None:
    clients = {name: world.caller(name) for name in ("participant", "facilitator", "organiser")}
    before = stored()
    found = {}
    for endpoint, door in sent(world):
        if endpoint not in OPEN_IN_AN_ARCHIVE and endpoint != "participant.submissions.similar":
            client = clients[CALLER.get(POLICY[endpoint], "participant")]
            answer = client.fetch(door.path(world, 0), method="POST", data={"name": "Neu", "problem": "Neu"})
            found[endpoint] = (answer.status_code, TOLD.encode() in answer.data)
            db.session.rollback()

    assert len(found) > 60
    assert {endpoint: told for endpoint, told in found.items() if told != (409, True)} == {}
    assert stored() == before


def test_what_stays_open_is_named_by_addresses_that_there_are(world: World) -> None:
    page = "organiser.life.index"  # only looked at; its form goes to another address

    assert {endpoint for endpoint, _door in sent(world)} >= OPEN_IN_AN_ARCHIVE - {page}


def test_everything_is_still_read_and_no_button_that_changes_something_is_drawn(world: World) -> None:
    organiser, person, home = world.caller("organiser"), world.caller("participant"), f"/organise/{world.here.slug}/"

    for page in ("", "settings/", "rooms/", "sessions/", "people/", "team/", "themes/", "allocations/"):
        shown = organiser.get(home + page)
        assert TOLD in shown.text
        drawn = {form.action for form in shown.forms if form.action.startswith(home)}
        assert {
            each for each in drawn if not each.endswith(("/remove", "/withdraw")) or "/team/" not in each
        } == set(), page
    assert TOLD in person.get(f"/c/{world.here.slug}/me/").text


def test_its_owner_archives_a_conference_and_opens_it_again(world: World) -> None:
    here, there = world.here.id, f"/organise/{world.here.slug}/archive/"
    owner = world.caller("organiser")

    owner.fetch(f"{there}end", method="POST")
    assert db.session.get_one(Conference, here).archived_at is None
    owner.fetch(f"{there}begin", method="POST")
    assert db.session.get_one(Conference, here).archived_at is not None
    audit = owner.get(f"/organise/{world.here.slug}/audit/").text
    assert "conference archived" in audit
    assert "conference opened again" in audit


def test_the_page_says_before_and_after_what_becomes_of_mails_that_wait(world: World) -> None:
    owner, page = world.caller("organiser"), f"/organise/{world.here.slug}/archive/"
    shut = owner.get(page).text
    world.here.archived_at = None
    db.session.commit()
    before = owner.get(page).text
    world.here.deletes_at = make.NOW
    db.session.commit()

    assert "Its mails that wait leave when it is open again." in shut
    assert "Its mails that have not left by then wait until it is open again." in before
    assert "From then on nothing changes, none of its mails leaves, and no allocation is begun." in before
    assert "Until then none of its mails leaves, and no allocation is begun." in owner.get(page).text


def test_nothing_is_archived_while_it_is_calculated(world: World) -> None:
    world.here.archived_at = None
    make.allocation(world.here, number=9, state=AllocationState.RUNNING)

    client = world.caller("organiser")
    client.fetch(f"/organise/{world.here.slug}/archive/begin", method="POST")
    shown = client.get(f"/organise/{world.here.slug}/archive/")

    assert "An allocation is being calculated" in shown.text
    assert db.session.get_one(Conference, world.here.id).archived_at is None


def test_people_can_have_themselves_erased_all_the_same(world: World) -> None:
    person = world.person.id
    client = world.caller("participant")
    answer = client.fetch(f"/c/{world.here.slug}/me/data/erase", method="POST", data={"sure": "y", "texts": "go"})

    assert answer.status_code != 409
    assert db.session.get(Participant, person) is None


def test_ways_in_are_still_shut_and_members_removed(world: World) -> None:
    """A link that got into wrong hands, or a colleague who left, cannot wait until the conference is open again."""
    auth.mint_link(world.person, clock.now())
    colleague = make.member(world.here, make.user(email="left@example.org"))
    invited = make.invitation(world.here, email="wrong@example.org")
    db.session.commit()
    owner, home = world.caller("organiser"), f"/organise/{world.here.slug}"
    gone = (colleague.id, invited.id)

    owner.fetch(f"{home}/people/{world.person.id}/revoke", method="POST")
    owner.fetch(f"{home}/team/{gone[0]}/remove", method="POST")
    owner.fetch(f"{home}/team/invitations/{gone[1]}/withdraw", method="POST")

    db.session.expire_all()
    assert db.session.query(PersonalLink).filter_by(participant_id=world.person.id, revoked_at=None).count() == 0
    assert db.session.get(Member, gone[0]) is None
    assert db.session.get(Invitation, gone[1]) is None
    assert "Links and cards can still be made invalid" in owner.get(f"{home}/archive/").text


def test_an_invitation_waits_until_the_conference_is_open_again(world: World) -> None:
    guest = make.user(email="guest@example.org")
    row = make.invitation(world.here, email="guest@example.org", state=InvitationState.SHOWN)
    token = team.mint(row)
    db.session.commit()
    answer = Client(world.app).as_organiser(guest).fetch(f"/i/{token}", method="POST")

    assert answer.status_code == 409
    assert TOLD in answer.text
    assert db.session.query(Member).filter_by(user_id=guest.id).count() == 0
    assert db.session.query(Invitation).filter_by(email="guest@example.org").count() == 1


def test_the_start_pages_tell_archived_ones_apart_and_leave_out_who_does_not_want_to_be_there(world: World) -> None:
    hidden, secret = make.conference(title={"de": "Geheim", "en": "Secret"}), f"/c/{world.there.slug}/"
    hidden.is_listed = False
    db.session.commit()

    home, mine = Client(world.app).get("/"), world.caller("organiser").get("/organise/")

    assert "Secret" not in home.text
    assert home.headings.index("Archived") < home.headings.index(world.here.title["en"])
    assert home.headings.index(world.there.title["en"]) < home.headings.index("Archived")
    assert mine.headings.index("Archived") < mine.headings.index(world.here.title["en"])
    assert "Secret" in Client(world.app).get(f"/c/{hidden.slug}/").headings
    assert secret in home.links


@pytest.mark.postgresql
@pytest.mark.parametrize("act", [archive.archive, lambda here, now: deletion.ask(here, here.slug, now)])
@pytest.mark.parametrize("role", ["organiser", "participant"])
def test_who_came_in_before_and_was_slower_is_refused_and_keeps_what_was_typed(
    postgresql_app: Flask, role: str, act: Callable[[Conference, datetime], None]
) -> None:
    """On SQLite writers come one after the other; on PostgreSQL she was at the door already, and was kept after it."""
    postgresql_app.config["WTF_CSRF_ENABLED"] = False
    world = build(postgresql_app)
    client, id = world.caller(role), world.here.id
    statement = {"theme_id": str(world.here.themes[0].id), "problem": "Spät gebracht"}
    where, asked, form = {
        "organiser": (
            f"/organise/{world.here.slug}/rooms/new",
            "FROM member",
            {"name": "Spät", "capacity_circle": "9"},
        ),
        "participant": (f"/c/{world.here.slug}/me/submissions/new", "FROM ended_visit", statement),
    }[role]
    gone: list[int] = []

    def elsewhere() -> None:
        if not gone:
            gone.append(id)
            with postgresql_app.app_context():
                act(db.session.get_one(Conference, id), clock.now())
                db.session.commit()

    def in_another_thread() -> None:
        other = threading.Thread(target=elsewhere)
        other.start()
        other.join()

    with meanwhile(asked, in_another_thread):
        answer = client.fetch(where, method="POST", data=form)

    assert gone
    assert answer.status_code == 409
    assert "Spät" in answer.text
    assert "Spät" not in repr(stored())
