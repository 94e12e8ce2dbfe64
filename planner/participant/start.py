"""My start: my state in one glance, and the one next step."""

from flask import Blueprint, g, render_template

from planner import auth, clock
from planner.models import SubmissionState

blueprint = Blueprint("start", __name__)


@blueprint.get("/")
def index() -> str:
    submissions = [row for row in g.actor.submissions if row.state is not SubmissionState.WITHDRAWN]
    return render_template(
        "participant/start.html",
        conference=g.conference,
        person=g.actor,
        submissions=submissions,
        facilitates=auth.facilitates(g.actor),
        missing=g.conference.published.lacks(g.actor.key) if g.conference.published else 0,
        now=clock.now(g.conference),
    )
