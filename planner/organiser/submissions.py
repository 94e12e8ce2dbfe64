"""Submissions by state: let through, accept as a new session or into one, decline with a reason, undo."""

import textwrap
from collections.abc import Callable, Sequence
from datetime import datetime

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from planner import answers, clock, dates, doubles, languages, locks, moderation, submissions
from planner.errors import PlannerError, Stale
from planner.extensions import db
from planner.likeness import MY_WORDS
from planner.models import WORKED_ON, Submission, SubmissionState
from planner.organiser.decisions import AcceptForm, DeclineForm, NoteForm, accepting, declining, what_now
from planner.organiser.lists import Chip, Choice, Column, Listing, NothingMarked
from planner.organiser.translated import texts
from planner.texts import whole

blueprint = Blueprint("submissions", __name__, url_prefix="/submissions")
ORDER = (SubmissionState.SUBMITTED, *WORKED_ON, SubmissionState.DECLINED, SubmissionState.WITHDRAWN)
NEW, SHOWN, PART = "new", "shown", "part"
MOST_DOUBLES = 12


@blueprint.get("/")
def index() -> str:
    listing = _listing()
    return render_template(
        "organiser/submissions.html",
        conference=g.conference,
        list=listing,
        doubles=_doubles(listing.shown),
        now=clock.now(g.conference),
    )


def _doubles(rows: Sequence[Submission]) -> list[tuple[str, list[Submission]]]:
    """Of those that wait on this page what may say the same, each pair once, with the address to decide about them."""
    waiting = [row for row in rows if step(row) in {NEW, SHOWN}][:MOST_DOUBLES]
    found, told = [], set()
    known = {row.id: row for row in waiting}
    for id, others in submissions.perhaps_the_same(g.conference, waiting).items():
        several = [known[id], *(row for row in others if frozenset((id, row.id)) not in told)]
        told |= {frozenset((id, row.id)) for row in several}
        if len(several) > 1:
            found.append((_together(several), several))
    return found


def _together(rows: Sequence[Submission]) -> str:
    return url_for("organiser.together.new", of=",".join(f"{row.id}-{row.revision}" for row in rows))


def _listing() -> Listing[Submission]:
    """What waits for a decision first; drafts are their authors' own."""
    here, counts = languages.current(), submissions.support_counts(g.conference)
    themes = {theme.id: languages.pick(theme.title, here) for theme in g.conference.themes}
    rows = submissions.in_states(g.conference, *ORDER)
    tongues = sorted({row.language for row in rows}, key=languages.name_of)

    def stands_at(*steps: str) -> Callable[[Submission], bool]:
        return lambda row: step(row) in steps

    def session(row: Submission) -> str:
        return f"{row.session.number}. {languages.pick(row.session.title, here)}" if row.session else ""

    listing = Listing(
        "organiser.submissions.index",
        rows,
        [
            Column("problem", _("Submission"), lambda row: shortened(row.problem)),
            Column("theme", _("Theme"), lambda row: row.theme, lambda row: themes.get(row.theme_id or 0, ""), "theme"),
            Column("language", _("Language"), lambda row: languages.name_of(row.language)),
            Column("concerns", _("Concerns others"), lambda row: counts.get(row.id, 0), kind="number"),
            Column("date", _("Date"), lambda row: dates.day(row.created_at, g.conference), lambda row: row.created_at),
            Column("session", _("Session"), session, lambda row: row.session.number if row.session else ""),
            Column("state", _("State"), _state, lambda row: list(_steps()).index(step(row)), "state"),
        ],
        request.args,
        link=lambda row: url_for("organiser.submissions.show", id=row.id),
        words=lambda row: f"{row.problem} {row.experience} {row.support_needed} {row.question}",
        chips=[
            Chip("waiting", _("waits for you"), stands_at(NEW, SHOWN)),
            *(Chip(key, label, stands_at(key)) for key, (label, _tone) in _steps().items()),
        ],
        choices=[
            Choice("theme", _("Theme"), _("all themes"), list(themes.items()), lambda row: row.theme_id),
            Choice(
                "language",
                _("Language"),
                _("all languages"),
                [(number, languages.name_of(code)) for number, code in enumerate(tongues, start=1)],
                lambda row: tongues.index(row.language) + 1,
            ),
        ],
        usual="state",
    )
    listing.mark = lambda row: f"{row.id}-{row.revision}"  # what is let through is what she has read
    return listing


def _steps() -> dict[str, tuple[str, str]]:
    """Where a submission stands, in the board's order, with its words and tone."""
    return {
        NEW: (_("to be let through"), "wait"),
        SHOWN: (_("others see it"), "wait"),
        "accepted": (_("in a session"), "good"),
        PART: (_("part of another one"), "calm"),
        "declined": (_("declined"), "bad"),
        "withdrawn": (_("withdrawn"), "calm"),
    }


