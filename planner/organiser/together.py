"""Several submissions at once: accept them as one session, decline them, or make one of them part of the other."""

from collections.abc import Callable

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from planner import answers, clock, doubles, moderation, submissions
from planner.errors import PlannerError
from planner.extensions import db
from planner.forms import choices
from planner.models import Submission, SubmissionState
from planner.organiser.decisions import TogetherForm, courteous, what_now
from planner.organiser.submissions import shortened
from planner.organiser.translated import per_language, texts
from planner.texts import whole

blueprint = Blueprint("together", __name__, url_prefix="/submissions/together")

Rows = list[tuple[Submission, int]]
"""Each with the revision that was read."""


@blueprint.route("/", methods=["GET", "POST"])
def new() -> Response:
    return _decide(_join if "join" in request.form else _accept)


@blueprint.post("/decline")
def decline() -> Response:
    return _decide(_decline)


def _decide(deed: Callable[[TogetherForm, Rows], Response | None]) -> Response:
    form = per_language(TogetherForm)(of=request.args.get("of", "")).prepare()
    rows = _chosen(form.of.data or "")
    form.stays.choices = choices((row.id, shortened(row.problem)) for row, _read in rows)
    if not form.is_submitted():
        form.stays.data = rows[0][0].id if rows else None
        form.reason.data = courteous([row for row, _read in rows])
        _tell_who_is_missing(request.args.get("marked", 0, int), len(rows))
    elif form.validate_on_submit():
        try:
            done = deed(form, rows)
            if done:
                return done
        except PlannerError as error:
            db.session.rollback()
            form.refuse(error)
    # What is read from here on is what stands on this page.
    form.of.raw_data, form.of.data = None, ",".join(f"{row.id}-{row.revision}" for row, _read in rows)
    page = render_template(
        "organiser/together.html",
        conference=g.conference,
        form=form,
        rows=[row for row, _read in rows],
        counts=submissions.support_counts(g.conference),
        now=clock.now(g.conference),
    )
    return make_response(page, form.status)


def _tell_who_is_missing(marked: int, there: int) -> None:
    """Nothing that was marked is left out in silence."""
    if marked > moderation.TOGETHER:
        flash(
            _(
                "At most %(most)s submissions are decided together. You have marked %(marked)s: "
                "the others wait on the list.",
                most=moderation.TOGETHER,
                marked=marked,
            ),
            "wait",
        )
    elif there < marked:
        flash(_("What is part of another submission, or decided by now, is left out here."), "wait")


def _chosen(of: str) -> Rows:
    """Those that can be decided, each with the revision that was read; words that name none are left out."""
    wanted: dict[int, int] = {}
    for word in of.split(",")[: moderation.TOGETHER]:
        id, _sign, read = word.partition("-")
        try:
            wanted[whole(id)] = whole(read)
        except ValueError:
            continue
    rows = {row.id: row for row in submissions.in_states(g.conference, *_STATES)}
    return [(rows[id], read) for id, read in wanted.items() if id in rows and rows[id].joined_to_id is None]


_STATES = (SubmissionState.SUBMITTED, SubmissionState.ACCEPTED, SubmissionState.MERGED)


def _decline(form: TogetherForm, rows: Rows) -> Response | None:
    if not form.answers():
        return None
    now, read = clock.now(g.conference), {row.id: seen for row, seen in rows}
    declined = moderation.decline_together(g.conference, read, form.reason.data, now)
    told = clock.now()
    for row in declined:
        answers.tell(row, told)
    db.session.commit()
    flash(
        ngettext(
            "%(num)s submission is declined. Its author reads your answer on her page.",
            "%(num)s submissions are declined. Their authors read your answer on their pages.",
            len(declined),
        )
    )
    return redirect(url_for("organiser.submissions.index"))


def _accept(form: TogetherForm, rows: Rows) -> Response | None:
    if not form.names_one():
        return None
    read = {row.id: seen for row, seen in rows}
    session = g.scope.session(form.session.data) if form.session.data else None
    now = clock.now(g.conference)
    session = moderation.accept_together(
        g.conference, read, session, texts(form, "title"), texts(form, "sentence"), now
    )
    db.session.commit()
    flash(what_now(session))
    return redirect(url_for("organiser.submissions.index"))


def _join(form: TogetherForm, rows: Rows) -> Response:
    known = {row.id: row for row, _read in rows}
    if form.stays.data not in known:
        raise doubles.OneIsEnough(field="stays")
    stays = known[form.stays.data]
    doubles.join(stays, known.values(), clock.now(g.conference), {row.id: read for row, read in rows})
    id = stays.id
    db.session.commit()
    flash(_("They are one now: whom one of them concerns, this one concerns. You can take it apart again."))
    return redirect(url_for("organiser.submissions.show", id=id))
