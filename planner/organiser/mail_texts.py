"""Texts of mails: the program's or the conference's own, in each language, with a real person's mail as preview."""

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from werkzeug.wrappers import Response

from planner import clock, languages, locks, mail_texts, notifications
from planner.errors import PlannerError
from planner.extensions import db, only_reads
from planner.forms import Revision, line, text
from planner.models import MailKind, Message, Participant, ParticipantState
from planner.words import MAIL_KINDS

blueprint = Blueprint("mail_texts", __name__, url_prefix="/mail-texts")
MESSAGE = {MailKind.NEWS: "published"}
"""The kind of message that a preview shows, where it is called otherwise."""


class MailForm(Revision):
    subject = line(_l("Subject"), 150)
    body = text(_l("Text"), 5000)


@blueprint.route("/", methods=["GET", "POST"])
def edit() -> Response:
    """A preview is only shown: `more` saves nothing."""
    kind, language = _which(request.args)
    if not only_reads():
        locks.conference(g.conference, alone=True)
    stored = mail_texts.of(g.conference, kind, language)
    start = stored or notifications.standard(g.conference, kind, language)
    form = MailForm(data={"subject": start.subject, "body": start.body}).revises()
    if form.validate_on_submit():
        try:
            mail_texts.save(g.conference, kind, language, _typed(form))
            db.session.commit()
            flash(_("Saved."))
            return redirect(_here(kind, language))
        except PlannerError as error:
            db.session.rollback()
            form.refuse(error)
    return _page(form, kind, language, is_own=stored is not None)


@blueprint.post("/reset")
def reset() -> Response:
    kind, language = _which(request.form)
    locks.conference(g.conference, alone=True)
    mail_texts.reset(g.conference, kind, language)
    db.session.commit()
    flash(_("The usual text is back."))
    return redirect(_here(kind, language))


def _which(given: object) -> tuple[MailKind, str]:
    """Of which mail, and in which language; what the address does not say is the first."""
    kind, language = (given.get(name, "") for name in ("kind", "language"))  # type: ignore[attr-defined]
    return (
        MailKind(kind) if kind in set(MailKind) else MailKind.INVITATION,
        language if language in mail_texts.LANGUAGES else mail_texts.LANGUAGES[0],
    )


def _here(kind: str, language: str) -> str:
    return url_for("organiser.mail_texts.edit", kind=str(kind), language=language)


def _typed(form: MailForm) -> mail_texts.Own:
    return mail_texts.Own(form.subject.data, form.body.data)


def _page(form: MailForm, kind: MailKind, language: str, *, is_own: bool) -> Response:
    if request.method == "POST" and not form.is_submitted() and form.validate():
        try:
            mail_texts.check(_typed(form), kind, language)
        except PlannerError as error:
            form.refuse(error)
    person = _somebody(language)
    shown = None if form.errors or person is None else _preview(form, kind, person)
    page = render_template(
        "organiser/mail_text.html",
        conference=g.conference,
        form=form,
        here=_here(kind, language),
        kind=kind.value,
        language_of_it=language,
        kinds=[(each, label, _here(each, language)) for each, label in MAIL_KINDS.items()],
        tongues=[(code, languages.name_of(code), _here(kind, code)) for code in mail_texts.LANGUAGES],
        words=mail_texts.listed(kind, language),
        is_own=is_own,
        person=person,
        mail=shown,
        now=clock.now(g.conference),
    )
    return make_response(page, form.status)


def _somebody(language: str) -> Participant | None:
    """A real person who is written to in this language, by name the first."""
    coming = select(Participant).filter_by(conference_id=g.conference.id)
    people = coming.where(Participant.email.is_not(None), Participant.state != ParticipantState.CANCELLED)
    rows = db.session.scalars(people.order_by(Participant.name, Participant.id))
    return next((person for person in rows if languages.told_in(person) == language), None)


def _preview(form: MailForm, kind: MailKind, person: Participant) -> object:
    sample = Message(participant=person, kind=MESSAGE.get(kind, kind.value), facts={}, created_at=clock.now())
    with db.session.no_autoflush:
        return notifications.preview(sample, clock.now(), _typed(form))
