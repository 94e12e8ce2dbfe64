"""A mail leaves to a server that showed who it is, for an address in ASCII."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask_mailman import EmailMessage

from planner import create_app, post
from planner.config import Config
from planner.post import Ending
from tests.conftest import settings
from tests.faults.server import MailServer


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


def test_a_server_has_to_show_who_it_is(
    config: Config, tmp_path: Path, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[ssl.SSLContext] = []
    monkeypatch.setattr(post.Server, "starttls", lambda self, *, context: seen.append(context))

    post._connected(settings(tmp_path, mail="smtp", mail_port=server.port, mail_use_tls=True)).close()

    assert [(context.verify_mode, context.check_hostname) for context in seen] == [(ssl.CERT_REQUIRED, True)]


@pytest.mark.parametrize(
    ("address", "ending"), [("alma@m\u00fcller.example", Ending.SENT), ("j\u00fcrgen@example.org", Ending.REJECTED)]
)
def test_an_address_beyond_ascii_stops_nobody(
    config: Config, tmp_path: Path, server: MailServer, address: str, ending: Ending
) -> None:
    """UnicodeEncodeError is no OSError: it ended the whole delivery."""
    app = create_app(settings(tmp_path, mail="smtp", mail_port=server.port))
    with app.app_context():
        assert post.hand_over(EmailMessage("Hello", "Text", "from@example.org", [address])) is ending
    assert len(server.taken) == (ending is Ending.SENT)
