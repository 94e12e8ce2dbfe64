"""A PostgreSQL that says nothing any more, frozen or half cut off, is given up: nobody at a page waits for it for ever.

Neither its own time limits help, as it keeps them itself, nor those of the network, which still answers.
"""

from typing import Any, TypeVar

import psycopg
from flask import g, has_request_context
from psycopg.abc import PQGen

T = TypeVar("T")

PAGE_WAITS = 15.0
"""Seconds that a page waits for one answer. Commands and the worker may ask for more, and wait as long as it takes."""


class Connection(psycopg.Connection[Any]):
    """Waits in this process, and closes itself when it has waited in vain: what was asked may still be done there."""

    def wait(self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:
        if timeout is None and _somebody_waits():
            timeout = PAGE_WAITS
        try:
            return super().wait(gen, interval, timeout)
        except psycopg.errors._WaitTimeout as error:
            self.pgconn.finish()
            raise psycopg.OperationalError("the database does not answer") from error

    def rollback(self) -> None:
        """Closing takes everything back, too: a page that is ready by then is still shown."""
        try:
            super().rollback()
        except psycopg.OperationalError:
            if not self.closed:
                raise


def _somebody_waits() -> bool:
    """Whether this is for a page. The session is put away when Flask takes the request for over, hence the mark."""
    if has_request_context():
        g.is_page = True
    return bool(g) and "is_page" in g
