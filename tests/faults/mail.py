"""FLT-6: a mail server that is down, slow, refuses or cuts off; nothing is lost, nothing sent twice, nothing hidden."""

import contextlib
import random
import threading
from collections.abc import Callable, Iterator
from unittest import mock

from flask import Flask

from planner import clock, outbox
from planner import post as posting
from planner.config import Config
from planner.extensions import db
from planner.models import Message, MessageState, PersonalLink, User
from tests import factories as make
from tests import postgresql
from tests.campaigns.report import Report
from tests.client import Client
from tests.faults import post
from tests.faults.server import MailServer, Manner

PROMISE = (
    "FLT-6: mail server down, slow, refusing, cutting off: no request waits for it; it is tried again only where "
    "nothing was accepted; what did not arrive, or perhaps not, is shown to organisers; no try leaves one more link."
)
DOWN, SLOW = "down", "slow"
WAYS = [DOWN, SLOW, *(manner for manner in Manner if manner is not Manner.TAKES)]
AGAIN = {DOWN, Manner.BUSY, Manner.CUTS_AT_ONCE, Manner.REFUSES, Manner.CUTS_BEFORE, Manner.REFUSES_TEXT}
NEVER = {Manner.REJECTS, Manner.REJECTS_TEXT}
MESSAGES = 3


class Forgetful(posting.Server):
    """The control arm: whether the text had left is forgotten, so whatever breaks is tried again."""

    @property
    def unanswered(self) -> bool:  # type: ignore[override]
        return False

    @unanswered.setter
    def unanswered(self, value: bool) -> None:
        """Not kept."""


def run(count: int, seed: int, *, database: str, unguarded: bool, say: Callable[[str], None]) -> Report:
    """Each round one way of failing, then a server that takes everything."""
    dice, report = random.Random(seed), Report("mail", PROMISE, control_arm=unguarded)
    order = [way for _ in range(-(-count // len(WAYS))) for way in dice.sample(WAYS, len(WAYS))][:count]
    client = mock.patch.object(posting, "Server", Forgetful if unguarded else posting.Server)
    with client, MailServer() as server, post.place(database, server.port) as (app, config):
        for number, way in enumerate(order):
            row = {"round": number, "server": way if isinstance(way, str) else way.value}
            broken = _round(app, config, server, way)
            report.rows.append({**row, "broken": len(broken)})
            report.broken += [f"round {number}, {row['server']}: {what}" for what in broken]
            say(f"{row} {broken}")
    report.figures |= {"database": database, "messages": count * MESSAGES}
    return report


def _round(app: Flask, config: Config, server: MailServer, way: str | Manner) -> list[str]:
    conference, organiser = make.organised()
    ids, before = post.written(conference, MESSAGES), len(server.taken)
    with _badly(app, config, server, way):
        found = _beside(app, organiser, conference.slug) if way == SLOW else []
        _deliver()
    rows = [db.session.get_one(Message, id, populate_existing=True) for id in ids]
    accepted = len(server.taken) - before
    if way in AGAIN and (accepted or any(row.state is not MessageState.WAITING for row in rows)):
        found.append(f"{accepted} accepted, {[row.state.value for row in rows]} instead of waiting")
    if way in NEVER and any(row.state is not MessageState.FAILED for row in rows):
        found.append(f"{[row.state.value for row in rows]} instead of failed")
    living = db.session.query(PersonalLink).filter(PersonalLink.participant_id.in_([r.participant_id for r in rows]))
    perhaps = sum(row.state in {MessageState.SENT, MessageState.DOUBTFUL} for row in rows)
    if living.count() != perhaps:
        found.append(f"{living.count()} living links for {perhaps} mails that may have arrived")
    for row in rows:
        row.not_before = None
    _deliver()
    return found + post.untrue([message.id for message in db.session.query(Message)], server)


@contextlib.contextmanager
def _badly(app: Flask, config: Config, server: MailServer, way: str | Manner) -> Iterator[None]:
    if way == DOWN:
        app.extensions["planner"] = config.model_copy(update={"mail_port": postgresql.free_port()})
    elif way == SLOW:
        server.pause = 0.1
    elif isinstance(way, Manner):
        server.manner = way
    try:
        yield
    finally:
        server.manner, server.pause = Manner.TAKES, 0.0
        app.extensions["planner"] = config


def _deliver() -> None:
    outbox.deliver(clock.now, "worker", db.session.commit)
    db.session.commit()


def _beside(app: Flask, organiser: User, slug: str) -> list[str]:
    """While mails creep out an organiser reads and writes."""
    client, page = Client(app).as_organiser(organiser), f"/organise/{slug}/messages/"

    def creep() -> None:
        with app.app_context():
            _deliver()

    sending = threading.Thread(target=creep)
    sending.start()
    try:
        client.get(page)
        return [] if sending.is_alive() else ["a request waited until all mails had left"]
    finally:
        sending.join()
