"""An operator says by which server mails leave, and sends one to herself; the password is never shown again."""

import re
from typing import Any

from flask import Blueprint, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from pydantic import SecretStr
from werkzeug.wrappers import Response
from wtforms import BooleanField, PasswordField, RadioField
from wtforms.validators import ValidationError

from planner import clock, jobs, limits, mail_settings, trials
from planner.config import is_local, on_the_wire
from planner.errors import PlannerError, TooMany
from planner.extensions import db
from planner.forms import Revision, choices, line, number
from planner.mail_settings import Encryption, MailSettings
from planner.mail_words import ENCRYPTIONS
from planner.models import AuditEntry
from planner.texts import AtMost

blueprint = Blueprint("mail", __name__)
SERVER = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9.])?|[0-9A-Fa-f:]+:[0-9A-Fa-f:.]*")
PORTS, FREE_PORTS = (587, 465, 25), 1024
"""Where mail servers listen; above, where anybody may listen, a relay of one's own has whatever it was given."""


class SetElsewhere(PlannerError):
    status = 409
    sentence = _l(
        "Whoever runs the server has set mail up outside the browser, so nothing is changed here. Nothing was saved."
    )


def _without_line_end(text: str | None) -> str | None:
    """As it was pasted; a blank at its end may be part of a password."""
    return text.strip("\r\n") if text else text


class MailForm(Revision):
    """`stored` is what held when it was shown or sent: a password is kept only for the server that it was typed for."""

    beside = Revision.beside | {"password"}
    stored = mail_settings.OFF
    server = line(_l("Mail server"), 253)
    port = number(_l("Port"), 1, 65535)
    encryption = RadioField(
        _l("Encryption"),
        choices=choices(ENCRYPTIONS.items()),
    )
    in_the_open = BooleanField(
        _l("Without encryption all the same: I know that others in the network can read mails, links and password.")
    )
    username = line(_l("User name"), 255, required=False)
    password = PasswordField(_l("Password"), filters=[_without_line_end], validators=[AtMost(500)])
    from_address = line(_l("Sender's address"), 254)
    from_name = line(_l("Sender's name"), 120, required=False)

    def validate_server(self, field: Any) -> None:
        if not field.data:
            return  # that has its sentence already
        try:
            plain = field.data.encode("idna").decode()
        except UnicodeError:
            plain = ""
        if not SERVER.fullmatch(plain):
            raise ValidationError(
                _("Please write only the server's name, for example mail.example.org: no http:// and no port.")
            )

    def validate_port(self, field: Any) -> None:
        if field.data and field.data < FREE_PORTS and field.data not in PORTS:
            raise ValidationError(_("Mail servers do not listen on this port. Usual are 587, 465 and 25."))

    def validate_in_the_open(self, field: Any) -> None:
        if self.encryption.data == Encryption.NONE and not is_local(self.server.data or "") and not field.data:
            raise ValidationError(
                _("Everybody in the network could read along. Please encrypt, or tick that you want it all the same.")
            )

    def validate_username(self, field: Any) -> None:
        _plain(field)

    def validate_password(self, field: Any) -> None:
        _plain(field)
        if field.data and not self.username.data:
            raise ValidationError(_("A password needs a user name. If the server asks for neither, leave both empty."))
        if field.data or not self.username.data:
            return
        stored = self.stored
        if not stored.password.get_secret_value():
            raise ValidationError(
                _("Please type the password. If the server asks for none, leave the user name empty.")
            )
        if not stored.reaches_the_same(self.settings()):
            raise ValidationError(
                _("Server, port, encryption or user name is another one now, so please type the password again.")
            )

    def validate_from_address(self, field: Any) -> None:
        if not field.data:
            return
        try:
            local, _at, domain = on_the_wire(field.data).rpartition("@")
        except UnicodeError:
            local = domain = ""
        if not (local and domain) or re.search(r"[\s<>,;]", field.data):
            raise ValidationError(_("Please write one e-mail address, in plain letters before the @."))

    def settings(self) -> MailSettings:
        """As they were typed; without a password, what is stored."""
        typed = self.password.data or ""
        password = SecretStr(typed) if typed or not self.username.data else self.stored.password
        return MailSettings(
            "smtp",
            self.server.data,
            self.port.data or 0,
            Encryption(self.encryption.data),
            self.username.data or "",
            password,
            mail_settings.mailbox(self.from_name.data or "", self.from_address.data or ""),
        )


