"""What is unsafe or missing on this machine, each finding in a sentence."""

import enum
import ipaddress
import smtplib
from collections.abc import Iterator
from urllib.parse import urlparse

from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from planner import jobs, tables
from planner.config import Config
from planner.extensions import db, sqlite

SAFE_SQLITE = (3, 51, 3)


class Finding(enum.StrEnum):
    """How a finding is marked: fine, a choice to know of, or something to put right."""

    FINE = "ok"
    NOTE = "NOTE"
    LOOK = "LOOK"


Findings = Iterator[tuple[Finding, str]]


def findings(config: Config) -> Findings:
    yield from _database()
    yield from _address(config)
    yield from _mail(config)
    yield from _queue()


def _fine(fine: bool) -> Finding:
    return Finding.FINE if fine else Finding.LOOK


def _database() -> Findings:
    try:
        made = tables.are_made()
    except SQLAlchemyError as error:
        yield Finding.LOOK, f"The database cannot be used: {str(error).splitlines()[0]}"
        return
    if made:
        yield from _tables()
    else:
        yield Finding.FINE, "The database is empty: the first command that needs its tables makes them."
    if db.engine.dialect.name == "sqlite":
        found = sqlite.sqlite_version
        fine = tuple(int(part) for part in found.split(".")) >= SAFE_SQLITE
        advice = "" if fine else "; versions before 3.51.3 can corrupt a file with several writers: install pysqlite3"
        yield _fine(fine), f"SQLite is version {found} from the module {sqlite.__name__}{advice}."


def _tables() -> Findings:
    yield Finding.FINE, f"The database answers ({db.engine.dialect.name})."
    if tables.fit():
        yield Finding.FINE, "Its tables fit this version."
    else:
        yield (
            Finding.LOOK,
            "Its tables do not fit this version. Make a backup, then start planner run: it changes them.",
        )


def _address(config: Config) -> Findings:
    fine = config.secure or is_local(urlparse(config.public_url).hostname or "")
    advice = "." if fine else ": use https, or cookies travel in the open."
    yield _fine(fine), f"Links lead to {config.public_url}{advice}"


def _mail(config: Config) -> Findings:
    """Without mail a conference can be held; that nobody is written to must be known all the same."""
    if config.mail == "smtp":
        try:
            with smtplib.SMTP(config.mail_server, config.mail_port, timeout=5) as server:
                server.noop()
            yield Finding.FINE, f"The mail server {config.mail_server}:{config.mail_port} answers."
        except (OSError, smtplib.SMTPException) as error:
            server_name = f"{config.mail_server}:{config.mail_port}"
            yield Finding.LOOK, f"The mail server {server_name} does not answer: {error}"
    else:
        where = "only written into files in this instance" if config.mail == "file" else "not set up"
        mark = Finding.LOOK if config.secure else Finding.NOTE
        advice = "give out links and cards, or set PLANNER_MAIL=smtp and PLANNER_MAIL_SERVER"
        yield mark, f"Mail is {where} (PLANNER_MAIL={config.mail}): nobody gets a message. Tell people, {advice}."


def is_local(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _queue() -> Findings:
    try:
        yield Finding.FINE, f"The queue answers; waiting tasks: {jobs.state()['waiting']}."
    except Exception as error:  # any engine's own error: the point is to name it
        yield Finding.LOOK, f"The queue does not answer: {type(error).__name__}."
    if not current_app.config["SECRET_KEY"]:
        yield Finding.LOOK, "There is no secret key."
