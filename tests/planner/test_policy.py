"""The authorization matrix, generated: every address and method, every caller, own and foreign objects."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from werkzeug.routing import Rule

from planner.extensions import db
from planner.models import AuditEntry, MemberRole
from planner.policy import POLICY, Who, protect
from planner.policy.table import AFRESH, AREAS, EXPORTS
from tests.client import Client
from tests.planner.world import CANARY, World, build

LOOKS = " who looks"
CALLERS = {
    "anonymous": set(),
    "participant": {Who.PARTICIPANT},
    "facilitator": {Who.PARTICIPANT, Who.FACILITATOR},
    "other conference's participant": set(),
    "revoked": set(),
    "organiser": {*AREAS, Who.ACCOUNT},
    "second organiser": {*AREAS, Who.ACCOUNT} - {Who.OWNER},
    "clerk": {Who.CLERK, Who.ENTRY, Who.PEOPLE, Who.ACCOUNT},
    "clerk who looks": {Who.CLERK, Who.ENTRY, Who.PEOPLE, Who.TEAM, Who.ACCOUNT},
    "group clerk": {Who.ENTRY, Who.PEOPLE, Who.ACCOUNT},
    "viewer": {Who.ACCOUNT},
    "viewer who looks": {Who.PEOPLE, Who.TEAM, Who.PLAN, Who.ACCOUNT},
    "other organiser": {Who.ACCOUNT},
    "operator": {Who.ACCOUNT, Who.OPERATOR},
    "deactivated": set(),
}
"""What each may send, and see; whoever may see more than she may send stands there twice."""
RANDOM = 987654
HALFWAY = {"security.two_factor_setup", "security.two_factor_token_validation", "security.mf_recovery"}
SKIPPED = {"static", "security.static", "public.link", "public.join", "public.sign_in", "public.invitation", *HALFWAY}
"""By token, or in the middle of signing in: tests of their own test_sign_in, test_accounts, test_team, test_joining."""


def routes() -> list[tuple[str, str]]:
    return sorted((endpoint, who.value) for endpoint, who in POLICY.items() if endpoint not in SKIPPED)


@dataclass
class Door:
    """One address with its method, filled with own, foreign or random objects."""

    rule: Rule
    method: str

    def path(self, world: World, which: int | None) -> str:
        path = self.rule.rule.replace("<slug>", world.here.slug)
        for argument in re.findall(r"<int:(\w+)>", path):
            before = path.split(f"<int:{argument}>")[0].rstrip("/").split("/")[-1]
            id = RANDOM if which is None else self.object(world, before)[which]
            path = path.replace(f"<int:{argument}>", str(id), 1)
        return path

    def object(self, world: World, word: str) -> tuple[int, int]:
        return world.objects[word if word in world.objects else "facilitate"]

    @property
    def has_object(self) -> bool:
        return "<int:" in self.rule.rule


@pytest.fixture
def world(app: Flask) -> World:
    app.config["WTF_CSRF_ENABLED"] = False  # who may, not how: tokens are tested apart
    return build(app)


def doors(app: Flask, endpoint: str) -> Iterator[Door]:
    for rule in app.url_map.iter_rules(endpoint):
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield Door(rule, method)


@pytest.mark.parametrize(("endpoint", "who"), routes())
def test_every_caller_at_this_door(world: World, endpoint: str, who: str) -> None:
    for door in doors(world.app, endpoint):
        # Those who may come last: what they change must not make the others look refused.
        for name, roles in sorted(CALLERS.items(), key=lambda item: Who(who) in item[1]):
            whose, looks = name.removesuffix(LOOKS), door.method == "GET"
            if (name + LOOKS in CALLERS and looks) or (name != whose and not looks):
                continue
            client = world.caller(whose)
            answer = client.fetch(door.path(world, 0), method=door.method)
            allowed = Who(who) is Who.ANYONE or Who(who) in roles
            assert answer.status_code != 500, (name, door)
            if allowed:
                assert not _sent_away(answer), (name, door, answer.status_code)
                assert answer.status_code != 403, (name, door)
            elif (whose in world.team and Who(who) in AREAS) or (Who(who) is Who.OPERATOR and Who.ACCOUNT in roles):
                assert answer.status_code == 403, (name, door, answer.status_code)
                assert "Your role does not include this" in answer.text
            else:
                assert _sent_away(answer) or answer.status_code == 404, (name, door, answer.status_code)
            outside = whose not in world.team and "organiser" not in name and name != "deactivated"  # the operator, too
            if outside or (answer.status_code == 403):
                assert CANARY.encode() not in answer.data, (name, door)
                assert b"kanarie@" not in answer.data, (name, door)
            if name == "deactivated":
                world.organiser.active = True


CHANGED_BY_CLERKS = {f"organiser.people.{each}" for each in ("new", "table", "show", "mark", "cancel", "reinstate")}
CHANGED_BY_CLERKS |= {f"organiser.places.{each}" for each in ("confirm", "decline", "wait", "instead")}
CHANGED_BY_CLERKS |= {
    "organiser.needs.edit",
    "organiser.wishes.edit",
    "organiser.statements.new",
    "organiser.ballots.enter",
}
CHANGED_BY_GROUP_CLERKS = {
    f"organiser.{each}" for each in ("people.show", "needs.edit", "wishes.edit", "statements.new", "ballots.enter")
}
UNSEEN_BY_CLERKS = {"allocations", "results", "messages", "audit", "imports"}
UNSEEN_BY_VIEWERS = {"audit", "imports"}  # both may say who needs what


def test_what_entry_clerks_and_viewers_may(app: Flask) -> None:
    """Said once more in plain sight: a row with the wrong area would pass the matrix."""
    workspace = {each for each, who in POLICY.items() if who in AREAS}
    pages = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or set())} & workspace
    sent = {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or set())} & workspace
    looks = {role: {each for each in pages if role in AREAS[POLICY[each]][0]} for role in MemberRole}
    sends = {role: {each for each in sent if role in AREAS[POLICY[each]][1]} for role in MemberRole}

    def areas(endpoints: set[str]) -> set[str]:
        return {each.split(".")[1] for each in endpoints}

    assert sends[MemberRole.VIEWER] == set()
    assert sends[MemberRole.CLERK] == CHANGED_BY_CLERKS
    assert sends[MemberRole.GROUP_CLERK] == CHANGED_BY_GROUP_CLERKS
    assert areas(looks[MemberRole.GROUP_CLERK]) == {"people", "needs", "wishes", "statements", "ballots"}
    assert not areas(looks[MemberRole.CLERK]) & UNSEEN_BY_CLERKS
    assert not areas(looks[MemberRole.VIEWER]) & UNSEEN_BY_VIEWERS
    assert not {each for each in looks[MemberRole.VIEWER] if each.endswith(".new")}
    assert not looks[MemberRole.VIEWER] & EXPORTS
    assert looks[MemberRole.OWNER] == pages
    assert sends[MemberRole.OWNER] == sent


def test_only_whoever_may_leaves_no_trace_of_being_refused(app: Flask) -> None:
    world = build(app)
    clerk = world.caller("clerk")
    clerk.fetch(f"/organise/{world.here.slug}/people/")
    clerk.fetch(f"/organise/{world.here.slug}/allocations/")

    denied = db.session.query(AuditEntry).filter_by(action="denied").one()
    assert denied.actor == f"organiser:{world.team['clerk'].id}"
    assert denied.facts == {"page": "allocations.index"}


def _sent_away(answer) -> bool:  # type: ignore[no-untyped-def]
    target = answer.headers.get("Location", "")
    to_the_way_in = answer.status_code == 302 and ("/enter" in target or "/organise/account/login" in target)
    return to_the_way_in or answer.status_code == 401


@pytest.mark.parametrize(("endpoint", "who"), [pair for pair in routes() if pair[1] != Who.ANYONE.value])
def test_somebody_elses_object_and_no_object_look_the_same(world: World, endpoint: str, who: str) -> None:
    name = {Who.PARTICIPANT: "participant", Who.FACILITATOR: "facilitator"}.get(Who(who), "organiser")
    for door in doors(world.app, endpoint):
        if not door.has_object:
            continue
        client = world.caller(name)
        foreign = client.fetch(door.path(world, 1), method=door.method)
        random = client.fetch(door.path(world, None), method=door.method)
        malformed = client.fetch(door.path(world, None).replace(str(RANDOM), "x1"), method=door.method)

        assert foreign.status_code == random.status_code == malformed.status_code == 404, (door, foreign.status_code)
        assert _without_address(foreign.text) == _without_address(random.text) == _without_address(malformed.text)


def _without_address(text: str) -> str:
    """The language form carries the page's own address and a token."""
    return re.sub(r'name="(next|csrf_token)" value="[^"]*"', "", text)


