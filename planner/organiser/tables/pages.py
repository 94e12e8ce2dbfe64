"""The page of any table: show it, fill it from a spreadsheet, give it more rows, save it."""

from typing import Any

from flask import flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response
from wtforms import TextAreaField
from wtforms.validators import Optional

from planner import clock, locks
from planner.errors import PlannerError
from planner.extensions import db
from planner.forms import Form, only_shows
from planner.imports import pasted
from planner.organiser.places import tell
from planner.organiser.tables.grid import SPARE, Grid
from planner.organiser.tables.sent import Sent
from planner.organiser.tables.table import Table
from planner.texts import AtMost, whole

MOST_PASTED = 200_000  # characters
MORE = 10


class PasteForm(Form):
    """Beside the rows, in the page's only form."""

    pasted = TextAreaField(
        _l("Rows from a spreadsheet"),
        validators=[Optional(), AtMost(MOST_PASTED)],
        filters=[lambda text: (text or "").replace("\0", "")],  # tabs divide the cells: nothing is tidied before
    )


def answer(table: Table[Any]) -> Response:
    if request.method == "GET":
        return _page(Grid(table, _number()), PasteForm(formdata=None))
    sent = Sent(request.form, table.usual(table.form()))
    if only_shows():
        return _shown_again(table, sent)
    paste = PasteForm()
    locks.conference(g.conference, alone=True)  # the rules of several rows are asked one after the other
    try:
        sent.used()
    except PlannerError as error:
        db.session.rollback()  # nobody waits for the page to be drawn
        paste.refuse(error)
        return _page(Grid(table, _number(), sent), paste)
    grid = Grid(table, _number(), sent)
    if not grid.save():
        db.session.rollback()
        return _page(grid, paste)
    told = table.done()
    db.session.commit()
    flash(grid.told)
    tell(told)
    return redirect(url_for(table.back))


def _number() -> int:
    return request.args.get("page", 1, type=whole) or 1


def _shown_again(table: Table[Any], sent: Sent) -> Response:
    """With more rows, with those that were pasted, or in another language; whoever writes need not wait for it."""
    g.writes = False
    db.session.rollback()
    more, told, paste = request.form.get("more"), "", PasteForm()
    if more == "paste" and paste.validate():
        try:
            found = pasted.read(paste.pasted.data or "", table.fields, table.columns)
            sent.fill([table.read(cells) for cells in found.rows])
            told, paste = _told(found), PasteForm(formdata=None)
        except PlannerError as error:
            error.field = "pasted"
            paste.refuse(error)
    spare = MORE if more == "rows" else SPARE if told else 0
    return _page(Grid(table, _number(), sent, spare), paste, told)


def _told(found: pasted.Pasted) -> str:
    told = ngettext("%(num)s row is filled in below.", "%(num)s rows are filled in below.", len(found.rows))
    names = ", ".join(found.left_out[:10])
    without = _("There is no column here for: %(names)s.", names=names) if names else ""
    return " ".join(filter(None, [told, without, _("Nothing is saved yet: look at them, then save.")]))


def _page(grid: Grid, paste: PasteForm, told: str = "") -> Response:
    page = render_template(
        "organiser/table.html",
        conference=g.conference,
        grid=grid,
        table=grid.table,
        paste=paste,
        told=told,
        now=clock.now(g.conference),
    )
    return make_response(page, paste.refused if paste.errors else grid.status)
