"""What an organiser can do; policy.py lets only organisers of the conference in."""

from flask import Blueprint

from planner.organiser import conferences, overview

blueprint = Blueprint("organiser", __name__, url_prefix="/organise")
blueprint.register_blueprint(conferences.blueprint)
for page in (overview,):
    blueprint.register_blueprint(page.blueprint, url_prefix="/<slug>" + (page.blueprint.url_prefix or ""))
