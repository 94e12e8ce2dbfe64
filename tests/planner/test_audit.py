"""What is written down about who did what, and that nobody changes it unnoticed."""

import re
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, g
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError

from planner import audit, auth, clock, details, rows
from planner.config import Config
from planner.errors import PlannerError
from planner.extensions import db
from planner.models import Allocation, AuditEntry, AuditHead
from planner.policy import POLICY, Who
from planner.policy.table import AREAS
from tests import factories as make
from tests.at_once import at_once
from tests.client import Client, Page
from tests.planner.test_policy import Door
from tests.planner.world import World, build

NOW = make.NOW


def entry(conference_id: int | None = None, **given: Any) -> AuditEntry:
    return AuditEntry(conference_id=conference_id, happened_at=NOW, **{"actor": "system", "action": "test", **given})


def told(conference_id: int | None = None) -> list[AuditEntry]:
    wanted = db.session.query(AuditEntry).filter_by(chain=conference_id or audit.EVERYWHERE)
    return wanted.order_by(AuditEntry.number).all()


def whole(config: Config | None = None) -> list[str]:
    db.session.expire_all()
    return list(audit.faults(audit.anchors(config) if config else []))


def test_entries_form_one_chain_per_conference_in_the_order_of_their_commits(either_app: Flask) -> None:
    here, there = make.conference(), make.conference()
    for number in range(3):
        db.session.add(entry(here.id, subject=f"room:{number}", facts={"ä": [1, None, "x"]}))
        db.session.flush()
        db.session.add(entry(there.id))
        db.session.commit()
    db.session.add(entry())
    db.session.commit()

    assert [(row.number, row.subject) for row in told(here.id)] == [(1, "room:0"), (2, "room:1"), (3, "room:2")]
    assert [row.action for row in told()] == ["chain.began", "chain.began", "test"]
    assert {head.chain: head.number for head in db.session.query(AuditHead)} == {0: 3, here.id: 3, there.id: 3}
    assert whole() == []


def test_what_is_taken_back_leaves_no_entry_and_no_gap(app: Flask) -> None:
    here = make.conference()
    db.session.commit()
    db.session.add(entry(here.id))
    db.session.flush()
    db.session.rollback()
    with db.session.begin_nested():
        db.session.add(entry(here.id, action="kept"))
    db.session.commit()

    assert [(row.number, row.action) for row in told(here.id)] == [(1, "kept")]
    assert whole() == []


def test_concurrent_writers_form_one_chain(either_app: Flask) -> None:
    """Each begins with its own work and takes the chain's head last: nobody waits in a circle."""
    places = [make.conference() for _ in range(2)]
    ids = [place.id for place in places]
    db.session.commit()
    failed: list[BaseException] = []

    def write(writer: int) -> None:
        try:
            for number in range(15):
                with either_app.app_context():
                    if number % 3 == 2:
                        rows.at_once(entry(ids[writer % 2], subject=f"writer:{writer}"))
                        continue
                    db.session.add(entry(ids[(writer + number) % 2], subject=f"writer:{writer}"))
                    db.session.add(entry(subject=f"writer:{writer}"))
                    db.session.commit()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    assert whole() == []
    counted = Counter(row.subject for row in db.session.query(AuditEntry) if row.action == "test")
    assert counted == {f"writer:{writer}": 25 for writer in range(6)}


def test_an_erased_conference_leaves_its_chain_whole(app: Flask) -> None:
    here = make.conference()
    db.session.add(entry(here.id))
    db.session.commit()
    db.session.execute(text("delete from conference"))
    db.session.commit()

    assert whole() == []


TAMPERINGS = {
    "a fact changed": "update audit_entry set facts = '{\"people\": 1}' where number = 2",
    "an actor exchanged": "update audit_entry set actor = 'organiser:9' where number = 2",
    "a time moved": "update audit_entry set happened_at = '2020-01-01 00:00:00.000000' where number = 2",
    "one removed": "delete from audit_entry where number = 2",
    "the first removed": "delete from audit_entry where number = 1",
    "the end cut off": "delete from audit_entry where number > 2",
    "all removed": "delete from audit_entry",
    "the head removed": "delete from audit_head where chain > 0",
    "one added": "insert into audit_entry"
    " (conference_id, happened_at, actor, action, subject, facts, chain, number, digest) select"
    " conference_id, happened_at, actor, action, subject, facts, chain, 9, digest from audit_entry where number = 4",
    "one added past the program": "insert into audit_entry (happened_at, actor, action, subject, facts)"
    " values ('2026-01-01 00:00:00.000000', 'organiser:1', 'x', '', '{}')",
    "moved to nowhere": "update audit_entry set conference_id = null where number = 2",
}


