"""What every command shares: one sentence for bad input, an application with its database, kinds of arguments."""

import functools
import math
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from flask import Flask
from limits.errors import ConfigurationError
from pydantic import ValidationError
from pydantic_settings import SettingsError
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError, ProgrammingError

from planner.config import Config
from planner.errors import PlannerError

BAD_INPUT = 2


class Refused(click.ClickException):
    """What was asked for cannot be done as it was asked: one sentence, exit code 2."""

    exit_code = BAD_INPUT


class Commands(click.Group):
    """Turns everything that a person can put right (a name, a file, a setting) into a refusal."""

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except (click.UsageError, Refused, ProgrammingError):
            raise  # the last is our own mistake: its whole story is wanted
        except click.ClickException as error:
            raise Refused(error.format_message()) from error
        except tuple(SENTENCES) as error:
            raise Refused(sentence(error)) from error


def sentence(error: Exception) -> str:
    """What is wrong, for the person at the terminal."""
    return next(told(error) for kind, told in SENTENCES.items() if isinstance(error, kind))


def _settings(error: Any) -> str:
    return "The settings cannot be used. " + "; ".join(_setting(fault) for fault in error.errors())


def _setting(fault: Any) -> str:
    place = ".".join(str(part) for part in fault["loc"])
    message = str(fault["msg"]).removeprefix("Value error, ")
    name = place if place.isupper() else f"PLANNER_{place.upper()}"
    return f"{name}: {message}" if place else message


def _file(error: Any) -> str:
    if not error.strerror:
        return str(error)
    return f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror)


def _database(error: Any) -> str:
    return str(error.orig).strip().splitlines()[0]


SENTENCES: dict[type[Exception], Callable[[Any], str]] = {
    ValidationError: _settings,
    SettingsError: lambda error: f"The settings cannot be read: {error}",
    tomllib.TOMLDecodeError: lambda error: f"The settings in planner.toml cannot be read: {error}",
    ConfigurationError: lambda error: f"PLANNER_RATE_LIMIT_URL cannot be used: {error}",
    ArgumentError: lambda error: f"DATABASE_URL cannot be used: {error}".splitlines()[0],
    NoSuchModuleError: lambda error: f"DATABASE_URL cannot be used: {error}".splitlines()[0],
    IntegrityError: lambda error: f"The database refuses what was given: {_database(error)}",
    DBAPIError: lambda error: f"The database cannot be used: {_database(error)}",
    RecursionError: lambda _: "The file is nested too deeply to be read.",
    PlannerError: lambda error: str(error.sentence),
    OSError: _file,
}


def application(config: Config | None = None) -> Flask:
    """The application with its database at this version's tables; an empty machine gets them now."""
    from planner import create_app, tables

    app = create_app(config or Config())
    with app.app_context():
        tables.bring_up_to_date()
    return app


def with_database(command: Callable[..., Any]) -> Callable[..., Any]:
    """Run the command inside the application, after its database is brought up to date."""

    @functools.wraps(command)
    def inside(*arguments: Any, **options: Any) -> Any:
        with application().app_context():
            return command(*arguments, **options)

    return inside


EXISTING_FILE = click.Path(exists=True, dir_okay=False, readable=True, path_type=Path)
EXISTING_FOLDER = click.Path(exists=True, file_okay=False, readable=True, path_type=Path)
PORT = click.IntRange(1, 65535)
LONGEST = 7 * 24 * 3600.0


class Seconds(click.FloatRange):
    """A span of time that ends."""

    def __init__(self) -> None:
        super().__init__(0, LONGEST, min_open=True)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        seconds = super().convert(value, param, ctx)
        return self.fail(f"{value} is no number of seconds.", param, ctx) if math.isnan(seconds) else seconds


class New(click.Path):
    """Something to write: its folder must be there before the work begins, not after it."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        path: Any = super().convert(value, param, ctx)
        if not Path(path).absolute().parent.is_dir():
            self.fail(f"There is no folder {Path(path).parent}.", param, ctx)
        return path


class NewFile(New):
    def __init__(self) -> None:
        super().__init__(dir_okay=False, writable=True, path_type=Path)


class NewFolder(New):
    def __init__(self) -> None:
        super().__init__(file_okay=False, writable=True, path_type=Path)


class Listed(click.ParamType):
    """Several values with commas between them."""

    name = "list"

    def __init__(self, each: click.ParamType):
        self.each = each

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[Any, ...]:
        if isinstance(value, tuple):
            return value
        parts = (part.strip() for part in str(value).split(","))
        return tuple(self.each.convert(part, param, ctx) for part in parts if part)


class Mailbox(click.ParamType):
    """An e-mail address that could exist, as the sign-in form understands it too."""

    name = "email"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from email_validator import EmailNotValidError, validate_email

        try:
            return validate_email(str(value), check_deliverability=False).normalized
        except EmailNotValidError as error:
            self.fail(f"{value} is no e-mail address: {error}", param, ctx)
