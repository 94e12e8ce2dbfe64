"""A problem that somebody brought on paper or told, typed in for her; it is hers as if she had sent it herself."""

from flask import Blueprint, flash, g, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from planner import clock, submissions
from planner.errors import PlannerError
from planner.extensions import db
from planner.models import ParticipantState, random_key
from planner.statements import StatementForm

blueprint = Blueprint("statements", __name__, url_prefix="/people")


@blueprint.route("/<int:id>/submissions/new", methods=["GET", "POST"])
def new(id: int) -> Response:
    person = g.scope.participant(id)
    form = StatementForm(receipt=random_key(), language=person.locale).prepare()
    if form.validate_on_submit():
        try:
            if person.state is ParticipantState.CANCELLED:
                raise PlannerError(_l("She has cancelled: that stays."))
            submissions.submit(person, form.statement(), form.receipt.data, clock.of(g.conference))
            db.session.commit()
            flash(_("Her problem is sent."))
            return redirect(url_for("organiser.people.show", id=id))
        except PlannerError as error:
            db.session.rollback()
            form.refuse(error)
    now = clock.now(g.conference)
    page = render_template("organiser/statement.html", conference=g.conference, form=form, person=person, now=now)
    return make_response(page, form.status)
