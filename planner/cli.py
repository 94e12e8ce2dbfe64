"""The `planner` command: what a machine serves and keeps, and the solver's own commands."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from planner.commands import (
    EXISTING_FILE,
    EXISTING_FOLDER,
    Commands,
    Listed,
    NewFile,
    NewFolder,
    Seconds,
    accounts,
    chain,
    forgetting,
    serving,
)

FORMATS = ["stuhlkreis", "akplanning", "wassign"]
KINDS = ["rep", "norep", "single"]
RIVALS = ["naive", "highs"]


@click.group(cls=Commands)
def main() -> None:
    """Plan participatory conferences: wishes, mix and rounds in one model."""


for command in (
    serving.demo,
    serving.run,
    serving.worker,
    serving.doctor,
    forgetting.forget,
    accounts.user,
    accounts.load,
    chain.audit,
):
    main.add_command(command)


def _solver(command: Callable[..., int], *arguments: Any, **options: Any) -> None:
    raise SystemExit(command(*arguments, **options))


@main.command()
@click.argument("file", type=EXISTING_FILE)
@click.option("--format", "kind", default="auto", type=click.Choice(["auto", *FORMATS]))
@click.option("--preset", type=click.Choice(["balanced", "wishes_first", "mix_first"]), default="balanced")
@click.option("--objective", type=click.Choice(["ours", "native"]), help="For foreign formats: native is the default.")
@click.option("--time-limit", type=Seconds(), default=60.0, show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=2, show_default=True)
@click.option("--seed", default=0, show_default=True)
@click.option("-o", "--out", type=NewFile())
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of sentences.")
def solve(file: Path, out: Path | None, **options: Any) -> None:
    """Solve a conference FILE and write the allocation."""
    from solver import solve_file

    _solver(solve_file, file, out, **options)


@main.command()
@click.argument("file", type=EXISTING_FILE)
@click.argument("allocation", type=click.Path(path_type=Path))
def verify(file: Path, allocation: Path) -> None:
    """Count all rules of FILE on ALLOCATION; each violation is a line."""
    from solver import verify_files

    _solver(verify_files, file, allocation)


@main.command()
@click.argument("file", type=EXISTING_FILE)
def diagnose(file: Path) -> None:
    """Say whether FILE can be solved, and if not, which rules conflict."""
    from solver import diagnose_file

    _solver(diagnose_file, file)


@main.command()
@click.argument("file", type=EXISTING_FILE)
@click.argument("allocation", type=click.Path(path_type=Path))
@click.argument("participant", required=False)
@click.argument("slot", required=False)
def explain(file: Path, allocation: Path, participant: str | None, slot: str | None) -> None:
    """Why PARTICIPANT is where she is, or the fairness note of the whole run."""
    from solver import explain_files

    _solver(explain_files, file, allocation, participant, slot)


@main.command()
@click.argument("source", type=EXISTING_FILE)
@click.argument("target", type=NewFile())
@click.option("--from", "source_format", default="auto", type=click.Choice(["auto", *FORMATS]))
@click.option("--to", "target_format", default="stuhlkreis", type=click.Choice(FORMATS), show_default=True)
@click.option("--anonymise", is_flag=True, help="Replace every name and shuffle: fit for a bug report.")
@click.option("--seed", default=0, show_default=True, help="Of the shuffle.")
def convert(source: Path, target: Path, source_format: str, target_format: str, **options: Any) -> None:
    """Convert a conference file between formats."""
    from solver import convert_file

    _solver(convert_file, source, target, source_format, target_format, **options)


@main.command()
@click.option("--sizes", type=Listed(click.IntRange(1)), default="300,1000", help="Numbers of people, with commas.")
@click.option("--kinds", type=Listed(click.Choice(KINDS)), default="rep", help=f"{', '.join(KINDS)}, with commas.")
@click.option("--seconds", type=Seconds(), default=15.0, help="Time limit of each run.")
@click.option("--runs", type=click.IntRange(1), default=3, show_default=True)
@click.option("--against", type=Listed(click.Choice(RIVALS)), default="", help="Solved side by side in the same run.")
@click.option("--instances", type=EXISTING_FOLDER, help="Others' files too.")
@click.option("--extras", is_flag=True, help="Repair at 1,000 people and diagnosis at 300 too.")
@click.option("--out", type=NewFolder(), help="Write bench.json, bench.md and pictures there.")
def bench(
    sizes: tuple[int, ...], kinds: tuple[str, ...], seconds: float, runs: int, against: tuple[str, ...], **options: Any
) -> None:
    """Measure the solver; prints machine, versions and medians."""
    from solver import measure

    _solver(measure, sizes, kinds, seconds, runs, against, **options)
