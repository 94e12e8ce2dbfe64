"""The grid of rounds and rooms: place meetings by hand, or leave them to the solver."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner import clashes, clock, programme
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
        clashes=[(clashes.sentence(each), each.facts["session"]) for each in clashes.clashes(g.conference)],
        outlooks=programme.forecast(g.conference),
        now=clock.now(g.conference),
    )


@blueprint.post("/place")
def place() -> Response:
    session = g.scope.session(_chosen("session"))
    slot = g.scope.slot(_chosen("slot"))
    room = _chosen("room")
    try:
        programme.place(session, slot, g.scope.room(room) if room else None)
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


def _chosen(name: str) -> int:
    """The number that the form sent; what no database can hold is nobody's number."""
    number = request.form.get(name, type=int, default=0)
    return number if 0 < number < 2**31 else 0


@blueprint.post("/placements/<int:id>/remove")
def remove(id: int) -> Response:
    programme.unplace(g.scope.placement(id))
    db.session.commit()
    flash(_("Left to the solver again."))
    return redirect(url_for("organiser.programme.index"))
