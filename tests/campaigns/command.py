"""What the commands of all reported campaigns share: options, the clock, the report, the exit code."""

import argparse
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from tests.campaigns.report import Report


def options(program: str, about: str | None, names: Iterable[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"python -m {program}", description=about)
    parser.add_argument("campaign", choices=list(names))
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--unguarded", action="store_true", help="the control arm: without the protection")
    parser.add_argument("--into", type=Path, default=Path("campaign"), help="folder for the report")
    return parser


def carry_out(program: str, words: Sequence[str], into: Path, run: Callable[[], Report]) -> int:
    """0 if the promise held, or broke in the control arm; 1 otherwise."""
    began = time.monotonic()
    report = run()
    report.figures |= {"command": f"python -m {program} {' '.join(words)}"}
    report.figures |= {"whole, seconds": round(time.monotonic() - began, 1)}
    report.keep(into)
    say(report.markdown())
    return 0 if report.as_expected else 1


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
