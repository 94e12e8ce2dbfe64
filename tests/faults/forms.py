"""FUZ-1: whatever is sent to a form, a filter or an address, the answer is no server error and takes no two seconds."""

import io
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import flask_migrate
from flask import Flask, request
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from planner import create_app
from planner.extensions import db, limiter
from planner.policy import POLICY, Who
from tests import conftest, postgresql
from tests.campaigns.report import Report
from tests.client import Client, Page, Shown
from tests.faults.putting_back import Kept, kept
from tests.planner.test_policy import SKIPPED, Door
from tests.planner.world import World, build

PROMISE = "FUZ-1: no form, filter or address answers 500, and none takes 2 s of processor."
SLOW = 2.0  # seconds of processor: others work on the machine, too
PLAIN = 20  # examples of a page that reads nothing of its query

NASTY = (
    *("", " ", "\x00", "\x1f", "²", "١٢", "½", "٣", "1e9", "-1", "0x1f", "1_0", "NaN", "inf", "true", "None", "null"),
    *("5" * 5000, "9" * 20, str(2**31), str(2**63), str(-(2**63)), "0", "1", "2", "on", "y"),
    *("\u202eabc", "\u2066x", "\u200b", "\u3164", "e\u0301", "\ud7ff", "\ufffe", "\U0001f468\u200d\U0001f469", "محمد"),
    *("a" * 3001, "ü" * 20_000, "a\r\nBcc: x@example.org", "=1+1", "{{7*7}}", "%s%n", "<script>", "'; --", "../../etc"),
    *("2027-02-30T25:61", "0001-01-01T00:00", "9999-12-31T23:59", "2027-03-28T02:30", "2027-10-31T02:30", "٢٠٢٧-٠١-٠١"),
    *(
        "up:1",
        "add:²",
        "veto:" + "9" * 30,
        "remove:",
        ":",
        "de",
        "xx",
        "de-de",
        "//example.org",
        "/\\x",
        "http://[",
        "\\",
    ),
)
VALUES = st.one_of(
    *[st.sampled_from(NASTY)] * 4,
    st.text(max_size=40),
    st.integers().map(str),
    st.text(min_size=1, max_size=9).map(lambda text: text * 300),
)
OURS = ("seen", "sender", "switch_language")
UNCHANGED = {*OURS, "csrf_token"}  # tokens have tests of their own
BUTTONS = {
    "public.language": ("language",),
    "participant.wishes.save": ("favourite", "veto", "change"),
    "participant.submissions.new": ("draft",),
    "participant.submissions.edit": ("draft",),
    "participant.submissions.similar": ("problem",),
    "participant.data.erase": ("statements",),
    "organiser.overview.phase": ("phase",),
    "organiser.people.erase": ("statements",),
    "organiser.sessions.mark": ("act", "marked", "everything"),
    "organiser.submissions.mark": ("act", "marked", "everything"),
    "organiser.submissions.let_through": ("revision",),
    "organiser.together.new": ("join",),
    "organiser.rooms.mark": ("act", "marked", "everything"),
    "organiser.people.mark": ("act", "marked", "everything", "group", "language", "level"),
    "organiser.imports.start": ("file",),
    "organiser.programme.language": ("language",),
    "organiser.results.publish": ("accepted",),
}
"""What buttons and scripts send beside the fields of a form."""
FILES = {"organiser.imports.start": "file"}
"""Which field of a form is sent as a file."""
OFTEN = 4  # a form's own fields are changed so much more often than what every form has
FILTERS = {
    "organiser.people.index": ("only", "group", "search", "sort", "page"),
    "organiser.submissions.index": ("theme", "language", "search", "only", "sort", "page"),
    "organiser.sessions.index": ("theme", "search", "only", "sort", "page"),
    "organiser.merging.new": ("sessions",),
    "organiser.together.new": ("of",),
    "organiser.rooms.index": ("search", "only", "sort", "page"),
    "organiser.allocations.forecast": ("away-1", "away-2"),
    "organiser.audit.index": ("page", "action"),
    "security.login": ("next",),
    "security.verify": ("next",),
}
"""What pages read of their query."""


