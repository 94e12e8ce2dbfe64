"""A person's browser: one connection, its cookies, and forms that are filled in as they stand on their pages."""

import http.client
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from tests.client import Page

Fields = dict[str, list[str]]
IDLE = 5.0  # seconds
TOKENS = ("csrf_token", "sender")
OURS = re.compile(r'name="(?:next|csrf_token)" value="[^"]*"')


@dataclass
class Answer:
    status: int
    headers: Mapping[str, str]
    data: bytes

    @property
    def text(self) -> str:
        return self.data.decode(errors="replace")

    @property
    def leads_to(self) -> str:
        return self.headers.get("location", "")

    @property
    def is_text(self) -> bool:
        return "pdf" not in self.headers.get("content-type", "")

    def without(self, address: str) -> str:
        """What it says apart from its own address and its token."""
        return OURS.sub("", self.text).replace(f'action="{address}"', "")


@dataclass
class Opened:
    """A form as it stood on its page when somebody opened it."""

    action: str
    fields: Fields


class Browser:
    """`watch` sees every answer, with the words of the request."""

    def __init__(self, port: int, watch: Callable[[str, Answer], None]):
        self.port, self.watch = port, watch
        self.cookies: dict[str, str] = {}
        self._line: http.client.HTTPConnection | None = None
        self._last = 0.0

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None)

    def post(self, path: str, fields: Fields) -> Answer:
        return self._ask("POST", path, fields)

    def open(self, page: str, action: str = "", id: str = "form") -> Opened:
        """The form that goes to `action`, or that is called `id`; raises KeyError where there is none."""
        forms = Page(self.get(page).text).forms
        for form in forms:
            if form.action.partition("#")[0] == action if action else form.id == id:
                return Opened(form.action or page, form.sent)
        raise KeyError(f"no form {action or id} on {page}")

    def press(self, page: str, action: str, **more: str) -> Answer:
        """A button of a page; where it is not shown any more, as somebody presses who opened the page before."""
        found = self._buttons(page, action, more)
        return self.post(action, found | {name: [value] for name, value in more.items()})

    def offers(self, page: str, action: str) -> bool:
        return any(form.action == action for form in Page(self.get(page).text).forms)

    def tokens(self, page: str) -> Fields:
        return self._buttons(page, "", {})

    def _buttons(self, page: str, action: str, more: Mapping[str, str]) -> Fields:
        forms = Page(self.get(page).text).forms
        fitting = [form.sent for form in forms if form.action == action]
        exact = [sent for sent in fitting if all(sent.get(name) == [value] for name, value in more.items())]
        if exact or fitting:
            return (exact or fitting)[0]
        known: Fields = {}
        for form in forms:
            known |= {name: form.sent[name] for name in TOKENS if name in form.sent}
        return known

    def _ask(self, method: str, path: str, fields: Fields | None) -> Answer:
        body, headers = None, {"Accept-Language": "en", "Host": f"127.0.0.1:{self.port}"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if fields is not None:
            body, headers["Content-Type"] = urlencode(fields, doseq=True), "application/x-www-form-urlencoded"
        answer = self._round(method, path, body, headers)
        self.watch(f"{method} {path}", answer)
        return answer

    def _round(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        if time.monotonic() - self._last > IDLE:
            self.close()  # the server waits for nobody much longer
        self._last = time.monotonic()
        if self._line is None:
            self._line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        self._line.request(method, path, body, headers)
        found = self._line.getresponse()
        data = found.read()
        for name, value in found.getheaders():
            if name.lower() == "set-cookie":
                cookie, _, content = value.partition(";")[0].partition("=")
                self.cookies[cookie] = content
        if found.will_close:
            self.close()
        return Answer(found.status, {name.lower(): value for name, value in found.getheaders()}, data)

    def close(self) -> None:
        if self._line:
            self._line.close()
        self._line = None
