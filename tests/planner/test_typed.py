"""Typed text is never lost: whatever refuses a form, the page that follows carries it in one that can be sent again."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event
from werkzeug.test import TestResponse

from planner.extensions import db
from planner.models import Participant, Submission
from planner.policy import POLICY, Who
from planner.policy.table import AREAS
from tests import factories as make
from tests.client import Client, Page
from tests.planner.test_policy import Door
from tests.planner.world import World, build

WRITTEN = 'Zu wenige Kurse <b>&amp; Plätze</b>,\nund keine "Kinderbetreuung".'
FORM = {"problem": WRITTEN, "name": "Nguyễn Văn Ân", "favourite": ["3", "7"], "password": "geheim!", "draft": "1"}
CALLER = {Who.PARTICIPANT: "participant", Who.FACILITATOR: "facilitator"}


def doors(app: Flask) -> list[tuple[str, Door]]:
    """Every address that takes a form."""
    return [
        (endpoint, Door(rule, "POST"))
        for endpoint in sorted(POLICY)
        for rule in app.url_map.iter_rules(endpoint)
        if "POST" in (rule.methods or set()) and "<token>" not in rule.rule
    ]


def lost(answer: TestResponse, address: str) -> list[str]:
    """What of the form is missing on the page that follows, or should not stand there."""
    page = Page(answer.text)
    if not any(form.id == "typed" for form in page.forms):
        return ["the form"]
    shown, sent = page.form("typed"), page.form("typed").sent
    kept = {name: sent.get(name) for name in ("problem", "name", "favourite", "draft")}
    wanted = {"problem": [WRITTEN], "name": [FORM["name"]], "favourite": ["3", "7"], "draft": ["1"]}
    wrong = [f"{name}: {kept[name]}" for name in wanted if kept[name] != wanted[name]]
    wrong += ["the address"] if shown.action != address else []
    wrong += ["no token"] if not sent.get("csrf_token", [""])[0] else []
    return wrong + (["a secret"] if "geheim!" in answer.text else [])


@pytest.fixture
def world(app: Flask) -> World:
    return build(app)


def sent_by(world: World, who: Who, token: str | None, **more: Any) -> Iterator[tuple[str, str, TestResponse]]:
    """The form at every address that is open to such callers."""
    client = world.caller(CALLER.get(who, "organiser"))
    for endpoint, path in paths(world, who):
        valid = client.token("/") if token is None else token
        yield endpoint, path, client.fetch(path, method="POST", data={**FORM, "csrf_token": valid, **more})


def paths(world: World, who: Who) -> list[tuple[str, str]]:
    return [(endpoint, door.path(world, 0)) for endpoint, door in doors(world.app) if POLICY[endpoint] is who]


SENT_TO = [area for area in AREAS if area in POLICY.values() and area is not Who.PLAN]  # there people only look
ROLES = [Who.PARTICIPANT, *SENT_TO, Who.ACCOUNT]


@pytest.mark.parametrize("who", [*ROLES, Who.ANYONE])
def test_an_old_token_loses_nothing(world: World, who: Who) -> None:
    found = {e: (a.status_code, lost(a, path)) for e, path, a in sent_by(world, who, "an old one")}

    assert found
    assert {endpoint: what for endpoint, what in found.items() if what != (400, [])} == {}


@pytest.mark.parametrize("token", [None, "an old one"])
@pytest.mark.parametrize("who", ROLES)
def test_a_session_that_has_ended_loses_nothing(world: World, who: Who, token: str | None) -> None:
    world.caller = lambda _: Client(world.app)  # type: ignore[method-assign]
    found = {e: (a.status_code, lost(a, path)) for e, path, a in sent_by(world, who, token)}

    assert found
    assert {endpoint: what for endpoint, what in found.items() if what != (401, [])} == {}


@pytest.mark.parametrize("token", [None, "an old one"])
@pytest.mark.parametrize("who", ROLES)
def test_what_one_person_typed_is_never_saved_for_another(world: World, who: Who, token: str | None) -> None:
    found = {e: (a.status_code, lost(a, path)) for e, path, a in sent_by(world, who, token, sender="participant-0")}

    assert found
    assert {endpoint: what for endpoint, what in found.items() if what != (409, [])} == {}


@contextmanager
def database_of_another() -> Iterator[None]:
    """Somebody else holds the database for writing, longer than anybody here waits."""
    connection = db.engine.raw_connection()
    connection.execute("BEGIN IMMEDIATE")  # type: ignore[attr-defined]
    try:
        yield
    finally:
        connection.execute("ROLLBACK")  # type: ignore[attr-defined]
        connection.close()


@pytest.mark.parametrize("who", ROLES)
def test_a_database_that_is_locked_loses_nothing(world: World, who: Who, monkeypatch: pytest.MonkeyPatch) -> None:
    client = world.caller(CALLER.get(who, "organiser"))
    form, found = {**FORM, "csrf_token": client.token("/")}, {}
    all_paths = paths(world, who)
    monkeypatch.setattr("planner.turns.LONGEST", 0.05)
    _wait_no_longer_than(20)
    with database_of_another():
        for endpoint, path in all_paths:
            answer = client.fetch(path, method="POST", data=form)
            found[endpoint] = answer.status_code, lost(answer, path)

    reading = {"participant.submissions.similar"}
    assert {e: what for e, what in found.items() if what != (503, []) and e not in reading} == {}


def _wait_no_longer_than(milliseconds: int) -> None:
    db.session.rollback()
    db.engine.dispose()
    event.listen(db.engine, "connect", lambda connection, _: connection.execute(f"PRAGMA busy_timeout={milliseconds}"))


def statement(person: Participant, theme: int) -> dict[str, Any]:
    return {"theme_id": theme, "problem": WRITTEN, "visibility": "named", "language": "de", "receipt": "0" * 16}


def test_a_statement_is_sent_again_after_signing_in_again(app: Flask) -> None:
    """In a new tab she opens her link anew; the page with her text is still the old one."""
    conference = make.conference()
    theme = make.theme(conference).id
    person = make.participant(conference)
    client = Client(app).as_participant(person)
    path = f"/c/{conference.slug}/me/submissions/new"
    opened = client.get(path)
    form = {**statement(person, theme), "csrf_token": opened.fields["csrf_token"], "sender": opened.fields["sender"]}
    client.post(f"/c/{conference.slug}/leave", {}, page=f"/c/{conference.slug}/")

    ended = client.fetch(path, method="POST", data=form)
    client.as_participant(person)
    stale = client.fetch(path, method="POST", data=Page(ended.text).form("typed").sent)
    saved = client.fetch(path, method="POST", data=Page(stale.text).form("typed").sent)

    assert [ended.status_code, stale.status_code, saved.status_code] == [401, 400, 302]
    assert db.session.query(Submission).one().problem == WRITTEN


def asleep(client: Client) -> Client:
    """The visit has ended by itself; the form in the other tab is still open."""
    with client.http.session_transaction() as cookie:
        cookie["seen"] -= 400 * 3600
    return client


def test_after_a_visit_that_fell_asleep_one_press_sends_it(app: Flask) -> None:
    """Opening her link again made another cookie, so that what she sent was refused once more."""
    conference = make.conference()
    theme = make.theme(conference).id
    person, other = make.participant(conference), make.participant(conference)
    client = Client(app).as_participant(person)
    path = f"/c/{conference.slug}/me/submissions/new"
    opened = client.get(path)
    form = {**statement(person, theme), "csrf_token": opened.fields["csrf_token"], "sender": opened.fields["sender"]}

    ended = Page(asleep(client).fetch(path, method="POST", data=form).text).form("typed").sent
    somebody_else = asleep(client).as_participant(other).fetch(path, method="POST", data=ended).status_code
    saved = client.as_participant(person).fetch(path, method="POST", data=ended).status_code
    client = Client(app).as_participant(person)
    opened = client.get(path)
    form |= {"csrf_token": opened.fields["csrf_token"], "receipt": "1" * 16}
    ended = Page(asleep(client).fetch(path, method="POST", data=form).text).form("typed").sent
    at_once = client.as_participant(person).fetch(path, method="POST", data=ended).status_code

    assert (somebody_else, saved, at_once) == (409, 400, 302)
    assert [row.author_id for row in db.session.query(Submission)] == [person.id]


def test_after_signing_in_again_one_press_saves_what_an_organiser_typed(app: Flask) -> None:
    conference, organiser = make.organised()
    room = make.room(conference)
    client, path = Client(app).as_organiser(organiser), f"/organise/{conference.slug}/rooms/{room.id}"
    form = Page(client.fetch(path).text).form("form").sent | {"name": ["Neuer Name"]}

    ended = asleep(client).fetch(path, method="POST", data=form)
    again = Page(ended.text).form("typed").sent
    saved = client.as_organiser(organiser).fetch(path, method="POST", data=again)

    assert (ended.status_code, saved.status_code) == (401, 302)
    db.session.refresh(room)
    assert room.name == "Neuer Name"


def test_another_person_on_the_same_phone_cannot_send_it_as_hers(app: Flask) -> None:
    conference = make.conference()
    theme = make.theme(conference).id
    first, second = make.participant(conference), make.participant(conference)
    client = Client(app).as_participant(first)
    path = f"/c/{conference.slug}/me/submissions/new"
    opened = client.get(path)
    form = {**statement(first, theme), "csrf_token": opened.fields["csrf_token"], "sender": opened.fields["sender"]}

    client.as_participant(second)
    refused = client.fetch(path, method="POST", data=form)
    again = client.fetch(path, method="POST", data=Page(refused.text).form("typed").sent)
    client.as_participant(first)
    stale = client.fetch(path, method="POST", data=Page(again.text).form("typed").sent)
    client.fetch(path, method="POST", data=Page(stale.text).form("typed").sent)

    assert [refused.status_code, again.status_code, stale.status_code] == [409, 409, 400]
    assert [row.author_id for row in db.session.query(Submission)] == [first.id]


def test_a_page_with_what_was_typed_calls_it_by_its_name(app: Flask) -> None:
    conference = make.conference()
    client = Client(app).as_participant(make.participant(conference))

    answer = client.fetch(f"/c/{conference.slug}/me/submissions/new", method="POST", data={"problem": WRITTEN})

    assert '<label for="typed-1">What is the problem?</label>' in answer.text


def test_texts_in_each_language_are_called_by_their_name_before_anybody_knows_the_conference(world: World) -> None:
    """They were "Entry 1" and so on: the fields are made for a conference, and a refusal may come before it."""
    client = world.caller("organiser")
    home = f"/organise/{world.here.slug}"
    texts = {
        "sessions/new": {"title_de": "Title (German)", "goal_en": "Goal (English)"},
        "themes/new": {"title_de": "Title (German)"},
        "groups/new": {"title_en": "Title (English)"},
        "rounds/new": {"title_de": "Title (German)"},
        "agenda/new": {"place_de": "Place (German)"},
        "settings/": {"summary_de": "What it is about (German)"},
    }
    for page, labels in texts.items():
        answer = client.fetch(f"{home}/{page}", method="POST", data=dict.fromkeys(labels, WRITTEN))

        assert re.findall(r'<label for="typed-\d+">([^<]*)</label>', answer.text) == list(labels.values()), page


def test_more_fields_than_any_form_has_are_too_much(app: Flask) -> None:
    client = Client(app)
    body = "&".join(["a=1"] * 5001) + "&csrf_token=" + client.token("/")

    answer = client.fetch("/language", method="POST", data=body, content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 413
    assert "What you entered" not in answer.text


ROOMS = {"participant": {Who.PARTICIPANT}, "organiser": set(AREAS)}
TEXTUAL = re.compile(r'<textarea[^>]* name="([^"]+)"|<input(?=[^>]*type="text")[^>]* name="([^"]+)"')


def pages_with_texts(world: World, client: Client, hers: set[Who]) -> Iterator[tuple[str, str, list[str]]]:
    """Every page on which somebody writes: its address, its HTML, the names of the fields."""
    for endpoint in sorted(POLICY):
        for rule in world.app.url_map.iter_rules(endpoint):
            if "GET" not in (rule.methods or set()) or POLICY[endpoint] not in {*hers, Who.ACCOUNT}:
                continue
            path = Door(rule, "GET").path(world, 0)
            answer = client.fetch(path)
            if answer.mimetype != "text/html":
                continue
            forms = re.findall(r'<form[^>]*method="post".*?</form>', answer.text, re.DOTALL)
            written = [first or second for form in forms for first, second in TEXTUAL.findall(form)]
            if written and "/account/" not in path:
                yield path, answer.text, written


@pytest.mark.parametrize("caller", ROOMS)
def test_changing_the_language_of_a_page_keeps_what_was_typed(world: World, caller: str) -> None:
    client, found = world.caller(caller), {}
    for path, html, names in list(pages_with_texts(world, client, ROOMS[caller])):
        form = Page(html).form("form")
        sent = form.sent | {name: [f"{WRITTEN} {name}"] for name in names} | {"switch_language": ["ar"]}
        answer = client.fetch(form.action or path, method="POST", data=sent)
        again = Page(answer.text)
        lost = [
            name for name in names if re.sub(r"\s+", " ", again.form("form").sent.get(name, [""])[0]) != squeezed(name)
        ]
        found[path] = (answer.status_code, again.language, lost, 'form="form" name="switch_language"' in html)

    assert len(found) >= {"participant": 2, "organiser": 12}[caller]
    wrong = {path: what for path, what in found.items() if what[1:] != ("ar", [], True) or what[0] not in {200, 422}}
    assert wrong == {}


def squeezed(name: str) -> str:
    return re.sub(r"\s+", " ", f"{WRITTEN} {name}")


def test_wishes_stay_on_the_page_when_its_language_changes(world: World) -> None:
    client = world.caller("participant")
    path = f"/c/{world.here.slug}/me/wishes/"
    session = world.objects["sessions"][0]
    form = Page(client.fetch(path).text).form("form").sent | {"favourite": [session], "switch_language": "de"}

    answer = client.fetch(path, method="POST", data=form)

    assert Page(answer.text).form("form").sent["favourite"] == [str(session)]
    assert world.person.preferences == []


def rows() -> dict[str, list[Any]]:
    db.session.rollback()
    return {
        table.name: sorted(map(repr, db.session.execute(table.select())))
        for table in db.metadata.sorted_tables
        if not table.name.startswith("audit")
    }


@pytest.mark.parametrize("who", [*ROLES, Who.ANYONE])
def test_a_language_button_does_nothing_but_change_the_language(world: World, who: Who) -> None:
    """An error's page sends it to the address of what was refused."""
    client, found = world.caller(CALLER.get(who, "organiser")), {}
    form = {"csrf_token": client.token("/"), "switch_language": "ar"}
    before = rows()
    for endpoint, path in paths(world, who):
        client.fetch(path, method="POST", data=form)
        now = rows()
        found[endpoint] = [name for name in before if before[name] != now[name]]
        before = now

    assert found
    assert {endpoint: changed for endpoint, changed in found.items() if changed} == {}
