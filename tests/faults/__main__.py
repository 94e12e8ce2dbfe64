"""The campaigns of faults: `python -m tests.faults child --count 100 --seed 1 --into FOLDER`, and so on.

Each is a module with `run(count, seed, *, database, unguarded, say) -> Report` and a line in the table here.
`unguarded` is its control arm: the same with the protection switched off, which must fail.
"""

import signal
import sys
from collections.abc import Callable
from typing import Any, Protocol

from tests.campaigns.command import carry_out, options, say
from tests.campaigns.report import Report
from tests.faults import (
    audit,
    away,
    child,
    disk,
    forms,
    killing,
    mail,
    organisers,
    orphan,
    parsers,
    power,
    privacy,
    queue,
    races,
    scripts,
    workflow,
)

Say = Callable[[str], None]


class Run(Protocol):
    """`say` prints a line while it runs; the report tells all at the end."""

    def __call__(self, count: int, seed: int, *, database: str, unguarded: bool, say: Say) -> Report: ...


FAULTS: dict[str, tuple[int, Run]] = {
    "audit": (500, audit.run),
    "child": (100, child.run),
    "forms": (2000, forms.run),
    "privacy": (20, privacy.run),
    "orphan": (100, orphan.run),
    "killing": (200, killing.run),
    "lists": (40_000, races.lists),
    "twice": (200, races.twice),
    "deadline": (50, races.deadline),
    "organisers": (50, organisers.run),
    "away": (20, away.run),
    "mail": (120, mail.run),
    "queue": (200, queue.run),
    "disk": (3, disk.run),
    "parsers": (2000, parsers.run),
    "power": (2000, power.run),
    "workflow": (300, workflow.run),
    "scripts": (12, scripts.run),
}
"""Each with the number that is promised."""


def main(words: list[str]) -> int:
    parser = options("tests.faults", __doc__, FAULTS)
    parser.add_argument("--count", type=int, help="how many rounds; without it the number that is promised")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", help="forms: the endpoints to try, for example 'organiser.*'")
    parser.add_argument("--share", help="forms: one part of several, for example 3/10")
    asked = parser.parse_args(words)
    # Asked to end, a campaign still ends what it started.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    promised, run = FAULTS[asked.campaign]
    guard: dict[str, Any] = {"database": asked.database, "unguarded": asked.unguarded, "say": say}
    if asked.campaign == "forms":
        guard |= {name: value for name, value in (("only", asked.only), ("share", asked.share)) if value}
    return carry_out("tests.faults", words, asked.into, lambda: run(asked.count or promised, asked.seed, **guard))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
