"""Rounds: when sessions run side by side, in the conference's own time zone."""

from typing import ClassVar

from flask import Blueprint, flash, g, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from planner import clock, dates, locks, programme
from planner.errors import PlannerError
from planner.extensions import db
from planner.forms import Revision, line, moment
from planner.models import Slot
from planner.organiser.translated import filled, per_language, texts

blueprint = Blueprint("slots", __name__, url_prefix="/rounds")


class SlotForm(Revision):
    translated: ClassVar = {
        "title": lambda language, must: line(_("Title (%(language)s)", language=language), 60, must),
    }
    starts = moment(_l("From"))
    ends = moment(_l("To"))


def _form(**data: object) -> SlotForm:
    return per_language(SlotForm)(data=data)


@blueprint.get("/")
def index() -> str:
    return render_template("organiser/slots.html", conference=g.conference, now=clock.now(g.conference))


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> Response:
    return _save(_form(), None)


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


def _save(form: SlotForm, slot: Slot | None) -> Response:
    if form.validate_on_submit():
        try:
            title = texts(form, "title", slot.title if slot else None)
            programme.save_slot(g.conference, slot, title, form.starts.data, form.ends.data)
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
