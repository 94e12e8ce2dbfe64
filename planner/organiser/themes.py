"""Themes: what submissions and sessions are about, with a sign of their own."""

from typing import ClassVar

from flask import Blueprint, flash, g, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import RadioField

from planner import clock, conferences, locks
from planner.errors import PlannerError
from planner.extensions import db
from planner.forms import Revision, choices, line
from planner.models import Theme
from planner.organiser.translated import filled, per_language, texts

blueprint = Blueprint("themes", __name__, url_prefix="/themes")
SIGNS = {
    "speech": _l("speech bubble"),
    "language": _l("languages"),
    "house": _l("house"),
    "school": _l("school"),
    "work": _l("work"),
    "people": _l("people"),
    "heart": _l("heart"),
    "book": _l("book"),
    "tools": _l("tools"),
}


class ThemeForm(Revision):
    translated: ClassVar = {
        "title": lambda language, must: line(_("Title (%(language)s)", language=language), 80, must),
    }
    icon = RadioField(_l("Sign"), choices=choices(SIGNS.items()), default="speech")


def _form(**data: object) -> ThemeForm:
    return per_language(ThemeForm)(data=data)


@blueprint.get("/")
def index() -> str:
    return render_template("organiser/themes.html", conference=g.conference, now=clock.now(g.conference))


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> Response:
    form = _form()
    if form.validate_on_submit():
        conferences.save_theme(g.conference, None, texts(form, "title"), form.icon.data)
        return _saved()
    return _page(form, None)


@blueprint.route("/<int:id>", methods=["GET", "POST"])
def edit(id: int) -> Response:
    theme = locks.edited(g.scope.theme(id))
    form = _form(icon=theme.icon, **filled(theme, "title")).revises()
    if form.validate_on_submit():
        conferences.save_theme(g.conference, theme, texts(form, "title", theme.title), form.icon.data)
        return _saved()
    return _page(form, theme)


@blueprint.post("/<int:id>/remove")
def remove(id: int) -> Response:
    try:
        conferences.remove_theme(g.scope.theme(id))
        db.session.commit()
        flash(_("The theme is removed."))
    except PlannerError as error:
        flash(str(error.sentence), "error")
    return redirect(url_for("organiser.themes.index"))


def _saved() -> Response:
    db.session.commit()
    flash(_("Saved."))
    return redirect(url_for("organiser.themes.index"))


def _page(form: ThemeForm, theme: Theme | None) -> Response:
    page = render_template(
        "organiser/theme.html", conference=g.conference, form=form, theme=theme, now=clock.now(g.conference)
    )
    return make_response(page, form.status)
