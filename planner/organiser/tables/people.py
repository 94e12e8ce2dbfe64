"""People in a table: who they are, for whom they speak and which languages they know."""

from collections.abc import Sequence
from typing import Any, ClassVar

from flask import g
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import Email, Optional

from planner import acts, conferences, participants, spans
from planner.errors import PlannerError
from planner.fields import OneOf, Words
from planner.forms import choices, line
from planner.imports.pasted import Row
from planner.imports.people import COMMON, FIELDS
from planner.models import Organisation, Participant
from planner.organiser.people import blueprint
from planner.organiser.person import PersonForm, guard_address
from planner.organiser.places import Told, settle
from planner.organiser.tables import pages
from planner.organiser.tables.spelling import by_number, every_tongue, of_levels, spoken, titled
from planner.organiser.tables.table import RowForm, Table
from planner.policy import may
from planner.texts import AtMost, tidy_line


class NoSuchOrganisation(PlannerError):
    sentence = _l("There is no organisation of this name. Organisers can add it.")


class PersonRow(RowForm):
    name = PersonForm.name
    email = StringField(
        _l("E-mail"),
        validators=[Optional(), AtMost(254), Email(_l("Please check the e-mail address."))],
        filters=[tidy_line],
    )
    organisation = line(_l("Organisation"), 200, required=False, render_kw={"list": "organisations"})
    languages = Words(_l("Languages"), read=spoken, write=of_levels, known=every_tongue)


class People(Table[Participant]):
    model = Participant
    title = _l("People in a table")
    back = "organiser.people.index"
    columns = ("name", "email", "group", "organisation", "languages")
    fields = (*COMMON[:4], *(each for each in FIELDS if each.key in {"group", "organisation", "languages"}))
    hint = _l("Languages as people say them: “German, a little Arabic”. An organisation that is new is added.")
    widths: ClassVar = {"group": "middle"}
    order = (Participant.name,)
    removes = False

    def __init__(self) -> None:
        self.kept: list[Participant] = []

    def form(self) -> type[RowForm]:
        known = by_number(g.conference.groups)
        letters = {group.letter: f"#{group.id}" for group in g.conference.groups}
        group = OneOf(_l("Group"), choices([("", _l("none")), *known]), titled(g.conference.groups, letters))
        return type("PersonRow", (PersonRow,), {"group": group})

    def suggestions(self) -> dict[str, list[str]]:
        return {"organisations": [body.name for body in g.conference.organisations]}

    def loaded(self) -> Sequence[Any]:
        return joinedload(Participant.organisation), selectinload(Participant.languages)

    def stored(self, row: Participant) -> dict[str, Any]:
        return {
            "name": row.name,
            "email": row.email or "",
            "group": f"#{row.group_id}" if row.group_id else "",
            "organisation": row.organisation.name if row.organisation else "",
            "languages": {each.language: each.level for each in row.languages},
        }

    def read(self, cells: Row) -> Row:
        """First and family name may stand in two columns."""
        whole = tidy_line(f"{cells.get('given', '')} {cells.get('family', '')}")
        return {**cells, "name": cells.get("name") or whole}

    def save(self, row: Participant | None, form: Any) -> None:
        if row:
            guard_address(form, row)
        body = self._organisation(form.organisation.data)
        details = {
            "email": form.email.data or None,
            "group_id": int(form.group.data[1:]) if form.group.data else None,
            "organisation_id": body.id if body else None,
        }
        if row is None:
            row = participants.register(g.conference, form.name.data, locale=g.conference.language, **details)
        for name, value in {"name": form.name.data, **details}.items():
            setattr(row, name, value)
        participants.set_languages(row, form.languages.data)
        self.kept.append(row)

    @staticmethod
    def _organisation(name: str) -> Organisation | None:
        body = conferences.organisation_called(g.conference, name) if name else None
        if name and body is None:
            if not may("organiser.organisations.index", changes=True):
                raise NoSuchOrganisation(field="organisation")
            body = conferences.save_organisation(g.conference, None, name, None)
        return body

    def done(self) -> Told:
        acts.tell(of=spans.written([person.id for person in self.kept]))
        return settle()


@blueprint.route("/table", methods=["GET", "POST"])
def table() -> Response:
    return pages.answer(People())
