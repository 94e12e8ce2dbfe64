"""A mail server as a list of answers, for what goes wrong while mail is set up; one visitor at a time."""

import contextlib
import datetime
import ipaddress
import socket
import ssl
import threading
import time
from pathlib import Path
from typing import Any, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

TAKES = {
    "EHLO": "250-stub\r\n250 AUTH PLAIN",
    "AUTH": "235 welcome",
    "MAIL": "250 fine",
    "RCPT": "250 fine",
    "DATA": "354 go on",
    ".": "250 taken",
    "QUIT": "221 bye",
    "RSET": "250 fine",
    "NOOP": "250 fine",
}
"""By command, or by the dot that ends a text."""
CUTS, NOTHING, DRIPS = "cuts", "says nothing", "one letter after the other"
"""Instead of an answer."""


class Stub:
    """`heard` are the commands in their order, `texts` the mails that it took."""

    def __init__(
        self,
        greeting: str = "220 stub",
        tls: ssl.SSLContext | None = None,
        starttls: ssl.SSLContext | None = None,
        **answers: str,
    ):
        self.greeting, self.tls, self.starttls = greeting, tls, starttls
        self.answers = {**TAKES, **answers}
        self.heard: list[str] = []
        self.texts: list[str] = []
        self.ended = threading.Event()
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.thread = threading.Thread(target=self._listen, daemon=True)

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        with contextlib.suppress(OSError):
            self.listening.shutdown(socket.SHUT_RDWR)
        self.listening.close()
        self.thread.join(5)

    def _listen(self) -> None:
        while not self.ended.is_set():
            try:
                visitor, _address = self.listening.accept()
            except OSError:
                return
            with contextlib.suppress(OSError, ValueError), visitor:
                self._serve(visitor)

    def _serve(self, visitor: socket.socket) -> None:
        with contextlib.ExitStack() as closing:
            self._talk(visitor, closing)

    def _talk(self, visitor: socket.socket, closing: contextlib.ExitStack) -> None:
        if self.tls:
            visitor = closing.enter_context(self.tls.wrap_socket(visitor, server_side=True))
        self._say(visitor, self.greeting)
        read = closing.enter_context(visitor.makefile("rb"))
        while line := read.readline():
            word = line.decode().split()[0].upper() if line.strip() else ""
            self.heard.append(line.decode().strip())
            if word == "STARTTLS" and self.starttls:
                self._say(visitor, "220 go on")
                visitor = closing.enter_context(self.starttls.wrap_socket(visitor, server_side=True))
                read = closing.enter_context(visitor.makefile("rb"))
                continue
            self._say(visitor, self.answers.get(word, "502 what?"))
            if word == "DATA" and self.answers["DATA"].startswith("354"):
                text = b""
                while not text.endswith(b"\r\n.\r\n"):
                    text += read.readline()
                if self.answers["."].startswith("250"):
                    self.texts.append(text.decode())
                self._say(visitor, self.answers["."])
            if word == "QUIT":
                return

    def _say(self, visitor: socket.socket, answer: str) -> None:
        if answer == CUTS:
            visitor.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            raise OSError
        if answer == NOTHING:
            self.ended.wait(60)
        elif answer == DRIPS:
            while not self.ended.is_set():
                visitor.sendall(b"2")
                time.sleep(0.1)
        else:
            visitor.sendall(answer.encode() + b"\r\n")


def certificate(folder: Path, name: str = "127.0.0.1") -> Path:
    """Signed by itself, with its key; whoever trusts it takes this file."""
    key = ec.generate_private_key(ec.SECP256R1())
    called = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    try:
        other: Any = x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        other = x509.DNSName(name)
    made = (
        x509.CertificateBuilder()
        .subject_name(called)
        .issuer_name(called)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([other]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{name}.pem"
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    file.write_bytes(private + made.public_bytes(pem))
    return file


def shows(file: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
