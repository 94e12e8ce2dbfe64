"""One conference at a glance: the present phase and what is left to do in it."""

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from planner import clock, preferences, programme, submissions
from planner.demo.load import PHASES, go_to
from planner.extensions import db
from planner.models import Participant, SubmissionState

blueprint = Blueprint("overview", __name__)


@blueprint.get("/")
def index() -> str:
    conference = g.conference
    people = db.session.scalar(select(func.count()).select_from(Participant).filter_by(conference_id=conference.id))
    return render_template(
        "organiser/overview.html",
        conference=conference,
        waiting=submissions.counts(conference).get(SubmissionState.SUBMITTED, 0),
        sessions=len(programme.open_sessions(conference)),
        people=people,
        not_chosen=len(preferences.not_chosen(conference)),
        now=clock.now(conference),
    )


@blueprint.post("/phase")
def phase() -> Response:
    """Step a demonstration through its phases; a real conference has only its own dates."""
    if g.conference.is_demonstration and request.form.get("phase") in PHASES:
        go_to(g.conference, request.form["phase"], clock.now())
        db.session.commit()
        flash(_("The demonstration has moved in time."))
    return redirect(url_for("organiser.overview.index"))