@dataclass(frozen=True)
class Target:
    """One address with its method, the page with its form, the names of the form's fields, and who may."""

    endpoint: str
    door: Door
    page: Door | None = None
    names: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.door.method} {self.endpoint}"

    @property
    def fuzzed(self) -> list[str]:
        """The names whose values are replaced."""
        posted = {*self.names, *BUTTONS.get(self.endpoint, ())}
        own = posted if self.door.method == "POST" else FILTERS.get(self.endpoint, ())
        return [*sorted(own) * OFTEN, *OURS, "surprise"]

    @property
    def caller(self) -> str:
        who = POLICY[self.endpoint]
        roles = {Who.PARTICIPANT: "participant", Who.FACILITATOR: "facilitator", Who.ANYONE: "anonymous"}
        return roles.get(who, "organiser")


def run(
    count: int,
    seed: int,
    *,
    database: str,
    unguarded: bool,
    say: Callable[[str], None],
    only: str = "*",
    share: str = "1/1",
) -> Report:
    """So many examples for each form and for each page with a query.

    `only` names endpoints ("organiser.*"); `share` is one part of several ("3/10"), so that a long run can be done in
    several sittings: examples depend on the seed and the form alone.
    """
    report = Report("forms" + _part(only, share), PROMISE, control_arm=unguarded)
    with application(database) as (app, folder, address):
        if unguarded:
            app.before_request(believe_what_looks_like_a_number)
        world = build(app)
        found = targets(app, world)
        clients = {name: Visitor(world.caller(name)) for name in sorted({one.caller for one in found})}
        seen: dict[tuple[str, str], list[Shown]] = {}
        visits = [Visit(one, world, clients[one.caller], seen) for one in _chosen(found, only, share)]
        db.session.commit()
        with kept(folder, address) as before:
            for visit in visits:
                row = _try(visit, before, count, seed, report.broken)
                report.rows.append(row)
                say(f"{row}")
                if unguarded and report.broken:
                    break  # it was noticed
    report.figures = {
        "database": database,
        "forms": sum(row["form"].startswith("POST") for row in report.rows),
        "pages": sum(row["form"].startswith("GET") for row in report.rows),
        "examples": sum(row["examples"] for row in report.rows),
        "slowest": max((row["slowest s"] for row in report.rows), default=0),
        "processor s": round(sum(row["processor s"] for row in report.rows)),
    }
    return report


def _part(only: str, share: str) -> str:
    """For a report's name, so that no part's report replaces another's."""
    return "" if (only, share) == ("*", "1/1") else "-" + re.sub(r"[^\w.]+", "_", f"{only}-{share}").strip("_-")


def _chosen(found: list[Target], only: str, share: str) -> list[Target]:
    part, parts = map(int, share.split("/"))
    return [target for target in found if fnmatch(target.endpoint, only)][part - 1 :: parts]


def believe_what_looks_like_a_number() -> None:
    """The defect that was: Python calls a superscript a digit and then cannot read it."""
    for value in (*request.form.values(), *request.args.values()):
        if value.isdigit():
            int(value)


@contextmanager
def application(database: str) -> Iterator[tuple[Flask, Path, str]]:
    """With its folder and its database's address, empty; without tokens, which have tests of their own."""
    with tempfile.TemporaryDirectory() as folder, _address(database) as address:
        app = create_app(conftest.settings(Path(folder), DATABASE_URL=address))
        app.config["WTF_CSRF_ENABLED"] = False
        with app.app_context():
            flask_migrate.upgrade()
            yield app, Path(folder), address
            db.session.remove()
            db.engine.dispose()


@contextmanager
def _address(database: str) -> Iterator[str]:
    if database == "sqlite":
        yield ""
        return
    with postgresql.server() as server, postgresql.database(server) as address:
        yield address


def targets(app: Flask, world: World) -> list[Target]:
    found = [
        Target(endpoint, door)
        for endpoint in sorted(POLICY)
        if endpoint not in SKIPPED
        for door in _doors(app, endpoint)
    ]
    forms = _forms_of_all_pages(world, found)
    return [Target(one.endpoint, one.door, *forms.get(one.door.path(world, 0), (None, ()))) for one in found]


