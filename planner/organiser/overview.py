"""One conference at a glance: the present phase and what is left to do in it."""

from flask import Blueprint, g, render_template

from planner import clock

blueprint = Blueprint("overview", __name__)


@blueprint.get("/")
def index() -> str:
    return render_template("organiser/overview.html", conference=g.conference, now=clock.now(g.conference))
