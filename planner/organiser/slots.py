"""Rounds: when sessions run side by side, in the conference's own time zone."""

from datetime import datetime
from typing import ClassVar

from flask import Blueprint, flash, g, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms.validators import ValidationError

from planner import clock, dates, locks, programme
from planner.errors import PlannerError
from planner.extensions import db
from planner.forms import Moment, Revision, line, moment
from planner.models import Slot
from planner.organiser.translated import filled, per_language, texts

blueprint = Blueprint("slots", __name__, url_prefix="/rounds")


class SlotForm(Revision):
    translated: ClassVar = {
        "title": lambda language, must: line(_("Title (%(language)s)", language=language), 60, must),
    }
    starts = moment(_l("From"))
    ends = moment(_l("To"))

    def validate_ends(self, field: Moment) -> None:
        if self.starts.data and field.data and field.data <= self.starts.data:
            raise ValidationError(_("The end must be after the beginning."))


def _form(**data: object) -> SlotForm:
    return per_language(SlotForm)(data=data)


@blueprint.get("/")
def index() -> str:
    return render_template("organiser/slots.html", conference=g.conference, now=clock.now(g.conference))


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> Response:
    return _save(_form(), Slot(conference_id=g.conference.id, title={}))


@blueprint.route("/<int:id>", methods=["GET", "POST"])
def edit(id: int) -> Response:
    slot = locks.edited(g.scope.slot(id))
    form = _form(
        **filled(slot, "title"),
        starts=dates.local(slot.starts, g.conference),
        ends=dates.local(slot.ends, g.conference),
    )
    return _save(form.revises(), slot)


@blueprint.post("/<int:id>/remove")
def remove(id: int) -> Response:
    slot = g.scope.slot(id)
    try:
        programme.remove_slot(slot)
        db.session.commit()
        flash(_("The round is removed."))
    except PlannerError as error:
        flash(str(error.sentence), "error")
    return redirect(url_for("organiser.slots.index"))


def _save(form: SlotForm, slot: Slot) -> Response:
    if form.validate_on_submit():
        try:
            slot.starts, slot.ends = _instant(form.starts.data, "starts"), _instant(form.ends.data, "ends")
            slot.title = texts(form, "title", slot.title)
            db.session.add(slot)
            db.session.commit()
            flash(_("Saved."))
            return redirect(url_for("organiser.slots.index"))
        except PlannerError as error:
            db.session.rollback()
            form.refuse(error)
    page = render_template(
        "organiser/slot.html", conference=g.conference, form=form, slot=slot, now=clock.now(g.conference)
    )
    return make_response(page, form.status)


def _instant(local: datetime, field: str) -> datetime:
    return dates.instant(local, g.conference, field)
