"""People in the campaign's own process: the whole application answers them, in as many threads as they are."""

import re
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from flask import Flask
from werkzeug.test import TestResponse

from planner import auth, clock, extensions
from planner.extensions import db
from tests.faults import site

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
REVISION = re.compile(r'name="revision" value="(-?\d+)"')


class Person:
    """A cookie and a token: several requests of hers may run at once."""

    def __init__(self, app: Flask, enter: str, page: str, *, press: bool = False):
        self.app = app
        client = app.test_client()

        def ask(method: str, path: str, **options: Any) -> str:
            with app.app_context():  # of its own, as on a real server
                return client.open(path, method=method, **options).text

        shown = TOKEN.search(ask("GET", enter))
        if press and shown:
            ask("POST", enter, data={"csrf_token": shown[1]})
        found, cookie = TOKEN.search(ask("GET", page)), client.get_cookie("stuhlkreis")
        if not found or not cookie:
            raise RuntimeError(f"nobody may enter {page}")
        self.token, self._cookie = found[1], cookie.value

    def get(self, path: str) -> TestResponse:
        return self._ask("GET", path)

    def post(self, path: str, form: dict[str, Any]) -> TestResponse:
        return self._ask("POST", path, data={"csrf_token": self.token, **form})

    def _ask(self, method: str, path: str, **options: Any) -> TestResponse:
        client = self.app.test_client(use_cookies=False)
        with self.app.app_context():
            return client.open(path, method=method, headers={"Cookie": f"stuhlkreis={self._cookie}"}, **options)


def participant(app: Flask, of: site.Gathering, number: int) -> Person:
    return Person(app, f"/l/{of.tokens[number]}", f"/c/{of.slug}/me/wishes/")


def organiser(app: Flask, of: site.Gathering) -> Person:
    token = auth.mint_sign_in(site.organiser(of), clock.now())
    db.session.commit()
    return Person(app, f"/s/{token}", f"/organise/{of.slug}/allocations/", press=True)


def at_once(acts: Iterable[Callable[[], Any]]) -> list[Any]:
    """What each of them gave, each in a thread of its own, all let go in the same moment."""
    doing = list(acts)
    start, found = threading.Barrier(len(doing)), [None] * len(doing)

    def one(number: int) -> None:
        start.wait()
        found[number] = doing[number]()

    db.session.rollback()
    threads = [threading.Thread(target=one, args=(number,)) for number in range(len(doing))]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    return found


@contextmanager
def without_locks() -> Iterator[None]:
    """The control arm: nobody holds a row before she looks, and on SQLite nobody begins as a writer."""
    only_reads = extensions.only_reads

    def reads() -> bool:
        return db.engine.dialect.name == "sqlite" or only_reads()

    with (
        mock.patch("planner.locks.person"),
        mock.patch("planner.locks.thing"),
        mock.patch("planner.locks.conference"),
        mock.patch("planner.extensions.only_reads", reads),
        mock.patch("planner.attempts.RETRIES", 0),
    ):
        yield
