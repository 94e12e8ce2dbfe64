"""My start: my state in one glance, and the one next step."""

from flask import Blueprint, current_app, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from planner import admission, allocations, auth, clock, commitments, merging, participants, places
from planner.models import SubmissionState
from planner.participant import day

blueprint = Blueprint("start", __name__)


@blueprint.get("/")
def index() -> str:
    published, now = g.conference.published if g.actor.is_coming else None, clock.now(g.conference)
    lost = {place.meeting_id for place in participants.assignments_of(g.actor) if not place.meeting.session.is_held}
    house = None if g.actor.is_coming else places.house(g.conference)
    submissions = [row for row in g.actor.submissions if row.state is not SubmissionState.WITHDRAWN]
    return render_template(
        "participant/start.html",
        conference=g.conference,
        person=g.actor,
        submissions=submissions,
        tasks=[task.state for task in commitments.of(g.conference, g.actor)],
        can_answer=not g.conference.is_over(clock.now()),
        facilitates=auth.facilitates(g.actor),
        published=published,
        is_asked=admission.is_asked(g.actor) and not g.conference.is_over(clock.now()),
        is_free=house is None or house.has_room(g.actor),
        moves_up=house is not None and house.is_limited,
        missing=published.lacks(g.actor.key) if published else 0,
        not_held=len(lost),
        merged=merging.told(g.actor),
        unknown=day.not_in_the_plan(),
        code=auth.shown_card(),
        way_in=current_app.extensions["planner"].public_url.partition("://")[2] + url_for("public.enter"),
        until=auth.link_ends(g.conference, clock.now()),
        provisional=allocations.provisional(published, now),
        now=now,
    )


@blueprint.post("/kept")
def kept() -> Response:
    """She has written her code down, or has a picture of it."""
    auth.card_is_kept()
    return redirect(url_for("participant.start.index"))
