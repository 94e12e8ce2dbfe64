"""FUZ-1: whatever is sent to a form, a filter or an address, the answer is no server error and takes no two seconds."""

import re
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import flask_migrate
from flask import Flask, request
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from planner import create_app
from planner.extensions import db, limiter
from planner.policy import POLICY, Who
from tests import conftest, postgresql
from tests.campaigns.report import Report
from tests.client import Client, Page
from tests.planner.test_policy import SKIPPED, Door
from tests.planner.world import World, build

PROMISE = "FUZ-1: no form, filter or address answers 500, and none takes 2 s of processor."
SLOW = 2.0  # seconds of processor: others work on the machine, too
FRESH = 50  # after so many examples the world is made anew: forms erase, cancel and sign out

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
    st.sampled_from(NASTY),
    st.sampled_from(NASTY),
    st.text(max_size=40),
    st.integers().map(str),
    st.text(min_size=1, max_size=9).map(lambda text: text * 300),
)
OURS = ("seen", "sender")
FILTERS = ("theme", "search", "group", "only", "next", "slot", "person", "session", "away-1", "language", "compare")


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
    def caller(self) -> str:
        who = POLICY[self.endpoint]
        roles = {Who.PARTICIPANT: "participant", Who.FACILITATOR: "facilitator", Who.ANYONE: "anonymous"}
        return roles.get(who, "organiser")


def run(count: int, seed: int, *, database: str, unguarded: bool, say: Callable[[str], None]) -> Report:
    """So many examples for each form and for each page with a query."""
    report = Report("forms", PROMISE, control_arm=unguarded)
    with application(database) as app:
        if unguarded:
            app.before_request(believe_what_looks_like_a_number)
        for number, target in enumerate(targets(app)):
            row = _try(app, target, count, seed + number, report.broken)
            report.rows.append(row)
            say(f"{row}")
    report.figures = {
        "database": database,
        "forms and pages": len(report.rows),
        "examples": sum(row["examples"] for row in report.rows),
        "slowest": max(row["slowest s"] for row in report.rows),
    }
    return report


def believe_what_looks_like_a_number() -> None:
    """The defect that was: Python calls a superscript a digit and then cannot read it."""
    for value in (*request.form.values(), *request.args.values()):
        if value.isdigit():
            int(value)


@contextmanager
def application(database: str) -> Iterator[Flask]:
    """On an empty database of its own; without tokens, which have tests of their own."""
    with tempfile.TemporaryDirectory() as folder, _address(database) as address:
        app = create_app(conftest.settings(Path(folder), DATABASE_URL=address))
        app.config["WTF_CSRF_ENABLED"] = False
        with app.app_context():
            flask_migrate.upgrade()
            yield app
            db.session.remove()
            db.engine.dispose()


@contextmanager
def _address(database: str) -> Iterator[str]:
    if database == "sqlite":
        yield ""
        return
    with postgresql.server() as server, postgresql.database(server) as address:
        yield address


def targets(app: Flask) -> list[Target]:
    world = build(app)
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
            forms |= {form.action or path: (target.door, tuple(set(form.sent) - set(OURS))) for form in shown}
    return forms


def _try(app: Flask, target: Target, count: int, number: int, broken: list[str]) -> dict[str, Any]:
    visit, slowest, statuses = Visit(app, target), 0.0, set()
    names = [*sorted(target.names), *OURS, "surprise"] if target.door.method == "POST" else [*FILTERS, "surprise"]
    changes = st.lists(st.tuples(st.sampled_from(names), st.lists(VALUES, max_size=3)), min_size=1, max_size=5)

    @seed(number)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(changes)
    def example(changed: list[tuple[str, list[str]]]) -> None:
        nonlocal slowest
        began = time.thread_time()
        status, error = visit.send(dict(changed))
        took = time.thread_time() - began
        slowest = max(slowest, took)
        statuses.add(status)
        if status >= 500 or took > SLOW:
            broken.append(f"{target.name}: {status} {error} after {took:.1f} s for {shortened(changed)}")

    example()
    return {
        "form": target.name,
        "examples": visit.sent,
        "slowest s": round(slowest, 2),
        "answers": " ".join(map(str, sorted(statuses))),
    }


def shortened(changed: list[tuple[str, list[str]]]) -> str:
    return re.sub(r"(.)\1{30,}", r"\1...", repr(dict(changed)))[:300]


class Visit:
    """Somebody who may, in a world that is made anew when she has been thrown out of it."""

    def __init__(self, app: Flask, target: Target):
        self.app, self.target, self.sent = app, target, 0
        self._arrive()

    def _arrive(self) -> None:
        world = build(self.app)
        db.session.commit()
        self.client = world.caller(self.target.caller)
        self.path = self.target.door.path(world, 0)
        self.page = self.target.page.path(world, 0) if self.target.page else ""
        self._open()

    def _open(self) -> None:
        """The form as it stands on its page now."""
        forms = Page(self.client.fetch(self.page).text).forms if self.page else []
        fitting = [form.sent for form in forms if (form.action or self.page) == self.path]
        self.form = fitting[0] if fitting else {}

    def send(self, changed: dict[str, list[str]]) -> tuple[int, str]:
        """The answer's status, and the error that a server would have answered with 500."""
        if self.sent % FRESH == FRESH - 1:
            self._arrive()
        self.sent += 1
        limiter.reset()
        method, values = self.target.door.method, self.form | changed
        options: dict[str, Any] = {"data": values} if method == "POST" else {"query_string": values}
        try:
            status = self.client.fetch(self.path, method=method, **options).status_code
        except Exception as error:
            db.session.rollback()
            return 500, repr(error)[:200]
        if status in {401, 404}:
            self._arrive()
        elif status in {302, 409}:
            self._open()
        return status, ""
