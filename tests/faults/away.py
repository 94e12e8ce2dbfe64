"""FLT-3: PostgreSQL is killed or stopped while people save; they are told to wait, and it comes back by itself."""

import random
import threading
import time
from collections.abc import Callable
from typing import Any

from tests import postgresql
from tests.campaigns.report import Report
from tests.faults import arms, processes, site
from tests.faults.visitor import Visitor, at_work

PROMISE = (
    "FLT-3: PostgreSQL killed or stopped at once; lost 0, only 503 meanwhile, saving again within 10 s of its start."
)
PEOPLE = 8
SAVES_AGAIN = 10.0
LINES_A_MINUTE = 10


def run(count: int, seed: int, *, database: str, unguarded: bool, say: Callable[[str], None]) -> Report:
    """Each round in turn by SIGKILL and by a stop without a word. SQLite has no server, so `database` is not asked."""
    report, dice = Report("away", PROMISE, control_arm=unguarded), random.Random(seed)
    with site.folder() as place, postgresql.cluster() as cluster, postgresql.database(cluster.address) as address:
        of = site.prepared(place, address, PEOPLE)
        web = site.Web(place, address, app=arms.STUBBORN if unguarded else site.GUARDED)
        web.start()
        visitors = [Visitor(web.port, of.slug, *each) for each in zip(of.people, of.tokens, strict=True)]
        ended, began = threading.Event(), time.monotonic()
        threads = at_work(visitors, of.sessions, ended, seed)
        try:
            for number in range(count):
                row = _round(number, cluster, visitors, dice)
                report.rows.append(row)
                if row["saving again after s"] is None or row["saving again after s"] > SAVES_AGAIN:
                    report.broken.append(f"round {number}: saving again after {row['saving again after s']} s")
                say(f"{row}")
        finally:
            ended.set()
            [thread.join() for thread in threads]
            web.stop()
        stored = web.stored()
        for visitor in visitors:
            report.broken += visitor.ledger.faults(stored.get(visitor.ledger.person, []))
        report.figures |= _figures(web, visitors, time.monotonic() - began)
        report.broken += judged(report.figures)
    return report


def _round(number: int, cluster: postgresql.Cluster, visitors: list[Visitor], dice: random.Random) -> dict[str, Any]:
    before = sum(visitor.ledger.saves for visitor in visitors)
    processes.within(60, lambda: sum(visitor.ledger.saves for visitor in visitors) >= before + 20)
    killed = number % 2 == 0
    cluster.kill() if killed else cluster.stop()
    time.sleep(dice.uniform(0.5, 3))
    at = sum(visitor.ledger.saves for visitor in visitors)
    if not processes.within(20, lambda: _starts(cluster)):
        raise RuntimeError("PostgreSQL does not start again")
    again = site.seconds_until(30, lambda: sum(visitor.ledger.saves for visitor in visitors) > at)
    return {"round": number, "by": "kill" if killed else "stop", "saved before": at, "saving again after s": again}


def _starts(cluster: postgresql.Cluster) -> bool:
    """A killed one leaves children that must end first."""
    try:
        cluster.start()
    except Exception:
        return False
    return True


def _figures(web: site.Web, visitors: list[Visitor], seconds: float) -> dict[str, Any]:
    refused: dict[int, int] = {}
    for visitor in visitors:
        for status, number in visitor.ledger.refused.items():
            refused[status] = refused.get(status, 0) + number
    return {
        "acknowledged": sum(visitor.ledger.saves for visitor in visitors),
        "other answers": dict(sorted(refused.items())),
        "log lines": web.lines(),
        "log lines a minute": round(web.lines() / max(1.0, seconds / 60), 1),
    }


def judged(figures: dict[str, Any]) -> list[str]:
    """A person reads 503 while it is away, or 409 where her save had come through unseen; nobody reads 500."""
    broken = [
        f"{number} answers {status}"
        for status, number in figures["other answers"].items()
        if status >= 500 and status != 503
    ]
    if figures["log lines a minute"] > LINES_A_MINUTE:
        broken.append(f"{figures['log lines a minute']} lines a minute in the log")
    return broken
