"""A browser for tests: follows our forms with their CSRF tokens, checks every page it fetches."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

from flask import Flask, session
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from planner import accounts, auth, clock
from planner.extensions import db
from planner.models import Participant, PersonalLink, User


@dataclass
class Shown:
    """A form as it stands on a page: where it goes and what would be sent."""

    id: str
    action: str
    fields: list[tuple[str, str]]

    @property
    def sent(self) -> dict[str, list[str]]:
        """As a browser sends it: the first line break of a text area is none."""
        found: dict[str, list[str]] = {}
        for name, value in self.fields:
            found.setdefault(name, []).append(value.removeprefix("\r").removeprefix("\n"))
        return found


class Page(HTMLParser):
    """What a person reads on a page: headings, text, links, the fields' values."""

    def __init__(self, html: str):
        super().__init__()
        self.headings: list[str] = []
        self.links: list[str] = []
        self.fields: dict[str, str] = {}
        self.ids: list[str] = []
        self.words: list[str] = []
        self.language = self.direction = ""
        self.forms: list[Shown] = []
        self._writing = ""
        self._chosen: bool | None = None
        self._open: list[str] = []
        self.feed(html)

    def form(self, id: str) -> "Shown":
        return next(form for form in self.forms if form.id == id)

    def _keep(self, name: str, value: str) -> None:
        if "form" in self._open:
            self.forms[-1].fields.append((name, value))

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        self._check(tag, facts)
        self._open.append(tag)
        if "id" in facts:
            self.ids.append(facts["id"])
        if tag == "html":
            self.language, self.direction = facts.get("lang", ""), facts.get("dir", "")
        if tag == "a" and "href" in facts:
            self.links.append(facts["href"])
        if tag == "input" and "name" in facts:
            unticked = facts.get("type") in {"checkbox", "radio"} and "checked" not in facts
            if not unticked:
                self.fields[facts["name"]] = facts.get("value", "")
                self._keep(facts["name"], facts.get("value", ""))
        if tag == "form":
            self.forms.append(Shown(facts.get("id", ""), facts.get("action", ""), []))
        if tag in {"textarea", "select"}:
            self._writing = facts.get("name", "")
            self._chosen = "multiple" in facts or None  # of one choice the first option, where no other is chosen
            if tag == "textarea":
                self._keep(self._writing, "")
        if tag == "option" and ("selected" in facts or self._chosen is None):
            if self._chosen is False:
                self.forms[-1].fields.pop()
            self._keep(self._writing, facts.get("value", ""))
            self._chosen = self._chosen or "selected" in facts
        if tag in {"h1", "h2", "h3"}:
            self.headings.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            while self._open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if "script" in self._open or "style" in self._open:
            return
        self.words.append(data)
        if "textarea" in self._open and self.forms:
            name, value = self.forms[-1].fields.pop()
            self.forms[-1].fields.append((name, value + data))
        if {"h1", "h2", "h3"} & set(self._open):
            self.headings[-1] = " ".join((self.headings[-1] + data).split())

    @staticmethod
    def _check(tag: str, facts: dict[str, str]) -> None:
        assert "style" not in facts, f"inline style on <{tag}>"
        assert not [name for name in facts if name.startswith("on")], f"inline handler on <{tag}>"
        for name in ("src", "href", "action"):
            assert not facts.get(name, "").startswith(("http://", "https://", "//")), facts[name]


class Browser(FlaskClient):
    """Each request in an application context of its own, as on a real server: it shares no session with the test."""

    def open(self, *args: Any, **options: Any) -> TestResponse:
        with self.application.app_context():
            return super().open(*args, **options)


class Client:
    """Speaks with the application as one person does; what the test prepared is committed before."""

    def __init__(self, app: Flask):
        self.app = app
        self.http = Browser(app, app.response_class)

    def as_participant(self, person: Participant) -> "Client":
        """As after a personal link, without the request: test_sign_in walks through it."""
        link = auth.link_for(auth.mint_link(person, datetime.now(UTC)), clock.now())
        assert link
        id = link.id
        return self._with(lambda: auth.enter(db.session.get_one(PersonalLink, id), clock.now()))

    def as_organiser(self, user: User) -> "Client":
        """As after a sign-in link, without its two requests: test_accounts walks through them."""
        id = user.id
        return self._with(lambda: accounts.sign_in(db.session.get_one(User, id)))

    def _with(self, enter: Callable[[], object]) -> "Client":
        """This browser's cookie after somebody has come in; what the test prepared is committed before."""
        db.session.commit()
        with self.http.session_transaction() as kept:
            before = {**kept, "language": "en"}
        with self.app.app_context(), self.app.test_request_context():
            session.update(before)
            assert enter() is None, "she is asked for her second factor"
            db.session.commit()
            after = dict(session)
        with self.http.session_transaction() as kept:
            kept.clear()
            kept.update(after)
        db.session.rollback()
        return self

    def fetch(self, path: str, *, method: str = "GET", language: str = "en", **options: Any) -> TestResponse:
        """One request in a language; what the test prepared is committed, and read anew afterwards."""
        db.session.commit()
        with self.http.session_transaction() as cookie:
            cookie["language"] = language
        answer = self.http.open(path, method=method, **options)
        db.session.rollback()
        return answer

    def get(self, path: str, *, status: int = 200, language: str = "en") -> Page:
        answer = self.fetch(path, language=language)
        assert answer.status_code == status, f"{path}: {answer.status_code}"
        page = Page(answer.text)
        assert len(page.ids) == len(set(page.ids)), f"{path}: an id stands twice"
        return page

    def download(self, path: str) -> bytes:
        answer = self.fetch(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        assert "attachment" in answer.headers["Content-Disposition"]
        return answer.data

    def token(self, path: str) -> str:
        return Page(self.fetch(path).text).fields.get("csrf_token", "")

    def post(self, path: str, form: dict[str, Any], *, page: str | None = None, language: str = "en") -> TestResponse:
        """Send a form from `page` (default: its own address), with the token and the revision found there."""
        fields = Page(self.fetch(page or path).text).fields
        data = {"csrf_token": "", **{name: fields[name] for name in ("csrf_token", "seen") if name in fields}, **form}
        return self.fetch(path, method="POST", data=data, language=language)

    def submit(self, path: str, form: dict[str, Any], *, page: str | None = None) -> Page:
        """Send a form and follow to the page that it leads to."""
        answer = self.post(path, form, page=page)
        assert answer.status_code in {302, 303}, f"{path}: {answer.status_code} {Page(answer.text).text[:600]}"
        return self.get(answer.headers["Location"])