def test_an_endpoint_without_a_row_does_not_start(app: Flask) -> None:
    app.view_functions["forgotten.view"] = lambda: "open"

    with pytest.raises(RuntimeError, match=r"forgotten\.view"):
        protect(app)


def test_the_table_names_no_endpoint_that_is_gone(app: Flask) -> None:
    assert set(POLICY) <= set(app.view_functions)


def test_an_unsafe_request_without_a_token_changes_nothing_and_says_so(app: Flask) -> None:
    world = build(app)
    client = world.caller("participant")

    answer = client.fetch(f"/c/{world.here.slug}/me/data/erase", method="POST")

    assert answer.status_code == 400
    assert "This page was open for too long" in answer.text
    assert world.person.name == "Erika Beispiel"


@pytest.mark.parametrize("path", ["/", "/healthz", "/nowhere"])
def test_every_answer_carries_the_same_strict_headers(client: Client, path: str) -> None:
    headers = client.fetch(path).headers

    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"


def test_a_personal_link_survives_any_number_of_visits_and_stores_only_its_hash(app: Flask, client: Client) -> None:
    from datetime import UTC, datetime

    from planner import auth
    from planner.models import PersonalLink

    world = build(app)
    token = auth.mint_link(world.person, datetime.now(UTC))
    for _ in range(3):
        answer = client.fetch(f"/l/{token}")
        assert answer.status_code == 302
        assert token not in answer.headers["Location"]

    hashes = {link.token_hash for link in db.session.query(PersonalLink)}
    assert auth.hashed(token) in hashes
    assert token not in hashes
    assert client.fetch("/l/" + "x" * 32).status_code == 404


