"""LOAD-4: each organiser page and download at 20, 200 and 2,000 people: queries and seconds, in this process."""

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import flask_migrate

from planner import create_app
from planner.extensions import db, limiter
from tests import postgresql
from tests.campaigns.report import Report
from tests.conftest import settings
from tests.load.pages import MOST, PAGES, PAPERS, Office

SIZES = (20, 200, 2_000)
SECONDS = {"page": 1.0, "csv": 2.0, "pdf": 2.0, "xlsx": 2.0}
PROMISE = "at 2,000 people and 100 sessions: the same number of queries as at 20, at most 25; pages 1 s, files 2 s"
TIMES = 3


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
    """`people` instead of the largest size and all above it, and each page once instead of the best of three; rate,
    seconds and server mean nothing here. There is no control arm."""
    report = Report(f"load-{name}-{database}", PROMISE)
    most = people or SIZES[-1]
    sizes = (*(size for size in SIZES if size < most), most)
    asked: dict[str, dict[int, Cost]] = {}
    for size in sizes:
        say(f"{name}: {size} people on {database}")
        for page, found in _measured(size, database, 1 if people else TIMES).items():
            asked.setdefault(page, {})[size] = found
    for page, by_size in asked.items():
        row: dict[str, object] = {"page": page, **{f"queries at {size}": by_size[size].queries for size in sizes}}
        largest = by_size[sizes[-1]]
        report.rows.append({**row, "seconds": round(largest.seconds, 2), "of processor": round(largest.processor, 2)})
        counts, ending = [cost.queries for cost in by_size.values()], page.rpartition(".")[2]
        limit = SECONDS.get(ending, SECONDS["page"])
        # Fewer is no fault: a sentence that a larger conference does not need looks no names up.
        report.broken += [f"{page}: {counts} queries"] if max(counts) > min(MOST, counts[0]) else []
        if largest.seconds > limit:
            report.broken.append(f"{page}: {largest.seconds:.2f} s, promised {limit}")
    return report


@dataclass(frozen=True)
class Cost:
    """How often one request asks the database, and the shortest of its times, by the clock and of processor."""

    queries: int
    seconds: float
    processor: float


def _measured(people: int, database: str, times: int) -> dict[str, Cost]:
    with TemporaryDirectory(prefix="stuhlkreis-load-") as folder:
        if database == "sqlite":
            return _asked(people, Path(folder), "", times)
        with postgresql.server() as server, postgresql.database(server) as address:
            return _asked(people, Path(folder), address, times)


def _asked(people: int, folder: Path, address: str, times: int) -> dict[str, Cost]:
    app = create_app(settings(folder, DATABASE_URL=address))
    with app.app_context():
        flask_migrate.upgrade()
        office = Office(app, people)
        found = {}
        for page in (*PAGES, *PAPERS):
            limiter.reset()  # no person asks so often
            ask = office.paper if page in PAPERS else office.organiser_page
            found[page] = _cost(partial(ask, page), times)
        db.session.remove()
        db.engine.dispose()
    shutil.rmtree(folder, ignore_errors=True)
    return found


def _cost(ask: Callable[[], int], times: int) -> Cost:
    seconds, processor = [], []
    for _ in range(times):
        began, used = time.perf_counter(), time.process_time()
        queries = ask()
        seconds.append((time.perf_counter() - began) / 2)  # each asks twice, so that it counts what is usual
        processor.append((time.process_time() - used) / 2)
    return Cost(queries, min(seconds), min(processor))
