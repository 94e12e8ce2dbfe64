"""What entry clerks and viewers meet in the workspace: no button and no link that would be refused, and no needs."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from flask import Flask
from werkzeug.routing import Rule

from planner.extensions import db
from planner.models import Allocation, AllocationState, AuditEntry, Conference, MemberRole, Participant
from planner.policy import POLICY
from planner.policy.table import AREAS, EXPORTS
from tests import factories as make
from tests.client import Client
from tests.planner.allocations.small import solved
from tests.planner.test_policy import Door
from tests.planner.world import World, build

TEAM = ("second organiser", "clerk", "viewer", "group clerk")


class Offers(HTMLParser):
    """Where a page's links lead, and where its buttons send something."""

    def __init__(self, html: str, here: str):
        super().__init__()
        self.here, self.links, self.sends, self.fields = here, [], [], []  # type: ignore[var-annotated]
        self._to = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        if tag == "a":
            self.links.append(facts.get("href", ""))
        if tag == "form":
            self._to = (facts.get("action") or self.here) if facts.get("method") == "post" else ""
        if tag == "button" and self._to and facts.get("name") != "language":
            self.sends.append(facts.get("formaction") or self._to)
        field = tag in {"textarea", "select"} or (tag == "input" and facts.get("type") != "hidden")
        if field and self._to and "disabled" not in facts and facts.get("form") != "none":
            self.fields.append(facts.get("name", ""))

    def handle_endtag(self, tag: str) -> None:
        self._to = "" if tag == "form" else self._to


@pytest.fixture
def world(app: Flask) -> World:
    return build(app)


def pages(world: World, role: MemberRole) -> Iterator[tuple[str, str]]:
    """Every page of the workspace that this role reads: its endpoint and its address."""
    for rule in world.app.url_map.iter_rules():
        area = AREAS.get(POLICY[rule.endpoint])
        if area and role in area[0] and "GET" in (rule.methods or set()):
            yield rule.endpoint, Door(rule, "GET").path(world, 0)


def area_of(app: Flask, path: str, method: str) -> tuple[frozenset[MemberRole], frozenset[MemberRole]] | None:
    found = app.url_map.bind("localhost").match(urlsplit(path).path, method=method, return_rule=True)[0]
    assert isinstance(found, Rule)
    return AREAS.get(POLICY[found.endpoint])


@pytest.mark.parametrize("who", TEAM)
def test_no_page_offers_what_would_be_refused(world: World, who: str) -> None:
    client, role, refused, seen = world.caller(who), MemberRole(who.removeprefix("second ").replace(" ", "_")), [], 0
    for endpoint, path in pages(world, role):
        answer = client.fetch(path)
        if endpoint in {"organiser.imports.show", *EXPORTS}:
            continue  # a list that waits is only hers who brought it; a file offers nothing
        assert answer.status_code == 200, (endpoint, answer.status_code)
        if answer.mimetype != "text/html":
            continue
        offers, seen = Offers(answer.text, path), seen + 1
        for method, found in (("GET", offers.links), ("POST", offers.sends)):
            for to in found:
                area = area_of(world.app, to, method) if to.startswith("/") else None
                if area and role not in area[method == "POST"]:
                    refused.append((endpoint, method, to))
        if role not in AREAS[POLICY[endpoint]][1]:
            refused += [(endpoint, "field", name) for name in offers.fields]

    assert refused == []
    assert seen > (4 if role.of_a_group else 5)


NEEDS = {
    "why": "its room has not everything that you need",
    "shortage": "lack what she needs",
    "help": "A larger room with what these people need would help",
    "rule": "Rooms have what sessions and people need",
    "no place": "rooms that have not everything that you need",
    "relaxation": "needs (quiet). If it had it",
    "forecast": "people need a room that is",
}
"""Where an organiser reads of needs, and what."""
GROUP, LETTER, BODY = "Kanariengruppe", "ß9", "Kanarienverein"


def planned() -> tuple[Conference, list[Allocation], Participant]:
    """One sits where she did not want to, because of what she needs; of another no room has what she needs."""
    conference, organiser = make.organised()
    group = make.group(conference, title={"de": GROUP, "en": GROUP}, letter=LETTER, is_sensitive=True)
    others = make.group(conference, letter="W")
    body = make.organisation(conference, name=BODY, group_id=group.id)
    slot, steps = make.slot(conference), make.room(conference, name="Oben", features=[])
    free = make.room(conference, name="Unten", features=["step_free"])
    wanted, other = make.session(conference, minimum=1), make.session(conference, minimum=1)
    make.placement(wanted, slot, steps)
    make.placement(other, slot, free)
    person = make.participant(conference, name="Erika", needs=["step_free"], group_id=group.id, organisation_id=body.id)
    make.wishes(person, wanted, other)
    make.wishes(make.participant(conference, name="Quer", needs=["quiet"], group_id=others.id), wanted)
    for _ in range(3):
        make.wishes(make.participant(conference, group_id=others.id), wanted, other)
    run = solved(conference, organiser)
    assert run.state is AllocationState.SOLVED, run.reason
    feature = {"kind": "feature", "facts": {"room": str(free.id), "people": 1, "feature": "quiet"}}
    reason = {"code": "infeasible", "facts": {"rules": [], "relaxations": [feature]}}
    stuck = make.allocation(conference, state=AllocationState.INFEASIBLE, reason=reason, snapshot=run.snapshot)
    return conference, [run, stuck], person


