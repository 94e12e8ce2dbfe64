"""The load campaigns: `python -m tests.load last-minute --database sqlite --rate 100 --seconds 60 --into FOLDER`.

last-minute (LOAD-1), during-solve (LOAD-2), hostile (LOAD-3), organiser (LOAD-4). The loader runs on the same machine,
keeps a ledger of its own and counts each answer from the moment at which somebody came. `--server run` is what
`planner run` serves, `proxy` the README's deployment (planner/deploy), `gunicorn` the same without its proxy.
`--unguarded` is the control arm, which must fail: a save acknowledged before its commit, or the proxy left out.
"""

import sys
from collections.abc import Callable
from typing import Protocol

from tests.campaigns.command import carry_out, options, say
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
    parser = options("tests.load", __doc__, CAMPAIGNS)
    parser.add_argument("--server", choices=list(SERVERS), default="proxy")
    parser.add_argument("--rate", type=float, help="without it the rate that is promised")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--people", type=int, help="without it the number that is promised")
    asked = parser.parse_args(words)
    promised, run = CAMPAIGNS[asked.campaign]
    given = {name: getattr(asked, name) for name in ("database", "server", "unguarded", "people")}
    rate = asked.rate or promised
    return carry_out(
        "tests.load", words, asked.into, lambda: run(asked.campaign, rate, asked.seconds, say=say, **given)
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