def step(row: Submission) -> str:
    if row.joined_to_id and row.state is not SubmissionState.WITHDRAWN:
        return PART
    if row.state is SubmissionState.SUBMITTED:
        return SHOWN if row.stands else NEW
    return "accepted" if row.state in WORKED_ON else str(row.state.value)


def _state(row: Submission) -> tuple[object, str]:
    return _steps()[step(row)]


def shortened(problem: str) -> str:
    """Its beginning, as far as a row of a list goes."""
    return textwrap.shorten(problem, 90, placeholder=" …")


@blueprint.post("/mark")
def mark() -> Response:
    """Let several through as they stood on the page, or decide about them together."""
    locks.conference(g.conference)
    listing = _listing()
    try:
        marked = listing.marked(request.form, listing.mark_of)
    except NothingMarked as error:
        flash(str(error.sentence), "error")
        return redirect(listing.at(page=listing.page))
    if request.form.get("act") == "together":
        first = ",".join(listing.mark_of(row) for row in marked[: moderation.TOGETHER])  # an address has an end
        return redirect(url_for("organiser.together.new", of=first, marked=len(marked)))
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
    return _page(submission)


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
    form = accepting(submission)
    if form.validate_on_submit() and form.names_one():
        now = clock.now(g.conference)
        try:
            session = g.scope.session(form.session.data) if form.session.data else None
            if session:
                moderation.accept(submission, session, form.read, now)
            else:
                session = moderation.accept_as_new(
                    submission, texts(form, "title"), texts(form, "sentence"), form.read, now
                )
            db.session.commit()
            flash(what_now(session))
            return redirect(url_for("organiser.submissions.index"))
        except PlannerError as error:
            db.session.rollback()
            form.refuse(error)
            if isinstance(error, Stale):
                form.shows(submission)
    return _page(submission, accept=form, status=form.status)


@blueprint.post("/<int:id>/decline")
def decline(id: int) -> Response:
    submission = g.scope.submission(id)
    form = DeclineForm()
    if form.validate_on_submit():
        try:
            now, read = clock.now(g.conference), request.form.get("revision", type=whole)
            moderation.decline(submission, form.reason.data, now, read)
            for row in (submission, *doubles.parts_of(submission.id)):
                answers.tell(row, clock.now())
            db.session.commit()
            flash(_("Declined. The author reads your answer on her page."))
            return redirect(url_for("organiser.submissions.index"))
        except PlannerError as error:
            db.session.rollback()
            form.refuse(error)
    return _page(submission, decline=form, status=422)


@blueprint.post("/<int:id>/reopen")
def reopen(id: int) -> Response:
    now = clock.now(g.conference)
    return _done(g.scope.submission(id), lambda row: _reopen(row, now), _("It waits for a decision again."))


def _reopen(submission: Submission, now: datetime) -> None:
    moderation.reopen(submission, now)
    for row in (submission, *doubles.parts_of(submission.id)):
        answers.take_back(row)


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


@blueprint.post("/<int:id>/take-apart")
def take_apart(id: int) -> Response:
    now = clock.now(g.conference)
    return _done(g.scope.submission(id), lambda row: _take_apart(row, now), _("It stands alone and waits again."))


def _take_apart(submission: Submission, now: datetime) -> None:
    moderation.take_apart(submission, now)
    answers.take_back(submission)


@blueprint.route("/<int:id>/note", methods=["GET", "POST"])
def note(id: int) -> Response:
    """For organisers alone: whoever only reads does not read this."""
    submission = locks.edited(g.scope.submission(id))
    form = NoteForm(obj=submission).revises()
    if form.validate_on_submit():
        submission.note = form.note.data
        db.session.commit()
        flash(_("Saved."))
        return redirect(url_for("organiser.submissions.show", id=id))
    page = render_template(
        "organiser/note.html",
        conference=g.conference,
        submission=submission,
        form=form,
        now=clock.now(g.conference),
    )
    return make_response(page, form.status)


def _alike(submission: Submission) -> list[tuple[str, Submission]]:
    if step(submission) not in {NEW, SHOWN}:
        return []
    found = submissions.perhaps_the_same(g.conference, [submission], MY_WORDS, 5).get(submission.id, [])
    return [(_together([submission, row]), row) for row in found]


def _page(
    submission: Submission,
    *,
    accept: AcceptForm | None = None,
    decline: DeclineForm | None = None,
    status: int = 200,
) -> Response:
    page = render_template(
        "organiser/submission.html",
        conference=g.conference,
        submission=submission,
        step=step(submission),
        state=_state(submission),
        accepting=accept or accepting(submission),
        declining=decline or declining(submission),
        what_now=what_now(submission.session) if submission.session else "",
        parts=doubles.parts_of(submission.id),
        alike=_alike(submission),
        supporters=len(submission.supporters),
        now=clock.now(g.conference),
    )
    return make_response(page, status)
