"""Rows kept in ways of their own: once only, whoever was faster; and at once, although the caller only reads."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from flask import g
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from planner.errors import PlannerError
from planner.extensions import db, only_reads

T = TypeVar("T")


def once(row: T, same: Select[Any]) -> T:
    """Add the row; where somebody was faster, `same` finds hers."""
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        found = db.session.scalar(same)
        if found is None:
            raise
        return found
    return row


@contextmanager
def unless(taken: PlannerError) -> Iterator[None]:
    """Write what is done inside; raises `taken` where a name or a place of which there is one is gone already."""
    try:
        with db.session.begin_nested():
            yield
    except IntegrityError as error:
        raise taken from error


class Untraced(PlannerError):
    """That something sensitive is read could not be written down, so it is not read."""

    status = 503
    retry_after = 5
    sentence = _l(
        "What people need is not shown at the moment, because it cannot be written down who reads it. "
        "Please try again in a minute."
    )


def trace(row: object) -> None:
    """Write down that something is read, before it is: with the rest where the caller writes, else at once.

    The short transaction of its own keeps a page that only reads from waiting for its turn among the writers for
    longer than this one row takes. Raises Untraced.
    """
    if not only_reads():
        db.session.add(row)
        db.session.flush()
        return
    try:
        at_once(row)
    except OperationalError as error:
        g.untraced = True  # whoever has waited once need not wait again
        raise Untraced from error


def at_once(row: object) -> None:
    """Keep the row in a short transaction of its own."""
    with Session(db.engine.execution_options(writes=True)) as own, own.begin():
        own.add(row)


@contextmanager
def reading() -> Iterator[None]:
    """Something slow in the midst of a write: others write meanwhile, and nothing is kept of what happens inside."""
    writes = g.writes
    db.session.rollback()
    g.writes = False
    try:
        yield
    finally:
        db.session.rollback()
        g.writes = writes
