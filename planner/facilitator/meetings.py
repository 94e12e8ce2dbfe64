"""My meetings: time, room, task, who comes."""

from flask import Blueprint, g, render_template

blueprint = Blueprint("meetings", __name__)


@blueprint.get("/")
def index() -> str:
    return render_template("facilitator/meetings.html", meetings=g.scope.meetings())
