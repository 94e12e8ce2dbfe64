"""SEC-2: what people wrote is meant to run; a real browser opens every page as everybody who may, and nothing does."""

import random
import re
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast
from unittest import mock
from urllib.parse import quote

import flask_migrate
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Error, Page, Request
from sqlalchemy import JSON, Enum, String
from werkzeug.serving import WSGIRequestHandler, make_server

from planner import allocations, auth, clock, create_app, failures, headers
from planner.extensions import db, limiter
from planner.models import Allocation, Conference, Meeting, MessageState, Participant, Submission, SubmissionState, User
from planner.policy import POLICY, Who
from planner.policy.table import AREAS
from tests import conftest, postgresql
from tests import factories as make
from tests.campaigns.report import Report
from tests.chromium import chromium
from tests.faults.payloads import PAYLOADS, TEXTS
from tests.planner.allocations.small import solved

PROMISE = (
    "SEC-2: 60 texts meant to run, in every field that people fill, on every page, for three roles: no script runs, "
    "nothing is asked from elsewhere, and the browser reports nothing that it had to stop."
)
NOWHERE = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"
"""What is asked from elsewhere is noticed, and goes nowhere."""
ROLES = ("participant", "facilitator", "organiser")
ARMS = ("autoescape", "autoescape and policy")
"""What is switched off in turn in the control arm: the browser stops scripts, or runs them."""
TRACES = {"allocation", "allocation_progress", "audit_entry", "audit_head", "ended_visit", "message", "personal_link"}
TRACES |= {"invitation", "mail_trial", "member", "role", "sent_form", "sign_in_failure", "sign_in_link"}
MACHINE_WORDS = {"slug", "zone", "languages", "preset", "key", "locale", "language", "second_language", "features"}
MACHINE_WORDS |= {"receipt", "source", "target", "chair", "listens_in", "voices", "fs_uniquifier", "password"}
MACHINE_WORDS |= {
    "flexible",
    "vocabulary",
    "open_to",
    "token_hash",
    "mf_recovery_codes",
    "tf_primary_method",
    "tf_totp_secret",
    "tf_phone_number",
}
SIGNS_IN = {"user.email"}
FILTERED = ("people.index", "audit.index", "submissions.index", "forecast", "security.login")
FILTERS = ("search", "only", "action", "next", "theme", "group")
NO_PAGES = {
    "static",
    "security.static",
    "security.logout",
    "public.leave",
    "public.link",
    "public.sign_in",
    "public.invitation",
    "public.join",
}
SUSPECT = """() => [...document.querySelectorAll('*')].flatMap(element => [...element.attributes]
  .filter(each => each.name.startsWith('on') || /^hx-on/.test(each.name)
    || (/^(href|src|action|formaction|xlink:href|data)$/.test(each.name) && /^\\s*(java\\s*script|data|https?:|\\/\\/)/i
      .test(each.value)))
  .map(each => `<${element.tagName} ${each.name}>`)
  .concat(['SCRIPT', 'STYLE'].includes(element.tagName) && !element.src ? [`<${element.tagName}>`] : []))"""
"""What no page of ours holds: handlers, scripts and styles in it, addresses that run or lead elsewhere."""
WRITABLE = "main form[method=post]:has(textarea, input[type=text], input:not([type]))"
SEND = """([number, text, forms]) => {
  const copy = document.querySelectorAll(forms)[number].cloneNode(true);
  copy.querySelectorAll('textarea, input[type=text], input:not([type])').forEach(each => each.value = text);
  document.querySelectorAll(forms)[number].replaceWith(copy);
  HTMLFormElement.prototype.submit.call(copy);
}"""


