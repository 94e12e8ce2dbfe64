"""A request that lost a race is answered anew, from its first line: nothing of the first attempt was kept."""

import hashlib
import time
from contextlib import suppress
from datetime import timedelta
from typing import Any

import structlog
from flask import Flask, flash, g, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import delete, event, select
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.wrappers import Response

from planner import clock
from planner.extensions import db
from planner.models import SentForm

log = structlog.get_logger()
RETRIES = 3
KEPT = timedelta(days=1)
"""How long a form is known to have been sent."""
LOST = {"40001", "40P01"}
"""PostgreSQL: the transaction could not be put into an order with the others, or two waited for each other."""


class Application(Flask):
    """Flask, whose views may be called again when somebody else was faster.

    Somebody else's row is seen the second time: the same form sent twice finds what the first one made, and a name
    that is gone is refused at its field.
    """

    def dispatch_request(self) -> ResponseReturnValue:
        for attempt in range(RETRIES):
            try:
                return self._once()
            except (DBAPIError, StaleDataError) as error:
                if not lost_a_race(error) or g.get("kept"):
                    raise
                db.session.rollback()
                time.sleep(0.01 * 2**attempt)
                g.get("holds_role", lambda: None)()  # what was held of it is let go with the rest
        return self._once()

    def _once(self) -> ResponseReturnValue:
        """The same form, sent again, leads to where the first one led, and makes nothing more."""
        mark = fingerprint()
        if mark is None:
            return super().dispatch_request()
        known = db.session.scalar(select(SentForm).filter_by(fingerprint=mark))
        if known:
            flash(_("Saved."))
            return redirect(_where(known))
        now = clock.now()
        db.session.execute(delete(SentForm).where(SentForm.sent_at < now - KEPT))
        row = SentForm(fingerprint=mark, sent_at=now)
        db.session.add(row)
        db.session.flush()
        answer = super().dispatch_request()
        if g.get("kept") and isinstance(answer, Response):
            with suppress(SQLAlchemyError):  # what was made stays made
                row.leads_to = answer.location or _one_step_up()  # a page that shows something once leads nowhere
                db.session.commit()
        return answer

    def log_exception(self, exc_info: Any) -> None:
        """By the endpoint: an address may hold a token."""
        log.error("request.failed", endpoint=request.endpoint, error=exc_info[1])


def fingerprint() -> str | None:
    """Of a form that makes something new: its token is another one whenever it is shown."""
    if request.method != "POST" or not str(request.endpoint).endswith(".new"):
        return None
    return mark_of_the_form(f"{type(g.actor).__name__}:{g.actor.id}")


def mark_of_the_form(who: str) -> str:
    """The same only where the same form is sent again by the same person."""
    fields = sorted((name, tuple(values)) for name, values in request.form.lists())
    return hashlib.sha256(repr((who, request.path, fields)).encode()).hexdigest()


def _where(sent: SentForm) -> str:
    """The first one notes it right after its commit; should it have died in between, the list is one step up."""
    for _again in range(20):
        if sent.leads_to:
            return sent.leads_to
        db.session.rollback()
        time.sleep(0.05)
        db.session.refresh(sent)
    return _one_step_up()


def _one_step_up() -> str:
    return request.path.removesuffix("new")


def lost_a_race(error: SQLAlchemyError) -> bool:
    """Somebody else wrote the row first, removed it, or waits for us as we for her."""
    if isinstance(error, IntegrityError | StaleDataError):
        return True
    return getattr(getattr(error, "orig", None), "sqlstate", None) in LOST


@event.listens_for(db.session, "after_commit")
def remember(session: Session) -> None:
    """Whatever was kept must not be done again; savepoints keep nothing."""
    if g and not session.in_nested_transaction():
        g.kept = True
