"""The queue's tasks, each a thin wrapper: load by number, delegate, commit; and who works them off."""

import os
import secrets
import socket
import threading
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

import structlog
from flask import Flask, current_app
from huey.api import Huey
from sqlalchemy.exc import DBAPIError

from planner import (
    allocations,
    audit,
    auth,
    clock,
    conferences,
    deletion,
    notifications,
    outbox,
    post,
    queue,
    reminders,
    retention,
    team,
    traces,
    trials,
)
from planner.config import Config
from planner.extensions import db
from planner.models import Allocation, Conference, Invitation, MailTrial, User

log = structlog.get_logger()
EVERY = 2.0  # seconds between two looks of the watchman
ROUNDS = {"retention": (3600.0, 60.0), "traces": (20.0, 0.0)}
"""Seconds between two rounds in which the watchman sees that what was promised to be gone is gone; and after one that
failed, as trouble that stays must not keep everybody from writing."""


class Swept(NamedTuple):
    """How many rows are gone, and whether nothing was left behind that should be."""

    rows: int
    whole: bool


class Jobs:
    """The tasks of one application, bound to its queue."""

    def __init__(self, app: Flask, huey: Huey):
        self.huey = huey
        self.delivering = threading.Lock()
        self.held: dict[str, int] = {}  # by the worker's name its run
        self.ending = threading.Event()

        @huey.task(name="allocate")  # type: ignore[untyped-decorator]
        def allocate(id: int) -> None:
            with app.app_context():
                run_allocation(id)

        @huey.task(name="deliver")  # type: ignore[untyped-decorator]
        def deliver() -> None:
            # A slow server holds up one thread, not those that allocate too.
            if self.delivering.acquire(blocking=False):
                try:
                    with app.app_context():
                        outbox.deliver(clock.now, worker_name(), db.session.commit)
                finally:
                    self.delivering.release()

        @huey.task(name="sign_in_link")  # type: ignore[untyped-decorator]
        def sign_in_link(id: int) -> None:
            with app.app_context():
                send_sign_in_link(id)

        @huey.task(name="invitation")  # type: ignore[untyped-decorator]
        def invitation(id: int) -> None:
            with app.app_context():
                send_invitation(id)

        @huey.task(name="mail_trial")  # type: ignore[untyped-decorator]
        def mail_trial(id: int) -> None:
            with app.app_context():
                send_mail_trial(id)

        self.allocate = allocate
        self.deliver = deliver
        self.sign_in_link = sign_in_link
        self.invitation = invitation
        self.mail_trial = mail_trial


def bind(app: Flask, config: Config) -> None:
    app.extensions["jobs"] = Jobs(app, queue.make(config.queue))


def allocate(allocation: Allocation) -> None:
    """Ask a worker to run it. If the queue is away the watchman finds the row a few seconds later."""
    try:
        current_app.extensions["jobs"].allocate(allocation.id)
    except Exception:  # the queue is another machine's business; the row is already safe
        log.warning("queue.away", allocation=allocation.id)


def deliver() -> None:
    """Ask a worker to send what waits in the outbox."""
    try:
        current_app.extensions["jobs"].deliver()
    except Exception:
        log.warning("queue.away", task="deliver")


def sign_in_link(user: User | None) -> None:
    """Ask a worker to mail a link; nobody can tell from outside whether there is such a user."""
    try:
        current_app.extensions["jobs"].sign_in_link(user.id if user else 0)
    except Exception:
        log.warning("queue.away", task="sign_in_link")


def send_sign_in_link(id: int) -> None:
    """Mail an organiser a link, minted now; one that gets lost is asked for again."""
    user, now = db.session.get(User, id), clock.now()
    if user is None or not notifications.mail_is_set_up() or not auth.may_get_another_link(user, now):
        return
    mail = notifications.sign_in_mail(user, now)
    db.session.commit()
    ending = post.hand_over(mail)
    if ending not in post.WENT_WELL:
        log.warning("sign_in_link.not_sent", user=id, ending=ending.value)


def invitation(invited: Invitation) -> None:
    """Ask a worker to mail it; while it waits its owner sees so, and can take the link instead."""
    try:
        current_app.extensions["jobs"].invitation(invited.id)
    except Exception:
        log.warning("queue.away", task="invitation")


def send_invitation(id: int) -> None:
    """Mail an invitation with a link that is made now, once; how that ended stands with it."""
    token = team.begin_to_send(id) if notifications.mail_is_set_up() else None
    if token is None:
        return
    mail = notifications.invitation_mail(db.session.get_one(Invitation, id), token)
    db.session.commit()
    ending = post.hand_over(mail)
    team.note_sending(token, ending)
    db.session.commit()
    if ending not in post.WENT_WELL:
        log.warning("invitation.not_sent", invitation=id, ending=ending.value)


def mail_trial(trial: MailTrial) -> None:
    """Ask a worker to send it; where nothing comes of it the page says so."""
    try:
        current_app.extensions["jobs"].mail_trial(trial.id)
    except Exception:
        log.warning("queue.away", task="mail_trial")


def send_mail_trial(id: int) -> None:
    """Mail an organiser a test, by the door that every mail takes; how that ended stands with it."""
    begun = clock.now()
    row = trials.begin(id, begun) if notifications.mail_is_set_up() else None
    if row is None:
        return
    mail = notifications.trial_mail(row.user)
    db.session.commit()
    trials.note(id, begun, post.ask(mail, trials.LIMIT))
    db.session.commit()


