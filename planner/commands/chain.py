"""Commands for the audit's chain: whether anybody changed it, where it ends."""

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from planner.commands import EXISTING_FILE, Refused, with_database

if TYPE_CHECKING:
    from planner.audit import Anchor


@click.group()
def audit() -> None:
    """The record of who did what."""


@audit.command()
@click.option("--anchors", "files", type=EXISTING_FILE, multiple=True, help="A copy of anchors from another machine.")
@with_database
def verify(files: tuple[Path, ...]) -> None:
    """Look for entries that were changed, removed, exchanged or cut off; exit code 1 if there are any."""
    from flask import current_app

    from planner import audit

    # Before the entries, so that none of them is of a later moment.
    kept = audit.anchors(current_app.extensions["planner"]) + [row for file in files for row in _copied(file)]
    audit.read_at_one_moment()
    found = list(audit.faults(list(dict.fromkeys(kept))))
    for fault in found:
        click.echo(fault)
    if not found:
        click.echo(f"The audit is whole: {audit.size()} entries, compared with {len(set(kept))} anchors.")
    raise SystemExit(1 if found else 0)


def _copied(file: Path) -> "list[Anchor]":
    from planner import audit

    with suppress(ValueError):
        found = audit.read_anchors(file)
        if found:
            return found
    raise Refused(f"{file} holds no anchors; each is a line with a time, two numbers and a seal.")


@audit.command()
@with_database
def anchor() -> None:
    """Write down where the chains end, in instance/audit.anchors; keep a copy on another machine."""
    from flask import current_app

    from planner import audit, clock

    for row in audit.anchor(current_app.extensions["planner"], clock.now()):
        click.echo(f"{row.at} {row.chain} {row.number} {row.seal}")
