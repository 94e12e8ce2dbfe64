"""About me: languages, needs, presence; why it is asked, who sees it, when it is erased."""

from flask import Blueprint, flash, g, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import BooleanField, RadioField

from planner import clock, dates, languages, locks, participants, retention
from planner.errors import PlannerError
from planner.extensions import db, only_reads
from planner.forms import MultiTicks, Revision, choices
from planner.models import Level, NeedKind
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

    def levels(self) -> dict[str, Level]:
        chosen = {code: self[f"level-{code}"].data for code in TONGUES}
        return {code: Level(level) for code, level in chosen.items() if level}


def _form(levels: dict[str, str], **data: object) -> AboutForm:
    """With a choice of levels for each language; one that it does not know is refused like any other choice."""
    known = [("", _l("not at all")), *LEVELS.items()]
    asked = {
        f"level-{code}": RadioField(languages.name_of(code), choices=choices(known), default="") for code in TONGUES
    }
    given = {f"level-{code}": level for code, level in levels.items()}
    return type("AboutForm", (AboutForm,), asked)(data={**data, **given}).prepare()


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
    present = set(form.present.data or ())
    participants.save_details(
        g.actor,
        form.levels(),
        [NeedKind(kind) for kind in form.needs.data or ()],
        [slot.id for slot in g.conference.slots if slot.id not in present],
        clock.of(g.conference),
        consent=form.consent.data,
    )
    db.session.commit()
