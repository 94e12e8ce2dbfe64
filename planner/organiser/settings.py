"""Dates and texts of one conference, and how many wishes people have."""

from typing import ClassVar

from flask import Blueprint, g, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import BooleanField, SelectField
from wtforms.validators import ValidationError

from planner import clock, conferences, dates, languages, locks, places, vocabulary
from planner.errors import PlannerError
from planner.extensions import db
from planner.forms import MultiTicks, Revision, WholeNumber, choices, line, moment, number, text
from planner.organiser.places import numbers_change
from planner.organiser.translated import filled, per_language, texts
from planner.places import MOST_NO_SHOWS, MOST_PLACES
from planner.words import TONGUES

blueprint = Blueprint("settings", __name__, url_prefix="/settings")
DATES = ("call_from", "call_until", "wishes_from", "wishes_until", "day_starts", "day_ends")
PLAIN = (
    *("place", "contact", "is_listed", "most_favourites", "most_vetoes", "presumes_language", "vocabulary"),
    *("places", "usual_minimum", "usual_maximum"),
)
TEXTS = ("title", "summary", "addressee")


class SettingsForm(Revision):
    translated: ClassVar = {
        "title": lambda language, must: line(_("Title (%(language)s)", language=language), required=must),
        "summary": lambda language, _must: text(_("What it is about (%(language)s)", language=language), 2000, False),
        "addressee": lambda language, _must: line(
            _("Who answers the recommendations? (%(language)s)", language=language), required=False
        ),
    }
    languages = MultiTicks(_l("Languages in which there are texts"))
    presumes_language = BooleanField(_l("Who has given no language is taken to understand the first one."))
    place = line(_l("Place"), required=False)
    contact = line(_l("Contact for people"), required=False)
    is_listed = BooleanField(_l("It stands on the public start page."))
    call_from = moment(_l("The call begins"))
    call_until = moment(_l("The call ends"))
    wishes_from = moment(_l("Choosing begins"))
    wishes_until = moment(_l("Choosing ends"))
    day_starts = moment(_l("The conference begins"))
    day_ends = moment(_l("The conference ends"))
    vocabulary = SelectField(_l("Words on all pages"), choices=choices(vocabulary.KINDS.items()))
    most_favourites = number(_l("How many favourites?"), 1, 10)
    places = number(_l("How many places are there in all?"), 1, MOST_PLACES, required=False)
    no_shows = number(_l("How many percent will not come?"), 0, MOST_NO_SHOWS, required=False)
    most_vetoes = number(_l("How many “not for me”?"), 0, 10)
    usual_minimum = number(_l("A session usually has at least so many people"), 0, 500)
    usual_maximum = number(_l("and at most so many"), 1, 500)

    def validate_usual_maximum(self, field: WholeNumber) -> None:
        if None not in (field.data, self.usual_minimum.data) and field.data < self.usual_minimum.data:
            raise ValidationError(_("This must not be smaller than the minimum."))


def _form(**data: object) -> SettingsForm:
    form = per_language(SettingsForm)(data=data)
    form.languages.choices = choices((code, languages.name_of(code)) for code in TONGUES)
    return form


@blueprint.route("/", methods=["GET", "POST"])
def edit() -> Response:
    conference = locks.edited(g.conference)
    form = _form(
        **{name: getattr(conference, name) for name in (*PLAIN, "no_shows")},
        languages=conference.languages,
        **filled(conference, *TEXTS),
        **{name: dates.local(getattr(conference, name), conference) for name in DATES},
    ).revises()
    if form.validate_on_submit():
        try:
            with numbers_change(_("Saved.")):
                _apply(form)
            return redirect(url_for("organiser.settings.edit"))
        except PlannerError as error:
            db.session.rollback()
            form.refuse(error)
    page = render_template(
        "organiser/settings.html",
        conference=conference,
        form=form,
        overbooking=places.overbooking(conference),
        now=clock.now(conference),
    )
    return make_response(page, form.status)


def _apply(form: SettingsForm) -> None:
    conference = g.conference
    for name in TEXTS:
        setattr(conference, name, texts(form, name, getattr(conference, name)))
    for name in DATES:
        setattr(conference, name, dates.instant(form[name].data, conference, name))
    for name in PLAIN:
        setattr(conference, name, form[name].data)
    conference.no_shows = form.no_shows.data or 0
    # The first language stays: every text of the conference has it.
    first = conference.language
    conference.languages = [first, *(code for code in form.languages.data or () if code != first)]
    with db.session.no_autoflush:
        conferences.check_dates(conference)
