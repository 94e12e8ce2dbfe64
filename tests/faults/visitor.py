"""One person's browser in a campaign, with her own ledger: what she sent, and what she was told is saved."""

import http.client
import random
import re
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
REVISION = re.compile(r'name="revision" value="(-?\d+)"')


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    text: str


@dataclass
class Ledger:
    """Kept outside the server. `possible` holds what may be stored although nobody said so."""

    person: int
    acknowledged: list[int] = field(default_factory=list)
    possible: list[list[int]] = field(default_factory=list)
    saves: int = 0
    refused: dict[int, int] = field(default_factory=dict)

    def faults(self, stored: list[int]) -> list[str]:
        """What is stored is the list that was acknowledged last, or one that was sent after it, as a whole."""
        if stored in (self.acknowledged, *self.possible):
            return []
        return [f"person {self.person}: {stored} is stored, acknowledged was {self.acknowledged}"]


class Visitor:
    def __init__(self, port: int, slug: str, person: int, token: str):
        self.port, self.slug, self.token = port, slug, token
        self.ledger = Ledger(person)
        self.cookie = self.csrf = ""
        self.revision = -1

    @property
    def page(self) -> str:
        return f"/c/{self.slug}/me/wishes/"

    def ask(self, method: str, path: str, form: list[tuple[str, object]] | None = None, limit: float = 20) -> Answer:
        """One request on a connection of its own; raises OSError or HTTPException where nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=limit)
        headers = {"Cookie": self.cookie} if self.cookie else {}
        body = None
        if form is not None:
            body, headers["Content-Type"] = urlencode(form), "application/x-www-form-urlencoded"
        try:
            connection.request(method, path, body, headers)
            found = connection.getresponse()
            answer = Answer(found.status, {k.lower(): v for k, v in found.getheaders()}, found.read().decode())
        finally:
            connection.close()
        if "set-cookie" in answer.headers:
            self.cookie = answer.headers["set-cookie"].partition(";")[0]
        return answer

    def enter(self) -> None:
        self.ask("GET", f"/l/{self.token}")
        self.look()

    def look(self) -> Answer:
        """Her wishes as the page shows them now."""
        answer = self.ask("GET", self.page)
        token, revision = TOKEN.search(answer.text), REVISION.search(answer.text)
        if answer.status == 200 and token and revision:
            self.csrf, self.revision = token[1], int(revision[1])
        return answer

    def save(self, ranking: list[int]) -> int:
        """The status of the answer; 0 if none came."""
        form: list[tuple[str, object]] = [("csrf_token", self.csrf), ("revision", self.revision)]
        form += [("favourite", session) for session in ranking]
        self.ledger.possible.append(ranking)
        try:
            status = self.ask("POST", self.page, form).status
        except (OSError, http.client.HTTPException):
            return 0
        if status == 302:
            self.ledger.acknowledged, self.ledger.possible = ranking, []
            self.ledger.saves += 1
            self.revision += 1
        else:
            self.ledger.refused[status] = self.ledger.refused.get(status, 0) + 1
            if status != 503:
                self.ledger.possible.remove(ranking)
        return status


def at_work(visitors: list[Visitor], sessions: list[int], ended: threading.Event, seed: int) -> list[threading.Thread]:
    """Each saves one list after the other until it is over, and asks for her page again after anything unusual."""
    threads = [
        threading.Thread(target=_work, args=(visitor, sessions, ended, random.Random(f"{seed}:{at}")), daemon=True)
        for at, visitor in enumerate(visitors)
    ]
    for thread in threads:
        thread.start()
    return threads


def _work(visitor: Visitor, sessions: list[int], ended: threading.Event, dice: random.Random) -> None:
    ready = bool(visitor.csrf)
    while not ended.is_set():
        try:
            if not ready:
                visitor.enter() if not visitor.cookie else visitor.look()
                ready = bool(visitor.csrf)
            if ready:
                ready = visitor.save(dice.sample(sessions, dice.randint(0, len(sessions)))) == 302
        except (OSError, http.client.HTTPException):
            ready = False
        if not ready:
            time.sleep(0.05)
