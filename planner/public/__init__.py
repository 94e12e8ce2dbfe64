"""Pages that anybody may see: what this is, the programme, the ways in."""

from flask import Blueprint

from planner.public import conference, entrance, health, home, invitation, joining

blueprint = Blueprint("public", __name__)
blueprint.add_url_rule("/", "home", home.index)
blueprint.add_url_rule("/language", "language", home.language, methods=["POST"])
blueprint.add_url_rule("/healthz", "health", health.alive)
blueprint.add_url_rule("/readyz", "ready", health.ready)
blueprint.add_url_rule("/c/<slug>/", "conference", conference.show)
blueprint.add_url_rule("/c/<slug>/programme", "programme", conference.programme)
blueprint.add_url_rule("/c/<slug>/enter", "enter", entrance.enter, methods=["GET", "POST"])
blueprint.add_url_rule("/c/<slug>/g/<token>", "join", joining.join, methods=["GET", "POST"])
blueprint.add_url_rule("/c/<slug>/leave", "leave", entrance.leave, methods=["POST"])
blueprint.add_url_rule("/l/<token>", "link", entrance.link)
blueprint.add_url_rule("/sign-in-link", "another_link", entrance.another_link, methods=["GET", "POST"])
blueprint.add_url_rule("/s/<token>", "sign_in", entrance.sign_in, methods=["GET", "POST"])
blueprint.add_url_rule("/i/<token>", "invitation", invitation.invitation, methods=["GET", "POST"])
