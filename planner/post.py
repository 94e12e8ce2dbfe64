"""Hands one mail over to the server, and says how that ended: the one question is whether somebody may have it now."""

import enum
import smtplib
import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from flask_mailman import EmailMessage
from flask_mailman.utils import DNS_NAME

from planner import mail_settings
from planner.config import on_the_wire
from planner.mail_settings import Encryption, MailSettings

PATIENCE = 30.0
"""Seconds for each answer of the server."""
FOR_GOOD = range(500, 600)
AUTHENTICATION_REQUIRED = 530  # RFC 4954, also in answer to the sender
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


class Trouble(enum.Enum):
    """What was the matter, for whoever sets it up."""

    NO_NAME = "no_name"
    SHUT = "shut"
    SILENT = "silent"
    NO_SERVER = "no_server"  # whoever answers there takes no mail
    NOT_ENCRYPTED = "not_encrypted"
    CERTIFICATE = "certificate"
    NO_LOGIN = "no_login"
    LOGIN = "login"
    WANTS_LOGIN = "wants_login"
    SENDER = "sender"
    RECIPIENT = "recipient"
    TEXT = "text"
    CUT = "cut"


@dataclass(frozen=True)
class Answer:
    """How it ended, and what the server or this computer said where it did not end well."""

    ending: Ending
    reason: str = ""
    trouble: Trouble | None = None


class NotEncrypted(smtplib.SMTPException):
    """The server does not do it, so nothing was told it."""


def hand_over(mail: EmailMessage) -> Ending:
    """Whatever the way, an address that no server could be told is nobody's."""
    return ask(mail).ending


def ask(mail: EmailMessage, limit: float | None = None) -> Answer:
    """The same, with the reason: for whoever sets it up, and for no log. `limit` is seconds for all of it."""
    settings = mail_settings.present()
    if settings.way == "off":  # switched off since somebody asked
        return Answer(Ending.AWAY)
    mail.from_email = settings.sender or mail.from_email
    try:
        sender, to = on_the_wire(str(mail.from_email)), [on_the_wire(address) for address in mail.recipients()]
        text = mail.message().as_bytes(linesep="\r\n")
    except UnicodeError as error:  # before any server is asked
        return Answer(Ending.REJECTED, _said(error, settings))
    if settings.way == "smtp":
        return _by_smtp(sender, to, text, settings, limit)
    try:
        mail.send()
    except OSError as error:
        return Answer(Ending.AWAY, _said(error, settings))
    return Answer(Ending.WRITTEN)


class Server(smtplib.SMTP):
    """Knows whether the end of the text has left without an answer: only then nobody can tell what became of it.

    After `limit` seconds the line is cut, however slowly the other side goes on; the look-up of its name takes the time
    that the system gives it, and is followed by nothing more.
    """

    asked_for_text = unanswered = took_too_long = False

    def __init__(self, *where: Any, limit: float | None = None, **options: Any):
        self.bell = threading.Timer(limit, self._cut) if limit else None
        if self.bell:
            self.bell.daemon = True
            self.bell.start()
        try:
            super().__init__(*where, **options)
        except BaseException as error:
            self.close()
            if self.took_too_long:
                raise TimeoutError("too slow") from error
            raise
        if self.took_too_long:  # there was no line yet that could be cut
            self.close()
            raise TimeoutError("too slow")

    def _cut(self) -> None:
        self.took_too_long = True
        if isinstance(line := self.sock, socket.socket):
            with suppress(OSError):  # not connected any more
                socket.socket.shutdown(line, socket.SHUT_RDWR)

    def close(self) -> None:
        if self.bell:
            self.bell.cancel()
        super().close()

    def send(self, s: object) -> None:
        super().send(s)  # type: ignore[arg-type]
        if self.asked_for_text:
            self.asked_for_text, self.unanswered = False, True

    def getreply(self) -> tuple[int, bytes]:
        code, text = super().getreply()
        self.asked_for_text, self.unanswered = code == 354, False
        return code, text


class EncryptedServer(Server, smtplib.SMTP_SSL):
    """From the first byte."""


