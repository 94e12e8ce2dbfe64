"""One conference at a glance: the present phase and what is left to do in it."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner import allocations, clock, conferences, outbox, programme, submissions
from planner.errors import PlannerError
from planner.extensions import db
from planner.models import SubmissionState

blueprint = Blueprint("overview", __name__)


@blueprint.get("/")
def index() -> str:
    conference = g.conference
    seen = allocations.glance(conference)
    if seen.contradiction:
        flash(str(seen.contradiction.sentence), "error")
    return render_template(
        "organiser/overview.html",
        conference=conference,
        waiting=submissions.counts(conference).get(SubmissionState.SUBMITTED, 0),
        sessions=len(programme.offered(conference)),
        counted=seen.counted,
        unreached=outbox.count_unreached(conference),
        whole=allocations.whole(seen.counted) if seen.counted and conference.slots else "",
        published=conference.published,
        doubts=seen.doubts,
        provisional=allocations.provisional(conference.published, clock.now(conference)),
        now=clock.now(conference),
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
