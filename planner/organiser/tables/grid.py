"""One page of a table as somebody types into it: its rows from what is stored and what was sent, saved as a whole."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from planner.errors import PlannerError, SignInFirst
from planner.extensions import db
from planner.organiser.tables.sent import PLACES, Sent
from planner.organiser.tables.table import PAGE, RowForm, Table

SPARE = 5
"""Empty rows at the end; where nothing is stored yet, twice as many."""


class Removed(PlannerError):
    status = 409
    sentence = _l("Somebody has removed this row in the meantime. Save again to add it anew, or empty it.")


class Line:
    """A row of the page; `id` is its stored row's, 0 of a new one."""

    def __init__(self, form: RowForm, id: int, *, empty: bool = False, gone: bool = False):
        self.form, self.id, self.is_empty, self.is_gone = form, id, empty, gone
        if not id:
            del form.remove, form.seen

    @property
    def key(self) -> str:
        return f"{self.form._prefix}row"

    @property
    def is_removed(self) -> bool:
        return bool(self.id and self.form.remove.data)

    @property
    def is_untouched(self) -> bool:
        """Nothing is done to what nobody changed here, so that what others did to it stays."""
        return self.is_empty or bool(self.id and not self.is_removed and self.form.is_as_it_was)

    def fits(self) -> bool:
        """Whether its cells are right, each for itself."""
        right = self.form.validate()
        if self.is_gone:
            self.form.refuse(Removed())
        return right and not self.is_gone


class Grid:
    """Without `sent` the page shows what is stored."""

    def __init__(self, table: Table[Any], page: int, sent: Sent | None = None, more: int = 0):
        self.table, self.wanted, self.sent = table, page, sent
        self.kind = table.form()
        self.total = table.count()
        self.rows: dict[int, Any] = {}
        self.gone: set[int] = set()
        stored = self._shown() if sent is None else self._sent_again(sent)
        self.lines = [*stored, *self._new(more if sent else SPARE if stored else SPARE * 2)]

    @property
    def heads(self) -> list[tuple[str, str]]:
        """The columns with their labels."""
        empty = self.kind(formdata=None)
        return [(key, empty[key].label.text) for key in self.table.columns]

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))

    @property
    def page(self) -> int:
        return min(max(1, self.wanted), self.pages)

    def number(self, line: Line) -> int:
        return (self.page - 1) * PAGE + self.lines.index(line) + 1

    def _shown(self) -> list[Line]:
        return [Line(self._stored(row, None), row.id) for row in self.table.page(self.page)]

    def _stored(self, row: Any, sent: Any) -> RowForm:
        return self.kind(formdata=sent, data=self.table.stored(row), prefix=f"r{row.id}-").revises()

    def _sent_again(self, sent: Sent) -> list[Line]:
        """What nobody changed here is shown as it is stored by now; what somebody removed stands among the new ones."""
        ids = sent.stored[:PAGE]
        self.rows = self.table.held(ids)
        self.gone = {sent.turn_into_new(id) for id in ids if id not in self.rows}
        lines = [Line(self._stored(self.rows[id], sent.fields), id) for id in ids if id in self.rows]
        return [Line(self._stored(self.rows[each.id], None), each.id) if each.is_untouched else each for each in lines]

    def _new(self, more: int) -> list[Line]:
        if self.sent is None:
            return [Line(self.kind(formdata=None, prefix=f"n{number}-"), 0, empty=True) for number in range(more)]
        fields, there = self.sent.fields, self.sent.new
        typed = [
            Line(
                self.kind(formdata=fields, prefix=f"n{number}-"),
                0,
                empty=self.sent.is_empty(number),
                gone=number in self.gone,
            )
            for number in range(there)
        ]
        spare = range(there, min(there + more, PLACES))
        return [*typed, *(Line(self.kind(formdata=None, prefix=f"n{at}-"), 0, empty=True) for at in spare)]

    @property
    def touched(self) -> list[Line]:
        """Those to be removed first: their names are free for others."""
        found = [line for line in self.lines if not line.is_untouched]
        return sorted(found, key=lambda line: not line.is_removed)

    def save(self) -> bool:
        """Everything, or nothing where one cell is wrong: then all mistakes are told at once."""
        self.told = self._told()
        for line in self.touched:
            if line.is_removed or line.fits():
                self._keep(line)
        return not self.wrong

    def _keep(self, line: Line) -> None:
        try:
            with db.session.begin_nested():
                if line.is_removed:
                    self.table.remove(self.rows[line.id])
                else:
                    self.table.save(self.rows.get(line.id), line.form)
        except SignInFirst:
            raise
        except PlannerError as error:
            error.field = "remove" if line.is_removed else error.field
            line.form.refuse(error)

    @property
    def wrong(self) -> list[Line]:
        return [line for line in self.lines if line.form.errors]

    @property
    def status(self) -> int:
        return max((line.form.refused for line in self.wrong), default=200)

    def _told(self) -> str:
        """What is done."""
        touched = self.touched
        removed, new = sum(line.is_removed for line in touched), sum(not line.id for line in touched)
        changed = len(touched) - removed - new
        parts = [
            ngettext("%(num)s row is added.", "%(num)s rows are added.", new) if new else "",
            ngettext("%(num)s row is changed.", "%(num)s rows are changed.", changed) if changed else "",
            ngettext("%(num)s row is removed.", "%(num)s rows are removed.", removed) if removed else "",
        ]
        return " ".join(filter(None, parts)) or _("There was nothing to save.")
