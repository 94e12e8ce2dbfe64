"""Organisations: the bodies that people come from, in the one table that is all their pages."""

from typing import Any

from flask import Blueprint, g
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from planner import conferences
from planner.fields import OneOf
from planner.forms import choices, line
from planner.imports.columns import Field
from planner.imports.people import FIELDS
from planner.models import Organisation
from planner.organiser.tables import pages
from planner.organiser.tables.spelling import by_number, titled
from planner.organiser.tables.table import RowForm, Table

blueprint = Blueprint("organisations", __name__, url_prefix="/organisations")
OF_PEOPLE = {each.key: each for each in FIELDS}


class OrganisationRow(RowForm):
    name = line(_l("Name"), 200)


class Organisations(Table[Organisation]):
    model = Organisation
    title = _l("Organisations")
    back = "organiser.organisations.index"
    columns = ("name", "group")
    fields = (Field("name", _l("Name"), ("Name", *OF_PEOPLE["organisation"].names)), OF_PEOPLE["group"])
    hint = _l("For whom people speak. They are also added with the people's list.")
    order = (Organisation.name,)

    def form(self) -> type[RowForm]:
        known = by_number(g.conference.groups)
        group = OneOf(_l("Group"), choices([("", _l("none")), *known]), titled(g.conference.groups))
        return type("OrganisationRow", (OrganisationRow,), {"group": group})

    def stored(self, row: Organisation) -> dict[str, Any]:
        return {"name": row.name, "group": f"#{row.group_id}" if row.group_id else ""}

    def save(self, row: Organisation | None, form: Any) -> None:
        group = int(form.group.data[1:]) if form.group.data else None
        conferences.save_organisation(g.conference, row, form.name.data, group)

    def remove(self, row: Organisation) -> None:
        conferences.remove_organisation(row)


@blueprint.route("/", methods=["GET", "POST"])
def index() -> Response:
    return pages.answer(Organisations())
