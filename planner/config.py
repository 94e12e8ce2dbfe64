"""Settings: environment > .env > planner.toml in the instance; an unsafe combination refuses to start."""

import errno
import ipaddress
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.utils import getaddresses, parseaddr
from pathlib import Path
from typing import ClassVar, Literal, Self
from urllib.parse import urlparse

import idna
from platformdirs import user_data_path
from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

PACKAGE = Path(__file__).resolve().parent
ROOT = PACKAGE.parent
"""Of a checkout; where the wheel was installed it is no folder of ours."""
FROM_CHECKOUT = (ROOT / "pyproject.toml").is_file() and (ROOT / "templates").is_dir()
TEMPLATES = ROOT / "templates" if FROM_CHECKOUT else PACKAGE / "templates"
INSTANCE = ROOT / "instance" if FROM_CHECKOUT else user_data_path("stuhlkreis", appauthor=False)
"""Where everything that changes lives unless it is set: an environment of Python may be thrown away, this may not."""
HOST, PORT = "127.0.0.1", 8000
LANGUAGES = {"de": "Deutsch", "en": "English", "ar": "العربية"}
SHORTEST_KEY = 32
QUEUES = ("sqlite", "postgresql", "postgres", "redis", "rediss")


class UnsafeStart(Exception):
    """What was set would let strangers read along; the reason, and what helps."""


