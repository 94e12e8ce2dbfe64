"""What a facilitator or note-taker can do; policy lets only them in."""

from flask import Blueprint

from planner.facilitator import meetings, papers

blueprint = Blueprint("facilitator", __name__, url_prefix="/c/<slug>/facilitate")
for page in (meetings, papers):
    blueprint.register_blueprint(page.blueprint)
