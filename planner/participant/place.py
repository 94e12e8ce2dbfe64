"""My place: whether I come, from my start page."""

from flask import Blueprint, flash, g, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner import admission, clock
from planner.errors import PlannerError
from planner.extensions import db

blueprint = Blueprint("place", __name__, url_prefix="/place")


@blueprint.post("/")
def answer() -> Response:
    try:
        admission.answer(g.actor, request.form.get("wish", ""), clock.now())
        db.session.commit()
        flash(_("Saved."))
    except PlannerError as error:
        db.session.rollback()
        flash(str(error.sentence), "error")
    return redirect(url_for("participant.start.index"))
