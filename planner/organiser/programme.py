"""The grid of rounds and rooms: place meetings by hand, or leave them to the solver."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner import clock, programme
from planner.errors import PlannerError
from planner.extensions import db

blueprint = Blueprint("programme", __name__, url_prefix="/programme")


@blueprint.get("/")
def index() -> str:
    placed = programme.placements(g.conference)
    return render_template(
        "organiser/programme.html",
        conference=g.conference,
        cells={(row.slot_id, row.room_id): row for row in placed if row.room_id},
        roomless=[row for row in placed if not row.room_id],
        left=programme.still_open(g.conference),
        sessions=programme.open_sessions(g.conference),
        clashes=programme.clashes(g.conference),
        now=clock.now(g.conference),
    )


@blueprint.post("/place")
def place() -> Response:
    session = g.scope.session(request.form.get("session", type=int, default=0))
    slot = g.scope.slot(request.form.get("slot", type=int, default=0))
    room = request.form.get("room", type=int)
    try:
        programme.place(session, slot, g.scope.room(room) if room else None)
        db.session.commit()
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