def _plain(field: Any) -> None:
    """What a server is told when one signs in has no other letters."""
    if field.data and not (field.data.isascii() and field.data.isprintable()):
        raise ValidationError(_("Mail servers take only plain letters, digits and signs here: no umlauts."))


def _form(stored: MailSettings) -> MailForm:
    found = MailForm(
        data={
            "server": stored.server,
            "port": stored.port,
            "encryption": stored.encryption.value,
            "in_the_open": stored.encryption is Encryption.NONE and not is_local(stored.server),
            "username": stored.username,
            "from_address": stored.sender_address,
            "from_name": stored.sender_name,
        }
    )
    found.stored = stored
    return found.revises()  # type: ignore[no-any-return]


@blueprint.route("/mail", methods=["GET", "POST"])
def edit() -> Response:
    stored, fixed = mail_settings.present(), mail_settings.are_fixed()
    if fixed and g.writes:
        raise SetElsewhere
    form = _form(stored)
    if form.validate_on_submit():
        try:
            _note("mail.set_up")
            with mail_settings.storing(form.settings()):
                db.session.commit()  # no server without a trace of who named it
            return _stored()
        except PlannerError as error:
            db.session.rollback()
            form.refuse(error)
    page = render_template(
        "organiser/mail/edit.html",
        form=form,
        fixed=fixed,
        stored=stored,
        keeps_password=bool(stored.password.get_secret_value()),
        broken=mail_settings.are_broken(),
        **_trial(),
    )
    return make_response(page, form.status)


def _stored() -> Response:
    if request.form.get("trial") == "yes":
        return _saved_and_tried()
    flash(_("Saved. From now on mails leave by this server. Please send yourself a test mail."))
    return redirect(url_for("organiser.mail.edit", _anchor="trial"))


def _saved_and_tried() -> Response:
    try:
        limits.charge("organiser.mail.trial", g.actor, None)
    except TooMany as error:
        flash(_("Saved."))
        flash(str(error.sentence), "error")
        return redirect(url_for("organiser.mail.edit", _anchor="trial"))
    return trial()


@blueprint.post("/mail/off")
def off() -> Response:
    """Nothing leaves any more, and what was stored is gone."""
    if mail_settings.are_fixed():
        raise SetElsewhere
    _note("mail.off")
    db.session.commit()
    mail_settings.forget()
    flash(_("Mail is switched off: nobody gets a message. The password is deleted."))
    return redirect(url_for("organiser.mail.edit"))


@blueprint.post("/mail/trial")
def trial() -> Response:
    """A test mail to herself, by the way that all mails take."""
    if mail_settings.present().way == "off":
        flash(_("Please save first by which server mails leave."), "error")
    else:
        row = trials.ask(g.actor, clock.now())
        db.session.commit()
        jobs.mail_trial(row)
    return redirect(url_for("organiser.mail.edit", _anchor="trial"))


@blueprint.get("/mail/trial")
def progress() -> str:
    """The part of the page that changes while a test is under way."""
    return render_template("organiser/mail/_trial.html", **_trial())


def _trial() -> dict[str, Any]:
    return {"tried": trials.last(g.actor, clock.now())}


def _note(action: str) -> None:
    """That it was done, never what was typed."""
    db.session.add(AuditEntry(happened_at=clock.now(), actor=f"organiser:{g.actor.id}", action=action))
    db.session.flush()