@pytest.mark.parametrize("tampering", TAMPERINGS.values(), ids=TAMPERINGS)
def test_a_change_in_the_database_is_found(app: Flask, tampering: str) -> None:
    here = make.conference()
    for _ in range(4):
        db.session.add(entry(here.id, facts={"people": 7}))
        db.session.commit()
    assert whole() == []

    db.session.execute(text(tampering))

    assert whole() != []


NONSENSE = {
    "subject": "update audit_entry set subject = 'conference:x' where action = 'chain.began'",
    "happened_at": "update audit_entry set happened_at = 'garbage' where number = 2 and chain > 0",
    "facts": "update audit_entry set facts = '{' where number = 2 and chain > 0",
    "number": "update audit_entry set number = '1x' where number = 2 and chain > 0",
    "chain": "update audit_entry set chain = 'x' where number = 2 and chain > 0",
    "digest": "update audit_entry set digest = x'ff' where number = 2 and chain > 0",
}


@pytest.mark.parametrize("column", NONSENSE)
def test_a_value_that_nobody_can_read_is_found_and_so_is_what_was_changed_after_it(app: Flask, column: str) -> None:
    """The command ended in a traceback, and told of nothing that stood behind."""
    here = make.conference()
    for _ in range(5):
        db.session.add(entry(here.id, facts={"people": 7}))
        db.session.commit()

    db.session.execute(text(NONSENSE[column]))
    db.session.execute(text("update audit_entry set actor = 'organiser:9' where number = 4 and chain > 0"))
    found = whole()

    named = "nothing says that it began" if column == "subject" else f"its {column} was changed to nonsense"
    assert any(named in fault for fault in found), found
    assert f"Chain {here.id}, entry 4: it was changed, or what stood before it was." in found
    assert len(found) < 8


def test_a_cut_end_is_found_even_after_more_was_written(app: Flask) -> None:
    """Whoever cuts the end off and turns the head back has no seal for it: only the server's key makes one."""
    here = make.conference()
    for _ in range(4):
        db.session.add(entry(here.id))
        db.session.commit()
    digest = told(here.id)[1].digest
    db.session.execute(text("delete from audit_entry where number > 2 and chain > 0"))
    db.session.execute(text("update audit_head set number = 2, seal = :seal where chain > 0"), {"seal": digest})
    db.session.commit()
    db.session.expire_all()

    db.session.add(entry(here.id))
    db.session.commit()

    assert whole() != []


def test_an_old_copy_put_back_is_found_by_what_is_kept_outside(app: Flask, config: Config) -> None:
    here = make.conference()
    db.session.add(entry(here.id))
    db.session.commit()
    copy = db.session.query(AuditHead.number, AuditHead.seal).filter_by(chain=here.id).one()
    for _ in range(3):
        db.session.add(entry(here.id))
        db.session.commit()
    audit.anchor(config, NOW)

    db.session.execute(text("delete from audit_entry where number > 1 and chain > 0"))
    back = text("update audit_head set number = :number, seal = :seal where chain > 0")
    db.session.execute(back, {"number": copy.number, "seal": copy.seal})

    assert whole() == []
    [fault] = whole(config)
    assert "ended with entry 4" in fault


def test_what_nobody_would_find_is_said_where_people_rely_on_it(world: World, config: Config) -> None:
    """The page said that no line can be taken away unnoticed: less than a day of them can."""
    db.session.add(entry(world.here.id))
    db.session.commit()
    audit.anchor(config, NOW)
    copy = db.session.query(AuditHead.number, AuditHead.seal).filter_by(chain=world.here.id).one()
    db.session.add(entry(world.here.id))
    db.session.commit()

    cut = text("delete from audit_entry where chain = :chain and number > :number")
    db.session.execute(cut, {"chain": world.here.id, "number": copy.number})
    back = text("update audit_head set number = :number, seal = :seal where chain = :chain")
    db.session.execute(back, {"number": copy.number, "seal": copy.seal, "chain": world.here.id})
    db.session.commit()

    assert whole(config) == []
    page = Page(world.caller("organiser").get(f"/organise/{world.here.slug}/audit/").text).text
    assert "the last lines, of less than a day, are gone then" in page


