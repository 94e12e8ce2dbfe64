"""About me: languages, needs, presence; why it is asked, who sees it, when it is erased."""

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import BooleanField

from planner import clock, languages, participants
from planner.errors import PlannerError
from planner.extensions import db
from planner.forms import Form, MultiTicks, choices
from planner.models import Level, NeedKind
from planner.words import NEEDS, TONGUES

blueprint = Blueprint("about", __name__, url_prefix="/about")


class AboutForm(Form):
    present = MultiTicks(_l("I am there in"), coerce=int)
    needs = MultiTicks(_l("What do you need to take part?"), choices=choices(NEEDS.items()))
    consent = BooleanField(
        _l("I agree that the organisers store what I need. It is erased 14 days after the conference.")
    )

    def prepare(self) -> "AboutForm":
        here = languages.current()
        self.present.choices = choices((slot.id, languages.pick(slot.title, here)) for slot in g.conference.slots)
        return self


@blueprint.route("/", methods=["GET", "POST"])
def edit() -> Response:
    absent = {absence.slot_id for absence in g.actor.absences}
    needs = [need.kind.value for need in g.actor.needs]
    form = AboutForm(
        present=[slot.id for slot in g.conference.slots if slot.id not in absent], needs=needs, consent=bool(needs)
    ).prepare()
    levels = {row.language: row.level.value for row in g.actor.languages}
    status = 200
    if form.is_submitted():
        levels, status = _levels(), 422
    if form.validate_on_submit():
        try:
            _save(form, levels)
            flash(_("Saved."))
            return redirect(url_for("participant.start.index"))
        except PlannerError as error:
            db.session.rollback()
            status = form.refuse(error)
    page = render_template(
        "participant/about.html", conference=g.conference, person=g.actor, form=form, levels=levels, tongues=TONGUES
    )
    return make_response(page, status)


def _levels() -> dict[str, str]:
    known = {level.value for level in Level}
    given = {code: request.form.get(f"level-{code}", "") for code in TONGUES}
    return {code: level for code, level in given.items() if level in known}


def _save(form: AboutForm, levels: dict[str, str]) -> None:
    present = set(form.present.data or ())
    participants.save_details(
        g.actor,
        {code: Level(level) for code, level in levels.items()},
        [NeedKind(kind) for kind in form.needs.data or ()],
        [slot.id for slot in g.conference.slots if slot.id not in present],
        clock.of(g.conference),
        consent=form.consent.data,
    )
    db.session.commit()