def worker_name() -> str:
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(4)}"


def run_allocation(id: int) -> None:
    """Claim the run, solve it apart, store what came out; safe to be called five times."""
    worker, jobs = worker_name(), current_app.extensions["jobs"]
    if jobs.ending.is_set():
        jobs.allocate(id)  # taken from the queue in the last moment: whoever goes on has it
        return
    log.info("allocation.taken", allocation=id, worker=worker)
    jobs.held[worker] = id
    try:
        ended = allocations.run(id, worker, clock.now, db.session.commit)
    finally:
        del jobs.held[worker]
    log.info("allocation.ended", allocation=id, worker=worker, status=ended)


def give_back() -> None:
    """Whoever comes next need not wait for the lease of a worker that has been asked to end."""
    jobs = current_app.extensions["jobs"]
    for worker, id in list(jobs.held.items()):
        given = allocations.give_back(id, worker)
        db.session.commit()
        log.info("allocation.given_back", allocation=id, worker=worker, given=given)
        if given:
            allocate(db.session.get_one(Allocation, id))


def keep_promises(now: datetime) -> Swept:
    """Erase what is kept longer than people were told; a conference in trouble does not hold up the others."""
    gone, whole = 0, True
    try:
        gone += retention.forget_logs(now)
        db.session.commit()
    except Exception:  # it is tried again soon
        whole = False
        db.session.rollback()
        log.warning("retention.failed", of="logs", exc_info=True)
    doomed = deletion.due(now)
    ids = [conference.id for conference in retention.over(now) if conference.id not in doomed]
    db.session.rollback()  # asking opened a transaction, which would keep others from writing
    for id in (*doomed, *ids):
        try:
            forgets = id not in doomed
            gone += retention.forget(db.session.get_one(Conference, id), now) if forgets else deletion.erase(id, now)
            db.session.commit()
        except Exception:  # it is tried again soon
            whole = False
            db.session.rollback()
            log.warning("retention.failed", conference=id, exc_info=True)
    if gone:
        log.info("retention.done", rows=gone)
    return Swept(gone, whole)


def _deadlines() -> None:
    conferences.notice_deadlines(clock.now)
    db.session.commit()


def _runs() -> None:
    left = allocations.reap(clock.now())
    db.session.commit()
    for id in left:
        allocate(db.session.get_one(Allocation, id))


def _messages() -> None:
    outbox.reap(clock.now())
    reminders.let_go(clock.now())
    db.session.commit()
    if outbox.waiting(clock.now()):
        deliver()


def _anchors() -> None:
    audit.anchor_daily(current_app.extensions["planner"], clock.now())


class Worker:
    """Works off the queue in threads of this process, and looks after runs that nobody works on."""

    def __init__(self, app: Flask):
        self.app = app
        jobs: Jobs = app.extensions["jobs"]
        self.consumer = jobs.huey.create_consumer(workers=2, periodic=False, max_delay=1.0, check_worker_health=True)
        # Signals belong to the process that embeds us, and can be set in its main thread only.
        self.consumer._set_signal_handlers = lambda: None
        self.ended = threading.Event()
        self.due: dict[str, float] = {}

    def start(self) -> None:
        self.app.extensions["jobs"].ending.clear()
        self.consumer.start()
        threading.Thread(target=self._watch, daemon=True, name="watchman").start()

    def stop(self) -> None:
        """Take nothing more, and give back what is under way; its solvers end with this process, or before."""
        self.ended.set()
        self.app.extensions["jobs"].ending.set()
        self.consumer.stop(graceful=False)
        with self.app.app_context():
            try:
                give_back()
            except DBAPIError as error:  # then the lease ends by itself
                log.warning("allocation.not_given_back", error=error)

    def _watch(self) -> None:
        while not self.ended.wait(EVERY):
            try:
                self.look()
            except Exception:  # whatever it is, the watchman stays
                log.warning("watchman.stumbled", exc_info=True)

    def look(self) -> None:
        """One round. Each duty is guarded by itself: whatever one of them stumbles over, the others are done."""
        with self.app.app_context():
            for duty in (_deadlines, _runs, _messages, _anchors, self._retention, self._traces):
                try:
                    duty()
                except Exception as error:
                    name = duty.__name__.strip("_")
                    # A database that is away is the same trouble for all of them: logs.py lets one line through.
                    of = "database" if isinstance(error, DBAPIError) else name
                    log.warning("watchman.stumbled", duty=name, of=of, error=error)
                db.session.rollback()  # asking opened a transaction, which would keep others from writing

    def _retention(self) -> None:
        self._now_and_then("retention", lambda: keep_promises(clock.now()).whole)

    def _traces(self) -> None:
        self._now_and_then("traces", traces.wipe)  # False where somebody stood in the way

    def _now_and_then(self, round: str, act: Callable[[], bool]) -> None:
        """Now, and again when the round is due; what was not done is tried again soon."""
        now, (every, again) = time.monotonic(), ROUNDS[round]
        if now >= self.due.get(round, now):
            self.due[round] = now + again
            if act():
                self.due[round] = now + every


def state() -> dict[str, Any]:
    """What the queue holds, for the doctor."""
    huey: Huey = current_app.extensions["jobs"].huey
    return {"waiting": huey.pending_count()}
