"""My start: my state in one glance, and the one next step."""

from flask import Blueprint, g, render_template

from planner import allocations, auth, clock, participants
from planner.models import SubmissionState
from planner.participant import day

blueprint = Blueprint("start", __name__)


@blueprint.get("/")
def index() -> str:
    published, now = g.conference.published, clock.now(g.conference)
    lost = {place.meeting_id for place in participants.assignments_of(g.actor) if not place.meeting.session.is_held}
    submissions = [row for row in g.actor.submissions if row.state is not SubmissionState.WITHDRAWN]
    return render_template(
        "participant/start.html",
        conference=g.conference,
        person=g.actor,
        submissions=submissions,
        facilitates=auth.facilitates(g.actor),
        missing=published.lacks(g.actor.key) if published else 0,
        not_held=len(lost),
        unknown=day.not_in_the_plan(),
        provisional=allocations.provisional(published, now),
        now=now,
    )
