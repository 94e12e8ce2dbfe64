"""What a write holds before it looks: conference, then person, then her things, so that nobody waits in a circle.

Whoever holds reads the clock and the states afterwards, never before. SQLite needs no lock of a row: there a writer is
alone from the start; the rows are read anew all the same.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import func, select
from sqlalchemy.exc import InvalidRequestError

from planner.errors import Gone, MoveForbidden, PlannerError
from planner.extensions import db, only_reads
from planner.models import Conference, Participant, ParticipantState

T = TypeVar("T")
SHARED: dict[str, Any] = {"read": True}
ALONE: dict[str, Any] = {
    "key_share": True
}  # others may still point to the row, which is all that a foreign key asks for


def conference(row: Conference, *, alone: bool = False) -> None:
    """Shared with other people's saves; alone for whoever must not miss one of them, as the final snapshot."""
    held = select(Conference).filter_by(id=row.id).with_for_update(**(ALONE if alone else SHARED))
    db.session.scalars(held.execution_options(populate_existing=True)).one()


def person(row: Participant) -> None:
    """Before every write of a participant, and whatever is written about her; raises Gone if she left or was erased."""
    with _there(Gone()):
        conference(row.conference)
        db.session.refresh(row, with_for_update=ALONE)
    if row.state is ParticipantState.CANCELLED:
        raise Gone


def place(row: Participant) -> None:
    """Her with the conference alone, for whatever gives or frees a place; raises Gone if she was erased."""
    with _there(Gone()):
        conference(row.conference, alone=True)
        db.session.refresh(row, with_for_update=ALONE)


def thing(row: Any) -> None:
    """One row, after the person whose it is; raises MoveForbidden where somebody has removed it."""
    with _there(MoveForbidden()):
        db.session.refresh(row, with_for_update=ALONE)


def things(model: type[T], ids: Collection[int]) -> dict[int, T]:
    """Many rows of one kind at once, as they are now; whoever is gone is missing."""
    held = select(model).where(model.id.in_(ids)).order_by(model.id).with_for_update(**ALONE)  # type: ignore[attr-defined]
    return {row.id: row for row in db.session.scalars(held.execution_options(populate_existing=True))}  # type: ignore[attr-defined]


def edited(row: T) -> T:
    """The row of an edit page: held as soon as something is sent, so that of two who save one sees the other's."""
    if not only_reads():
        thing(row)
    return row


def one_by_one(name: str) -> None:
    """Of those who come under this name each waits until the one before has kept what she did."""
    if db.engine.dialect.name == "postgresql":
        db.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


@contextmanager
def _there(gone: PlannerError) -> Iterator[None]:
    try:
        yield
    except InvalidRequestError as error:  # somebody has removed the row since it was loaded
        raise gone from error
