"""Settings: environment > .env > instance/planner.toml; an unsafe combination refuses to start."""

import os
import secrets
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = {"de": "Deutsch", "en": "English", "ar": "العربية"}
SHORTEST_KEY = 32


class Config(BaseSettings):
    """Every setting of one installation, with its default for a single machine."""

    model_config = SettingsConfigDict(env_prefix="PLANNER_", env_file=".env", extra="ignore", frozen=True)

    instance: Path = ROOT / "instance"
    database_url: str = Field("", validation_alias="DATABASE_URL")
    secret_key: SecretStr = Field(SecretStr(""), validation_alias="SECRET_KEY")
    public_url: str = "http://127.0.0.1:5000"
    proxies: int = Field(0, ge=0, le=5)
    queue_url: str = ""
    rate_limit_url: str = "memory://"
    mail: Literal["console", "file", "smtp"] = "console"
    mail_server: str = "127.0.0.1"
    mail_port: int = 25
    mail_username: str = ""
    mail_password: SecretStr = SecretStr("")
    mail_use_tls: bool = False
    mail_sender: str = "stuhlkreis@localhost"
    solver_seconds: float = Field(60, gt=0, le=3600)
    solver_workers: int = Field(2, ge=1, le=64)
    solver_memory_mb: int = Field(2048, ge=256)
    testing: bool = False

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        toml = TomlConfigSettingsSource(settings_cls, ROOT / "instance" / "planner.toml")
        return init_settings, env_settings, dotenv_settings, toml

    @field_validator("public_url")
    @classmethod
    def address_without_trailing_slash(cls, value: str) -> str:
        if not value.startswith(("http://", "https://")):
            raise ValueError("PLANNER_PUBLIC_URL must start with http:// or https://")
        return value.rstrip("/")

    @model_validator(mode="after")
    def refuses_a_weak_key(self) -> Self:
        key = self.secret_key.get_secret_value()
        if key and len(key) < SHORTEST_KEY:
            raise ValueError(
                f"SECRET_KEY has {len(key)} characters, needs {SHORTEST_KEY}: leave it out and one is made"
            )
        return self

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

    def key(self) -> str:
        """The signing key: from the settings, else made once and kept in instance/."""
        given = self.secret_key.get_secret_value()
        if given:
            return given
        path = self.instance / "secret_key"
        self.instance.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode=0o600)
        except FileExistsError:
            return path.read_text()
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(48))
        return path.read_text()
