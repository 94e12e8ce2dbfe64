"""Messages: who was written to, who has to be told otherwise, what did not arrive, and what to do now."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Row
from werkzeug.wrappers import Response

from planner import (
    acts,
    auth,
    clock,
    dates,
    days,
    inviting,
    jobs,
    languages,
    notifications,
    outbox,
    reminders,
    spans,
    trials,
)
from planner.errors import PlannerError
from planner.extensions import db
from planner.models import Message, MessageState
from planner.organiser.lists import Chip, Column, Listing, NothingMarked
from planner.words import MESSAGE_STATES

blueprint = Blueprint("messages", __name__, url_prefix="/messages")
Written = Row[Any]
"""As `outbox.listed` tells of a message."""
LEAVING = {MessageState.WAITING, MessageState.SENDING}
URGENT = [
    MessageState.FAILED,
    MessageState.DOUBTFUL,
    MessageState.BY_HAND,
    *LEAVING,
    MessageState.WRITTEN,
    MessageState.SENT,
]
TONES: dict[str, tuple[str, str | None]] = {
    "waiting": ("wait", None),
    "sending": ("wait", None),
    "sent": ("good", "check"),
    "written": ("wait", None),
    "doubtful": ("wait", "warning"),
    "failed": ("bad", "warning"),
    "by_hand": ("wait", None),
    "overtaken": ("calm", None),
}


@blueprint.get("/")
def index() -> str:
    rows, left = outbox.listed(g.conference), outbox.left(g.conference)
    return render_template(
        "organiser/messages.html",
        conference=g.conference,
        list=_listing(rows),
        unreached=left.unreached,
        to_tell=left.to_tell,
        in_files=left.in_files,
        leaving=sum(row.state in LEAVING for row in rows),
        reminds=reminders.is_open(g.conference, clock.now()),
        way=notifications.way_in_words(),
        mail=notifications.mail_is_set_up(),
        tried=trials.last(g.actor, clock.now()),
        now=clock.now(g.conference),
    )


def _listing(rows: Any) -> Listing[Written]:
    """What needs somebody stands first."""
    words = days.Words(g.conference)
    columns = [
        Column[Written]("name", _("Name"), lambda row: row.name),
        Column[Written]("kind", _("Message"), lambda row: notifications.heading(row.kind, days.lacks(row))),
        Column[Written]("state", _("State"), _state, _urgency, "state"),
        Column[Written]("told", _("What she is told"), lambda row: days.in_a_line(row, words)),
        Column[Written]("written", _("Written"), _written, lambda row: row.id),
    ]
    return Listing(
        "organiser.messages.index",
        rows,
        columns,
        request.args,
        link=lambda row: url_for("organiser.messages.show", id=row.id),
        words=lambda row: row.name,
        usual="state",
        chips=[
            Chip("waiting", _("waiting"), lambda row: row.state in LEAVING),
            Chip("sent", _("sent"), lambda row: row.state is MessageState.SENT),
            Chip("written", _("in a file, not sent"), lambda row: _is_open(row, MessageState.WRITTEN)),
            Chip("failed", _("failed"), lambda row: _is_open(row, MessageState.FAILED)),
            Chip("doubtful", _("doubtful"), lambda row: _is_open(row, MessageState.DOUBTFUL)),
            Chip("otherwise", _("to be told otherwise"), lambda row: _is_open(row, MessageState.BY_HAND)),
            Chip("lacking", _("without a place"), lambda row: bool(days.lacks(row))),
            Chip("told", _("told otherwise"), lambda row: row.told_at is not None),
        ],
    )


def _is_open(row: Written, *states: MessageState) -> bool:
    return row.state in states and row.told_at is None


def _state(row: Written) -> tuple[object, str, str | None]:
    if row.told_at is not None:
        return _("told otherwise"), "good", "check"
    return MESSAGE_STATES[row.state], *TONES[row.state]


def _urgency(row: Written) -> int:
    return URGENT.index(row.state) if row.told_at is None and row.state in URGENT else len(URGENT)


def _written(row: Written) -> str:
    return dates.short_moment(row.created_at, g.conference)


@blueprint.get("/<int:id>")
def show(id: int) -> str:
    """One message: to whom, what it says, how it ended, and what to do now."""
    message: Message = g.scope.message(id)
    return render_template(
        "organiser/message.html",
        conference=g.conference,
        message=message,
        heading=notifications.heading(message.kind, days.lacks(message)),
        state=_state(message),  # type: ignore[arg-type]
        changes=days.told(message, days.Words(g.conference)),
        is_open=message.state in outbox.to_see_to() and message.told_at is None,
        mail=notifications.mail_is_set_up(),
        now=clock.now(g.conference),
    )


@blueprint.get("/reminder")
def reminder() -> str:
    """Who has not chosen: whom a reminder would reach, how it reads, and whom somebody has to remind herself."""
    open_, told, trouble = reminders.is_open(g.conference, clock.now()), None, ""
    try:
        told = reminders.reach(g.conference, clock.now()) if open_ else None
    except PlannerError as error:
        trouble = str(error.sentence)
    first = g.scope.participant(told.by_mail[0].id) if told and told.by_mail else None
    return render_template(
        "organiser/reminder.html",
        conference=g.conference,
        is_open=open_,
        trouble=trouble,
        told=told,
        question=reminders.question(told) if told else (),
        first=first,
        mail=notifications.preview(reminders.sample(first, clock.now()), clock.now()) if first else None,
        hers=languages.told_in(first) if first else "",
        by_hand=reminders.to_tell(g.conference),
        now=clock.now(g.conference),
    )


@blueprint.post("/remind")
def remind() -> Response:
    try:
        told = reminders.remind(g.conference, clock.now)
        acts.tell(of=spans.written([person.id for person in told.people]))
        db.session.commit()
        jobs.deliver()
        for sentence in reminders.done(told):
            flash(sentence)
    except PlannerError as error:
        db.session.rollback()
        flash(str(error.sentence), "error")
    return redirect(url_for("organiser.messages.reminder"))


@blueprint.get("/invitation")
def invitation() -> str:
    """Who was not invited yet, or of those marked: whom a mail would reach, how it reads, and who has no address."""
    of, now = inviting.asked_for(request.args.get("of", "")), clock.now()
    open_ = auth.takes_links(g.conference, now)
    told = inviting.reach(g.conference, of) if open_ else None
    everybody = told.meant(again=True) if told else []
    first = g.scope.participant(everybody[0].id) if everybody else None
    return render_template(
        "organiser/invitation.html",
        conference=g.conference,
        of=of,
        takes_links=open_,
        told=told,
        question=inviting.question(told) if told else (),
        mail_is_off=not notifications.mail_is_set_up(),
        way=notifications.way_in_words(),
        first=first,
        mail=notifications.preview(inviting.sample(first, now), now) if first else None,
        hers=languages.told_in(first) if first else "",
        now=clock.now(g.conference),
    )


@blueprint.post("/invite")
def invite() -> Response:
    """Whoever had an invitation gets another one only where she is asked for by a button of its own."""
    of = request.form.get("of", "")
    try:
        if of and not inviting.asked_for(of):
            raise inviting.NobodyMeant
        people = inviting.invite(g.conference, of, clock.now, again=request.form.get("again") == "yes")
        acts.tell(of=spans.written([person.id for person in people]))
        db.session.commit()
        jobs.deliver()
        flash(inviting.done(people))
    except PlannerError as error:
        db.session.rollback()
        flash(str(error.sentence), "error")
        return redirect(url_for("organiser.messages.invitation", of=of or None))
    return redirect(url_for("organiser.messages.index"))


@blueprint.post("/trial")
def trial() -> Response:
    """A test mail to herself, by the way that all mails take."""
    if notifications.mail_is_set_up():
        row = trials.ask(g.actor, clock.now())
        db.session.commit()
        jobs.mail_trial(row)
        flash(_("A test mail to %(email)s is on its way.", email=g.actor.email))
    else:
        flash(notifications.way_in_words(), "error")
    return redirect(url_for("organiser.messages.index", _anchor="mail"))


@blueprint.post("/mark")
def mark() -> Response:
    """Several people at once know by other ways; the list stays as it was filtered."""
    listing = _listing(outbox.listed(g.conference))
    try:
        numbers = [row.id for row in listing.marked(request.form, lambda row: row.id)]
    except NothingMarked as error:
        flash(str(error.sentence), "error")
        return redirect(listing.at(page=listing.page))
    done = outbox.all_told(g.conference, numbers, clock.now())
    acts.tell(of=spans.written(done))
    db.session.commit()
    if done:
        flash(ngettext("Noted: %(num)s person knows.", "Noted: %(num)s people know.", len(done)))
    else:
        flash(_("Please mark somebody first who has to be told."), "error")
    return redirect(listing.at(page=listing.page))


@blueprint.post("/<int:id>/again")
def again(id: int) -> Response:
    message = g.scope.message(id)
    try:
        outbox.send_again(message, g.actor, clock.now())
        db.session.commit()
        jobs.deliver()
        flash(_("It is on its way once more."))
    except PlannerError as error:
        db.session.rollback()
        flash(str(error.sentence), "error")
    return redirect(url_for("organiser.messages.index"))


@blueprint.post("/<int:id>/told")
def told(id: int) -> Response:
    outbox.told_otherwise(g.scope.message(id), g.actor, clock.now())
    db.session.commit()
    flash(_("Noted: she knows."))
    return redirect(url_for("organiser.messages.index"))
