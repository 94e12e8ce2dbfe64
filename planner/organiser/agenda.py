"""Agenda items: what everybody shares, from arrival to closing."""

from typing import ClassVar

from flask import Blueprint, flash, g, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms.validators import ValidationError

from planner import clock, dates, locks
from planner.errors import PlannerError
from planner.extensions import db
from planner.forms import Moment, Revision, line, moment
from planner.models import AgendaItem
from planner.organiser.translated import filled, per_language, texts

blueprint = Blueprint("agenda", __name__, url_prefix="/agenda")


class AgendaForm(Revision):
    translated: ClassVar = {
        "title": lambda language, must: line(_("Title (%(language)s)", language=language), 80, must),
        "place": lambda language, _must: line(_("Place (%(language)s)", language=language), 120, required=False),
    }
    starts = moment(_l("From"))
    ends = moment(_l("To"))

    def validate_ends(self, field: Moment) -> None:
        if self.starts.data and field.data and field.data <= self.starts.data:
            raise ValidationError(_("The end must be after the beginning."))


def _form(**data: object) -> AgendaForm:
    return per_language(AgendaForm)(data=data)


@blueprint.get("/")
def index() -> str:
    return render_template("organiser/agenda.html", conference=g.conference, now=clock.now(g.conference))


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> Response:
    return _save(_form(starts=dates.local(g.conference.day_starts, g.conference)), AgendaItem(title={}, place={}))


@blueprint.route("/<int:id>", methods=["GET", "POST"])
def edit(id: int) -> Response:
    item = locks.edited(g.scope.agenda_item(id))
    form = _form(
        starts=dates.local(item.starts, g.conference),
        ends=dates.local(item.ends, g.conference),
        **filled(item, "title", "place"),
    )
    return _save(form.revises(), item)


@blueprint.post("/<int:id>/remove")
def remove(id: int) -> Response:
    db.session.delete(g.scope.agenda_item(id))
    db.session.commit()
    flash(_("It is no longer on the agenda."))
    return redirect(url_for("organiser.agenda.index"))


def _save(form: AgendaForm, item: AgendaItem) -> Response:
    if form.validate_on_submit():
        try:
            item.starts = dates.instant(form.starts.data, g.conference, "starts")
            item.ends = dates.instant(form.ends.data, g.conference, "ends")
            item.title, item.place = texts(form, "title", item.title), texts(form, "place", item.place)
            item.conference_id = g.conference.id
            db.session.add(item)
            db.session.commit()
            flash(_("Saved."))
            return redirect(url_for("organiser.agenda.index"))
        except PlannerError as error:
            db.session.rollback()
            form.refuse(error)
    page = render_template(
        "organiser/agenda_item.html", conference=g.conference, form=form, item=item, now=clock.now(g.conference)
    )
    return make_response(page, form.status)
