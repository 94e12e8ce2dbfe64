"""Who did what in a conference, newest first: for those who answer for it."""

from flask import Blueprint, g, render_template, request

from planner import audit, clock

blueprint = Blueprint("audit", __name__, url_prefix="/audit")


@blueprint.get("/")
def index() -> str:
    number = min(max(request.args.get("page", 1, type=int), 1), 100_000)
    action = request.args.get("action", "")[:60]
    shown = audit.page(g.conference, number, action)
    return render_template(
        "organiser/audit.html",
        conference=g.conference,
        shown=shown,
        names=audit.names(shown.entries),
        actions=audit.actions(g.conference),
        action=action,
        now=clock.now(g.conference),
    )
