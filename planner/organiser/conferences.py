"""The conferences that an organiser has."""

from flask import Blueprint, g, render_template

blueprint = Blueprint("conferences", __name__)


@blueprint.get("/")
def index() -> str:
    return render_template("organiser/conferences.html", conferences=g.actor.conferences)
