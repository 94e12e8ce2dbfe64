"""Commands for the audit's chain: whether anybody changed it, where it ends."""

import click

from planner.commands import with_database


@click.group()
def audit() -> None:
    """The record of who did what."""


@audit.command()
@with_database
def verify() -> None:
    """Look for entries that were changed, removed, exchanged or cut off; exit code 1 if there are any."""
    from flask import current_app

    from planner import audit

    kept = audit.anchors(current_app.extensions["planner"])
    found = list(audit.faults(kept))
    for fault in found:
        click.echo(fault)
    if not found:
        click.echo(f"The audit is whole: {audit.size()} entries, compared with {len(kept)} anchors.")
    raise SystemExit(1 if found else 0)


@audit.command()
@with_database
def anchor() -> None:
    """Write down where the chains end, in instance/audit.anchors; keep a copy on another machine."""
    from flask import current_app

    from planner import audit, clock

    for row in audit.anchor(current_app.extensions["planner"], clock.now()):
        click.echo(f"{row.at} {row.chain} {row.number} {row.seal}")
