"""The grid of rounds and rooms: place meetings by hand, or leave them to the solver."""

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from planner import clashes, clock, programme
from planner.errors import PlannerError
from planner.extensions import db
from planner.forms import Form, row

blueprint = Blueprint("programme", __name__, url_prefix="/programme")


class PlaceForm(Form):
    session = row(_l("Session"))
    slot = row(_l("Round"))
    room = row(_l("Room"), required=False)


@blueprint.get("/")
def index() -> Response:
    return _index(None)


def _index(form: PlaceForm | None, status: int = 200) -> Response:
    placed = programme.placements(g.conference)
    page = render_template(
        "organiser/programme.html",
        conference=g.conference,
        form=form,
        cells={(row.slot_id, row.room_id): row for row in placed if row.room_id},
        roomless=[row for row in placed if not row.room_id],
        left=programme.still_open(g.conference),
        sessions=programme.open_sessions(g.conference),
        clashes=[(clashes.sentence(each), each.facts["session"]) for each in clashes.clashes(g.conference)],
        outlooks=programme.forecast(g.conference),
        now=clock.now(g.conference),
    )
    return make_response(page, status)


@blueprint.post("/place")
def place() -> Response:
    """Without a room the solver chooses one."""
    form = PlaceForm()
    if not form.validate_on_submit():
        return _index(form, 422)
    session, slot = g.scope.session(form.session.data), g.scope.slot(form.slot.data)
    room = g.scope.room(form.room.data) if form.room.data else None
    try:
        programme.place(session, slot, room)
        db.session.commit()
    except PlannerError as error:
        db.session.rollback()
        flash(str(error.sentence), "error")
    return redirect(url_for("organiser.programme.index"))


@blueprint.post("/placements/<int:id>/language")
def language(id: int) -> Response:
    """Decide the working language of a placed meeting; an empty choice leaves it to the solver."""
    try:
        programme.hold_in(g.scope.placement(id), request.form.get("language"))
        db.session.commit()
        flash(_("Saved."))
    except PlannerError as error:
        db.session.rollback()
        flash(str(error.sentence), "error")
    return redirect(url_for("organiser.programme.index"))


@blueprint.post("/placements/<int:id>/remove")
def remove(id: int) -> Response:
    programme.unplace(g.scope.placement(id))
    db.session.commit()
    flash(_("Left to the solver again."))
    return redirect(url_for("organiser.programme.index"))
