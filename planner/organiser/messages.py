"""Messages that did not arrive, or perhaps not: to whom, when, why, and what to do now."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner import clock, jobs, notifications, outbox
from planner.errors import PlannerError
from planner.extensions import db

blueprint = Blueprint("messages", __name__, url_prefix="/messages")


@blueprint.get("/")
def index() -> str:
    return render_template(
        "organiser/messages.html",
        conference=g.conference,
        unreached=outbox.unreached(g.conference),
        on_their_way=outbox.on_their_way(g.conference),
        tried=outbox.tried(g.conference),
        mail=notifications.mail_is_set_up(),
        now=clock.now(g.conference),
    )


@blueprint.post("/<int:id>/again")
def again(id: int) -> Response:
    message = g.scope.message(id)
    try:
        outbox.send_again(message, g.actor, clock.now())
        db.session.commit()
        jobs.deliver()
        flash(_("It is on its way once more."))
    except PlannerError as error:
        db.session.rollback()
        flash(str(error.sentence), "error")
    return redirect(url_for("organiser.messages.index"))


@blueprint.post("/<int:id>/told")
def told(id: int) -> Response:
    outbox.told_otherwise(g.scope.message(id), g.actor, clock.now())
    db.session.commit()
    flash(_("Noted: she knows."))
    return redirect(url_for("organiser.messages.index"))