def test_heads_are_kept_outside_once_a_day(app: Flask, config: Config) -> None:
    for _ in range(2):
        db.session.add(entry())
        db.session.commit()
    audit.anchor_daily(config, clock.now())
    db.session.add(entry())
    db.session.commit()
    audit.anchor_daily(config, clock.now())
    assert [row.number for row in audit.anchors(config)] == [1]

    audit.anchor_daily(config, clock.now() + timedelta(days=1, minutes=1))

    assert [row.number for row in audit.anchors(config)] == [1, 3]
    assert whole(config) == []


EMPTYING = ("delete from audit_entry", "delete from audit_head")


@pytest.mark.parametrize("goes_on", [False, True])
def test_an_audit_that_was_emptied_before_the_first_day_is_found(app: Flask, config: Config, goes_on: bool) -> None:
    """With its heads gone it looked like that of a new installation, whatever was written afterwards."""
    here = make.conference()
    for _ in range(3):
        db.session.add(entry(here.id))
        db.session.commit()
    assert whole(config) == []

    for statement in EMPTYING:
        db.session.execute(text(statement))
    db.session.commit()
    if goes_on:
        db.session.add(entry(here.id, action="another"))
        db.session.commit()

    assert whole() == []
    assert any(
        fault.startswith(f"Chain {here.id}: it is not the one that ended with entry 1") for fault in whole(config)
    )


def test_what_was_taken_back_is_no_beginning(app: Flask, config: Config) -> None:
    db.session.add(entry())
    audit.chain_entries(db.session())
    db.session.rollback()
    rows.at_once(entry(action="the first"))

    [begun] = audit.anchors(config)
    assert begun.seal == db.session.query(AuditHead).one().seal


def test_a_disk_that_takes_no_line_keeps_no_act_from_being_done(app: Flask, config: Config) -> None:
    audit.anchors_file(config).mkdir()

    db.session.add(entry())
    db.session.commit()

    assert [row.number for row in told()] == [1]


def test_a_line_that_a_full_disk_has_cut_off_is_written_again(app: Flask, config: Config) -> None:
    db.session.add(entry())
    db.session.commit()
    file = audit.anchors_file(config)
    file.write_text(file.read_text()[:40])
    assert audit.anchors(config) == []

    audit.anchor(config, NOW)
    audit.anchor(config, NOW)

    assert len(audit.anchors(config)) == 1
    assert whole(config) == []


