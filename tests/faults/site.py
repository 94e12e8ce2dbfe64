"""A site of a campaign's own: a database, a conference with people in it, and real web processes that may be killed."""

import os
import secrets
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import flask_migrate
import psycopg
from flask import Flask

from planner import auth, clock, create_app
from planner.config import ROOT
from planner.extensions import db
from planner.models import Conference, User
from tests import factories as make
from tests import postgresql
from tests.conftest import settings
from tests.faults import processes

GUARDED = "planner:create_app()"
Lists = dict[int, list[int]]
"""By the number of a person the sessions of her list, the most wanted first."""


@contextmanager
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="stuhlkreis-", ignore_cleanup_errors=True) as name:
        yield Path(name)


@contextmanager
def application(kind: str) -> Iterator[Flask]:
    """An application with a fresh database of this kind, in an application context."""
    with folder() as place, database(kind) as address:
        app = create_app(settings(place, DATABASE_URL=address))
        app.config["PROPAGATE_EXCEPTIONS"] = False  # as in production: people read a page
        with app.app_context():
            flask_migrate.upgrade()
            try:
                yield app
            finally:
                db.session.remove()
                db.engine.dispose()


@contextmanager
def database(kind: str) -> Iterator[str]:
    """Its address; nothing for the file in the folder of the instance."""
    if kind == "sqlite":
        yield ""
        return
    with postgresql.server() as server, postgresql.database(server) as address:
        yield address


@dataclass
class Gathering:
    """What a campaign needs to know of its conference; numbers only, so that they outlive every session."""

    conference: int
    slug: str
    organiser: int
    people: list[int]
    sessions: list[int]
    tokens: list[str] = field(default_factory=list)  # a personal link of each person
    themes: list[int] = field(default_factory=list)


def gather(people: int, sessions: int = 5, themes: int = 0, **dates: Any) -> Gathering:
    """A conference that takes wishes, committed."""
    conference, organiser = make.organised(**dates)
    made = [make.session(conference).id for _ in range(sessions)]
    everybody = [make.participant(conference) for _ in range(people)]
    about = [make.theme(conference).id for _ in range(themes)]
    tokens = [auth.mint_link(person, clock.now()) for person in everybody]
    db.session.commit()
    return Gathering(
        conference.id, conference.slug, organiser.id, [person.id for person in everybody], made, tokens, about
    )


def prepared(place: Path, address: str, people: int, **options: Any) -> Gathering:
    """The same in a database that web processes will serve."""
    app = create_app(settings(place, DATABASE_URL=address))
    with app.app_context():
        flask_migrate.upgrade()
        of = gather(people, **options)
        db.engine.dispose()
    return of


def conference(of: Gathering) -> Conference:
    return db.session.get_one(Conference, of.conference)


def organiser(of: Gathering) -> User:
    return db.session.get_one(User, of.organiser)


def stored(place: Path, address: str) -> Lists:
    """What the database says, asked without the application."""
    query = "select participant_id, session_id from preference order by participant_id, rank"
    if address:
        with psycopg.connect(address) as connection:
            rows = connection.execute(query).fetchall()
    else:
        with closing(sqlite3.connect(f"file:{place / 'planner.sqlite3'}?mode=ro", uri=True, timeout=10)) as file:
            rows = file.execute(query).fetchall()
    found: Lists = {}
    for person, session in rows:
        found.setdefault(person, []).append(session)
    return found


class Web:
    """Web processes as the README describes them, on a port of their own."""

    def __init__(self, place: Path, database: str, *, app: str = GUARDED, under: Sequence[str] = ()):
        self.place, self.database, self.app = place, database, app
        self.port = postgresql.free_port()
        self.log = Path(tempfile.mkstemp(prefix="stuhlkreis-", suffix=".log")[1])  # never on the disk that is full
        self._under = list(under)  # a command that starts them with fewer rights
        self._environment = {
            **os.environ,
            "PLANNER_INSTANCE": str(place),
            "DATABASE_URL": database,
            "SECRET_KEY": secrets.token_hex(32),
            "PLANNER_PUBLIC_URL": f"http://127.0.0.1:{self.port}",
            "PYTHONPATH": str(ROOT),
        }
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def master(self) -> int:
        assert self._process
        return self._process.pid

    def start(self) -> None:
        given = ["-c", str(ROOT / "planner" / "deploy" / "gunicorn.py")]
        own = ["--bind", f"127.0.0.1:{self.port}", "--workers", "2", "--log-level", "warning"]
        words = [*self._under, sys.executable, "-m", "gunicorn", *given, *own, self.app]
        with self.log.open("ab") as out:
            self._process = subprocess.Popen(
                words, cwd=ROOT, env=self._environment, stdout=out, stderr=out, start_new_session=True
            )

    def workers(self) -> list[int]:
        return processes.children(self.master)

    def kill(self) -> None:
        """All of them, in the middle of whatever they do."""
        for pid in [self.master, *self.workers()]:
            processes.end(pid)
        assert self._process
        self._process.wait()

    def stop(self) -> None:
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(15)
            except subprocess.TimeoutExpired:
                self.kill()

    def stored(self) -> Lists:
        return stored(self.place, self.database)

    def lines(self) -> int:
        """How many lines stand in the log."""
        return len(self.log.read_bytes().splitlines()) if self.log.exists() else 0


def serves(port: int) -> bool:
    """Whether the processes behind this port say that they can."""
    connection = HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


def seconds_until(limit: float, said: Any) -> float | None:
    """How long it took until it was so; None if it never was."""
    began = time.monotonic()
    return round(time.monotonic() - began, 2) if processes.within(limit, said) else None