def _doors(app: Flask, endpoint: str) -> list[Door]:
    return [
        Door(rule, method)
        for rule in app.url_map.iter_rules(endpoint)
        for method in sorted((rule.methods or set()) & {"GET", "POST"})
    ]


def _forms_of_all_pages(world: World, found: list[Target]) -> dict[str, tuple[Door, tuple[str, ...]]]:
    """By the address to which a form goes: the page on which it stands and the names of its fields."""
    forms: dict[str, tuple[Door, tuple[str, ...]]] = {}
    clients: dict[str, Client] = {}
    for target in found:
        if target.door.method != "GET" or target.endpoint == "security.logout":
            continue
        client = clients.setdefault(target.caller, world.caller(target.caller))
        path = target.door.path(world, 0)
        answer = client.fetch(path)
        if answer.mimetype == "text/html":
            shown = Page(answer.text).forms
            forms |= {form.action or path: (target.door, tuple(set(form.sent) - UNCHANGED)) for form in shown}
    return forms


def _try(visit: "Visit", before: Kept, count: int, number: int, broken: list[str]) -> dict[str, Any]:
    target, slowest, statuses = visit.target, 0.0, set()
    changes = st.lists(st.tuples(st.sampled_from(target.fuzzed), st.lists(VALUES, max_size=3)), min_size=1, max_size=5)
    reads = target.door.method == "POST" or target.endpoint in FILTERS

    @seed(f"{number} {target.name}")
    @settings(
        max_examples=count if reads else min(count, PLAIN),
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(changes)
    def example(changed: list[tuple[str, list[str]]]) -> None:
        nonlocal slowest
        before.put_back()
        began = time.thread_time()
        status, error = visit.send(dict(changed))
        took = time.thread_time() - began
        slowest = max(slowest, took)
        statuses.add(status)
        if status >= 500 or took > SLOW:
            broken.append(f"{target.name}: {status} {error} after {took:.1f} s for {shortened(changed)}")

    began = time.process_time()
    example()
    before.put_back()
    return {
        "form": target.name,
        "examples": visit.sent,
        "slowest s": round(slowest, 2),
        "processor s": round(time.process_time() - began, 1),
        "answers": " ".join(map(str, sorted(statuses))),
    }


def shortened(changed: list[tuple[str, list[str]]]) -> str:
    return re.sub(r"(.)\1{30,}", r"\1...", repr(dict(changed)))[:300]


class Visitor:
    """Somebody who may: whatever she is sent, she comes with the cookie with which she came in first."""

    def __init__(self, client: Client):
        client.fetch("/")  # from here on her cookie says in which language she reads
        self.http = client.http
        self.cookies = dict(client.http._cookies or {})

    def open(self, path: str, **options: Any) -> TestResponse:
        limiter.reset()
        self.http._cookies = dict(self.cookies)
        return self.http.open(path, **options)


class Visit:
    """A visitor at one address, with the form as it stands on its page."""

    def __init__(self, target: Target, world: World, visitor: Visitor, seen: dict[tuple[str, str], list[Shown]]):
        self.target, self.visitor, self.sent = target, visitor, 0
        self.path = target.door.path(world, 0)
        page = target.page.path(world, 0) if target.page else ""
        if page and (target.caller, page) not in seen:
            seen[target.caller, page] = Page(visitor.open(page).text).forms
        forms = seen.get((target.caller, page), [])
        fitting = [form.sent for form in forms if (form.action or page) == self.path]
        self.form = fitting[0] if fitting else {}

    def send(self, changed: dict[str, list[str]]) -> tuple[int, str]:
        """The answer's status, and the error that a server would have answered with 500."""
        self.sent += 1
        method, values = self.target.door.method, dict[str, Any](self.form | changed)
        if name := FILES.get(self.target.endpoint):
            values[name] = [(io.BytesIO(text.encode("utf-8", "replace")), "list.csv") for text in changed.get(name, ())]
        options: dict[str, Any] = {"data": values} if method == "POST" else {"query_string": values}
        try:
            return self.visitor.open(self.path, method=method, **options).status_code, ""
        except Exception as error:
            return 500, repr(error)[:200]
