"""One conference at a glance: where it stands, what is left to do, and how wishes come in."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner import allocations, checklist, clock, conferences, curves, preferences
from planner.errors import PlannerError
from planner.extensions import db
from planner.policy import may

blueprint = Blueprint("overview", __name__)


@blueprint.get("/")
def index() -> str:
    conference = g.conference
    seen = allocations.glance(conference, agreed=g.sees_agreements)
    if seen.contradiction:
        flash(str(seen.contradiction.sentence), "error")
    now = clock.now(conference)
    steps = checklist.steps(conference, seen, now, sees_groups=g.sees_groups)
    saved = preferences.saved_by_day(conference, now)
    return render_template(
        "organiser/overview.html",
        conference=conference,
        steps=steps,
        recommended=checklist.recommended([step for step in steps if may(step.endpoint)]),
        whole=allocations.whole(seen.counted) if seen.counted and conference.slots else "",
        saved=saved,
        curve=curves.curve(list(saved.values())),
        now=now,
    )


@blueprint.post("/phase")
def phase() -> Response:
    """Step a demonstration through its phases."""
    try:
        conferences.go_to(g.conference, request.form.get("phase", ""), clock.now())
        db.session.commit()
        flash(_("The demonstration has moved in time."))
    except PlannerError as error:
        flash(str(error.sentence), "error")
    return redirect(url_for("organiser.overview.index"))
