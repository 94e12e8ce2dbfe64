"""Groups in a table: their titles in the conference's first language, a letter each."""

from typing import Any, ClassVar

from flask import g
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from planner import conferences, places
from planner.fields import OneOf
from planner.forms import choices, line, number
from planner.imports.columns import Field
from planner.models import Group
from planner.organiser.groups import blueprint
from planner.organiser.places import Told, settle
from planner.organiser.tables import pages
from planner.organiser.tables.spelling import yes_or_no
from planner.organiser.tables.table import RowForm, Table
from planner.places import MOST_PLACES


class GroupRow(RowForm):
    title = line(_l("Title"), 80)
    letter = line(_l("Letters for the chairs"), 2)
    places = number(_l("Places"), 1, MOST_PLACES, required=False)
    is_sensitive = OneOf(
        _l("Shows religion or origin"), choices([("no", _l("no")), ("yes", _l("yes"))]), yes_or_no, default="no"
    )


class Groups(Table[Group]):
    model = Group
    title = _l("Groups in a table")
    back = "organiser.groups.index"
    columns = ("title", "letter", "places", "is_sensitive")
    fields = (
        Field("title", _l("Title"), ("Titel", "Gruppe", "Name", "Kategorie", "Group", "Title")),
        Field("letter", _l("Letters for the chairs"), ("Buchstabe", "Buchstaben", "Kürzel", "Letter", "Letters")),
        Field("places", _l("Places"), ("Plätze", "Platz", "Kontingent", "Places")),
        Field("is_sensitive", _l("Shows religion or origin"), ("Sensibel", "Heikel", "Sensitive")),
    )
    hint = _l("A group that shows religion or origin is kept out of lists for rooms.")
    widths: ClassVar = {"letter": "narrow", "places": "narrow", "is_sensitive": "middle"}
    order = (Group.position,)
    form = staticmethod(lambda: GroupRow)
    was_limited = False
    """Whether there was a number of places before a row changed one."""

    def stored(self, row: Group) -> dict[str, Any]:
        title = row.title.get(g.conference.language, "")
        sensitive = "yes" if row.is_sensitive else "no"
        return {"title": title, "letter": row.letter, "places": row.places, "is_sensitive": sensitive}

    def save(self, row: Group | None, form: GroupRow) -> None:
        title = {**(row.title if row else {}), g.conference.language: form.title.data}
        letter, sensitive, count = form.letter.data, form.is_sensitive.data == "yes", form.places.data
        self.was_limited |= places.house(g.conference).is_limited
        conferences.save_group(g.conference, row, title, letter, sensitive=sensitive, places=count)

    def remove(self, row: Group) -> None:
        self.was_limited |= places.house(g.conference).is_limited
        conferences.remove_group(row)

    def done(self) -> Told:
        return settle(opens=self.was_limited)


@blueprint.route("/table", methods=["GET", "POST"])
def table() -> Response:
    return pages.answer(Groups())
