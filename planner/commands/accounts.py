"""Commands for organisers: their accounts, their one-time links, a conference from files."""

from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from planner.commands import EXISTING_FOLDER, Mailbox, Refused, with_database
from planner.config import Config

if TYPE_CHECKING:
    from planner.models import User


@click.group()
def user() -> None:
    """Organisers' accounts."""


@user.command("add")
@click.argument("email", type=Mailbox())
@click.option("--name", default="")
@with_database
def add(email: str, name: str) -> None:
    """Make an account and print a link that signs in once."""
    _made(email, name)
    _sign_in(email)


@user.command("operator")
@click.argument("email", type=Mailbox())
@click.option("--off", is_flag=True, help="She is none any more; somebody else must be one.")
@with_database
def operator(email: str, off: bool) -> None:
    """Let this organiser set up mail in the browser, for all conferences of the installation."""
    from planner import clock, operators
    from planner.extensions import db

    found = _account(email)
    (operators.remove if off else operators.add)(found, clock.now())
    db.session.commit()
    click.echo(f"{email} is {'no operator any more' if off else 'an operator now'}.")


def _made(email: str, name: str) -> "User":
    """An account; the very first one is the operator's, as whoever makes it runs the machine."""
    from planner import auth, clock, operators

    first, found = operators.nobody_is_here(), auth.account(email, name)
    if first:
        operators.add(found, clock.now())
    return found


@user.command("link")
@click.argument("email", type=Mailbox())
@with_database
def link(email: str) -> None:
    """Print a link that signs this organiser in once."""
    _sign_in(email)


@user.command("forget-second-factor")
@click.argument("email", type=Mailbox())
@with_database
def forget_second_factor(email: str) -> None:
    """Switch the second factor off for an organiser who has lost phone and recovery codes."""
    from flask import current_app

    from planner import clock
    from planner.extensions import db
    from planner.models import AuditEntry

    found, accounts = _account(email), current_app.extensions["security"].datastore
    accounts.tf_reset(found)
    accounts.mf_set_recovery_codes(found, None)
    off = {"happened_at": clock.now(), "actor": "system", "action": "account.second_factor_off"}
    db.session.add(AuditEntry(subject=f"organiser:{found.id}", **off))
    db.session.commit()
    click.echo(f"{email} signs in without a second factor now.")


def _account(email: str) -> "User":
    from planner import auth

    found = auth.account_of(email)
    if found is None:
        raise Refused(f"There is no account for {email}. Make one: planner user add {email}")
    return found


def _sign_in(email: str) -> None:
    from planner import auth, clock
    from planner.extensions import db

    token = auth.mint_sign_in(_account(email), clock.now())
    db.session.commit()
    click.echo(f"{_address()}/s/{token}")
    click.echo("Open it within 24 hours, while `planner run` serves. It signs in once.", err=True)
    if not _config().has_own_address:
        told = f"It leads to {_address()}. To serve on another port, start `planner run --port` first, then ask: "
        click.echo(f"{told}planner user link {email}", err=True)


def _address() -> str:
    return _config().public_url


def _config() -> Config:
    from flask import current_app

    return cast(Config, current_app.extensions["planner"])


@click.command()
@click.argument("folder", type=EXISTING_FOLDER)
@click.argument("email", type=Mailbox())
@with_database
def load(folder: Path, email: str) -> None:
    """Load a conference from files like those in planner/demo/duisburg, organised by EMAIL."""
    from planner import beginnings, clock
    from planner.demo.load import load as load_into_tables
    from planner.demo.reading import DemonstrationError, read
    from planner.extensions import db

    try:
        data = read(folder)
        beginnings.refuse_a_taken_name(data.conference.slug)
        conference = load_into_tables(data, _made(email, ""), clock.now())
    except DemonstrationError as error:
        raise Refused(str(error)) from error
    conference.is_demonstration = False
    db.session.commit()
    click.echo(f"Loaded: {_address()}/organise/{conference.slug}/ with {len(conference.participants)} people.")
    click.echo(f"A link that signs in: planner user link {email}", err=True)
