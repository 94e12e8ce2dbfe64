"""Sessions in a table: what a list of them says; tasks and people stand on each session's own page."""

from collections.abc import Sequence
from typing import Any, ClassVar

from flask import g
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from planner import programme
from planner.errors import PlannerError
from planner.fields import OneOf, Words
from planner.forms import choices, line, number
from planner.imports.things import SESSIONS
from planner.models import Session
from planner.organiser.sessions import SessionForm, blueprint
from planner.organiser.tables import pages
from planner.organiser.tables.spelling import by_number, every_tongue, of_tongues, titled, tongues
from planner.organiser.tables.table import RowForm, Table

ONCE = 1
SIZES = ("minimum", "maximum", "offered")


def usual() -> dict[str, int]:
    """As the form of one session has them; they stand pale in an empty cell."""
    return {**g.conference.usual_sizes, "offered": ONCE}


class SessionRow(RowForm):
    title = line(_l("Title"), 120)
    sentence = line(_l("One sentence"), 300, required=False)
    minimum = number(_l("At least"), 0, 500, required=False)
    maximum = number(_l("At most"), 1, 500, required=False)
    offered = number(_l("How often"), 1, 20, required=False)
    languages = Words(_l("Languages"), read=tongues, write=of_tongues, known=every_tongue)
    validate_maximum = SessionForm.validate_maximum

    def sizes(self) -> dict[str, int]:
        """An empty cell is the usual number, as far as the other one lets it."""
        least, most, common = self.minimum.data, self.maximum.data, usual()
        least = min(common["minimum"], most or common["minimum"]) if least is None else least
        most = max(common["maximum"], least) if most is None else most
        return {"minimum": least, "maximum": most, "offered": self.offered.data or ONCE}


def _pale() -> dict[str, Any]:
    """The fields of sizes, with the usual numbers of this conference in them."""
    fields = {
        "minimum": (_l("At least"), 0, 500),
        "maximum": (_l("At most"), 1, 500),
        "offered": (_l("How often"), 1, 20),
    }
    return {
        name: number(*given, required=False, render_kw={"placeholder": usual()[name]}) for name, given in fields.items()
    }


class Sessions(Table[Session]):
    model = Session
    title = _l("Sessions in a table")
    back = "organiser.sessions.index"
    columns = ("title", "sentence", "theme", "minimum", "maximum", "offered", "languages")
    fields = SESSIONS
    hint = _l("Task, questions and who leads are said on each session's own page.")
    widths: ClassVar = {"minimum": "narrow", "maximum": "narrow", "offered": "narrow", "theme": "middle"}
    order = (Session.number,)
    removes = False

    def form(self) -> type[RowForm]:
        known = by_number(g.conference.themes)
        theme = OneOf(_l("Theme"), choices([("", _l("Without a theme")), *known]), titled(g.conference.themes))
        return type("SessionRow", (SessionRow,), {"theme": theme, **_pale()})

    def stored(self, row: Session) -> dict[str, Any]:
        return {
            "title": row.title.get(g.conference.language, ""),
            "sentence": (row.sentence or {}).get(g.conference.language, ""),
            "theme": f"#{row.theme_id}" if row.theme_id else "",
            **{name: getattr(row, name) for name in SIZES},
            "languages": list(row.languages),
        }

    def save(self, row: Session | None, form: Any) -> None:
        here = g.conference.language
        texts = {name: (getattr(row, name) or {}) if row else {} for name in ("title", "sentence")}
        details = {name: said(text, here, form[name].data) for name, text in texts.items()}
        spoken: Sequence[str] = form.languages.data or [here]
        try:
            programme.save_session(
                g.conference,
                row,
                spoken,
                two_language=bool(row and row.two_language),
                theme_id=int(form.theme.data[1:]) if form.theme.data else None,
                **details,
                **form.sizes(),
            )
        except PlannerError as error:
            error.field = "languages" if error.field == "two_language" else error.field
            raise


def said(before: dict[str, str], language: str, text: str) -> dict[str, str]:
    """A text in this language, beside its translations; empty in none."""
    others = {code: each for code, each in before.items() if code != language}
    return {language: text, **others} if text else others


@blueprint.route("/table", methods=["GET", "POST"])
def table() -> Response:
    return pages.answer(Sessions())
