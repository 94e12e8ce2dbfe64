"""Bring a problem: four short questions, mine listed, revise, withdraw and undo."""

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import BooleanField, HiddenField, RadioField, SelectField
from wtforms.validators import InputRequired, Regexp
from wtforms.widgets import HiddenInput

from planner import clock, languages, submissions
from planner.errors import PlannerError, Stale
from planner.extensions import db
from planner.forms import Compared, WholeNumber, choices, text
from planner.models import Submission, SubmissionState, Visibility, random_key
from planner.submissions import Statement
from planner.texts import whole
from planner.words import TONGUES

blueprint = Blueprint("submissions", __name__, url_prefix="/submissions")


class StatementForm(Compared):
    theme_id = RadioField(
        _l("What is it about?"), coerce=whole, validators=[InputRequired(_l("Please choose a theme."))]
    )
    problem = text(_l("What is the problem?"), 3000)
    experience = text(_l("What have you experienced yourself?"), 3000, required=False)
    support_needed = text(_l("What support is needed?"), 2000, required=False)
    question = text(_l("Which question should the room discuss?"), 1000, required=False)
    language = SelectField(_l("In which language did you write?"))
    visibility = RadioField(
        _l("May people see your name?"),
        choices=choices(
            [
                (Visibility.ANONYMOUS.value, _l("No, without my name")),
                (Visibility.NAMED.value, _l("Yes, with my name")),
            ]
        ),
        default=Visibility.ANONYMOUS.value,
    )
    may_be_read_aloud = BooleanField(_l("My text may be read aloud in the room. Otherwise it is only summarised."))
    receipt = HiddenField(validators=[Regexp("^[0-9a-f]{16}$")])
    revision = WholeNumber(widget=HiddenInput(), default=0)

    def prepare(self) -> "StatementForm":
        here = languages.current()
        if g.conference.themes:
            self.theme_id.choices = choices((t.id, languages.pick(t.title, here)) for t in g.conference.themes)
        else:
            del self.theme_id
        self.language.choices = choices((code, languages.name_of(code)) for code in TONGUES)
        return self

    @property
    def made_of(self) -> int:
        """The revision that she has seen; of none, where the form does not say it."""
        return -1 if self.revision.data is None else int(self.revision.data)

    def meets(self, stored: Submission) -> None:
        """After a race both versions are shown, and the next save is meant to win."""
        self.is_stale, self.revision.raw_data, self.revision.data = True, None, stored.revision
        for field in self._compared():
            field.object_data = getattr(stored, field.name)

    def statement(self) -> Statement:
        return Statement(
            self.theme_id.data if self.theme_id else None,
            self.problem.data,
            self.experience.data,
            self.support_needed.data,
            self.question.data,
            Visibility(self.visibility.data),
            self.may_be_read_aloud.data,
            self.language.data,
        )


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
