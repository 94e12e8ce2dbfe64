"""Submissions by state: let through, accept as a new session or into one, decline with a reason, undo."""

import textwrap
from collections.abc import Callable
from typing import ClassVar

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from werkzeug.wrappers import Response
from wtforms import SelectField
from wtforms.widgets import HiddenInput

from planner import clock, dates, languages, locks, moderation, programme, submissions
from planner.errors import PlannerError, Stale
from planner.extensions import db
from planner.forms import Form, WholeNumber, choices, line, text
from planner.models import WORKED_ON, Submission, SubmissionState
from planner.organiser.lists import Chip, Choice, Column, Listing, NothingMarked
from planner.organiser.translated import per_language, texts
from planner.texts import whole
from planner.words import SUBMISSION_STATES

blueprint = Blueprint("submissions", __name__, url_prefix="/submissions")
BOARD = (
    (SubmissionState.SUBMITTED,),
    WORKED_ON,
    (SubmissionState.DECLINED,),
    (SubmissionState.WITHDRAWN,),
)


class AcceptForm(Form):
    """Into an existing session, or a new one with its title in each language."""

    translated: ClassVar = {
        "title": lambda language, _must: line(_("Title (%(language)s)", language=language), 120, False),
        "sentence": lambda language, _must: line(_("One sentence (%(language)s)", language=language), 300, False),
    }
    session = SelectField(_l("Work on it in"), coerce=whole)
    revision = WholeNumber(widget=HiddenInput())

    def prepare(self) -> "AcceptForm":
        here = languages.current()
        known = [(s.id, f"{s.number}. {languages.pick(s.title, here)}") for s in programme.open_sessions(g.conference)]
        self.session.choices = choices([(0, _("a new session")), *known])
        return self

    @property
    def read(self) -> int:
        """The revision that she has read; of none, where the form does not say it."""
        return -1 if self.revision.data is None else int(self.revision.data)

    def shows(self, submission: Submission) -> None:
        """After a race the next press is meant for what stands on this page."""
        self.revision.raw_data, self.revision.data = None, submission.revision


def _accepting(submission: Submission) -> AcceptForm:
    """Without the author's words, which stand beside it: a session keeps its sentence when she takes hers back."""
    return per_language(AcceptForm)(revision=submission.revision).prepare()


class DeclineForm(Form):
    reason = text(_l("Reason, for the author to read"), 1000)


@blueprint.get("/")
def index() -> str:
    return render_template(
        "organiser/submissions.html", conference=g.conference, list=_listing(), now=clock.now(g.conference)
    )


def _listing() -> Listing[Submission]:
    """What waits for a decision first; drafts are their authors' own."""
    here, counts = languages.current(), submissions.support_counts(g.conference)
    themes = {theme.id: languages.pick(theme.title, here) for theme in g.conference.themes}
    order = [state for states in BOARD for state in states]

    def in_states(*states: SubmissionState) -> Callable[[Submission], bool]:
        return lambda row: row.state in states

    def session(row: Submission) -> str:
        return f"{row.session.number}. {languages.pick(row.session.title, here)}" if row.session else ""

    listing = Listing(
        "organiser.submissions.index",
        submissions.in_states(g.conference, *order),
        [
            Column("problem", _("Submission"), lambda row: shortened(row.problem)),
            Column("theme", _("Theme"), lambda row: row.theme, lambda row: themes.get(row.theme_id or 0, ""), "theme"),
            Column("language", _("Language"), lambda row: languages.name_of(row.language)),
            Column("concerns", _("Concerns others"), lambda row: counts.get(row.id, 0), kind="number"),
            Column("date", _("Date"), lambda row: dates.day(row.created_at, g.conference), lambda row: row.created_at),
            Column("session", _("Session"), session, lambda row: row.session.number if row.session else ""),
            Column("state", _("State"), _states, lambda row: (order.index(row.state), row.stands), "states"),
        ],
        request.args,
        link=lambda row: url_for("organiser.submissions.show", id=row.id),
        words=lambda row: f"{row.problem} {row.experience} {row.support_needed} {row.question}",
        chips=[
            Chip("waiting", _("waits for you"), in_states(*BOARD[0])),
            Chip("unseen", _("others do not see it yet"), _waits_to_be_read),
            Chip("accepted", _("accepted"), in_states(*BOARD[1])),
            Chip("declined", _("declined"), in_states(*BOARD[2])),
            Chip("withdrawn", _("withdrawn"), in_states(*BOARD[3])),
        ],
        choices=[Choice("theme", _("Theme"), _("all themes"), list(themes.items()), lambda row: row.theme_id)],
        usual="state",
    )
    listing.mark = lambda row: f"{row.id}-{row.revision}"  # what is let through is what she has read
    return listing