def test_what_is_written_while_the_audit_is_verified_is_no_fault(either_app: Flask) -> None:
    """Its heads were read before the entries: each that came in between cried wolf on PostgreSQL."""
    here = make.conference().id
    db.session.add(entry(here))
    db.session.commit()
    written: list[str] = []

    def write(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        table = statement.rpartition("FROM ")[2].split()[0]
        if statement.startswith("SELECT") and table in {"audit_head", "conference"} and table not in written:
            written.append(table)
            rows.at_once(entry(here, subject=table))

    event.listen(db.engine, "after_cursor_execute", write)
    try:
        audit.read_at_one_moment()
        found = list(audit.faults([]))
    finally:
        event.remove(db.engine, "after_cursor_execute", write)
    db.session.rollback()

    assert written == ["audit_head", "conference"]
    assert found == []
    assert [row.subject for row in told(here)] == ["", "audit_head", "conference"]
    assert whole() == []


@pytest.fixture
def world(app: Flask) -> World:
    app.config["WTF_CSRF_ENABLED"] = False
    return build(app)


def last(world: World) -> AuditEntry:
    return told(world.here.id)[-1]


def test_what_an_organiser_changes_is_written_down_with_it(world: World) -> None:
    room = world.objects["rooms"][0]
    client = world.caller("organiser")
    page = f"/organise/{world.here.slug}/rooms/{room}"
    fields = client.get(page).fields

    assert client.fetch(page, method="POST", data={**fields, "capacity_circle": "17"}).status_code == 302

    assert (last(world).actor, last(world).action, last(world).subject) == (
        f"organiser:{world.organiser.id}",
        "rooms.edit",
        f"rooms:{room}",
    )
    assert "room.capacity_circle" in last(world).facts["changed"]
    assert "17" not in str(last(world).facts)


def test_what_was_refused_leaves_no_entry_of_a_change(world: World) -> None:
    room = world.objects["rooms"][0]
    client, before = world.caller("organiser"), len(told(world.here.id))

    page = f"/organise/{world.here.slug}/rooms/{room}"
    assert client.fetch(page, method="POST", data={"name": ""}).status_code == 422

    assert len(told(world.here.id)) == before


def test_of_many_presses_at_once_one_started_a_run(either_app: Flask) -> None:
    """Each of those that found the run on its way stood in the audit as if it had started one."""
    conference, organiser = make.organised()
    make.session(conference, minimum=0)
    make.room(conference)
    make.slot(conference)
    for _ in range(3):
        make.participant(conference)
    page = f"/organise/{conference.slug}/allocations/"
    clients = [Client(either_app).as_organiser(organiser) for _ in range(8)]
    forms = [{**client.get(page).fields, "preset": "balanced", "seconds": "2"} for client in clients]
    id = conference.id
    db.session.remove()

    def press(number: int) -> Callable[[], None]:
        return lambda: answers.append(clients[number].http.post(page, data=forms[number]).status_code)

    answers: list[int] = []
    at_once(either_app, *(press(number) for number in range(8)))

    assert answers == [302] * 8
    assert db.session.query(Allocation).count() == 1
    started = [row for row in told(id) if row.action == "allocations.start"]
    assert [row.facts for row in started] == [{"changed": [], "added allocation": 1}]


def test_taking_back_what_nobody_sees_is_no_act(world: World) -> None:
    client, before = world.caller("organiser"), len(told(world.here.id))
    run = db.session.query(Allocation).filter_by(conference_id=world.here.id).first()
    assert run
    world.here.published_id = None
    page = f"/organise/{world.here.slug}/allocations/{run.number}"

    assert client.post(f"{page}/unpublish", {}, page=page).status_code == 302

    assert len(told(world.here.id)) == before


def test_a_request_that_is_tried_again_tells_what_it_did_the_last_time(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a lost attempt, or a savepoint, had begun was counted with the rest."""
    lost = iter([True, False])

    def view() -> str:
        make.room(g.conference)
        with suppress(PlannerError), rows.unless(PlannerError()):
            make.room(g.conference)
            raise IntegrityError("", {}, Exception())
        if next(lost):
            raise IntegrityError("", {}, Exception())
        db.session.commit()
        return "done"

    monkeypatch.setitem(POLICY, "organiser.racing", Who.ORGANISER)
    world.app.add_url_rule("/organise/<slug>/racing", "organiser.racing", view, methods=["POST"])
    client = world.caller("organiser")

    assert client.post(f"/organise/{world.here.slug}/racing", {}, page=f"/organise/{world.here.slug}/").text == "done"

    assert (last(world).action, last(world).facts) == ("racing", {"changed": [], "added room": 1})


def test_a_link_is_written_down_and_its_secret_is_not(world: World) -> None:
    people = f"/organise/{world.here.slug}/people/{world.person.id}"
    answer = world.caller("organiser").fetch(f"{people}/link", method="POST")
    token = answer.text.split("/l/")[1].split("<")[0]

    assert (last(world).action, last(world).subject) == ("people.link", f"participant:{world.person.id}")
    assert token not in str([row.facts for row in told(world.here.id)])


def test_a_file_handed_out_is_written_down(world: World) -> None:
    meeting = world.objects["meetings"][0]
    world.caller("facilitator").download(f"/c/{world.here.slug}/facilitate/meetings/{meeting}/names.csv")

    assert (last(world).actor, last(world).action, last(world).facts) == (
        f"participant:{world.leader.id}",
        "export",
        {"page": "facilitator.papers.names"},
    )


def test_whoever_is_turned_away_is_written_down_and_fills_no_table(world: World) -> None:
    client = world.caller("other organiser")
    address = f"/organise/{world.here.slug}/people/"
    for method in ("GET", "POST"):
        assert client.fetch(address, method=method).status_code in {404, 405}

    assert (last(world).actor, last(world).action) == (f"organiser:{world.other_organiser.id}", "denied")
    for _ in range(audit.MOST_DENIALS + 5):
        assert client.fetch(address).status_code == 404
    assert sum(row.action == "denied" for row in told(world.here.id)) == audit.MOST_DENIALS


def test_sign_ins_right_and_wrong_are_written_down(world: World) -> None:
    client = world.caller("organiser")
    client.fetch("/organise/account/logout", method="POST")
    wrong = {"email": world.organiser.email, "password": "falsch und lang genug"}
    Client(world.app).fetch("/organise/account/login", method="POST", data=wrong)
    enter = f"/c/{world.here.slug}/enter"
    code = auth.mint_card(world.person, NOW)
    for typed in ("ABCDEFGH", code):
        Client(world.app).fetch(enter, method="POST", data={"code": typed})

    accounts = [row.action for row in told() if row.action.startswith("account.")]
    assert accounts == ["account.signed_in", "account.signed_out", "account.refused"]
    assert [row.action for row in told(world.here.id)] == ["card.refused", "card.used"]
    assert world.organiser.email not in str([(row.subject, row.facts) for row in told()])
    assert whole() == []


ROLES = {Who.PARTICIPANT: "participant", Who.FACILITATOR: "facilitator", **dict.fromkeys(AREAS, "organiser")}


def test_the_audit_knows_no_clock_but_the_real_one(world: World) -> None:
    """A demonstration lives on another day: what somebody erased, or a look at needs, carried that one's time."""
    world.here.is_demonstration, world.here.clock_shift = True, 9 * 24 * 3600
    one = {name: world.caller(name) for name in ROLES.values()}
    callers = {who: one[name] for who, name in ROLES.items()}
    for endpoint in sorted(
        set(POLICY) - {"organiser.overview.phase"}, key=lambda name: ("erase" in name, name[0] == "o", name)
    ):
        for rule in world.app.url_map.iter_rules(endpoint):
            path = re.sub(r"<any\(([^),]*).*?\):\w+>", r"\1", Door(rule, "").path(world, 0))
            for method in sorted({"GET", "POST"} & (rule.methods or set())) if POLICY[endpoint] in callers else ():
                callers[POLICY[endpoint]].fetch(path, method=method)

    entries = db.session.query(AuditEntry).all()
    assert {row.action for row in entries} >= {"needs.read", "participant.erased", "export", "people.link"}
    early, late = NOW - timedelta(minutes=5), clock.now() + timedelta(minutes=5)
    assert {(row.action, row.actor, str(row.facts)) for row in entries if not early < row.happened_at < late} == set()


def test_organisers_read_who_did_what(world: World) -> None:
    client = world.caller("organiser")
    people = f"/organise/{world.here.slug}/people/{world.person.id}"
    client.fetch(f"{people}/card", method="POST")
    for number in range(audit.PAGE):
        db.session.add(entry(world.here.id, subject=f"room:{number}"))
    db.session.commit()
    address = f"/organise/{world.here.slug}/audit/"

    first, second = client.get(address), client.get(f"{address}?page=2")
    assert "room:49" in first.text
    assert "People: card code made" not in first.text.split("When and who")[1]
    assert "Erika Beispiel" in second.text.split("When and who")[1]
    only = client.get(f"{address}?action=people.card")
    assert "Orga" in only.text
    assert "room:" not in only.text


SAID = {
    ("changed",): ({"changed": ["room.capacity_circle", "room.capacity_rows", "room.name"]}, ["room (chairs, name)"]),
    ("unknown part",): ({"changed": ["room.position", "sent_form.leads_to"]}, ["Changed: room"]),
    ("counted",): (
        {"changed": [], "added session": 2, "removed personal_link": 1, "added sent_form": 1},
        ["session, 2"],
    ),
    ("read",): ({"people": 7, "of": "1-7", "for": "calculation"}, ["Needs of 7 people", "only for a calculation"]),
    ("paper",): ({"page": "facilitator.papers.confidential"}, ["Confidential"]),
    ("denied",): ({"page": "people.index"}, ["People"]),
    ("denied, leader",): ({"page": "facilitator.meetings.show"}, ["Pages of those who lead"]),
}


@pytest.mark.parametrize(("facts", "said"), SAID.values(), ids=[" ".join(name) for name in SAID])
def test_what_an_entry_tells_is_said_in_words(world: World, facts: dict[str, Any], said: list[str]) -> None:
    db.session.add(entry(world.here.id, action="rooms.edit", subject="rooms:12", actor="participant:999", facts=facts))
    db.session.commit()

    page = world.caller("organiser").get(f"/organise/{world.here.slug}/audit/").text
    told = page.split("When and who")[1]

    assert [words for words in said if words not in told] == []
    assert "Rooms, no. 12" in told
    assert "Person, no. 999" in told
    machine = ("room.", "rooms:", "sent_form", "personal_link", "papers", "index", "1-7")
    assert [word for word in machine if word in told] == []


def test_every_area_and_thing_that_an_organiser_changes_has_a_word(app: Flask) -> None:
    """Columns may be left out, the thing may not: its table's or its page's word is there."""
    pages = {name.split(".")[1] for name in POLICY if POLICY[name] in AREAS}

    assert pages - {"audit", "results", "messages"} <= set(details.KINDS)
    assert set(details.THINGS) <= set(db.metadata.tables)
    columns = {each.key for table in details.THINGS for each in table_of(table).attrs}
    assert set(details.PARTS) <= columns


def table_of(name: str) -> Any:
    return next(mapper for mapper in db.Model.registry.mappers if mapper.local_table.name == name)
