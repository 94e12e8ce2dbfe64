"""What a table says of its rows: which columns, where they are stored, which noun keeps and removes them."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Generic, TypeVar

from flask import g
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, select
from wtforms import BooleanField

from planner import locks
from planner.extensions import db, only_reads
from planner.forms import Revision
from planner.imports.columns import Field
from planner.imports.pasted import Row
from planner.organiser.places import Told

R = TypeVar("R")
PAGE = 50
"""Stored rows of one page; the new ones stand below."""


class RowForm(Revision):
    """One row; the page's own form carries the token."""

    class Meta:
        csrf = False

    beside = Revision.beside | {"remove"}
    remove = BooleanField(_l("Remove"))


class Table(Generic[R]):
    """`columns` are keys of the row's form, in their order; `fields` the headings by which a list may name them."""

    model: Any
    title: Any
    back: str
    """The endpoint of the list, where whoever has saved finds her rows."""
    columns: Sequence[str]
    fields: Sequence[Field]
    hint: Any = ""
    widths: ClassVar[Mapping[str, str]] = {}
    """"narrow" or "middle" for columns that hold little."""
    order: Sequence[Any] = ()
    removes = True
    """Whether rows can be removed here; people and sessions leave in other ways."""

    def width(self, key: str) -> str:
        return self.widths.get(key, "wide")

    def form(self) -> type[RowForm]:
        raise NotImplementedError

    def stored(self, row: R) -> dict[str, Any]:
        """As the form has it."""
        raise NotImplementedError

    def save(self, row: R | None, form: Any) -> None:
        """By the noun that the one-row form uses, too; None is a new one."""
        raise NotImplementedError

    def remove(self, row: R) -> None:
        """By the noun, as the list's button does; it refuses what is used."""
        raise NotImplementedError

    def of(self) -> Select[Any]:
        """All rows that she reaches who asks."""
        return select(self.model).filter_by(conference_id=g.conference.id)

    def count(self) -> int:
        return db.session.scalar(select(func.count()).select_from(self.of().subquery())) or 0

    def page(self, number: int) -> Sequence[R]:
        order = (*self.order, self.model.id)
        return self._rows(self.of().order_by(*order).offset((number - 1) * PAGE).limit(PAGE))

    def held(self, ids: Sequence[int]) -> dict[int, R]:
        """These rows, which from here on nobody else changes; whoever is gone is missing."""
        mine = self.of().where(self.model.id.in_(ids)).with_only_columns(self.model.id).order_by(self.model.id)
        held = db.session.scalars(mine if only_reads() else mine.with_for_update(**locks.ALONE)).all()
        rows = self._rows(self.of().where(self.model.id.in_(held)))
        return {row.id: row for row in rows}  # type: ignore[attr-defined]

    def _rows(self, query: Select[Any]) -> Sequence[R]:
        return db.session.scalars(query.options(*self.loaded())).unique().all()

    def loaded(self) -> Sequence[Any]:
        """What else is read of each row, so that a page of many asks once."""
        return ()

    def usual(self, form: type[RowForm]) -> Row:
        """What stands in an empty row."""
        empty = form(formdata=None)
        return {key: str(empty[key].default or "") for key in self.columns}

    def suggestions(self) -> dict[str, list[str]]:
        """What cells offer while one types, by the list's name."""
        return {}

    def done(self) -> Told:
        """All rows are kept: what is to be told besides."""
        return []

    def read(self, cells: Row) -> Row:
        """A pasted row, where several of its cells make one of ours."""
        return cells
