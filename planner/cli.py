"""The `planner` command: demo, run, worker, solve, verify, convert, diagnose, doctor, user."""

import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import flask_migrate
from flask import Flask
from flask.cli import FlaskGroup, with_appcontext

from planner.config import Config


def make_app() -> Flask:
    from planner import create_app

    return create_app()


main = FlaskGroup(
    name="planner",
    create_app=make_app,
    help="Plan participatory conferences: wishes, mix and rounds in one model.",
    add_default_commands=False,
    add_version_option=False,
    load_dotenv=False,
)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=5000, show_default=True)
@click.option("--reset", is_flag=True, help="Start with a fresh conference; what was entered is lost.")
@click.option("--phase", type=click.Choice(["call", "wishes", "allocation", "day"]), help="Step into this phase.")
def demo(host: str, port: int, reset: bool, phase: str | None) -> None:
    """Open the Duisburg conference, filled, in your browser. No other server is needed."""
    from planner import create_app
    from planner.doctor import is_local
    from planner.serve import free_port, serve

    if not is_local(host):
        raise click.ClickException("The demonstration is for this computer only; use --host 127.0.0.1.")
    folder = Config().instance / "demo"
    if reset:
        for file in folder.glob("*.sqlite3*"):
            file.unlink()
    port = free_port(host, port)
    config = Config(
        instance=folder,
        public_url=f"http://{host}:{port}",
        mail="file",
        database_url="",
        queue_url="",
        **{"DATABASE_URL": ""},  # type: ignore[arg-type]
    )
    app = create_app(config)
    with app.app_context():
        _migrate()
        addresses = _demonstration(config, phase)
    serve(app, host, port, lambda: _welcome(addresses))


def _demonstration(config: Config, phase: str | None) -> dict[str, str]:
    """Load it unless it is there; mint one fresh address per role."""
    from sqlalchemy import select

    from planner import auth, clock
    from planner.demo.load import go_to, load
    from planner.demo.reading import read_duisburg
    from planner.extensions import db
    from planner.models import Conference, Participant, SessionRole

    now, data = clock.now(), read_duisburg()
    conference = db.session.scalar(select(Conference).filter_by(slug=data.conference.slug))
    if conference is None:
        click.echo("Loading the Duisburg conference ...")
        conference = load(data, _organiser("demo@example.org", "Demo"), now)
    if phase:
        go_to(conference, phase, now)
    mine = select(Participant).filter_by(conference_id=conference.id)
    leads = mine.join(SessionRole).order_by(SessionRole.id).limit(1)
    named = {person.key: person.name for person in data.participants}
    visitor = mine.filter_by(name=named.get("elke-beispiel", "")).limit(1)
    participant = db.session.scalar(visitor) or db.session.scalars(mine.limit(1)).one()
    addresses = {
        "Organiser": f"/s/{auth.mint_sign_in(conference.organisers[0], now)}",
        "Participant": f"/l/{auth.mint_link(participant, now)}",
        "Facilitator": f"/l/{auth.mint_link(db.session.scalars(leads).one(), now)}",
        "Everybody": f"/c/{conference.slug}/",
    }
    db.session.commit()
    return {role: config.public_url + path for role, path in addresses.items()}


def _welcome(addresses: dict[str, str]) -> None:
    click.echo("\nStuhlkreis is open. One address for each role (each in a private window, or one after the other):\n")
    for role, address in addresses.items():
        click.echo(f"  {role:<12} {address}")
    click.echo("\nThe organiser's address works once. Stop with Ctrl-C; nothing that you entered is lost.\n")


def _migrate() -> None:
    import logging

    logging.getLogger("alembic").setLevel(logging.WARNING)
    flask_migrate.upgrade()


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
def run(host: str, port: int) -> None:
    """Serve all conferences from this process, with the queue's worker inside."""
    from planner.serve import serve

    app = make_app()
    config: Config = app.extensions["planner"]
    refuse_unsafe(config, host)
    with app.app_context():
        _migrate()
    serve(app, host, port, lambda: click.echo(f"Stuhlkreis serves {config.public_url} on {host}:{port}."))


def refuse_unsafe(config: Config, host: str) -> None:
    """Public binding over plain http would send cookies and personal links in the open."""
    from planner.doctor import is_local

    if not is_local(host) and not config.secure:
        raise click.ClickException(
            f"PLANNER_PUBLIC_URL is {config.public_url}, but {host} can be reached from outside: "
            "set it to the https address that people use."
        )


@main.command()
def worker() -> None:
    """Work off the queue: allocations and mails. Start as many as you like, on any machine."""
    from planner.jobs import Worker

    ended = threading.Event()
    for kind in (signal.SIGINT, signal.SIGTERM):
        signal.signal(kind, lambda *_: ended.set())
    work = Worker(make_app())
    work.start()
    click.echo("The worker waits for tasks. Stop it with Ctrl-C.")
    ended.wait()
    work.stop()


@main.command()
@with_appcontext
def doctor() -> None:
    """Look for what is unsafe or missing; exit code 1 if something is."""
    from flask import current_app

    from planner.doctor import findings

    fine = True
    for good, sentence in findings(current_app.extensions["planner"]):
        click.echo(f"{'ok  ' if good else 'LOOK'} {sentence}")
        fine = fine and good
    raise SystemExit(0 if fine else 1)


