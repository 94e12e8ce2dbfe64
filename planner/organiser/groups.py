"""Groups: the kinds of bodies that people speak for, each with a letter on its chairs."""

from typing import ClassVar

from flask import Blueprint, flash, g, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import BooleanField

from planner import clock, conferences, locks
from planner.errors import PlannerError
from planner.extensions import db, only_reads
from planner.forms import Revision, line, number
from planner.models import Group
from planner.organiser.places import numbers_change
from planner.organiser.translated import filled, per_language, texts
from planner.places import MOST_PLACES

blueprint = Blueprint("groups", __name__, url_prefix="/groups")


class GroupForm(Revision):
    translated: ClassVar = {
        "title": lambda language, must: line(_("Title (%(language)s)", language=language), 80, must),
    }
    letter = line(_l("One or two letters for the chairs"), 2)
    places = number(_l("Places"), 1, MOST_PLACES, required=False)
    is_sensitive = BooleanField(_l("It shows religion or origin: keep it out of lists for rooms."))


def _form(**data: object) -> GroupForm:
    """How many places it has only for whoever may know who is of which group; nobody else may change it."""
    form = per_language(GroupForm)(data=data)
    if not g.sees_groups:
        del form.places
    return form


@blueprint.get("/")
def index() -> str:
    return render_template(
        "organiser/groups.html",
        conference=g.conference,
        people=conferences.people_by_group(g.conference),
        now=clock.now(g.conference),
    )


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> Response:
    return _save(_form(), None)


@blueprint.route("/<int:id>", methods=["GET", "POST"])
def edit(id: int) -> Response:
    if not only_reads():
        locks.conference(g.conference, alone=True)  # before the group: whoever waits may find a place
    group = locks.edited(g.scope.group(id))
    plain = {name: getattr(group, name) for name in ("letter", "places", "is_sensitive")}
    form = _form(**plain, **filled(group, "title"))
    return _save(form.revises(), group)


@blueprint.post("/<int:id>/remove")
def remove(id: int) -> Response:
    try:
        with numbers_change(_("The group is removed.")):
            conferences.remove_group(g.scope.group(id))
    except PlannerError as error:
        flash(str(error.sentence), "error")
    return redirect(url_for("organiser.groups.index"))


def _save(form: GroupForm, group: Group | None) -> Response:
    if form.validate_on_submit():
        try:
            title = texts(form, "title", group.title if group else None)
            letter, sensitive = form.letter.data, form.is_sensitive.data
            count = form.places.data if form.places else group and group.places
            with numbers_change(_("Saved.")):
                conferences.save_group(g.conference, group, title, letter, sensitive=sensitive, places=count)
            return redirect(url_for("organiser.groups.index"))
        except PlannerError as error:
            db.session.rollback()
            form.refuse(error)
    page = render_template(
        "organiser/group.html", conference=g.conference, form=form, group=group, now=clock.now(g.conference)
    )
    return make_response(page, form.status)
