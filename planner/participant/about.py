"""About me: languages, needs, presence; why it is asked, who sees it, when it is erased."""

from flask import Blueprint, flash, g, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import BooleanField, RadioField

from planner import asked, clock, dates, languages, locks, participants, retention
from planner.errors import PlannerError
from planner.extensions import db, only_reads
from planner.forms import MultiTicks, Revision, choices
from planner.models import NeedKind
from planner.texts import whole
from planner.words import LEVELS, NEEDS, TONGUES

blueprint = Blueprint("about", __name__, url_prefix="/about")


class AboutForm(Revision):
    present = MultiTicks(_l("I am there in"), coerce=whole)
    needs = MultiTicks(_l("What do you need to take part?"), choices=choices(NEEDS.items()))
    consent = BooleanField()

    def prepare(self) -> "AboutForm":
        here = languages.current()
        self.present.choices = choices((slot.id, languages.pick(slot.title, here)) for slot in g.conference.slots)
        until = dates.long_day(retention.kept(g.conference).needs, g.conference)
        self.consent.label.text = _("I agree that the organisers store what I need until %(day)s.", day=until)
        return self


def _form(levels: dict[str, str], **data: object) -> AboutForm:
    form = asked.with_levels(AboutForm, RadioField, LEVELS, _l("not at all"))
    return form(data={**data, **asked.filled(levels)}).prepare()


@blueprint.route("/", methods=["GET", "POST"])
def edit() -> Response:
    if not only_reads():
        locks.person(g.actor)  # of two tabs that save one sees the other's
    form = _filled().revises()
    if form.validate_on_submit():
        try:
            _save(form)
            flash(_("Saved."))
            return redirect(url_for("participant.start.index"))
        except PlannerError as error:
            db.session.rollback()
            form.refuse(error)
    page = render_template(
        "participant/about.html", conference=g.conference, person=g.actor, form=form, tongues=TONGUES
    )
    return make_response(page, form.status)


def _filled() -> AboutForm:
    absent = {absence.slot_id for absence in g.actor.absences}
    needs = [need.kind.value for need in g.actor.needs]
    return _form(
        {row.language: row.level.value for row in g.actor.languages},
        present=[slot.id for slot in g.conference.slots if slot.id not in absent],
        needs=needs,
        consent=bool(needs),
    )


def _save(form: AboutForm) -> None:
    participants.save_details(
        g.actor,
        asked.levels(form),
        [NeedKind(kind) for kind in form.needs.data or ()],
        asked.absent(g.conference.slots, form.present),
        clock.of(g.conference),
        consent=form.consent.data,
    )
    db.session.commit()
