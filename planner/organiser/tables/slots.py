"""Rounds in a table: a day, or the first and the last of several, and the hours."""

from datetime import datetime
from typing import Any, ClassVar

from flask import g
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from planner import dates, programme
from planner.errors import PlannerError
from planner.fields import DayWritten, HourWritten
from planner.forms import line
from planner.imports.columns import Field
from planner.models import Slot
from planner.organiser.slots import blueprint
from planner.organiser.tables import pages
from planner.organiser.tables.table import RowForm, Table

PLACES = {"starts": "begins", "ends": "finishes"}
"""Where a refusal of the noun stands in a row."""


class SlotRow(RowForm):
    title = line(_l("Title"), 60)
    day = DayWritten(_l("Day"))
    until = DayWritten(_l("Last day, if there are several"), required=False)
    begins = HourWritten(_l("From"))
    finishes = HourWritten(_l("To"))


class Slots(Table[Slot]):
    model = Slot
    title = _l("Rounds in a table")
    back = "organiser.slots.index"
    columns = ("title", "day", "until", "begins", "finishes")
    fields = (
        Field("title", _l("Title"), ("Titel", "Runde", "Name", "Round", "Slot", "Title")),
        Field("day", _l("Day"), ("Tag", "Datum", "Erster Tag", "Beginn am", "Day", "Date", "First day")),
        Field("until", _l("Last day, if there are several"), ("Letzter Tag", "Bis Tag", "Ende am", "Last day")),
        Field("begins", _l("From"), ("Von", "Beginn", "Uhrzeit", "Start", "From", "Starts")),
        Field("finishes", _l("To"), ("Bis", "Ende", "Schluss", "To", "Until", "Ends")),
    )
    hint = _l(
        "Write days like 21.05.2027 and hours like 09:00. A round over several days is held on each of them between "
        "these hours."
    )
    widths: ClassVar = {"day": "middle", "until": "middle", "begins": "narrow", "finishes": "narrow"}
    order = (Slot.starts,)
    form = staticmethod(lambda: SlotRow)

    def stored(self, row: Slot) -> dict[str, Any]:
        begins, finishes = dates.local(row.starts, g.conference), dates.local(row.ends, g.conference)
        return {
            "title": row.title.get(g.conference.language, ""),
            "day": begins.date(),
            "until": finishes.date() if finishes.date() != begins.date() else None,
            "begins": begins.time(),
            "finishes": finishes.time(),
        }

    def save(self, row: Slot | None, form: Any) -> None:
        first = datetime.combine(form.day.data, form.begins.data)
        last = datetime.combine(form.until.data or form.day.data, form.finishes.data)
        title = {**(row.title if row else {}), g.conference.language: form.title.data}
        try:
            programme.save_slot(g.conference, row, title, first, last)
        except PlannerError as error:
            error.field = PLACES.get(error.field or "", error.field)
            raise

    def remove(self, row: Slot) -> None:
        programme.remove_slot(row)


@blueprint.route("/table", methods=["GET", "POST"])
def table() -> Response:
    return pages.answer(Slots())