class Config(BaseSettings):
    """Every setting of one installation, with its default for a single machine."""

    testing: ClassVar[bool] = False  # no setting: errors would be thrown at people
    model_config = SettingsConfigDict(env_prefix="PLANNER_", env_file=".env", extra="ignore", frozen=True)

    instance: Path = INSTANCE
    database_url: str = Field("", validation_alias="DATABASE_URL")
    secret_key: SecretStr = Field(SecretStr(""), validation_alias="SECRET_KEY")
    audit_key: SecretStr = SecretStr("")
    public_url: str = Field(default_factory=lambda given: remembered_address(given.get("instance")))
    proxies: int = Field(0, ge=0, le=5)
    queue_url: str = ""
    rate_limit_url: str = "memory://"
    import_hosts: str = ""
    mail: Literal["off", "file", "smtp"] = "off"
    mail_server: str = "127.0.0.1"
    mail_port: int = 25
    mail_username: str = ""
    mail_password: SecretStr = SecretStr("")
    mail_encryption: Literal["", "starttls", "tls", "none"] = ""  # empty: as mail_use_tls says
    mail_use_tls: bool = False  # the older way to say starttls
    mail_sender: str = "stuhlkreis@localhost"
    solver_seconds: float = Field(60, gt=0, le=3600)
    solver_workers: int = Field(2, ge=1, le=64)
    solver_memory_mb: int = Field(2048, ge=256)
    organiser_hours: float = Field(12, gt=0, le=24 * 31)
    organiser_idle_hours: float = Field(2, gt=0, le=24 * 31)
    participant_hours: float = Field(24 * 31, gt=0, le=24 * 366)
    participant_idle_hours: float = Field(24 * 7, gt=0, le=24 * 366)
    fresh_minutes: float = Field(30, gt=0, le=24 * 60)
    second_factor: Literal["optional", "required"] = "optional"
    # Days after the event; of logs after they were written. Whoever keeps something for longer tells people why.
    keep_needs_days: int = Field(14, ge=0, le=3650)
    keep_links_days: int = Field(7, ge=0, le=3650)
    keep_people_days: int = Field(90, ge=0, le=3650)
    keep_logs_days: int = Field(14, ge=1, le=3650)
    keep_reason: str = ""
    demonstration: bool = False
    untranslated: bool = False  # whether languages are offered into which nobody has translated the program yet

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        first = (init_settings, env_settings, dotenv_settings)
        instance = next((Path(said["instance"]) for source in first if "instance" in (said := source())), INSTANCE)
        return *first, TomlConfigSettingsSource(settings_cls, instance / "planner.toml")

    @field_validator("mail", mode="before")
    @classmethod
    def nothing_to_a_terminal(cls, value: object) -> object:
        """Mails carry personal links, so the console of earlier versions is no place for them."""
        return "off" if value == "console" else value

    @field_validator("queue_url")
    @classmethod
    def queue_of_a_known_kind(cls, value: str) -> str:
        if value and value.partition(":")[0].partition("+")[0] not in QUEUES:
            raise ValueError(f"{value.partition(':')[0]!r} is none of {', '.join(QUEUES)}")
        return value

    @field_validator("public_url")
    @classmethod
    def address_without_trailing_slash(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("PLANNER_PUBLIC_URL must start with http:// or https://")
        return value.rstrip("/")

    @field_validator("mail_sender")
    @classmethod
    def sender_that_every_server_takes(cls, value: str) -> str:
        """One that no server takes would be found by the first mail, and each mail would be given up for good."""
        try:
            local, _at, domain = on_the_wire(value).rpartition("@")
        except UnicodeError:
            local = domain = ""
        if not (local and domain and value.isprintable() and len(getaddresses([value])) == 1):
            raise ValueError(f"{value!r}: write one address as NAME@EXAMPLE.ORG, in ASCII letters before the @")
        return value

    @model_validator(mode="after")
    def refuses_a_weak_key(self) -> Self:
        key = self.secret_key.get_secret_value()
        if key and len(key) < SHORTEST_KEY:
            raise ValueError(
                f"SECRET_KEY has {len(key)} characters, needs {SHORTEST_KEY}: leave it out and one is made"
            )
        return self

    @model_validator(mode="after")
    def says_why_it_keeps_more(self) -> Self:
        names = [name for name in type(self).model_fields if name.startswith("keep_") and name.endswith("_days")]
        longer = [name for name in names if getattr(self, name) > type(self).model_fields[name].default]
        if longer and not self.keep_reason.strip():
            raise ValueError(f"{', '.join(longer)}: longer than usual, so people read why: set PLANNER_KEEP_REASON")
        return self

    @property
    def has_own_address(self) -> bool:
        """Whether somebody set the address; if not, it is where `planner run` serves."""
        return "public_url" in self.model_fields_set

    @property
    def host(self) -> str:
        return urlparse(self.public_url).hostname or ""

    @property
    def hosts(self) -> list[str] | None:
        """The names under which requests are answered: no page, link or redirect is made for another one.

        Werkzeug compares no IPv6 addresses, so an installation that is known by one of them takes any name.
        """
        if ":" in self.host:
            return None
        return ["localhost", "127.0.0.1", self.host] if is_local(self.host) else [self.host]

    @property
    def hosts_of_lists(self) -> list[str]:
        """Where lists may be fetched although it is no public address, or with another port: NAME or NAME:PORT."""
        return [_in_ascii(each) for each in self.import_hosts.lower().replace(",", " ").split()]

    @property
    def secure(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def database(self) -> str:
        url = self.database_url or f"sqlite:///{self.instance / 'planner.sqlite3'}"
        # Hosters still hand out the old scheme; psycopg 3 is the driver we bring.
        for old in ("postgres://", "postgresql://"):
            if url.startswith(old):
                return "postgresql+psycopg://" + url.removeprefix(old)
        return url

    @property
    def queue(self) -> str:
        return self.queue_url or f"sqlite:///{self.instance / 'queue.sqlite3'}"

    def chain_key(self) -> bytes:
        """Seals the audit's chain: the signing key, unless that had to be changed and the old one seals on."""
        return f"audit:{self.audit_key.get_secret_value() or self.key()}".encode()

    def key(self) -> str:
        """The signing key: from the settings, else made once and kept in instance/."""
        given = self.secret_key.get_secret_value()
        if given:
            return given
        path = self.instance / "secret_key"
        if not path.exists():
            make_key(path)
        return whole_key(path)


def make_key(path: Path) -> None:
    """Whole or not at all; of several processes that start at once the first one's key counts for all."""
    with _drafted(path, secrets.token_urlsafe(48)) as draft, suppress(FileExistsError):
        os.link(draft, path)


def put_in_place(path: Path, text: str) -> None:
    """Whole or not at all, for its owner only; whoever reads meanwhile reads what was there before. Raises OSError."""
    with put_in_place_after(path, text):
        pass


@contextmanager
def put_in_place_after(path: Path, text: str) -> Iterator[None]:
    """The same when what is done meanwhile went well; the text is written before, as that is what can fail."""
    with _drafted(path, text) as draft:
        yield
        draft.replace(path)


@contextmanager
def _drafted(path: Path, text: str) -> Iterator[Path]:
    """A file beside it that holds the text, also after a power cut, and is gone afterwards unless it was moved."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode=0o600), "w") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def whole_key(path: Path) -> str:
    """The kept key; half of one, as a full disk or a hand may leave it, must never be used."""
    key = path.read_text()
    if len(key) >= SHORTEST_KEY:
        return key
    raise OSError(errno.EINVAL, "holds no whole key: put your copy back, or delete it and a new one is made", str(path))


def on_the_wire(mailbox: str) -> str:
    """In ASCII: a domain has another spelling for that, what stands before the @ has none (UnicodeError)."""
    local, at, domain = parseaddr(mailbox)[1].rpartition("@")
    return (local.encode("ascii") + at.encode("ascii") + domain.encode("idna")).decode("ascii")


def is_local(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def address(host: str, port: int) -> str:
    """Where a browser on this computer finds what is served there."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def remembered_address(instance: Path | None) -> str:
    """Where `planner run` served last on this instance, so that the links of other commands lead there."""
    file = instance / "address" if instance else None
    kept = file.read_text().strip() if file and file.is_file() else ""
    return kept or address(HOST, PORT)


def remember_address(instance: Path, served: str) -> None:
    (instance / "address").write_text(served + "\n")


def _in_ascii(named: str) -> str:
    """NAME or NAME:PORT with the name as an address has it after `urlsplit`; what is no name stays as it is."""
    name, colon, port = named.partition(":")
    try:
        return idna.encode(name, uts46=True).decode() + colon + port
    except UnicodeError:
        return named