def _waits_to_be_read(row: Submission) -> bool:
    return row.state is SubmissionState.SUBMITTED and not row.stands


def _states(row: Submission) -> list[tuple[object, str]]:
    if row.state is not SubmissionState.SUBMITTED:
        return [SUBMISSION_STATES[row.state]]
    seen = (_("others see it"), "calm") if row.stands else (_("others do not see it yet"), "wait")
    return [(_("waits for you"), "wait"), seen]


def shortened(problem: str) -> str:
    """Its beginning, as far as a row of a list goes."""
    return textwrap.shorten(problem, 90, placeholder=" …")


@blueprint.post("/mark")
def mark() -> Response:
    """Let several through, as they stood on the page."""
    locks.conference(g.conference)
    listing = _listing()
    try:
        marked = listing.marked(request.form, listing.mark_of)
    except NothingMarked as error:
        flash(str(error.sentence), "error")
        return redirect(listing.at(page=listing.page))
    _let_through({row.id: row.revision for row in marked})
    return redirect(listing.at(page=listing.page))


def _let_through(read: dict[int, int]) -> None:
    shown = moderation.let_through(g.conference, read, clock.now(g.conference))
    db.session.commit()
    if shown:
        flash(ngettext("Others see %(num)s more submission now.", "Others see %(num)s more submissions now.", shown))
    else:
        flash(
            _("Others see nothing new. Perhaps somebody was faster, or a text has changed: please look again."), "error"
        )


@blueprint.get("/<int:id>")
def show(id: int) -> Response:
    submission = g.scope.submission(id)
    return _page(submission, _accepting(submission), DeclineForm())


@blueprint.post("/<int:id>/let-through")
def let_through(id: int) -> Response:
    submission = g.scope.submission(id)
    _let_through({submission.id: request.form.get("revision", -1, type=whole)})
    return redirect(url_for("organiser.submissions.show", id=id))


@blueprint.post("/<int:id>/hold-back")
def hold_back(id: int) -> Response:
    return _done(g.scope.submission(id), moderation.hold_back, _("Others do not see it any more."))


@blueprint.post("/<int:id>/accept")
def accept(id: int) -> Response:
    submission = g.scope.submission(id)
    form = _accepting(submission)
    if form.validate_on_submit():
        now = clock.now(g.conference)
        try:
            if form.session.data:
                moderation.accept(submission, g.scope.session(form.session.data), form.read, now)
            elif not texts(form, "title"):
                form[f"title_{g.conference.language}"].errors = [_("Please write a title.")]
                return _page(submission, form, DeclineForm(), 422)
            else:
                moderation.accept_as_new(submission, texts(form, "title"), texts(form, "sentence"), form.read, now)
            db.session.commit()
            flash(_("Accepted."))
            return redirect(url_for("organiser.submissions.index"))
        except PlannerError as error:
            db.session.rollback()
            status = form.refuse(error)
            if isinstance(error, Stale):
                form.shows(submission)
            return _page(submission, form, DeclineForm(), status)
    return _page(submission, form, DeclineForm(), 422)


@blueprint.post("/<int:id>/decline")
def decline(id: int) -> Response:
    submission = g.scope.submission(id)
    form = DeclineForm()
    if form.validate_on_submit():
        try:
            moderation.decline(submission, form.reason.data, clock.now(g.conference))
            db.session.commit()
            flash(_("Declined. The author reads the reason."))
            return redirect(url_for("organiser.submissions.index"))
        except PlannerError as error:
            db.session.rollback()
            form.refuse(error)
    return _page(submission, _accepting(submission), form, 422)


@blueprint.post("/<int:id>/reopen")
def reopen(id: int) -> Response:
    now = clock.now(g.conference)
    return _done(g.scope.submission(id), lambda row: moderation.reopen(row, now), _("It waits for a decision again."))


def _done(submission: Submission, deed: Callable[[Submission], None], told: str) -> Response:
    id = submission.id
    try:
        deed(submission)
        db.session.commit()
        flash(told)
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
