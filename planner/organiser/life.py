"""What becomes of a conference: its owner archives it and opens it again, or deletes it and takes that back in time."""

from collections.abc import Callable

from flask import Blueprint, flash, g, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from planner import archive, clock, deletion, jobs, retention, team
from planner.errors import PlannerError
from planner.extensions import db
from planner.forms import Form, line

blueprint = Blueprint("life", __name__, url_prefix="/archive")


class DeletionForm(Form):
    name = line(_l("Short name of the conference"))


@blueprint.get("/")
def index() -> Response:
    return _page(DeletionForm())


@blueprint.post("/begin")
def begin() -> Response:
    return _changed(lambda: archive.archive(g.conference, clock.now()), _("Archived. Nothing changes here any more."))


@blueprint.post("/end")
def end() -> Response:
    return _opened(lambda: archive.restore(g.conference), _("Opened again."))


@blueprint.post("/delete")
def delete() -> Response:
    form = DeletionForm()
    if form.validate_on_submit():
        try:
            deletion.ask(g.conference, form.name.data, clock.now())
            db.session.commit()
            return redirect(url_for("organiser.life.index"))
        except PlannerError as error:
            db.session.rollback()
            form.refuse(error)
    return _page(form)


@blueprint.post("/keep")
def keep() -> Response:
    return _opened(lambda: deletion.take_back(g.conference), _("It will not be deleted."))


def _opened(act: Callable[[], None], told: str) -> Response:
    """The watchman finds messages and runs that have waited for this; invitations are asked for here."""
    answer = _changed(act, told)
    for row in team.unsent(g.conference, clock.now()):
        jobs.invitation(row)
    return answer


def _changed(act: Callable[[], None], told: str) -> Response:
    try:
        act()
        db.session.commit()
        flash(told)
    except PlannerError as error:
        db.session.rollback()
        flash(str(error.sentence), "error")
    return redirect(url_for("organiser.life.index"))


def _page(form: DeletionForm) -> Response:
    page = render_template(
        "organiser/life.html",
        conference=g.conference,
        form=form,
        kept=retention.kept(g.conference),
        now=clock.now(g.conference),
    )
    return make_response(page, form.status)
