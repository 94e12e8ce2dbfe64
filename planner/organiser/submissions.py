"""Submissions by state: accept as a new session or into one, decline with a reason, undo."""

from flask import Blueprint, flash, g, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import SelectField

from planner import clock, languages, programme, submissions
from planner.errors import PlannerError
from planner.extensions import db
from planner.forms import Form, choices, line, text
from planner.models import Submission, SubmissionState, Translated

blueprint = Blueprint("submissions", __name__, url_prefix="/submissions")
BOARD = (
    (SubmissionState.SUBMITTED,),
    (SubmissionState.ACCEPTED, SubmissionState.MERGED),
    (SubmissionState.DECLINED,),
    (SubmissionState.WITHDRAWN,),
)


class AcceptForm(Form):
    """Into an existing session, or a new one with its title in each language."""

    session = SelectField(_l("Work on it in"), coerce=int)
    title_de = line(_l("Title in German"), 120, required=False)
    title_en = line(_l("Title in English"), 120, required=False)
    sentence_de = line(_l("One sentence in German"), 300, required=False)
    sentence_en = line(_l("One sentence in English"), 300, required=False)

    def prepare(self) -> "AcceptForm":
        here = languages.current()
        known = [(s.id, f"{s.number}. {languages.pick(s.title, here)}") for s in programme.open_sessions(g.conference)]
        self.session.choices = choices([(0, _("a new session")), *known])
        return self

    def texts(self, name: str) -> Translated:
        return {code: self[f"{name}_{code}"].data for code in ("de", "en") if self[f"{name}_{code}"].data}


class DeclineForm(Form):
    reason = text(_l("Reason, for the author to read"), 1000)


@blueprint.get("/")
def index() -> str:
    columns = [submissions.in_states(g.conference, *states) for states in BOARD]
    return render_template(
        "organiser/submissions.html",
        conference=g.conference,
        columns=columns,
        counts=submissions.support_counts(g.conference),
        now=clock.now(g.conference),
    )


@blueprint.get("/<int:id>")
def show(id: int) -> Response:
    return _page(g.scope.submission(id), AcceptForm().prepare(), DeclineForm())


@blueprint.post("/<int:id>/accept")
def accept(id: int) -> Response:
    submission = g.scope.submission(id)
    form = AcceptForm().prepare()
    if form.validate_on_submit():
        now = clock.now(g.conference)
        try:
            if form.session.data:
                submissions.accept(submission, g.scope.session(form.session.data), now)
            elif not form.texts("title"):
                form.title_de.errors = [_("Please write a title.")]
                return _page(submission, form, DeclineForm(), 422)
            else:
                submissions.accept_as_new(submission, form.texts("title"), form.texts("sentence"), now)
            db.session.commit()
            flash(_("Accepted."))
            return redirect(url_for("organiser.submissions.index"))
        except PlannerError as error:
            db.session.rollback()
            form.refuse(error)
    return _page(submission, form, DeclineForm(), 422)


@blueprint.post("/<int:id>/decline")
def decline(id: int) -> Response:
    submission = g.scope.submission(id)
    form = DeclineForm()
    if form.validate_on_submit():
        try:
            submissions.decline(submission, form.reason.data, clock.now(g.conference))
            db.session.commit()
            flash(_("Declined. The author reads the reason."))
            return redirect(url_for("organiser.submissions.index"))
        except PlannerError as error:
            db.session.rollback()
            form.refuse(error)
    return _page(submission, AcceptForm(formdata=None).prepare(), form, 422)


@blueprint.post("/<int:id>/reopen")
def reopen(id: int) -> Response:
    submission = g.scope.submission(id)
    try:
        submissions.reopen(submission, clock.now(g.conference))
        db.session.commit()
        flash(_("It waits for a decision again."))
    except PlannerError as error:
        db.session.rollback()
        flash(str(error.sentence), "error")
    return redirect(url_for("organiser.submissions.show", id=id))


def _page(submission: Submission, accepting: AcceptForm, declining: DeclineForm, status: int = 200) -> Response:
    page = render_template(
        "organiser/submission.html",
        conference=g.conference,
        submission=submission,
        accepting=accepting,
        declining=declining,
        supporters=len(submission.supporters),
        now=clock.now(g.conference),
    )
    return make_response(page, status)
