"""What a participant can do; policy.py lets only participants of the conference in."""

from flask import Blueprint

from planner.participant import start

blueprint = Blueprint("participant", __name__, url_prefix="/c/<slug>/me")
for page in (start,):
    blueprint.register_blueprint(page.blueprint)
