"""Rows of which there may be one only: what the loser of a race gets, instead of the database's refusal."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Select
from sqlalchemy.exc import IntegrityError

from planner.errors import PlannerError
from planner.extensions import db

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
