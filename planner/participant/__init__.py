"""What a participant can do; policy lets only participants of the conference in."""

from flask import Blueprint

from planner.participant import about, commitments, data, day, others, place, start, submissions, wishes

blueprint = Blueprint("participant", __name__, url_prefix="/c/<slug>/me")
for page in (start, place, submissions, others, wishes, about, day, commitments, data):
    blueprint.register_blueprint(page.blueprint)
