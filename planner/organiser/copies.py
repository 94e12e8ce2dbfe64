"""A conference begins as a copy of this one, without its people."""

from dataclasses import replace

from flask import Blueprint, flash, g, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import BooleanField

from planner import clock, conferences, copies
from planner.errors import PlannerError
from planner.extensions import db
from planner.forms import Form, day, line
from planner.organiser.conferences import in_words, short_name

blueprint = Blueprint("copies", __name__, url_prefix="/copy")


class CopyForm(Form):
    title = line(_l("Title"))
    slug = short_name()
    day = day(_l("First day of the conference"))
    with_sessions = BooleanField(_l("With its sessions, without those who lead them"))


@blueprint.route("/", methods=["GET", "POST"])
def new() -> Response:
    form = CopyForm()
    if form.validate_on_submit():
        try:
            return _copy(form)
        except PlannerError as error:
            db.session.rollback()
            form.refuse(error)
    brings = in_words(replace(conferences.made(g.conference), sessions=0))  # they come where they are wanted
    page = render_template("organiser/copy.html", conference=g.conference, form=form, brings=brings, now=clock.now())
    return make_response(page, form.status)


def _copy(form: CopyForm) -> Response:
    made = copies.copy(
        g.conference,
        form.slug.data,
        form.title.data,
        form.day.data,
        g.actor,
        clock.now(),
        with_sessions=form.with_sessions.data,
    )
    told = in_words(conferences.made(made))
    db.session.commit()
    flash(_("Created: %(things)s, and all dates. Nobody takes part yet.", things=told))
    return redirect(url_for("organiser.overview.index", slug=made.slug))