@main.group()
def user() -> None:
    """Organisers' accounts."""


@user.command("add")
@click.argument("email")
@click.option("--name", default="")
@with_appcontext
def add_user(email: str, name: str) -> None:
    """Make an account and print a link that signs in once."""
    from planner.extensions import db

    _organiser(email, name)
    db.session.commit()
    click.echo(_sign_in(email))


@user.command("link")
@click.argument("email")
@with_appcontext
def link_user(email: str) -> None:
    """Print a link that signs this organiser in once."""
    click.echo(_sign_in(email))


def _organiser(email: str, name: str) -> Any:
    from sqlalchemy import select

    from planner.extensions import db
    from planner.models import User, random_key

    found = db.session.scalar(select(User).filter_by(email=email))
    if found is None:
        found = User(email=email, name=name, fs_uniquifier=random_key() + random_key())
        db.session.add(found)
        db.session.flush()
    return found


def _sign_in(email: str) -> str:
    from flask import current_app
    from sqlalchemy import select

    from planner import auth, clock
    from planner.extensions import db
    from planner.models import User

    found = db.session.scalar(select(User).filter_by(email=email))
    if found is None:
        raise click.ClickException(f"There is no account for {email}. Make one: planner user add {email}")
    token = auth.mint_sign_in(found, clock.now())
    db.session.commit()
    return f"{current_app.extensions['planner'].public_url}/s/{token}"


@main.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("email")
@with_appcontext
def load(folder: Path, email: str) -> None:
    """Load a conference from files like those in planner/demo/duisburg, organised by EMAIL."""
    from planner import clock
    from planner.demo.load import load as load_into_tables
    from planner.demo.reading import DemonstrationError, read
    from planner.extensions import db

    try:
        conference = load_into_tables(read(folder), _organiser(email, ""), clock.now())
    except DemonstrationError as error:
        raise click.ClickException(str(error)) from error
    conference.is_demonstration = False
    db.session.commit()
    click.echo(f"Loaded: /organise/{conference.slug}/ with {len(conference.participants)} people.")


def _solver(command: Callable[..., int], *arguments: Any, **options: Any) -> None:
    raise SystemExit(command(*arguments, **options))


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--format", "kind", default="auto", type=click.Choice(["auto", "stuhlkreis", "akplanning", "wassign"]))
@click.option("--preset", type=click.Choice(["balanced", "wishes_first", "mix_first"]), default="balanced")
@click.option("--objective", type=click.Choice(["ours", "native"]), help="For foreign formats: native is the default.")
@click.option("--time-limit", default=60.0, show_default=True)
@click.option("--workers", default=2, show_default=True)
@click.option("--seed", default=0, show_default=True)
@click.option("-o", "--out", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of sentences.")
def solve(file: Path, out: Path | None, **options: Any) -> None:
    """Solve a conference FILE and write the allocation."""
    from solver import solve_file

    _solver(solve_file, file, out, **options)


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("allocation", type=click.Path(path_type=Path))
def verify(file: Path, allocation: Path) -> None:
    """Count all rules of FILE on ALLOCATION; each violation is a line."""
    from solver import verify_files

    _solver(verify_files, file, allocation)


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
def diagnose(file: Path) -> None:
    """Say whether FILE can be solved, and if not, which rules conflict."""
    from solver import diagnose_file

    _solver(diagnose_file, file)


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("allocation", type=click.Path(path_type=Path))
@click.argument("participant", required=False)
@click.argument("slot", required=False)
def explain(file: Path, allocation: Path, participant: str | None, slot: str | None) -> None:
    """Why PARTICIPANT is where she is, or the fairness note of the whole run."""
    from solver import explain_files

    _solver(explain_files, file, allocation, participant, slot)


@main.command()
@click.argument("source", type=click.Path(path_type=Path))
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--from", "source_format", default="auto")
@click.option("--to", "target_format", default="stuhlkreis", show_default=True)
@click.option("--anonymise", is_flag=True, help="Replace every name and shuffle: fit for a bug report.")
@click.option("--seed", default=0, show_default=True, help="Of the shuffle.")
def convert(source: Path, target: Path, source_format: str, target_format: str, **options: Any) -> None:
    """Convert a conference file between formats."""
    from solver import convert_file

    _solver(convert_file, source, target, source_format, target_format, **options)


@main.command()
@click.option("--sizes", default="300,1000", show_default=True, help="Numbers of people, with commas.")
@click.option("--kinds", default="rep", show_default=True, help="rep, norep, single, with commas.")
@click.option("--seconds", default=15.0, show_default=True, help="Time limit of each run.")
@click.option("--runs", default=3, show_default=True)
@click.option("--against", default="", help="naive, highs: solved side by side in the same run.")
@click.option("--instances", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Others' files too.")
@click.option("--extras", is_flag=True, help="Repair at 1,000 people and diagnosis at 300 too.")
@click.option("--out", type=click.Path(path_type=Path), help="Write bench.json, bench.md and pictures there.")
def bench(sizes: str, kinds: str, seconds: float, runs: int, against: str, **options: Any) -> None:
    """Measure the solver; prints machine, versions and medians."""
    from solver import measure

    numbers = tuple(int(size) for size in sizes.split(",") if size.strip())
    named = tuple(each.strip() for each in against.split(",") if each.strip())
    _solver(measure, numbers, tuple(kinds.split(",")), seconds, runs, named, **options)