def test_an_organisers_link_is_used_up_by_the_button_not_by_looking(app: Flask, client: Client) -> None:
    from datetime import UTC, datetime

    from planner import auth

    world = build(app)
    token = auth.mint_sign_in(world.organiser, datetime.now(UTC))
    for _ in range(3):
        client.get(f"/s/{token}")

    assert client.post(f"/s/{token}", {}).status_code == 302
    assert Client(app).fetch(f"/s/{token}").status_code == 410


def test_a_card_code_opens_however_it_is_typed(app: Flask, client: Client) -> None:
    from datetime import UTC, datetime

    from planner import auth

    world = build(app)
    code = auth.mint_card(world.person, datetime.now(UTC))
    enter = f"/c/{world.here.slug}/enter"

    assert client.post(enter, {"code": f"{code[:4].lower()} - {code[4:]}"}).status_code == 302
    wrong = Client(app)
    assert "We do not know this code" in wrong.post(enter, {"code": "ABCDEFGH"}).text


def test_every_file_that_leaves_the_house_is_written_down_and_an_organisers_asks_who_she_is(world: World) -> None:
    """Generated: a download that somebody adds stands in the table, or this fails."""
    files = set()
    for endpoint, who in POLICY.items():
        for rule in world.app.url_map.iter_rules(endpoint) if who in {*AREAS, Who.FACILITATOR} else ():
            path = re.sub(r"<any\(([^),]*).*?\):\w+>", r"\1", Door(rule, "GET").path(world, 0))
            answer = world.caller("facilitator" if who is Who.FACILITATOR else "organiser").fetch(path)
            if "attachment" in answer.headers.get("Content-Disposition", ""):
                files.add(endpoint)

    assert {"facilitator.papers.names", "facilitator.papers.confidential"} <= files <= EXPORTS
    assert {each for each in EXPORTS if POLICY[each] in AREAS} <= AFRESH
    assert {"organiser.people.erase", "organiser.imports.undo"} <= AFRESH  # both reach erasure.everybody
    assert "organiser.messages.again" in AFRESH  # mints a personal link, for whatever address stands there by now
