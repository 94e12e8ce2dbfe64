"""Bring a problem: four short questions, mine listed, revise, withdraw and undo."""

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from planner import clock, languages, submissions
from planner.errors import PlannerError, Stale
from planner.extensions import db
from planner.models import Submission, SubmissionState, random_key
from planner.statements import StatementForm

blueprint = Blueprint("submissions", __name__, url_prefix="/submissions")


@blueprint.get("/")
def index() -> str:
    return render_template("participant/submissions.html", conference=g.conference, now=clock.now(g.conference))


@blueprint.route("/new", methods=["GET", "POST"])
def new() -> str | Response:
    form = StatementForm(receipt=random_key(), language=languages.current()).prepare()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        draft = "draft" in request.form
        try:
            submissions.submit(g.actor, form.statement(), form.receipt.data, clock.of(g.conference), draft=draft)
            db.session.commit()
            return _done(draft)
        except PlannerError as error:
            db.session.rollback()
            status = form.refuse(error)
    return _page(form, None, status)


@blueprint.route("/<int:id>", methods=["GET", "POST"])
def edit(id: int) -> str | Response:
    submission = g.scope.own_submission(id)
    form = StatementForm(obj=submission).prepare()
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        draft = "draft" in request.form and submission.state is SubmissionState.DRAFT
        try:
            submissions.revise(submission, form.statement(), form.made_of, clock.of(g.conference), draft=draft)
            db.session.commit()
            return _done(draft)
        except PlannerError as error:
            db.session.rollback()
            status = form.refuse(error)
            if isinstance(error, Stale):
                form.meets(submission)
    return _page(form, submission, status)


@blueprint.post("/<int:id>/withdraw")
def withdraw(id: int) -> Response:
    return _move(id, submissions.withdraw, _("Withdrawn. You can undo this until the call ends."))


@blueprint.post("/<int:id>/restore")
def restore(id: int) -> Response:
    return _move(id, submissions.restore, _("It is sent again."))


@blueprint.post("/similar")
def similar() -> str:
    """A fragment while somebody types: does one of these say it already?"""
    found = submissions.similar(g.conference, request.form.get("problem", "")[:3000])
    return render_template("participant/_similar.html", found=found)


def _move(id: int, verb, message: str) -> Response:  # type: ignore[no-untyped-def]
    submission = g.scope.own_submission(id)
    try:
        verb(submission, clock.of(g.conference))
        db.session.commit()
        flash(message)
    except PlannerError as error:
        db.session.rollback()
        flash(str(error.sentence), "error")
    return redirect(url_for("participant.submissions.index"))


def _page(form: StatementForm, submission: Submission | None, status: int) -> Response:
    page = render_template(
        "participant/statement.html",
        conference=g.conference,
        form=form,
        submission=submission,
        now=clock.now(g.conference),
    )
    return make_response(page, status)


def _done(draft: bool) -> Response:
    flash(_("Saved as a draft. Only you can see it.") if draft else _("Thank you. Your problem is sent."))
    return redirect(url_for("participant.submissions.index"))
