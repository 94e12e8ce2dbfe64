"""A place from which mails leave to a server of ours, and what has to agree with what that server accepted."""

import contextlib
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import flask_migrate
from flask import Flask

from planner import create_app, outbox
from planner.config import Config
from planner.extensions import db
from planner.models import Conference, Message, MessageState
from tests import factories as make
from tests import postgresql
from tests.conftest import settings
from tests.faults.server import MailServer

ENDED = {MessageState.SENT, MessageState.DOUBTFUL, MessageState.FAILED}


@contextlib.contextmanager
def place(database: str, port: int) -> Iterator[tuple[Flask, Config]]:
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="stuhlkreis-")))
        more: dict[str, object] = {}
        if database == "postgresql":
            server = stack.enter_context(postgresql.server())
            more["DATABASE_URL"] = stack.enter_context(postgresql.database(server))
        config = settings(folder, mail="smtp", mail_port=port, **more)
        app = create_app(config)
        with app.app_context():
            flask_migrate.upgrade()
            yield app, config
            db.session.remove()
            db.engine.dispose()


def written(conference: Conference, count: int) -> list[int]:
    """The numbers of as many new messages, each to somebody of her own."""
    made = [make.message(make.participant(conference, email=f"person{number}@example.org")) for number in range(count)]
    db.session.commit()
    return [message.id for message in made]


def untrue(ids: list[int], server: MailServer) -> list[str]:
    """What does not agree: a row with what the server accepted, or a row with what organisers are shown."""
    db.session.expire_all()
    found, accepted = [], Counter(server.taken)
    found += [f"{number} accepted {count} times" for number, count in accepted.items() if count > 1]
    rows = [db.session.get_one(Message, id) for id in ids]
    listed = {row.id for conference in {row.conference_id for row in rows} for row in _listed(conference)}
    found += [f"message {row.id} ended as {row.state}" for row in rows if row.state not in ENDED]
    found += [
        f"message {row.id} is {row.state} and on no page"
        for row in rows
        if row.state in outbox.OPEN and row.id not in listed
    ]
    sent = sum(row.state is MessageState.SENT for row in rows)
    doubtful = sum(row.state is MessageState.DOUBTFUL for row in rows)
    if not sent <= len(accepted) <= sent + doubtful:
        found.append(f"{len(accepted)} accepted, but {sent} are called sent and {doubtful} doubtful")
    return found


def _listed(conference: int) -> list[Message]:
    return list(outbox.unreached(db.session.get_one(Conference, conference)))
