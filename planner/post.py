"""Hands one mail over to the server, and says how that ended: the one question is whether somebody may have it now."""

import enum
import smtplib
import ssl
from dataclasses import dataclass
from typing import cast

from flask import current_app
from flask_mailman import EmailMessage
from flask_mailman.utils import DNS_NAME

from planner.config import Config, on_the_wire

PATIENCE = 30.0
"""Seconds for each answer of the server."""
FOR_GOOD = range(500, 600)
LONGEST = 300
"""Letters of a reason that are kept."""


class Ending(enum.Enum):
    SENT = "sent"
    WRITTEN = "written"  # into a file on this computer: nobody has got it
    REFUSED = "refused"  # not this mail now: nothing was accepted, so it may be sent again
    REJECTED = "rejected"  # not this mail ever
    AWAY = "away"  # no server, or none that takes any mail now: nothing was accepted
    DOUBTFUL = "doubtful"  # all of it was handed over, and no answer came


WENT_WELL = {Ending.SENT, Ending.WRITTEN}


@dataclass(frozen=True)
class Answer:
    """How it ended, and what the server or this computer said where it did not end well."""

    ending: Ending
    reason: str = ""


def hand_over(mail: EmailMessage) -> Ending:
    """Whatever the way, an address that no server could be told is nobody's."""
    return ask(mail).ending


def ask(mail: EmailMessage) -> Answer:
    """The same, with the reason: for whoever sets it up, and for no log."""
    config = cast(Config, current_app.extensions["planner"])
    try:
        sender, to = on_the_wire(str(mail.from_email)), [on_the_wire(address) for address in mail.recipients()]
        text = mail.message().as_bytes(linesep="\r\n")
    except UnicodeError as error:  # before any server is asked
        return Answer(Ending.REJECTED, _said(error, config))
    if config.mail == "smtp":
        return _by_smtp(sender, to, text, config)
    try:
        mail.send()
    except OSError as error:
        return Answer(Ending.AWAY, _said(error, config))
    return Answer(Ending.WRITTEN)


class Server(smtplib.SMTP):
    """Knows whether the end of the text has left without an answer: only then nobody can tell what became of it."""

    asked_for_text = unanswered = False

    def send(self, s: object) -> None:
        super().send(s)  # type: ignore[arg-type]
        if self.asked_for_text:
            self.asked_for_text, self.unanswered = False, True

    def getreply(self) -> tuple[int, bytes]:
        code, text = super().getreply()
        self.asked_for_text, self.unanswered = code == 354, False
        return code, text


def _by_smtp(sender: str, to: list[str], text: bytes, config: Config) -> Answer:
    try:
        server = _connected(config)
    except OSError as error:  # what smtplib raises is one of these
        return Answer(Ending.AWAY, _said(error, config))
    try:
        server.sendmail(sender, to, text)
    except OSError as error:
        ending = Ending.DOUBTFUL if server.unanswered else _refusal(error)
        return Answer(ending, _said(error, config))
    finally:
        server.close()
    return Answer(Ending.SENT)


def _said(error: Exception, config: Config) -> str:
    """In one line, what the server answered or the system says; whatever it repeats, never the password."""
    told: object = str(error)
    if isinstance(error, smtplib.SMTPAuthenticationError):  # its text may repeat, in its own spelling, what was sent
        told = f"{error.smtp_code} AUTH"
    elif isinstance(error, smtplib.SMTPRecipientsRefused):
        told = " ".join(f"{code} {_text(answer)}" for code, answer in error.recipients.values())
    elif isinstance(error, smtplib.SMTPResponseException):
        told = f"{error.smtp_code} {_text(error.smtp_error)}"
    line = " ".join("".join(c if c.isprintable() else " " for c in str(told)).split())
    password = config.mail_password.get_secret_value()
    return (line.replace(password, "…") if password else line)[:LONGEST]


def _text(answer: bytes | str) -> str:
    return answer.decode(errors="replace") if isinstance(answer, bytes) else answer


def _connected(config: Config) -> Server:
    server = Server(config.mail_server, config.mail_port, str(DNS_NAME.get_fqdn()), timeout=PATIENCE)
    try:
        server.ehlo_or_helo_if_needed()
        if config.mail_use_tls:
            server.starttls(context=ssl.create_default_context())  # without one nobody is verified
        if config.mail_username:
            server.login(config.mail_username, config.mail_password.get_secret_value())
    except BaseException:
        server.close()
        raise
    return server


def _refusal(error: OSError) -> Ending:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _text in error.recipients.values()]
    elif isinstance(error, smtplib.SMTPDataError):
        codes = [error.smtp_code]
    elif isinstance(error, smtplib.SMTPSenderRefused):
        return Ending.AWAY  # what it says of the sender it says of every mail
    else:
        return Ending.REFUSED  # the line broke before the end of the text
    return Ending.REJECTED if all(code in FOR_GOOD for code in codes) else Ending.REFUSED