def _by_smtp(sender: str, to: list[str], text: bytes, settings: MailSettings, limit: float | None) -> Answer:
    try:
        server = _connected(settings, limit)
    except (OSError, UnicodeError) as error:  # what smtplib raises is an OSError
        return Answer(Ending.AWAY, _said(error, settings), trouble(error))
    try:
        server.sendmail(sender, to, text)
    except OSError as error:
        ending = Ending.DOUBTFUL if server.unanswered else _refusal(error)
        what = None if ending is Ending.DOUBTFUL else Trouble.SILENT if server.took_too_long else trouble(error)
        return Answer(ending, _said(error, settings), what)
    finally:
        server.close()
    return Answer(Ending.SENT)


def trouble(error: Exception) -> Trouble:
    """What a person can look after."""
    if getattr(error, "smtp_code", None) == AUTHENTICATION_REQUIRED:
        return Trouble.WANTS_LOGIN
    return next((what for kinds, what in TROUBLES if isinstance(error, kinds)), _broken_line(error))


TROUBLES: list[tuple[type[Exception] | tuple[type[Exception], ...], Trouble]] = [
    ((socket.gaierror, UnicodeError), Trouble.NO_NAME),
    (ssl.SSLCertVerificationError, Trouble.CERTIFICATE),
    ((ssl.SSLError, NotEncrypted), Trouble.NOT_ENCRYPTED),
    (ConnectionRefusedError, Trouble.SHUT),
    (smtplib.SMTPAuthenticationError, Trouble.LOGIN),
    (smtplib.SMTPNotSupportedError, Trouble.NO_LOGIN),
    (smtplib.SMTPSenderRefused, Trouble.SENDER),
    (smtplib.SMTPRecipientsRefused, Trouble.RECIPIENT),
    (smtplib.SMTPDataError, Trouble.TEXT),
    (smtplib.SMTPResponseException, Trouble.NO_SERVER),
]


def _broken_line(error: Exception) -> Trouble:
    """smtplib says of a server that is silent, too, that it has cut the line."""
    silent = isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)
    cut = isinstance(error, smtplib.SMTPServerDisconnected | ConnectionError)
    return Trouble.CUT if cut and not silent else Trouble.SILENT


def _said(error: Exception, settings: MailSettings) -> str:
    """In one line, what the server answered or the system says; whatever it repeats, never the password."""
    told: object = str(error)
    if isinstance(error, smtplib.SMTPAuthenticationError):  # its text may repeat, in its own spelling, what was sent
        told = f"{error.smtp_code} AUTH"
    elif isinstance(error, smtplib.SMTPRecipientsRefused):
        told = " ".join(f"{code} {_text(answer)}" for code, answer in error.recipients.values())
    elif isinstance(error, smtplib.SMTPResponseException):
        told = f"{error.smtp_code} {_text(error.smtp_error)}"
    line = " ".join("".join(c if c.isprintable() else " " for c in str(told)).split())
    password = settings.password.get_secret_value()
    return (line.replace(password, "…") if password else line)[:LONGEST]


def _text(answer: bytes | str) -> str:
    return answer.decode(errors="replace") if isinstance(answer, bytes) else answer


def _connected(settings: MailSettings, limit: float | None = None) -> Server:
    server = _reached(settings, limit)
    try:
        server.ehlo_or_helo_if_needed()
        if settings.encryption is Encryption.STARTTLS:
            _encrypt(server)
        if settings.username:
            server.login(settings.username, settings.password.get_secret_value())
    except BaseException as error:
        server.close()
        if server.took_too_long:
            raise TimeoutError("too slow") from error
        raise
    return server


def _reached(settings: MailSettings, limit: float | None) -> Server:
    """Without a context nobody would be verified."""
    where, me = (settings.server, settings.port), str(DNS_NAME.get_fqdn())
    timing = {"timeout": min(limit / 2, PATIENCE) if limit else PATIENCE, "limit": limit}
    if settings.encryption is Encryption.TLS:
        return EncryptedServer(*where, local_hostname=me, context=ssl.create_default_context(), **timing)
    return Server(*where, me, **timing)


def knock(settings: MailSettings) -> None:
    """Raises OSError or UnicodeError where nobody greets."""
    _reached(settings, 5.0).close()


def _encrypt(server: Server) -> None:
    try:
        server.starttls(context=ssl.create_default_context())  # without one nobody is verified
    except (smtplib.SMTPNotSupportedError, smtplib.SMTPResponseException) as error:
        raise NotEncrypted(str(error)) from error


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
