"""Dates and texts of one conference, and how many wishes people have."""

from flask import Blueprint, flash, g, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import DateTimeLocalField, IntegerField
from wtforms.validators import InputRequired, NumberRange

from planner import clock, conferences, dates
from planner.errors import PlannerError
from planner.extensions import db
from planner.forms import Form, line, text

blueprint = Blueprint("settings", __name__, url_prefix="/settings")
DATES = ("call_from", "call_until", "wishes_from", "wishes_until", "day_starts", "day_ends")


def _date(label: object) -> DateTimeLocalField:
    return DateTimeLocalField(label, validators=[InputRequired(_l("Please give date and time."))])


class SettingsForm(Form):
    title_de = line(_l("Title in German"))
    title_en = line(_l("Title in English"), required=False)
    summary_de = text(_l("What it is about, in German"), 2000, required=False)
    summary_en = text(_l("What it is about, in English"), 2000, required=False)
    place = line(_l("Place"), required=False)
    contact = line(_l("Contact for people"), required=False)
    call_from = _date(_l("The call begins"))
    call_until = _date(_l("The call ends"))
    wishes_from = _date(_l("Choosing begins"))
    wishes_until = _date(_l("Choosing ends"))
    day_starts = _date(_l("The conference begins"))
    day_ends = _date(_l("The conference ends"))
    most_favourites = IntegerField(_l("How many favourites?"), validators=[InputRequired(), NumberRange(1, 10)])
    most_vetoes = IntegerField(_l("How many “not for me”?"), validators=[InputRequired(), NumberRange(0, 10)])


@blueprint.route("/", methods=["GET", "POST"])
def edit() -> Response:
    conference = g.conference
    form = SettingsForm(
        **{name: getattr(conference, name) for name in ("place", "contact", "most_favourites", "most_vetoes")},
        **{
            f"{name}_{code}": getattr(conference, name).get(code, "")
            for name in ("title", "summary")
            for code in ("de", "en")
        },
        **{name: dates.local(getattr(conference, name), conference) for name in DATES},
    )
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        try:
            _apply(form)
            db.session.commit()
            flash(_("Saved."))
            return redirect(url_for("organiser.settings.edit"))
        except PlannerError as error:
            db.session.rollback()
            status = form.refuse(error)
    page = render_template("organiser/settings.html", conference=conference, form=form, now=clock.now(conference))
    return make_response(page, status)


def _apply(form: SettingsForm) -> None:
    conference = g.conference
    for name in ("title", "summary"):
        shown = {code: form[f"{name}_{code}"].data for code in ("de", "en")}
        kept = {code: value for code, value in getattr(conference, name).items() if code not in shown}
        setattr(conference, name, {code: value for code, value in shown.items() if value} | kept)
    for name in DATES:
        setattr(conference, name, dates.instant(form[name].data, conference, name))
    for name in ("place", "contact", "most_favourites", "most_vetoes"):
        setattr(conference, name, form[name].data)
    with db.session.no_autoflush:
        conferences.check_dates(conference)
