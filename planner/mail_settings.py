"""By which server mails leave: as whoever runs the machine has set it, or as an operator wrote it in the browser.

What an operator wrote stands in a file of the instance that only its owner reads: never in the database, so in no copy,
export or trace. Every process looks whether the file is another one, so web workers and the queue's go on with the new
settings without a restart. Whoever sets any of PLANNER_MAIL... decides on all of it, and the browser changes nothing.
"""

import enum
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from email.utils import parseaddr, quote
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, cast

import structlog
from flask import current_app
from flask_babel import lazy_gettext as _l
from pydantic import SecretStr

from planner.config import Config, put_in_place_after
from planner.errors import PlannerError

log = structlog.get_logger()
FILE = "mail.json"
Way = Literal["off", "file", "smtp"]
NO_PASSWORD = SecretStr("")


class Encryption(enum.StrEnum):
    STARTTLS = "starttls"  # begins in the open and is encrypted before anything is told
    TLS = "tls"  # encrypted from the first byte
    NONE = "none"


class NotStored(PlannerError):
    status = 503
    sentence = _l(
        "The settings could not be stored: nothing can be written into the folder of this installation. "
        "What was stored before still holds."
    )


@dataclass(frozen=True)
class MailSettings:
    """Where mails go; for `smtp` by which server, as whom, and with which sender: NAME <address>, or an address."""

    way: Way = "off"
    server: str = ""
    port: int = 587
    encryption: Encryption = Encryption.STARTTLS
    username: str = ""
    password: SecretStr = NO_PASSWORD
    sender: str = ""

    @property
    def sender_name(self) -> str:
        return parseaddr(self.sender)[0]

    @property
    def sender_address(self) -> str:
        return parseaddr(self.sender)[1]

    def reaches_the_same(self, other: "MailSettings") -> bool:
        """Whether a password would be told to the same server in the same way: else it is asked for again."""
        return self._connection() == other._connection()

    def _connection(self) -> tuple[object, ...]:
        return self.server.lower(), self.port, self.encryption, self.username


OFF = MailSettings()


def mailbox(name: str, address: str) -> str:
    """A sender as mails name it."""
    return f'"{quote(name)}" <{address}>' if name else address


def _config() -> Config:
    return cast(Config, current_app.extensions["planner"])


def are_fixed(config: Config | None = None) -> bool:
    """Whether they come from the environment or planner.toml, or are the demonstration's own."""
    config = config or _config()
    return config.demonstration or any(name.startswith("mail") for name in config.model_fields_set)


def present(config: Config | None = None) -> MailSettings:
    """What holds now, in every process of this instance."""
    config = config or _config()
    return _of(config) if are_fixed(config) else _kept(config.instance / FILE) or OFF


def are_broken(config: Config | None = None) -> bool:
    """Whether an operator's file is there and cannot be read: then no mail leaves until she writes it anew."""
    config = config or _config()
    path = config.instance / FILE
    return not are_fixed(config) and path.exists() and _kept(path) is None


def _of(config: Config) -> MailSettings:
    older = Encryption.STARTTLS if config.mail_use_tls else Encryption.NONE
    encryption = Encryption(config.mail_encryption or older)
    return MailSettings(
        config.mail,
        config.mail_server,
        config.mail_port,
        encryption,
        config.mail_username,
        config.mail_password,
        config.mail_sender,
    )


def _kept(path: Path) -> MailSettings | None:
    try:
        seen = path.stat()
        return _read(path, seen.st_mtime_ns, seen.st_size, seen.st_ino)
    except FileNotFoundError:
        return None
    except OSError as error:  # perhaps only for now: it is asked again the next time
        log.warning("mail_settings.unreadable", error=error)
        return None


@lru_cache(maxsize=4)
def _read(path: Path, *_seen: int) -> MailSettings | None:
    """Once for each version of the file; raises OSError."""
    text = path.read_text()
    try:
        said: dict[str, Any] = json.loads(text)
        password, encryption = SecretStr(str(said.pop("password"))), Encryption(said.pop("encryption"))
        words = [said[name] for name in ("way", "server", "username", "sender")]
        if said["way"] != "smtp" or not all(isinstance(word, str) for word in words):
            raise ValueError("no settings of a mail server")
        return MailSettings(**{**said, "port": int(said["port"])}, password=password, encryption=encryption)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        log.warning("mail_settings.unreadable", error=error)
        return None


@contextmanager
def storing(settings: MailSettings) -> Iterator[None]:
    """Whole or not at all, for its owner only, once what is done meanwhile (a commit) went well; raises NotStored."""
    facts = {**asdict(settings), "password": settings.password.get_secret_value()}
    try:
        with put_in_place_after(_config().instance / FILE, json.dumps(facts)):
            yield
    except OSError as error:
        log.warning("mail_settings.not_stored", error=error)
        raise NotStored from error


def forget() -> None:
    """No mail leaves any more; raises NotStored."""
    try:
        (_config().instance / FILE).unlink(missing_ok=True)
    except OSError as error:
        raise NotStored from error
