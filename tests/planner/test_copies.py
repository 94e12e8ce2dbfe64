"""A copy of an earlier conference: every table and every setting is copied, or named here with the reason why not."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from flask import Flask

from planner import conferences, copies, deletion
from planner.dates import NoSuchTime
from planner.extensions import db
from planner.models import Conference, MemberRole, Quota, RoomClosure, SessionState
from tests import factories as make
from tests.client import Client
from tests.planner.world import build

TABLES = db.metadata.tables
BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 1, 5, 10, tzinfo=UTC)

LEFT_OUT = {
    **dict.fromkeys(
        (
            *("participant", "absence", "language_level", "interpreter_pair", "need", "preference", "veto"),
            *("session_role", "commitment", "supporter", "personal_link", "message", "bond", "bond_member"),
        ),
        "people, and what is theirs",
    ),
    **dict.fromkeys(
        ("session_merge", "merged_session", "merged_role", "merged_submission", "wishes_before", "moved_support"),
        "undone where it was done; sessions are copied as they are held",
    ),
    "submission": "people brought it, for this day",
    "organisation": "one may be called like the only person who belonged to it; they come with the people",
    **dict.fromkeys(("allocation", "allocation_progress", "assignment", "meeting"), "results, of people"),
    **dict.fromkeys(("finding", "recommendation"), "what came of that day"),
    **dict.fromkeys(("import_batch", "imported_person", "imported_thing"), "lists, mostly of people"),
    **dict.fromkeys(("audit_entry", "audit_head"), "what was done there, not here"),
    **dict.fromkeys(("group_link", "registration"), "a way in for the people of that day"),
    **dict.fromkeys(("member", "invitation"), "who works here is said anew; whoever copies owns the copy"),
    **dict.fromkeys(("user", "role", "user_roles", "sign_in_link"), "accounts, of no conference"),
    **dict.fromkeys(("sent_form", "sign_in_failure", "ended_visit", "mail_trial"), "traces, of no conference"),
}
"""Why a table is not copied."""

OF_ITS_OWN = {
    **dict.fromkeys(("slug", "title"), "typed anew"),
    **dict.fromkeys(
        ("call_from", "call_until", "wishes_from", "wishes_until", "day_starts", "day_ends"), "counted from the new day"
    ),
    **dict.fromkeys(("clock_shift", "passed"), "of the clock of that day"),
    "is_demonstration": "a copy is meant",
    **dict.fromkeys(("archived_at", "deletes_at"), "a copy begins anew"),
    "published_id": "a result, of people",
}
"""Why a column of the conference is not copied as it is."""


def copy(earlier: Conference, day: date = date(2027, 5, 6), *, with_sessions: bool = True) -> Conference:
    made = copies.copy(earlier, "", "Noch einmal", day, make.user(), NOW, with_sessions=with_sessions)
    db.session.flush()
    db.session.expire_all()
    return made


def test_every_table_is_copied_or_named_as_left_out() -> None:
    copied = {model.__tablename__ for model in copies.COPIED}

    assert copied | set(LEFT_OUT) | {"conference"} == set(TABLES)
    assert copied & set(LEFT_OUT) == set()


def test_every_setting_is_copied_or_named_as_the_copys_own() -> None:
    columns = {column.name for column in TABLES["conference"].columns} - {"id"}

    assert set(copies.SETTINGS) | set(OF_ITS_OWN) == columns
    assert set(copies.SETTINGS) & set(OF_ITS_OWN) == set()


def test_nothing_that_is_copied_points_to_anything_that_is_not() -> None:
    """Each table comes after those that it points to, so that every number is known."""
    known = {"conference"}
    for model in copies.COPIED:
        assert {key.column.table.name for key in model.__table__.foreign_keys} <= known, model
        known.add(model.__tablename__)


@pytest.fixture
def earlier(app: Flask) -> Conference:
    """With everything in it that a conference can have."""
    world = build(app)
    here = world.here
    here.day_starts, here.day_ends = (datetime(2026, 5, 5, hour, tzinfo=BERLIN) for hour in (9, 17))
    here.call_from, here.call_until = (datetime(2026, month, 3, 9, tzinfo=BERLIN) for month in (3, 4))
    here.wishes_from, here.wishes_until = (datetime(2026, 4, day, 9, tzinfo=BERLIN) for day in (10, 20))
    here.place, here.languages, here.presumes_language = "Saal", ["ar", "de"], False
    session, slot, room, group = here.sessions[0], here.slots[0], here.rooms[0], here.groups[0]
    slot.starts, slot.ends = (datetime(2026, 5, 5, hour, 30, tzinfo=BERLIN) for hour in (10, 11))
    session.theme_id = here.themes[0].id
    here.sessions[1].state = SessionState.CANCELLED
    db.session.add(RoomClosure(room_id=room.id, slot_id=slot.id))
    db.session.execute(sa.delete(Quota))
    db.session.add(Quota(conference_id=here.id, group_id=group.id, minimum=1))
    db.session.add(Quota(conference_id=here.id, mark="Klasse", value="7", minimum=3))  # known of people: not copied
    db.session.add(Quota(conference_id=here.id, group_id=group.id, session_id=session.id, minimum=2))
    make.organisation(here, name="Erika Beispiel Beratung")
    db.session.commit()
    return here


def rows(table: str, conference: Conference) -> int:
    """Of the tables that name their conference."""
    found = sa.select(sa.func.count()).select_from(TABLES[table]).where(TABLES[table].c.conference_id == conference.id)
    return db.session.scalar(found) or 0


@pytest.mark.parametrize("with_sessions", [True, False])
def test_a_copy_has_nothing_of_the_tables_that_are_left_out(earlier: Conference, with_sessions: bool) -> None:
    owned = [name for name, table in TABLES.items() if "conference_id" in table.columns and name in LEFT_OUT]
    before = {name: db.session.scalar(sa.select(sa.func.count()).select_from(TABLES[name])) for name in LEFT_OUT}
    made = copy(earlier, with_sessions=with_sessions)

    assert {name: rows(name, made) for name in owned if rows(name, made)} == {"member": 1, "audit_entry": 1}
    after = {name: db.session.scalar(sa.select(sa.func.count()).select_from(TABLES[name])) for name in LEFT_OUT}
    grown = {name: after[name] - before[name] for name in LEFT_OUT if after[name] != before[name]}
    assert set(grown) <= {"member", "user", "audit_entry", "audit_head"}


def test_a_copy_has_everything_else_and_points_to_its_own(earlier: Conference) -> None:
    made = copy(earlier)
    [session] = made.sessions

    assert (made.place, made.languages, made.presumes_language) == ("Saal", ["ar", "de"], False)
    assert made.title == {"ar": "Noch einmal", "de": "Noch einmal", "en": "Noch einmal"}
    for name in ("themes", "groups", "slots", "rooms", "agenda"):
        assert len(getattr(made, name)) == len(getattr(earlier, name)) > 0, name
    assert session.theme_id == made.themes[0].id
    assert (session.roles, session.submissions) == ([], [])
    assert {(p.slot_id, p.room_id) for p in session.placements} == {(made.slots[0].id, made.rooms[0].id)}
    assert [closure.slot_id for closure in made.rooms[0].closures] == [made.slots[0].id]
    quotas = db.session.scalars(sa.select(Quota).filter_by(conference_id=made.id).order_by(Quota.id)).all()
    assert [(quota.session_id, quota.minimum) for quota in quotas] == [(None, 1), (session.id, 2)]


def test_without_its_sessions_nothing_of_them_is_copied(earlier: Conference) -> None:
    made = copy(earlier, with_sessions=False)

    assert made.sessions == []
    assert rows("placement", made) == 0
    assert [quota.minimum for quota in db.session.query(Quota).filter_by(conference_id=made.id)] == [1]


def test_everything_keeps_its_hour_on_the_other_day(earlier: Conference) -> None:
    """In summer or in winter."""
    made = copy(earlier, date(2027, 1, 12))

    told = [each.astimezone(BERLIN).isoformat() for each in (made.slots[0].starts, made.slots[0].ends, made.day_ends)]
    assert told == ["2027-01-12T10:30:00+01:00", "2027-01-12T11:30:00+01:00", "2027-01-12T17:00:00+01:00"]
    assert made.wishes_until.astimezone(BERLIN).isoformat() == "2026-12-28T09:00:00+01:00"
    conferences.check_dates(made)


def test_dates_that_would_be_over_are_squeezed_in(earlier: Conference) -> None:
    made = copy(earlier, date(2026, 1, 20))

    conferences.check_dates(made)
    assert made.takes_submissions(NOW)
    assert NOW < made.call_until < made.wishes_until < made.day_starts


def test_an_hour_that_the_clocks_turn_round_is_refused_at_the_day(earlier: Conference) -> None:
    """From 02:45, which is not there, to 03:15, which is half an hour earlier than it."""
    times = (datetime(2026, 5, 5, hour, minute, tzinfo=BERLIN) for hour, minute in ((2, 45), (3, 15)))
    earlier.slots[0].starts, earlier.slots[0].ends = times
    db.session.flush()

    with pytest.raises(NoSuchTime) as refusal:
        copy(earlier, date(2027, 3, 28))
    assert refusal.value.field == "day"


def test_both_audits_say_what_was_copied_into_what_by_its_short_name(earlier: Conference, app: Flask) -> None:
    """The copied one said nothing, and the copy a number: its owner never read who took her settings along."""
    made = copies.copy(
        earlier, "zweite", "Noch einmal", date(2027, 5, 6), make.user(name="Kim"), NOW, with_sessions=True
    )
    owner = make.user()
    for conference in (earlier, made):
        make.member(conference, owner, MemberRole.OWNER)
    db.session.commit()
    client = Client(app).as_organiser(owner)

    there, here = (client.get(f"/organise/{each.slug}/audit/").text for each in (earlier, made))

    assert "copied into another conference" in there
    assert "zweite" in there
    assert "Kim" in there
    assert "Copy of an earlier conference, without its people" in here
    assert earlier.slug in here.partition("Copy of an earlier")[2]
    assert "conference:" not in there + here


def test_what_was_deleted_is_a_number_in_the_audit_of_what_is_left(earlier: Conference, app: Flask) -> None:
    made = copies.copy(earlier, "zweite", "Noch einmal", date(2027, 5, 6), make.user(), NOW, with_sessions=True)
    owner, number = make.user(), made.id
    make.member(earlier, owner, MemberRole.OWNER)
    deletion.ask(made, "zweite", NOW)
    deletion.erase(number, NOW + deletion.GRACE)
    db.session.commit()

    told = Client(app).as_organiser(owner).get(f"/organise/{earlier.slug}/audit/").text

    assert f"Conference, no. {number}" in told
    assert "zweite" not in told
