"""A request that lost a race is answered anew, from its first line: nothing of the first attempt was kept."""

import time
from typing import Any

import structlog
from flask import Flask, g, request
from flask.typing import ResponseReturnValue
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from planner.extensions import db

log = structlog.get_logger()
RETRIES = 3
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
                return super().dispatch_request()
            except DBAPIError as error:
                if not lost_a_race(error) or g.get("kept"):
                    raise
                db.session.rollback()
                time.sleep(0.01 * 2**attempt)
        return super().dispatch_request()

    def log_exception(self, exc_info: Any) -> None:
        """By the endpoint: an address may hold a token."""
        log.error("request.failed", endpoint=request.endpoint, error=exc_info[1])


def lost_a_race(error: DBAPIError) -> bool:
    return isinstance(error, IntegrityError) or getattr(error.orig, "sqlstate", None) in LOST


@event.listens_for(db.session, "after_commit")
def remember(session: Session) -> None:
    """Whatever was kept must not be done again; savepoints keep nothing."""
    if g and not session.in_nested_transaction():
        g.kept = True
