"""One server asked over TLS, at an address that was looked up once, within a time and a size for everything."""

import http.client
import io
import queue
import socket
import ssl
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any

from planner.imports.fetching.address import Event, is_public
from planner.imports.fetching.refusals import AskedTooOften, Refused

SECONDS = 20.0
"""For all pages together, from the look-up of the name to the last byte: somebody waits before the page."""
MB = 1024 * 1024  # bytes
MOST_PAGE = 4 * MB
MOST_IN_ALL = 24 * MB
BLOCK = 64 * 1024
LONGEST_PAUSE = 3600
"""Seconds to wait that are told as another server wants them; more is told as this."""
REDIRECTS = {301, 302, 303, 307, 308}
TYPES = ("application/json", "text/json")


@dataclass
class Budget:
    """What is left of the time and the bytes, for all lists that are fetched together."""

    ends: float = field(default_factory=lambda: time.monotonic() + SECONDS)
    left: int = field(default_factory=lambda: MOST_IN_ALL)

    def seconds(self) -> float:
        """Raises TimeoutError where none are left."""
        left = self.ends - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class Server:
    """A server of the public internet, or one that is allowed by name. Nothing is kept of it but the connection."""

    def __init__(self, event: Event, token: str, allowed: Sequence[str] = ()):
        self.event, self.host = event, event.called
        self.headers = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "Stuhlkreis"}
        if token:
            self.headers["Authorization"] = f"Token {token}"
        self.trusted = event.called in allowed
        self.budget = Budget()
        self.hidden: set[str] = set()  # names of lists that would have helped, and that the token may not read
        self.addresses: list[tuple[int, Any]] = []
        self.connection: http.client.HTTPSConnection | None = None
        self.sock: ssl.SSLSocket | None = None
        self.was_there = False

    def get(self, path: str) -> bytes:
        """The body of a page. Raises Refused, AskedTooOften."""
        try:
            return self._answered(path)
        except TimeoutError as error:
            raise Refused("slow", host=self.host, seconds=round(SECONDS)) from error
        except ssl.SSLCertVerificationError as error:
            raise Refused("certificate", host=self.host) from error
        except (http.client.HTTPException, ValueError) as error:
            raise Refused("broken", host=self.host) from error
        except OSError as error:
            raise Refused("broken" if self.was_there else "away", host=self.host) from error

    def close(self) -> None:
        if self.sock:
            self.sock.close()
        self.connection = self.sock = None

    def _answered(self, path: str) -> bytes:
        """A connection on which anything is left unread is not used again."""
        keep = False
        try:
            response = self._asked(path)
            self._check(response)
            body = self._read(response)
            keep = not response.will_close
            return body
        finally:
            if not keep:
                self.close()

    def _asked(self, path: str) -> http.client.HTTPResponse:
        """A server may have hung up since the last page: then it is called once more, at the same address."""
        again = self.connection is not None
        try:
            connection = self.connection or self._connected()
            connection.request("GET", path, headers=self.headers)
            return connection.getresponse()
        except (ConnectionError, ssl.SSLEOFError):
            if not again:
                raise
            self.close()
            return self._asked(path)

    def _connected(self) -> http.client.HTTPSConnection:
        if not self.addresses:
            self.addresses = self._looked_up()
        self.sock = self._tls(self._joined())
        self.was_there = True
        self.connection = http.client.HTTPSConnection(self.event.host, self.event.port)
        self.connection.sock = Wire(self.sock, self.budget)  # type: ignore[assignment]
        return self.connection

    def _looked_up(self) -> list[tuple[int, Any]]:
        """Once for all pages: a name that leads elsewhere the next time is not asked again.

        The system's look-up knows no limit, so it is left behind where it takes too long.
        """
        found: queue.Queue[list[Any] | OSError | UnicodeError] = queue.Queue()

        def look() -> None:
            try:
                found.put(socket.getaddrinfo(self.event.host, self.event.port, type=socket.SOCK_STREAM))
            except (OSError, UnicodeError) as error:
                found.put(error)

        threading.Thread(target=look, daemon=True).start()
        try:
            answer = found.get(timeout=self.budget.seconds())
        except queue.Empty as error:
            raise TimeoutError from error
        if isinstance(answer, Exception) or not answer:
            raise Refused("unknown", host=self.host)
        addresses = [(family, where) for family, _kind, _protocol, _name, where in answer]
        if not self.trusted and not all(is_public(str(where[0])) for _family, where in addresses):
            raise Refused("private", host=self.host)
        return addresses

    def _joined(self) -> socket.socket:
        problem: OSError = OSError()
        for family, where in self.addresses:
            plain = socket.socket(family, socket.SOCK_STREAM)
            try:
                plain.settimeout(self.budget.seconds() / 2 if len(self.addresses) > 1 else self.budget.seconds())
                plain.connect(where)
                return plain
            except OSError as error:
                plain.close()
                problem = error
        raise problem

    def _tls(self, plain: socket.socket) -> ssl.SSLSocket:
        """With the machine's certificates, against the name that was typed."""
        try:
            plain.settimeout(self.budget.seconds())
            return ssl.create_default_context().wrap_socket(plain, server_hostname=self.event.host)
        except BaseException:
            plain.close()
            raise

    def _check(self, response: http.client.HTTPResponse) -> None:
        status, host = response.status, self.host
        if status in REDIRECTS:
            raise Refused("redirect", host=host)
        if status == 429:
            raise AskedTooOften(host, _pause(response.headers.get("Retry-After", "")))
        if status in {401, 403}:
            raise Refused("token" if "Authorization" in self.headers else "no_token", host=host)
        if status == 404:
            raise Refused("event", host=host)
        if status >= 500:
            raise Refused("down", host=host)
        if status != 200:
            raise Refused("version", host=host)
        if response.headers.get("Content-Encoding", "identity").strip().casefold() != "identity":
            raise Refused("version", host=host)  # we asked for it unpacked: what is small here may be large there
        if response.headers.get_content_type() not in TYPES:
            raise Refused("not_json", host=host)

    def _read(self, response: http.client.HTTPResponse) -> bytes:
        parts: list[bytes] = []
        size = 0
        while block := response.read(BLOCK):
            size += len(block)
            self.budget.left -= len(block)
            if size > MOST_PAGE:
                raise Refused("bytes_of_a_page", host=self.host, most=MOST_PAGE // MB)
            if self.budget.left < 0:
                raise Refused("bytes", host=self.host, most=MOST_IN_ALL // MB)
            parts.append(block)
        if response.length:  # less came than was promised
            raise http.client.IncompleteRead(b"", response.length)
        return b"".join(parts)


def _pause(header: str) -> int:
    """Seconds of Retry-After, which may be a number or a moment; a minute where nobody can read it."""
    try:
        wanted = int(header) if header.strip().isdecimal() else parsedate_to_datetime(header).timestamp() - time.time()
    except (ValueError, TypeError, OverflowError):
        wanted = 60
    return int(min(max(wanted, 1), LONGEST_PAUSE))


class Wire:
    """A socket whose every step has only what is left of the time: a byte every few seconds holds up nobody."""

    def __init__(self, sock: ssl.SSLSocket, budget: Budget):
        self.sock, self.budget = sock, budget

    def sendall(self, data: Any) -> None:
        self.sock.settimeout(self.budget.seconds())
        self.sock.sendall(data)

    def makefile(self, *_args: Any, **_options: Any) -> io.BufferedReader:
        return io.BufferedReader(_Stream(self.sock, self.budget))

    def close(self) -> None:
        """Not yet: whoever reads an answer may be in the middle of it. The server closes its socket itself."""


class _Stream(io.RawIOBase):
    def __init__(self, sock: ssl.SSLSocket, budget: Budget):
        self.sock, self.budget = sock, budget

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.sock.settimeout(self.budget.seconds())
        return self.sock.recv_into(buffer)
