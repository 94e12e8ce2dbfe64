"""The load campaigns: `python -m tests.load last-minute --database sqlite --rate 100 --seconds 60 --into FOLDER`.

last-minute (LOAD-1), during-solve (LOAD-2), hostile (LOAD-3), organiser (LOAD-4). The loader runs on the same machine,
keeps a ledger of its own and counts each answer from the moment at which somebody came. `--server run` is what
`planner run` serves, `proxy` the README's deployment (planner/deploy), `gunicorn` the same without its proxy.
`--unguarded` is the control arm, which must fail: a save acknowledged before its commit, or the proxy left out.
"""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from tests.campaigns.report import Report
from tests.load import hostile, last_minute, organiser
from tests.load.served import SERVERS


class Run(Protocol):
    def __call__(
        self,
        name: str,
        rate: float,
        seconds: float,
        *,
        database: str,
        server: str,
        unguarded: bool,
        say: Callable[[str], None],
        people: int | None = None,
    ) -> Report: ...


CAMPAIGNS: dict[str, tuple[float, Run]] = {
    "last-minute": (100, last_minute.run),
    "during-solve": (50, last_minute.run),
    "hostile": (hostile.CONNECTIONS, hostile.run),
    "organiser": (0, organiser.run),
}
"""Each with the rate that is promised: requests a second, or hostile connections."""


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=__doc__)
    parser.add_argument("campaign", choices=list(CAMPAIGNS))
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--server", choices=list(SERVERS), default="proxy")
    parser.add_argument("--rate", type=float, help="without it the rate that is promised")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--people", type=int, help="without it the number that is promised")
    parser.add_argument("--unguarded", action="store_true", help="the control arm: without the protection")
    parser.add_argument("--into", type=Path, default=Path("campaign"), help="folder for the report")
    asked = parser.parse_args(words)
    promised, run = CAMPAIGNS[asked.campaign]
    began = time.monotonic()
    report = run(
        asked.campaign,
        asked.rate or promised,
        asked.seconds,
        database=asked.database,
        server=asked.server,
        unguarded=asked.unguarded,
        say=_say,
        people=asked.people,
    )
    report.figures |= {"command": f"python -m tests.load {' '.join(words)}"}
    report.figures |= {"whole, seconds": round(time.monotonic() - began, 1)}
    report.keep(asked.into)
    _say(report.markdown())
    return 0 if report.as_expected else 1


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
