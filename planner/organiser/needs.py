"""What one person needs, entered for her: with where her consent is from, and only for whoever may know it."""

from datetime import date, datetime, time

from flask import Blueprint, flash, g, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import SelectField
from wtforms.validators import ValidationError

from planner import clock, dates, participants, retention
from planner.errors import PlannerError
from planner.extensions import db, only_reads
from planner.forms import Day, MultiTicks, Revision, choices, day, line
from planner.models import NeedKind, Participant
from planner.organiser.person import held
from planner.words import CONSENTS, NEEDS

blueprint = Blueprint("needs", __name__, url_prefix="/people")
ELSEWHERE = "elsewhere"


class NeedsForm(Revision):
    needs = MultiTicks(_l("Needs"), choices=choices(NEEDS.items()))
    consent = SelectField(
        _l("Where is her consent from?"),
        choices=choices([("", _l("please choose")), *CONSENTS.items(), (ELSEWHERE, _l("from elsewhere"))]),
    )
    elsewhere = line(_l("From where else?"), 300, required=False)
    day = day(_l("When did she give it?"))
    beside = Revision.beside | {"consent", "elsewhere", "day"}  # of what is added now: nothing of it is stored yet

    def validate_day(self, field: Day) -> None:
        if field.data and field.data > _today():
            raise ValidationError(_("This day is still to come."))

    @property
    def consent_from(self) -> str:
        return str(self.elsewhere.data if self.consent.data == ELSEWHERE else self.consent.data or "")

    def consented_at(self) -> datetime:
        """Of a day in the past nobody knows the hour."""
        now = clock.now(g.conference)
        noon = datetime.combine(self.day.data, time(12), g.conference.tz)
        return min(noon, now)


def _today() -> date:
    return clock.now(g.conference).astimezone(g.conference.tz).date()


@blueprint.route("/<int:id>/needs", methods=["GET", "POST"])
def edit(id: int) -> Response:
    person = held(id)
    kinds = participants.needs_of([person], f"organiser:{g.actor.id}", clock.now())[person.id]
    form = NeedsForm(data={"needs": [kind.value for kind in kinds], "consent": "", "day": _today()}).revises()
    if form.validate_on_submit():
        try:
            wanted = [NeedKind(kind) for kind in form.needs.data or ()]
            participants.enter_needs(person, wanted, form.consent_from, form.consented_at())
            db.session.commit()
            flash(_("Saved."))
            return redirect(url_for("organiser.people.show", id=id))
        except PlannerError as error:
            form.refuse(error)
    return _page(form, person)


def _page(form: NeedsForm, person: Participant) -> Response:
    if not only_reads():  # nothing is saved, and what was read is shown again all the same
        db.session.rollback()
        g.holds_role()
        participants.note_look(g.conference.id, [person.id], f"organiser:{g.actor.id}", clock.now())
        db.session.commit()
    page = render_template(
        "organiser/needs.html",
        conference=g.conference,
        form=form,
        person=person,
        stored=sorted(person.needs, key=lambda need: need.kind),
        until=dates.long_day(retention.kept(g.conference).needs, g.conference),
        now=clock.now(g.conference),
    )
    return make_response(page, form.status)