def run(count: int, seed: int, *, database: str, unguarded: bool, say: Callable[[str], None]) -> Report:
    """Each round puts another text of five payloads into each field; after twelve each field has held all sixty."""
    report = Report("scripts", PROMISE, control_arm=unguarded)
    order = random.Random(seed).sample(range(len(TEXTS)), len(TEXTS))
    for without in ARMS if unguarded else ("",):
        with _place(database, without) as (app, address), chromium(NOWHERE) as browser:
            site = _site(app)
            visitors = [Visitor(browser, address, role, site) for role in ROLES]
            for number in range(count):
                shift = order[number % len(order)]
                _write_everywhere(site, shift)
                row = _round(visitors, TEXTS[shift], {"round": number, **({"without": without} if without else {})})
                report.rows.append(row)
                report.broken += [f"round {number}: {what}" for what in row.pop("broken")]
                say(f"{row}")
    sums = {name: sum(row[name] for row in report.rows) for name in ("pages", "forms", "ran", "reported", "fetched")}
    report.figures = {"database": database, "payloads": len(PAYLOADS), "fields": len(list(fields())), **sums}
    return report


def _round(visitors: "list[Visitor]", text: str, row: dict[str, Any]) -> dict[str, Any]:
    broken: list[str] = []
    for visitor in visitors:
        broken += visitor.looks(text)
    pages, forms = sum(visitor.pages for visitor in visitors), 0
    for visitor in visitors if "without" not in row else ():  # there pages lead away while one writes
        broken += visitor.writes(text)
        forms += visitor.forms
    found: dict[str, int] = {name: sum(len(getattr(each, name)) for each in visitors) for name in ("ran", "reported")}
    found["fetched"] = sum(len(each.fetched) for each in visitors)
    for each in visitors:
        broken += each.forget()
    return {**row, "pages": pages, "forms": forms, **found, "broken": broken}


