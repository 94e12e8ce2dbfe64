"""My start: my state in one glance, and the one next step."""

from flask import Blueprint, g, render_template

from planner import clock

blueprint = Blueprint("start", __name__)


@blueprint.get("/")
def index() -> str:
    return render_template("participant/start.html", conference=g.conference, now=clock.now(g.conference))