def read(client: Client, conference: Conference, runs: list[Allocation], person: Participant) -> dict[str, str]:
    """Every page of the workspace on which somebody could be read about."""
    results = f"allocations/{runs[0].number}"
    meetings = [f"{results}/meetings/{meeting.id}" for meeting in runs[0].meetings]
    pages = ["", "people/", f"people/?search={BODY}", f"people/{person.id}", "sessions/", "programme/", "submissions/"]
    pages += ["allocations/", "allocations/forecast", results, f"{results}/fairness", *meetings, "messages/"]
    pages += [f"{results}/people/{each.id}" for each in conference.participants]
    pages += [f"allocations/{runs[1].number}"]
    return {page: client.fetch(f"/organise/{conference.slug}/{page}").text for page in pages}


def test_a_viewer_reads_of_nobodys_needs(app: Flask) -> None:
    conference, runs, person = planned()
    viewer = make.user()
    make.member(conference, viewer, MemberRole.VIEWER)
    owner = conference.members[0].user
    organisers = " ".join(read(Client(app).as_organiser(owner), conference, runs, person).values())
    traces = db.session.query(AuditEntry).filter_by(action="needs.read").count()

    seen = read(Client(app).as_organiser(viewer), conference, runs, person)

    assert {name for name, words in NEEDS.items() if words not in organisers} == set()
    assert {(page, name) for page, text in seen.items() for name, words in NEEDS.items() if words in text} == set()
    assert db.session.query(AuditEntry).filter_by(action="needs.read").count() == traces
    assert "because your role does not see it" in seen["allocations/forecast"]
    assert "needs, who leads" not in seen["allocations/forecast"]


def test_that_a_reason_tells_what_somebody_needs_is_written_down(app: Flask) -> None:
    """ "Its room has not everything that you need", an organiser read of Erika, whose data said that nobody had looked.

    Of whoever has no place the run's own page tells it too, beside her name.
    """
    conference, (run, _stuck), person = planned()
    other = next(each for each in conference.participants if each.name == "Quer")
    home = f"/organise/{conference.slug}/allocations/{run.number}"
    owner = conference.members[0].user
    client, said = Client(app).as_organiser(owner), f"organiser:{owner.id}"

    def looks(address: str) -> list[tuple[str, str]]:
        before = {row.id for row in db.session.query(AuditEntry)}
        text = client.fetch(address).text
        db.session.rollback()
        new = db.session.query(AuditEntry).filter_by(action="needs.read")
        assert "that you need" in text or "lack what she needs" in text
        return [(row.actor, row.facts["of"]) for row in new if row.id not in before]

    assert looks(f"{home}/people/{person.id}") == [(said, str(person.id))]
    assert looks(f"{home}/people/{other.id}") == [(said, str(other.id))]
    assert looks(home) == [(said, str(other.id))]


def test_a_viewer_reads_of_nobodys_group_where_one_is_sensitive(app: Flask) -> None:
    """Not of the other groups either: whoever is of none that is shown would be of that one."""
    conference, runs, person = planned()
    viewer = make.user()
    make.member(conference, viewer, MemberRole.VIEWER)
    owner = conference.members[0].user
    words = (GROUP, f">{LETTER}<", BODY, ">W<")
    organisers = " ".join(read(Client(app).as_organiser(owner), conference, runs, person).values())

    seen = read(Client(app).as_organiser(viewer), conference, runs, person)

    assert {word for word in words if word not in organisers} == set()
    found = {(page, word) for page, text in seen.items() for word in words if word in text and "?search" not in page}
    assert found == set()
    assert "Erika" not in seen[f"people/?search={BODY}"]
    assert re.search(r"Erika", seen["people/"])


def test_a_viewer_reads_of_groups_where_none_is_sensitive(app: Flask) -> None:
    conference, runs, person = planned()
    conference.groups[0].is_sensitive = False
    viewer = make.user()
    make.member(conference, viewer, MemberRole.VIEWER)

    seen = read(Client(app).as_organiser(viewer), conference, runs, person)

    assert GROUP in seen["people/"]
    assert BODY in seen[f"people/{person.id}"]


def test_who_makes_no_links_gives_nobody_another_address(world: World) -> None:
    """The next message brings a link, so a clerk could become whom she pleased."""
    clerk = world.caller("clerk")
    page = f"/organise/{world.here.slug}/people/{world.person.id}"
    form = {**clerk.get(page).form("form").sent, "email": "elsewhere@example.org"}

    answer = clerk.post(page, form, page=page)
    db.session.refresh(world.person)

    assert answer.status_code == 422
    assert "Nur Veranstaltende dürfen" in answer.text or "Only organisers may" in answer.text
    assert world.person.email != "elsewhere@example.org"
    assert clerk.post(page, {**form, "email": world.person.email or "", "name": "Neu"}, page=page).status_code == 302