@contextmanager
def _place(database: str, without: str) -> Iterator[tuple[Flask, str]]:
    """The application behind a real port, in threads of this process."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="stuhlkreis-")))
        more: dict[str, object] = {}
        if database == "postgresql":
            more["DATABASE_URL"] = stack.enter_context(postgresql.database(stack.enter_context(postgresql.server())))
        app = create_app(conftest.settings(folder, **more))
        app.config["PROPAGATE_EXCEPTIONS"] = False
        stack.enter_context(mock.patch.object(failures, "_counted", return_value=(0, 0, None)))
        if without:
            app.jinja_env.autoescape = False
        if "policy" in without:
            kept = {name: value for name, value in headers.HEADERS.items() if name != "Content-Security-Policy"}
            stack.enter_context(mock.patch.object(headers, "HEADERS", kept))
        server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
        serving = threading.Thread(target=server.serve_forever, daemon=True)
        with app.app_context():
            flask_migrate.upgrade()
            if database == "postgresql":
                _make_room()
            serving.start()
            try:
                yield app, f"http://127.0.0.1:{server.server_port}"
            finally:
                server.shutdown()
                serving.join()
                db.session.remove()
                db.engine.dispose()


def _make_room() -> None:
    """Five texts in one are longer than some fields are; SQLite does not mind."""
    for model, name in fields():
        column = model.__table__.c[name]
        if isinstance(column.type, String):
            db.session.execute(db.text(f'ALTER TABLE "{column.table.name}" ALTER COLUMN "{name}" TYPE text'))
    db.session.commit()


class Quiet(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        """Nobody reads along."""


@dataclass(frozen=True)
class Site:
    """A conference with a row of everything, and its pages, as (endpoint, path), by role."""

    conference: Conference
    run: Allocation
    organiser: User
    people: dict[str, int]  # the number of the person of each role
    pages: dict[str, list[tuple[str, str]]]


def _pages(app: Flask, role: str, slug: str, objects: dict[str, int]) -> list[tuple[str, str]]:
    """Every page of hers, as (endpoint, path); the participant looks at what anybody may see, too."""
    hers = {
        "participant": {Who.ANYONE, Who.PARTICIPANT},
        "facilitator": {Who.PARTICIPANT, Who.FACILITATOR},
        "organiser": {*AREAS, Who.ACCOUNT},
    }[role]
    found = []
    for rule in app.url_map.iter_rules():
        hidden = POLICY[rule.endpoint] not in hers or rule.endpoint in NO_PAGES or "GET" not in (rule.methods or ())
        path = rule.rule.replace("<slug>", slug)
        for word, number in objects.items():
            path = re.sub(rf"/{word}/<int:\w+>", f"/{word}/{number}", path)
        if not hidden and not re.search(r"\.(\w{3,4}|<any.*)$", path):
            found.append((rule.endpoint, path))
    return found


def _site(app: Flask) -> Site:
    conference, organiser = make.organised(most_vetoes=1, languages=["de", "en", "ar"])
    groups, theme = [make.group(conference) for _ in range(2)], make.theme(conference)
    slots, rooms = [make.slot(conference) for _ in range(2)], [make.room(conference) for _ in range(2)]
    sessions = [make.session(conference, theme_id=theme.id, minimum=1) for _ in range(3)]
    people = [
        make.participant(
            conference,
            group_id=groups[number % 2].id,
            organisation_id=make.organisation(conference).id,
            needs=["quiet"] if number == 0 else (),
        )
        for number in range(8)
    ]
    make.role(sessions[0], people[7])
    texts = [make.submission(person, theme_id=theme.id) for person in people]
    texts[1].state, texts[1].session_id = SubmissionState.ACCEPTED, sessions[1].id
    texts[2].state, texts[2].reason = SubmissionState.DECLINED, "x"
    for person in people:
        make.wishes(person, *sessions)
    placed = make.placement(sessions[0], slots[0], rooms[0])
    objects = {
        "submissions": texts[0].id,
        "others": texts[1].id,
        "sessions": sessions[0].id,
        "rooms": rooms[0].id,
        "rounds": slots[0].id,
        "placements": placed.id,
        "people": people[0].id,
        "themes": theme.id,
        "groups": groups[0].id,
        "agenda": make.agenda_item(conference).id,
        "links": make.group_link(conference, group_id=groups[0].id).id,
        "messages": make.message(people[0], state=MessageState.FAILED).id,
    }
    run = solved(conference, organiser)
    allocations.publish(run, organiser, clock.now(), accepted=["incomplete", "outdated"])
    led = db.session.query(Meeting).filter_by(allocation_id=run.id, session_id=sessions[0].id).limit(1).one()
    objects |= {"allocations": run.number, "meetings": led.id}
    ids = {"participant": people[0].id, "facilitator": people[7].id}
    pages = {role: _pages(app, role, conference.slug, objects) for role in ROLES}
    db.session.commit()  # the campaign's own open question would keep the visitors from writing
    return Site(conference, run, organiser, ids, pages)


def fields() -> Iterator[tuple[type, str]]:
    """Every column that holds what somebody wrote; a new one is among them unless it says that a machine wrote it."""
    for mapper in db.Model.registry.mappers:
        table = cast(Any, mapper.local_table)
        for column in table.columns if table.name not in TRACES else ():
            written = isinstance(column.type, JSON | String) and not isinstance(column.type, Enum)
            if written and column.name not in MACHINE_WORDS and f"{table.name}.{column.name}" not in SIGNS_IN:
                yield mapper.class_, column.name


def _write_everywhere(site: Site, shift: int) -> None:
    """Past the forms, which refuse or tidy some of it already; as if it had come in by another way."""
    db.session.expire_all()
    for place, (model, name) in enumerate(fields()):
        for row in db.session.query(model):
            text = TEXTS[(shift + place + row.id) % len(TEXTS)]
            setattr(row, name, _written(getattr(row, name), f"{text} {row.id}"))  # some are there once only
    site.conference.published = site.run
    for text in db.session.query(Submission).filter_by(conference_id=site.conference.id):
        text.may_be_read_aloud = True
    db.session.commit()
    limiter.reset()


def _written(old: Any, text: str) -> Any:
    """In the form of what stands there: a text, or one for each language, or lists of them."""
    if isinstance(old, dict):
        return {language: [text] if isinstance(old.get(language), list) else text for language in ("de", "en", "ar")}
    return [text] if isinstance(old, list) else text


@dataclass
class Visitor:
    """Somebody in a browser of her own, and everything that it noticed."""

    browser: Browser
    address: str
    role: str
    site: Site
    ran: list[object] = field(default_factory=list)
    reported: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    pages: int = 0
    forms: int = 0
    writable: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.context: BrowserContext = self.browser.new_context(locale="en")
        self.context.expose_binding("ran", lambda _source, number: self.ran.append(number))
        self.context.expose_binding("stopped", lambda _source, what: self.reported.append(what))
        self.context.add_init_script(
            "addEventListener('securitypolicyviolation', e => stopped(`${e.effectiveDirective} ${e.blockedURI}`))"
        )
        self.context.on("request", self._asked)  # to route requests would fetch each file anew for each page
        self.page: Page = self.context.new_page()
        self.page.on("dialog", lambda dialog: dialog.dismiss())
        self.page.set_default_timeout(20_000)
        self._enter()

    def _asked(self, request: Request) -> None:
        if not request.url.startswith(self.address):
            self.fetched.append(request.url)

    def _enter(self) -> None:
        now = clock.now()
        if self.role == "organiser":
            token = auth.mint_sign_in(self.site.organiser, now)
            db.session.commit()
            self.page.goto(f"{self.address}/s/{token}")
            self.page.click("main button")
            return
        person = db.session.get_one(Participant, self.site.people[self.role])
        token = auth.mint_link(person, now)
        db.session.commit()
        self.page.goto(f"{self.address}/l/{token}")

    def looks(self, text: str) -> list[str]:
        """At every page of hers; where one reads its address, with the text in it too."""
        broken, self.pages = [], 0
        query = "?" + "&".join(f"{name}={quote(text)}" for name in FILTERS)
        for endpoint, path in self.site.pages[self.role]:
            for address in (path, path + query) if endpoint.endswith(FILTERED) else (path,):
                self.pages += 1
                broken += self._sees(endpoint, lambda address=address: self._goto(address))
            if self.page.locator(WRITABLE).count():
                self.writable.add(path)
        return broken

    def writes(self, text: str) -> list[str]:
        """Into every form that she saw, and looks at the answer."""
        broken, self.forms = [], 0
        for endpoint, path in self.site.pages[self.role]:
            if path not in self.writable:
                continue
            number = 0
            while self._goto(path) and number < self.page.locator(WRITABLE).count():
                broken += self._sees(f"form of {endpoint}", lambda number=number: self._send(number, text))
                number += 1
            self.forms += number
            limiter.reset()
        return broken

    def _goto(self, path: str) -> int:
        answer = self.page.goto(self.address + path)
        return answer.status if answer else 0

    def _send(self, number: int, text: str) -> int:
        with self.page.expect_navigation() as answer:
            self.page.evaluate(SEND, [number, text, WRITABLE])
        return answer.value.status if answer.value else 0

    def _sees(self, where: str, act: Callable[[], int]) -> list[str]:
        try:
            status, found = act(), self.page.evaluate(SUSPECT)
        except Error as error:  # without its protection a page may lead away while it is looked at
            return [f"{self.role}, {where}: {str(error).splitlines()[0]}"]
        found = [*found, *([f"answer {status}"] if status >= 500 else [])]
        return [f"{self.role}, {where}: {', '.join(sorted(set(found))[:4])}"] if found else []

    def forget(self) -> list[str]:
        """What it noticed since; then it begins anew."""
        with suppress(Error):
            self.page.goto("about:blank")  # what still ran has been told by now
        told = {"a script ran": self.ran, "stopped by the browser": self.reported, "asked elsewhere": self.fetched}
        broken = [f"{self.role}: {what}, {len(found)} times" for what, found in told.items() if found]
        self.ran.clear(), self.reported.clear(), self.fetched.clear()
        return broken
