"""A conference in a database of its own with everybody's links: what a campaign puts under load."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import flask_migrate
from flask import Flask
from sqlalchemy import delete, select

from planner import auth, create_app
from planner.config import Config
from planner.extensions import db
from planner.models import Participant, Preference
from tests import postgresql
from tests.load.crowd import gathered

KEY = "a key for the campaigns alone, long enough to be accepted"
UNDECIDED = 2  # every second person has no wishes yet, so her page offers to add what she chooses


@dataclass(frozen=True)
class Place:
    """Where it is, who may come in, and whose wishes there are."""

    folder: Path
    database: str
    slug: str
    links: dict[str, str]  # by the person's key
    organiser: str

    def environment(self, address: str, **settings: str) -> dict[str, str]:
        """Of a server at this address: the settings of the README, and nothing of this process's own."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "PYTHONPATH") if name in os.environ}
        return {
            **kept,
            "PLANNER_INSTANCE": str(self.folder),
            "DATABASE_URL": self.database,
            "SECRET_KEY": KEY,
            "PLANNER_PUBLIC_URL": address,
            **settings,
        }

    def stored(self) -> dict[str, list[int]]:
        """Everybody's wishes in their order, asked by a process that the server knows nothing of."""
        with _opened(self.folder, self.database):
            rows = db.session.execute(
                select(Participant.key, Preference.session_id)
                .join(Preference, Preference.participant_id == Participant.id)
                .order_by(Participant.id, Preference.rank)
            ).all()
        found: dict[str, list[int]] = {}
        for key, session in rows:
            found.setdefault(key, []).append(session)
        return found


@contextmanager
def made(database: str, people: int, sessions: int) -> Iterator[Place]:
    """SQLite in a folder of its own, or a PostgreSQL server of its own that writes as a real one does."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="stuhlkreis-load-")))
        address = f"sqlite:///{folder / 'planner.sqlite3'}"
        if database == "postgresql":
            server = stack.enter_context(postgresql.server(durable=True))
            address = stack.enter_context(postgresql.database(server))
        with _opened(folder, address):
            flask_migrate.upgrade()
            place = _filled(folder, address, people, sessions)
        yield place


def _filled(folder: Path, address: str, people: int, sessions: int) -> Place:
    crowd, now = gathered(people, sessions), datetime.now(UTC)
    undecided = [person.id for person in crowd.people[::UNDECIDED]]
    for at in range(0, len(undecided), 500):
        db.session.execute(delete(Preference).where(Preference.participant_id.in_(undecided[at : at + 500])))
    links = {person.key: f"/l/{auth.mint_link(person, now)}" for person in crowd.people}
    organiser = f"/s/{auth.mint_sign_in(crowd.organiser, now)}"
    slug = crowd.conference.slug
    db.session.commit()
    return Place(folder, address, slug, links, organiser)


@contextmanager
def _opened(folder: Path, address: str) -> Iterator[Flask]:
    config = Config(_env_file=None, instance=folder, DATABASE_URL=address, SECRET_KEY=KEY)  # type: ignore[call-arg]
    app = create_app(config)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()
