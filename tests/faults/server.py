"""A mail server that takes mails, refuses them, is slow, or cuts off, as it is told; it keeps what it accepted."""

import asyncio
import enum
from email import message_from_bytes
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Manner(enum.Enum):
    TAKES = "takes"
    BUSY = "421 instead of a greeting"
    CUTS_AT_ONCE = "cuts off instead of a greeting"
    REFUSES = "450 for the recipient"
    REJECTS = "550 for the recipient"
    CUTS_BEFORE = "cuts off before the text"
    CUTS_INSIDE = "cuts off inside the text"
    REFUSES_TEXT = "451 after the text"
    REJECTS_TEXT = "554 after the text"
    CUTS_AFTER = "accepts, and cuts off without an answer"


ANSWERS = {
    Manner.REFUSES: "450 not now",
    Manner.REJECTS: "550 no such person",
    Manner.REFUSES_TEXT: "451 not now",
    Manner.REJECTS_TEXT: "554 not this one",
}


class MailServer(Controller):
    """`taken` are the numbers (Message-ID) of what was accepted, in order; `texts` the mails, `recipients` for whom.

    It waits `pause` seconds before each answer, and `last_pause` more between accepting a mail and saying so.
    """

    def __init__(self, port: int = 0, pause: float = 0.0, last_pause: float = 0.0):
        self.manner, self.pause, self.last_pause = Manner.TAKES, pause, last_pause
        self.taken: list[str] = []
        self.texts: list[bytes] = []
        self.recipients: list[list[str]] = []
        super().__init__(_Takes(self), hostname="127.0.0.1", port=port, ready_timeout=20)

    def factory(self) -> SMTP:
        return _Visit(self)

    def _trigger_server(self) -> None:
        """The port that the system chose is known by now."""
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self.server is not None:
            self.stop()


class _Takes:
    def __init__(self, server: MailServer):
        self.server = server

    async def handle_RCPT(
        self, _visit: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.server.manner in {Manner.REFUSES, Manner.REJECTS}:
            return ANSWERS[self.server.manner]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, visit: SMTP, _session: Session, envelope: Envelope) -> str:
        if self.server.manner in {Manner.REFUSES_TEXT, Manner.REJECTS_TEXT}:
            return ANSWERS[self.server.manner]
        text = bytes(envelope.content or b"")  # type: ignore[arg-type]
        self.server.texts.append(text)
        self.server.recipients.append(list(envelope.rcpt_tos))
        self.server.taken.append(str(message_from_bytes(text)["Message-ID"]))
        await asyncio.sleep(self.server.last_pause)
        if self.server.manner is Manner.CUTS_AFTER:
            visit.transport.abort()  # type: ignore[union-attr]
        return "250 OK"


class _Visit(SMTP):
    def __init__(self, server: MailServer):
        self.of = server
        super().__init__(server.handler, hostname="mail.example.org", loop=server.loop)

    async def _handle_client(self) -> None:
        if self.of.manner is Manner.CUTS_AT_ONCE:
            self._cut()
        elif self.of.manner is Manner.BUSY:
            await self.push("421 come again")
            self._cut()
        await super()._handle_client()

    async def push(self, status: Any) -> None:
        await asyncio.sleep(self.of.pause)
        asks_for_text = str(status).startswith("354")
        if asks_for_text and self.of.manner is Manner.CUTS_BEFORE:
            self._cut()
        await super().push(status)
        if asks_for_text and self.of.manner is Manner.CUTS_INSIDE:
            await self._reader.readline()
            self._cut()

    def _cut(self) -> None:
        """The line breaks here, and nobody listens any more."""
        self.transport.abort()  # type: ignore[union-attr]
        raise asyncio.CancelledError
