"""LOAD-1: everybody saves in the last minute. LOAD-2: the same while an allocation runs."""

from collections.abc import Callable

from tests.campaigns.report import Report
from tests.load import solving
from tests.load.loop import to_its_end
from tests.load.place import made
from tests.load.served import APP, LYING, served
from tests.load.visits import REQUESTS, Ledger, arrive, signed_in

LIMITS = {"last-minute": (250.0, 1000.0), "during-solve": (600.0, None)}
"""p95 and p99 in ms."""
PEOPLE = {"last-minute": 2_000, "during-solve": 1_500}
SESSIONS = 60
PROMISES = {
    "last-minute": "2,000 people save in the last minute: p95 <= 250 ms, p99 <= 1 s, no error, nothing missing",
    "during-solve": "half the rate while 1,500 people are allocated: p95 <= 600 ms, no error, nothing missing",
}


def run(
    name: str,
    rate: float,
    seconds: float,
    *,
    database: str,
    server: str,
    unguarded: bool,
    say: Callable[[str], None],
    people: int | None = None,
) -> Report:
    """`unguarded` serves an application that acknowledges without storing: the ledger must find that."""
    say(f"{name}: making {people or PEOPLE[name]} people on {database}")
    needed = round(rate * seconds / REQUESTS) + 1
    with made(database, max(needed, people or PEOPLE[name]), SESSIONS) as place:
        with served(server, place, LYING if unguarded else APP, worker=name == "during-solve") as here:
            visitors = to_its_end(signed_in(place, here.port, needed))
            pressed = to_its_end(solving.pressed(place, here.port, seconds)) if name == "during-solve" else None
            say(f"{rate} requests/s for {seconds} s against {server}")
            ledger = to_its_end(arrive(place, here.port, rate, seconds, visitors))
            ended = to_its_end(solving.state(place, here.port)) if pressed else ""
            memory = here.memory
        missing = ledger.missing(place.stored())
    report = Report(f"load-{name}-{database}-{server}", PROMISES[name], control_arm=unguarded)
    report.figures |= {"server": server, "database": database, "rate": rate, "seconds": seconds}
    report.figures |= {**ledger.figures(), "missing": len(missing), "memory MB": memory}
    if pressed is not None:
        report.figures |= {"Allocate pressed, ms": round(1000 * pressed), "the run at the end": ended}
    report.rows = ledger.rows()
    report.broken = [*broken(ledger, missing, *LIMITS[name])]
    return report


def broken(ledger: Ledger, missing: list[str], p95: float, p99: float | None) -> list[str]:
    figures = ledger.figures()
    found = sorted(set(ledger.errors))
    found += [f"acknowledged, but not what is stored: {len(missing)} lists"] if missing else []
    found += [] if ledger.acknowledged else ["nothing was acknowledged"]
    for name, limit in (("p95 ms", p95), ("p99 ms", p99)):
        if limit is not None and float(str(figures[name])) > limit:
            found.append(f"{name} is {figures[name]}, promised {limit}")
    return found
