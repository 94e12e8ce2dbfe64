"""What becomes of a conference: its owner archives it, and opens it again."""

from collections.abc import Callable

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner import archive, clock, retention
from planner.errors import PlannerError
from planner.extensions import db

blueprint = Blueprint("life", __name__, url_prefix="/archive")


@blueprint.get("/")
def index() -> str:
    return render_template(
        "organiser/life.html", conference=g.conference, kept=retention.kept(g.conference), now=clock.now(g.conference)
    )


@blueprint.post("/begin")
def begin() -> Response:
    return _changed(lambda: archive.archive(g.conference, clock.now()), _("Archived. Nothing changes here any more."))


@blueprint.post("/end")
def end() -> Response:
    return _changed(lambda: archive.restore(g.conference), _("Opened again."))


def _changed(act: Callable[[], None], told: str) -> Response:
    try:
        act()
        db.session.commit()
        flash(told)
    except PlannerError as error:
        db.session.rollback()
        flash(str(error.sentence), "error")
    return redirect(url_for("organiser.life.index"))
