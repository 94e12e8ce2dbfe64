"""A mail leaves to a server that showed who it is, for an address in ASCII."""

import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask_mailman import EmailMessage
from pydantic import ValidationError

from planner import create_app, mail_settings, post
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

    app = create_app(settings(tmp_path, mail="smtp", mail_port=server.port, mail_use_tls=True))
    with app.app_context():
        post._connected(mail_settings.present()).close()

    assert [(context.verify_mode, context.check_hostname) for context in seen] == [(ssl.CERT_REQUIRED, True)]


@pytest.mark.parametrize(
    ("given", "holds"),
    [
        ({}, "none"),
        ({"mail_use_tls": True}, "starttls"),
        ({"mail_encryption": "tls"}, "tls"),
        ({"mail_encryption": "none", "mail_use_tls": True}, "none"),
    ],
)
def test_the_machine_s_settings_know_every_encryption(
    config: Config, tmp_path: Path, given: dict[str, Any], holds: str
) -> None:
    assert mail_settings.present(settings(tmp_path, mail="smtp", **given)).encryption == holds


@pytest.mark.parametrize("mail", ["smtp", "file"])
@pytest.mark.parametrize(
    ("address", "ending"),
    [
        ("alma@m\u00fcller.example", Ending.SENT),
        ("j\u00fcrgen@example.org", Ending.REJECTED),
        ("alma@example..org", Ending.REJECTED),
    ],
)
def test_an_address_beyond_ascii_stops_nobody(
    config: Config, tmp_path: Path, server: MailServer, mail: str, address: str, ending: Ending
) -> None:
    """UnicodeEncodeError is no OSError: it ended the whole delivery, also where mails become files."""
    app = create_app(settings(tmp_path, mail=mail, mail_port=server.port))
    with app.app_context():
        assert post.hand_over(EmailMessage("Hello", "Text", "from@example.org", [address])) is (
            Ending.WRITTEN if mail == "file" and ending is Ending.SENT else ending
        )
    written = len(list((tmp_path / "mail").glob("*.log")))
    assert len(server.taken) + written == (ending is Ending.SENT)


@pytest.mark.parametrize(
    "sender", ["b\u00fcro@example.org", "b\u00fcro", "a@b.org, c@d.org", "a@b.org\nBcc: c@d.org", "a@example..org", ""]
)
def test_a_sender_that_no_server_takes_does_not_start(tmp_path: Path, sender: str) -> None:
    """Each mail was given up for good, one after the other, as if the people's addresses were wrong."""
    with pytest.raises(ValidationError, match=r"NAME@EXAMPLE\.ORG"):
        settings(tmp_path, mail_sender=sender)


@pytest.mark.parametrize("sender", ["B\u00fcro <buero@m\u00fcller.example>", "stuhlkreis@localhost"])
def test_a_sender_with_a_name_starts(tmp_path: Path, sender: str) -> None:
    assert settings(tmp_path, mail_sender=sender).mail_sender == sender


def test_a_limit_that_ends_before_there_is_a_line_ends_it_all(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bell rang once, into nothing, and from then on nothing was cut."""
    reach = post.Server._get_socket  # type: ignore[attr-defined]

    def slowly(self: post.Server, *where: Any) -> Any:
        time.sleep(0.3)
        return reach(self, *where)

    monkeypatch.setattr(post.Server, "_get_socket", slowly)

    with pytest.raises(TimeoutError):
        post.Server("127.0.0.1", server.port, "localhost", limit=0.1)
