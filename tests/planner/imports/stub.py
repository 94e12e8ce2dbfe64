"""A server that speaks TLS on this machine with a certificate of a test's own, and answers as it is told."""

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Answer = tuple[int, dict[str, str], bytes] | Callable[[BaseHTTPRequestHandler], None]


def certificate(folder: Path, *names: str) -> Path:
    """A certificate that signs itself, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "A test's own")])
    alternatives: list[x509.GeneralName] = [x509.DNSName(each) for each in names]
    alternatives.append(x509.IPAddress(ip_address("127.0.0.1")))
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    )
    path = folder / f"{names[0]}.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    )
    return path


@dataclass
class Stub:
    """Answers by path; what it does not know is a 404. `asked` are the requests that came, with their headers."""

    port: int
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"localhost:{self.port}"

    @property
    def home(self) -> str:
        return f"https://{self.name}"

    def says(self, path: str, data: Any, status: int = 200, **headers: str) -> None:
        kind = {"Content-Type": "application/json", **{key.replace("_", "-"): value for key, value in headers.items()}}
        self.answers[path] = (status, kind, data if isinstance(data, bytes) else json.dumps(data).encode())

    def pages(self, path: str, items: list[Any], size: int = 50) -> None:
        """A list in pages, as both programs give it."""

        def answer(handler: BaseHTTPRequestHandler) -> None:
            query = parse_qs(urlsplit(handler.path).query)
            page = int(query.get("page", ["1"])[0])
            more = page * size < len(items)
            body = {
                "count": len(items),
                "next": f"{self.home}{path}?page={page + 1}" if more else None,
                "previous": None,
                "results": items[(page - 1) * size : page * size],
            }
            send(handler, 200, {"Content-Type": "application/json"}, json.dumps(body).encode())

        self.answers[path] = answer


def send(handler: BaseHTTPRequestHandler, status: int, headers: dict[str, str], body: bytes) -> None:
    handler.send_response(status)
    for key, value in {"Content-Length": str(len(body)), **headers}.items():
        handler.send_header(key, value)
    handler.end_headers()
    handler.wfile.write(body)


class Quiet(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever hangs up in the middle is what these tests are about."""


@contextmanager
def running(pem: Path) -> Iterator[Stub]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 20

        def setup(self) -> None:
            self.request = context.wrap_socket(self.request, server_side=True)
            super().setup()

        def finish(self) -> None:
            with suppress(OSError):
                super().finish()
            self.request.close()

        def do_GET(self) -> None:
            stub.asked.append((self.path, dict(self.headers)))
            answer = stub.answers.get(self.path) or stub.answers.get(urlsplit(self.path).path)
            if callable(answer):
                answer(self)
            else:
                send(self, *(answer or (404, {"Content-Type": "application/json"}, b'{"detail": "Not found."}')))

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing: the tests read `asked`."""

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    server = Quiet(("127.0.0.1", 0), Handler)
    stub = Stub(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield stub
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def unused_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
