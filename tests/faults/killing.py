"""FLT-1: web processes are killed while people save; nothing that was acknowledged is lost, nothing is half written."""

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.campaigns.report import Report
from tests.faults import arms, processes, site
from tests.faults.visitor import Visitor, at_work

PROMISE = "FLT-1: kill -9 of web processes while 16 people save; acknowledged and lost 0, half written 0, back in 5 s."
PEOPLE = 16
SERVES_AGAIN = 5.0
A_ROUND = 200
"""Lists that are acknowledged before each kill."""


def run(count: int, seed: int, *, database: str, unguarded: bool, say: Callable[[str], None]) -> Report:
    """Every other round kills all processes, the others one worker. The control arm acknowledges before it commits."""
    report = Report("killing", PROMISE, control_arm=unguarded)
    with site.folder() as place, site.database(database) as address:
        of = site.prepared(place, address, PEOPLE)
        web = site.Web(place, address, app=arms.FORGETFUL if unguarded else site.GUARDED)
        web.start()
        visitors = [Visitor(web.port, of.slug, *each) for each in zip(of.people, of.tokens, strict=True)]
        try:
            for number in range(count):
                row = _round(number, web, visitors, of.sessions, seed, report)
                report.rows.append(row)
                say(f"{row}")
        finally:
            web.stop()
        report.figures["acknowledged"] = sum(visitor.ledger.saves for visitor in visitors)
        if database == "sqlite":
            _check_integrity(place / "planner.sqlite3", report)
    return report


def _round(
    number: int, web: site.Web, visitors: list[Visitor], sessions: list[int], seed: int, report: Report
) -> dict[str, Any]:
    ended = threading.Event()
    before = sum(visitor.ledger.saves for visitor in visitors)
    threads = at_work(visitors, sessions, ended, seed * 1000 + number)
    processes.within(60, lambda: sum(visitor.ledger.saves for visitor in visitors) >= before + A_ROUND)
    everything = number % 2 == 0
    if everything:
        web.kill()
        web.start()
    elif web.workers():
        processes.end(web.workers()[number % len(web.workers())])
    back = site.seconds_until(30, lambda: site.serves(web.port))
    ended.set()
    [thread.join() for thread in threads]
    faults = _faults(web, visitors)
    report.broken += faults
    if back is None or back > SERVES_AGAIN:
        report.broken.append(f"round {number}: serving again after {back} s")
    return {
        "round": number,
        "killed": "all" if everything else "one",
        "acknowledged": sum(visitor.ledger.saves for visitor in visitors) - before,
        "serving again after s": back,
        "lost or half written": len(faults),
    }


def _faults(web: site.Web, visitors: list[Visitor]) -> list[str]:
    stored = web.stored()
    found = []
    for visitor in visitors:
        found += visitor.ledger.faults(stored.get(visitor.ledger.person, []))
        visitor.ledger.acknowledged = stored.get(visitor.ledger.person, [])
        visitor.ledger.possible = []
    return found


def _check_integrity(file: Path, report: Report) -> None:
    with sqlite3.connect(file) as connection:
        said = connection.execute("PRAGMA integrity_check").fetchone()[0]
    report.figures["integrity"] = said
    if said != "ok":
        report.broken.append(f"integrity_check: {said}")
