"""The conferences that an organiser has, and a new one."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, g, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import Optional, Regexp

from planner import clock, conferences, team
from planner.conferences import ZONE
from planner.errors import PlannerError
from planner.extensions import db
from planner.forms import Form, day, line
from planner.texts import tidy_line

blueprint = Blueprint("conferences", __name__)


class NewForm(Form):
    title = line(_l("Title"))
    slug = StringField(
        _l("Short name for the address"),
        filters=[tidy_line],
        validators=[
            Optional(),
            Regexp("^[a-z0-9][a-z0-9-]{1,58}$", message=_l("Only small letters, digits and hyphens, at least two.")),
        ],
    )
    day = day(_l("Day of the conference"))


@blueprint.get("/")
def index() -> str:
    return render_template("organiser/conferences.html", memberships=team.memberships(g.actor), now=clock.now())


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> Response:
    form = NewForm()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        starts = datetime.combine(form.day.data, time(9), ZoneInfo(ZONE)).astimezone(UTC)
        try:
            conference = conferences.create(
                form.slug.data, form.title.data, starts, starts + timedelta(hours=8), g.actor, clock.now()
            )
            db.session.commit()
            flash(_("Created, with three rounds and dates. Rooms, sessions and people are still missing."))
            return redirect(url_for("organiser.overview.index", slug=conference.slug))
        except PlannerError as error:
            db.session.rollback()
            status = form.refuse(error)
    return make_response(render_template("organiser/new_conference.html", form=form), status)
