"""Rules of the plan: each as a sentence on one page, and a page for each that is set there."""

from typing import Any

from flask import Blueprint, flash, g, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner import clock, locks, programme, rules
from planner.errors import PlannerError
from planner.extensions import db
from planner.organiser.rule_forms import FORMS, OrganisationsForm, prices_form
from planner.organiser.rule_lines import sections

blueprint = Blueprint("rules", __name__, url_prefix="/rules")


@blueprint.get("/")
def index() -> str:
    found = sections(g.conference, rules.bonds(g.conference, g.actor, g.role), programme.sessions(g.conference))
    return render_template(
        "organiser/rules/index.html", conference=g.conference, sections=found, now=clock.now(g.conference)
    )


@blueprint.route("/agreements/new", defaults={"kind": "agreements"}, methods=["GET", "POST"])
@blueprint.route("/protected/new", defaults={"kind": "protected"}, methods=["GET", "POST"])
@blueprint.route("/quotas/new", defaults={"kind": "quotas"}, methods=["GET", "POST"])
def new(kind: str) -> Response:
    return _save(FORMS[kind]().prepare(None), None)


@blueprint.route("/agreements/<int:id>", defaults={"kind": "agreements"}, methods=["GET", "POST"])
@blueprint.route("/protected/<int:id>", defaults={"kind": "protected"}, methods=["GET", "POST"])
@blueprint.route("/quotas/<int:id>", defaults={"kind": "quotas"}, methods=["GET", "POST"])
def edit(kind: str, id: int) -> Response:
    if g.writes:
        locks.conference(g.conference, alone=True)  # before the row, as everybody holds them
    row = locks.edited(FORMS[kind].find(id))
    form = FORMS[kind](data=FORMS[kind].filled(row)).prepare(row)
    return _save(form.revises(), row, url_for("organiser.rules.remove", kind=kind, id=id))


@blueprint.post("/quotas/<int:id>/remove", defaults={"kind": "quotas"})
@blueprint.post("/protected/<int:id>/remove", defaults={"kind": "protected"})
@blueprint.post("/agreements/<int:id>/remove", defaults={"kind": "agreements"})
def remove(kind: str, id: int) -> Response:
    db.session.delete(FORMS[kind].find(id))
    db.session.commit()
    flash(_("The rule is removed."))
    return redirect(url_for("organiser.rules.index"))


@blueprint.route("/organisations", methods=["GET", "POST"])
def organisations() -> Response:
    conference = locks.edited(g.conference)
    form = OrganisationsForm(most=conference.most_of_one_organisation).revises()
    if form.validate_on_submit():
        conference.most_of_one_organisation = form.most.data
        return _saved()
    page = render_template(
        "organiser/rules/organisations.html",
        conference=conference,
        form=form,
        known=rules.have_an_organisation(conference),
        now=clock.now(conference),
    )
    return make_response(page, form.status)


@blueprint.route("/prices", methods=["GET", "POST"])
def prices() -> Response:
    """Which rules are strict, and which give way when they cannot all be kept."""
    conference = locks.edited(g.conference)
    form = prices_form()
    if form.validate_on_submit():
        try:
            rules.set_flexible(conference, {rule: form[rule].data for rule in rules.FLEXIBLE})
            return _saved()
        except PlannerError as error:
            db.session.rollback()
            form.refuse(error)
    page = render_template(
        "organiser/rules/prices.html", conference=conference, form=form, rules=rules.FLEXIBLE, now=clock.now(conference)
    )
    return make_response(page, form.status)


def _save(form: Any, row: Any, remove: str = "") -> Response:
    if form.validate_on_submit():
        try:
            form.save(row)
            return _saved()
        except PlannerError as error:
            db.session.rollback()
            form.refuse(error)
    page = render_template(
        form.template,
        conference=g.conference,
        form=form,
        row=row,
        title=form.name,
        remove=remove,
        now=clock.now(g.conference),
    )
    return make_response(page, form.status)


def _saved() -> Response:
    db.session.commit()
    flash(_("Saved."))
    return redirect(url_for("organiser.rules.index"))
