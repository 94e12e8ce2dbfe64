"""What is unsafe or missing on this machine, each finding in a sentence."""

import enum
import os
from collections.abc import Iterator
from pathlib import Path

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from planner import audit, jobs, mail_settings, operators, post, tables
from planner.config import Config, is_local
from planner.extensions import db, sqlite
from planner.models import User

SAFE_SQLITE = (3, 51, 3)


class Finding(enum.StrEnum):
    """How a finding is marked: fine, a choice to know of, or something to put right."""

    FINE = "ok"
    NOTE = "NOTE"
    LOOK = "LOOK"


Findings = Iterator[tuple[Finding, str]]


def findings(config: Config) -> Findings:
    yield from _database()
    yield from _files(config)
    yield from _address(config)
    yield from _mail(config)
    yield from _operators(config)
    yield from _queue()
    yield from _accounts(config)
    yield from _copies(config)


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


def _files(config: Config) -> Findings:
    """Whoever else has an account on this machine reads nothing here: names, needs, the signing key."""
    if os.name != "posix":
        yield Finding.NOTE, f"Who may read {config.instance} cannot be looked up on this system: let it be you alone."
        return
    open_ones = [path for path in (config.instance, *config.instance.rglob("*")) if others_may(path)]
    if open_ones:
        named = ", ".join(str(path) for path in open_ones[:3]) + (" and more" if len(open_ones) > 3 else "")
        yield Finding.LOOK, f"Others on this machine may read {named}: chmod -R go= {config.instance}"
    else:
        yield Finding.FINE, "Its files are closed to others on this machine."


def others_may(path: Path) -> bool:
    return not path.is_symlink() and bool(path.stat().st_mode & 0o077) and path.name != "README.md"


def _address(config: Config) -> Findings:
    fine = config.secure or is_local(config.host)
    advice = "." if fine else ": use https, or cookies travel in the open."
    yield _fine(fine), f"Links lead to {config.public_url}{advice}"
    if config.hosts is None:
        yield Finding.LOOK, "Requests under any name are answered: use a name in PLANNER_PUBLIC_URL, not a number."
    if config.secure and not config.proxies:
        yield (
            Finding.LOOK,
            "The address is https, so a proxy stands in front, but PLANNER_PROXIES is 0: everybody shares its address, "
            "and one stranger's wrong passwords make all wait. Set PLANNER_PROXIES=1.",
        )


def _mail(config: Config) -> Findings:
    """Without mail a conference can be held; that nobody is written to must be known all the same."""
    settings = mail_settings.present(config)
    server_name = f"{settings.server}:{settings.port}"
    if mail_settings.are_broken(config):
        yield (
            Finding.LOOK,
            f"{config.instance / mail_settings.FILE} cannot be read, so no mail leaves: set mail up anew.",
        )
    elif settings.way == "smtp":
        try:
            post.knock(settings)
            yield Finding.FINE, f"The mail server {server_name} answers."
        except (OSError, UnicodeError) as error:
            yield Finding.LOOK, f"The mail server {server_name} does not answer: {error}"
    else:
        where = "only written into files in this instance" if settings.way == "file" else "not set up"
        mark = Finding.LOOK if config.secure else Finding.NOTE
        advice = "give out links and cards, set it up in the browser as an operator, or by PLANNER_MAIL=smtp"
        yield mark, f"Mail is {where} (PLANNER_MAIL={settings.way}): nobody gets a message. Tell people, {advice}."


def _operators(config: Config) -> Findings:
    """Whoever may set mail up in the browser; an installation from before there were any has none."""
    if not tables.are_made() or mail_settings.are_fixed(config):
        return
    nobody, count = operators.nobody_is_here(), operators.count()
    db.session.rollback()  # what is asked next would wait for this
    if nobody:
        return
    if count:
        yield Finding.FINE, "Somebody can set up mail in the browser."
    else:
        yield Finding.NOTE, "Nobody can set up mail in the browser: planner user operator EMAIL"


def _queue() -> Findings:
    try:
        yield Finding.FINE, f"The queue answers; waiting tasks: {jobs.state()['waiting']}."
    except Exception as error:  # any engine's own error: the point is to name it
        yield Finding.LOOK, f"The queue does not answer: {type(error).__name__}."
    if not current_app.config["SECRET_KEY"]:
        yield Finding.LOOK, "There is no secret key."


def _accounts(config: Config) -> Findings:
    """An organiser reads everything of her conferences, so her password should not be all that guards them."""
    if not tables.are_made():
        return
    lacking = select(func.count()).select_from(User).where(User.active, User.tf_primary_method.is_(None))
    count = db.session.scalar(lacking) or 0
    db.session.rollback()  # what is asked next would wait for this
    if count:
        mark = Finding.LOOK if config.secure else Finding.NOTE
        advice = "it is on their password page; PLANNER_SECOND_FACTOR=required asks all of them"
        yield mark, f"Organisers without a second factor: {count}; {advice}."
    else:
        yield Finding.FINE, "No organiser signs in without a second factor."


def _copies(config: Config) -> Findings:
    """What cannot be seen from here, or not be put back by anybody."""
    yield (
        Finding.NOTE,
        "This program makes no backups: copy the database, secret_key and audit.anchors to another machine every day.",
    )
    if tables.are_made() and not audit.anchors_file(config).is_file():
        yield (
            Finding.NOTE,
            "The audit's ends were never written down: planner worker does it daily, or planner audit anchor.",
        )
