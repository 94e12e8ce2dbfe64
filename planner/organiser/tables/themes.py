"""Themes in a table: their titles in the conference's first language."""

from typing import Any, ClassVar

from flask import g
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from planner import conferences
from planner.fields import OneOf
from planner.forms import choices, line
from planner.imports.columns import Field
from planner.models import Theme
from planner.organiser.tables import pages
from planner.organiser.tables.spelling import one
from planner.organiser.tables.table import RowForm, Table
from planner.organiser.themes import SIGNS, blueprint


class ThemeRow(RowForm):
    title = line(_l("Title"), 80)
    icon = OneOf(_l("Sign"), choices(SIGNS.items()), one(SIGNS), default="speech")


class Themes(Table[Theme]):
    model = Theme
    title = _l("Themes in a table")
    back = "organiser.themes.index"
    columns = ("title", "icon")
    fields = (
        Field("title", _l("Title"), ("Titel", "Thema", "Themenfeld", "Track", "Name", "Theme", "Title")),
        Field("icon", _l("Sign"), ("Zeichen", "Symbol", "Icon", "Sign")),
    )
    widths: ClassVar = {"icon": "middle"}
    order = (Theme.position,)
    form = staticmethod(lambda: ThemeRow)

    def stored(self, row: Theme) -> dict[str, Any]:
        return {"title": row.title.get(g.conference.language, ""), "icon": row.icon}

    def save(self, row: Theme | None, form: ThemeRow) -> None:
        title = {**(row.title if row else {}), g.conference.language: form.title.data}
        conferences.save_theme(g.conference, row, title, form.icon.data)

    def remove(self, row: Theme) -> None:
        conferences.remove_theme(row)


@blueprint.route("/table", methods=["GET", "POST"])
def table() -> Response:
    return pages.answer(Themes())
