"""Commands that serve or work: demo, run, worker; and the doctor, who looks whether that is safe."""

import signal
import sys
import threading
from collections.abc import Callable

import click
from flask import Flask

from planner.commands import PORT, Refused, application
from planner.config import HOST, Config, address, is_local, remember_address
from planner.config import PORT as USUAL

NOBODY = "nobody takes part any more; planner demo --reset starts afresh"


@click.command()
@click.option("--host", default=HOST, show_default=True)
@click.option("--port", type=PORT, default=USUAL, show_default=True)
@click.option("--reset", is_flag=True, help="Start with a fresh conference; what was entered is lost.")
@click.option("--phase", type=click.Choice(["call", "wishes", "allocation", "day"]), help="Step into this phase.")
def demo(host: str, port: int, reset: bool, phase: str | None) -> None:
    """Open the Duisburg conference, filled, in your browser. No other server is needed."""
    from planner.serve import free_port

    if not is_local(host):
        raise Refused("The demonstration is for this computer only; use --host 127.0.0.1.")
    folder = Config().instance / "demo"
    if reset:
        for file in folder.glob("*.sqlite3*"):
            file.unlink()
    port = free_port(host, port)
    config = Config(
        instance=folder,
        public_url=address(host, port),
        mail="file",
        demonstration=True,
        database_url="",
        queue_url="",
        **{"DATABASE_URL": ""},  # type: ignore[arg-type]
    )
    app = application(config)
    with app.app_context():
        addresses = _demonstration(config, phase)
    _serve(app, host, port, lambda: _welcome(addresses))


def _demonstration(config: Config, phase: str | None) -> dict[str, str]:
    """Load it unless it is there; mint one fresh address per role."""
    from sqlalchemy import select

    from planner import auth, clock, conferences
    from planner.demo.load import load
    from planner.demo.reading import read_duisburg
    from planner.extensions import db
    from planner.models import COMING, Conference, Participant, SessionRole

    now, data = clock.now(), read_duisburg()
    conference = db.session.scalar(select(Conference).filter_by(slug=data.conference.slug))
    if conference is None:
        click.echo("Loading the Duisburg conference ...")
        conference = load(data, auth.account("demo@example.org", "Demo"), now)
    if phase:
        conferences.go_to(conference, phase, now)
    # Nobody comes in who has cancelled, and whoever was erased is not there.
    mine = select(Participant).filter_by(conference_id=conference.id).where(Participant.state.in_(COMING))
    named = {person.key: person.name for person in data.participants}
    visitors = mine.order_by(Participant.name != named.get("elke-beispiel", ""), Participant.id)
    leads = mine.join(SessionRole).order_by(SessionRole.id)
    here = config.public_url

    def way_in(person: Participant | None) -> str:
        return f"{here}/l/{auth.mint_link(person, now)}" if person else NOBODY

    addresses = {
        "Organiser": f"{here}/s/{auth.mint_sign_in(conference.members[0].user, now)}",
        "Participant": way_in(db.session.scalar(visitors.limit(1))),
        "Facilitator": way_in(db.session.scalar(leads.limit(1))),
        "Everybody": f"{here}/c/{conference.slug}/",
    }
    db.session.commit()
    return addresses


def _welcome(addresses: dict[str, str]) -> None:
    click.echo("\nStuhlkreis is open. One address for each role (each in a private window, or one after the other):\n")
    for role, where in addresses.items():
        click.echo(f"  {role:<12} {where}")
    click.echo("\nThe organiser's address works once. Stop with Ctrl-C; nothing that you entered is lost.\n")


@click.command()
@click.option("--host", default=HOST, show_default=True)
@click.option("--port", type=PORT, default=USUAL, show_default=True)
def run(host: str, port: int) -> None:
    """Serve all conferences from this process, with the queue's worker inside."""
    config = Config()
    refuse_unsafe(config, host)
    here = address(host, port)
    app = application(config if config.has_own_address else config.model_copy(update={"public_url": here}))
    _serve(app, host, port, lambda: _open(config, here, app))


def _open(config: Config, here: str, app: Flask) -> None:
    """Say where it serves, what is still missing, and let the other commands know."""
    if config.has_own_address:
        click.echo(f"Stuhlkreis serves {config.public_url} here: {here}. Stop with Ctrl-C.")
    else:
        remember_address(config.instance, here)
        click.echo(f"Stuhlkreis is open: {here}/ Stop with Ctrl-C.")
    with app.app_context():
        if not _has_accounts():
            click.echo("Nobody can sign in yet. In another terminal: planner user add YOU@EXAMPLE.ORG")


def _has_accounts() -> bool:
    from sqlalchemy import select

    from planner.extensions import db
    from planner.models import User

    return db.session.scalar(select(User.id).limit(1)) is not None


def refuse_unsafe(config: Config, host: str) -> None:
    """Public binding over plain http would send cookies and personal links in the open."""

    if not is_local(host) and not config.secure:
        raise Refused(
            f"{host} can be reached from outside, so people need an https address: "
            f"set PLANNER_PUBLIC_URL to it (now {config.public_url}), or use --host {HOST}."
        )


def _serve(app: Flask, host: str, port: int, when_ready: Callable[[], None]) -> None:
    from planner.serve import CannotServe, serve

    signal.signal(signal.SIGTERM, lambda *_: sys.exit())  # as Ctrl-C, or what the worker holds would stay held
    try:
        serve(app, host, port, when_ready)
    except CannotServe as error:
        raise Refused(f"Nothing can be served on {host}, port {port} ({error}). Choose another with --port.") from error


@click.command()
def worker() -> None:
    """Work off the queue: allocations and mails. Start as many as you like, on any machine."""
    from planner.jobs import Worker

    app = application()
    ended = threading.Event()
    for kind in (signal.SIGINT, signal.SIGTERM):
        signal.signal(kind, lambda *_: ended.set())
    work = Worker(app)
    work.start()
    click.echo("The worker waits for tasks. Stop it with Ctrl-C.")
    ended.wait()
    work.stop()


@click.command()
def doctor() -> None:
    """Look for what is unsafe or missing; exit code 1 if something is."""
    from planner import create_app
    from planner.doctor import Finding, findings

    config = Config()
    with create_app(config).app_context():
        found = list(findings(config))
    for mark, text in found:
        click.echo(f"{mark.value:<4} {text}")
    raise SystemExit(1 if Finding.LOOK in {mark for mark, _ in found} else 0)
