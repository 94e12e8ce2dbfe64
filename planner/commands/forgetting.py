"""The command that erases what is kept longer than people were told, for whoever runs no worker."""

import click

from planner.commands import with_database


@click.command()
@with_database
def forget() -> None:
    """Erase what is kept longer than people were told. `planner run` and `planner worker` do it every hour."""
    from planner import clock, jobs, traces

    gone, whole = jobs.keep_promises(clock.now())
    traces.wipe()
    click.echo(f"Erased: {gone} rows whose time is over.")
    if not whole:
        raise click.ClickException("Not everything could be erased; the log says what. Please try again.")
