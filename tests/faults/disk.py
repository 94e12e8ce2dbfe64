"""FLT-7: disk full, folder read-only, database locked; reading goes on, and saving comes back by itself."""

import os
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from tests.campaigns.report import Report
from tests.faults import arms, processes, site
from tests.faults.visitor import Visitor

PROMISE = (
    "FLT-7: disk full, read-only, locked for 30 s: 503 with Retry-After and the typed text in under 5 s, reading goes "
    "on in under 5 s, saving comes back by itself, at most 10 lines a minute in the log."
)
WITHOUT_ROOTS_RIGHTS = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
LOCKED = 30.0
PATIENCE = 5.0
LINES_A_MINUTE = 10
TYPED = "Ein Anliegen, lange getippt."


def run(count: int, seed: int, *, database: str, unguarded: bool, say: Callable[[str], None]) -> Report:
    """On a small disk of its own, which needs root, by processes whom a file's rights bind all the same."""
    report = Report("disk", PROMISE, control_arm=unguarded)
    faults = {"read-only": _read_only, "full": _full, "locked": _locked}
    with _small_disk() as place:
        of = site.prepared(place, "", 9, themes=1)
        web = site.Web(place, "", app=arms.STUBBORN if unguarded else site.GUARDED, under=WITHOUT_ROOTS_RIGHTS)
        web.start()
        try:
            for number in range(count * len(faults)):
                name = list(faults)[number % len(faults)]
                visitor = Visitor(web.port, of.slug, of.people[number % 9], of.tokens[number % 9])
                processes.within(30, lambda visitor=visitor: _may(lambda: visitor.enter() or visitor.csrf))  # type: ignore[misc,func-returns-value]
                lines, began = web.lines(), time.monotonic()
                with faults[name](place, web):
                    row = {"round": number, "fault": name, **_under(visitor, of)}
                row["saving again after s"] = site.seconds_until(30, lambda visitor=visitor: _saves(visitor, of))  # type: ignore[misc]
                row["log lines"], row["seconds"] = web.lines() - lines, round(time.monotonic() - began, 1)
                report.rows.append(row)
                report.broken += _judged(row)
                say(f"{row}")
        finally:
            web.stop()
    return report


@contextmanager
def _small_disk() -> Iterator[Path]:
    with site.folder() as place:
        place.chmod(0o755)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(place)], check=True)
        try:
            yield place
        finally:
            subprocess.run(["umount", "-l", str(place)], check=True)


@contextmanager
def _full(place: Path, web: site.Web) -> Iterator[None]:
    filler = place / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"0" * 4096)
        except OSError:
            pass
    try:
        yield
    finally:
        filler.unlink()


@contextmanager
def _locked(place: Path, web: site.Web) -> Iterator[None]:
    """By another process, as a backup that was never ended would."""
    with closing(sqlite3.connect(place / "planner.sqlite3", isolation_level=None)) as other:
        began = time.monotonic()
        other.execute("BEGIN EXCLUSIVE")
        yield
        time.sleep(max(0.0, LOCKED - (time.monotonic() - began)))
        other.execute("ROLLBACK")


@contextmanager
def _read_only(place: Path, web: site.Web) -> Iterator[None]:
    """Open files stay writable whatever their rights, so the web processes are started anew under it."""
    files = list(place.iterdir())
    web.kill()
    for file in files:
        file.chmod(0o444)
    place.chmod(0o555)
    try:
        web.start()
        processes.within(30, lambda: _may(lambda: Visitor(web.port, "", 0, "").ask("GET", "/healthz").status == 200))
        yield
    finally:
        place.chmod(0o755)
        for file in files:
            file.chmod(0o644)


def _under(visitor: Visitor, of: site.Gathering) -> dict[str, Any]:
    """What a person meets while it lasts: a save, a statement, and her page again."""
    saved, save_took = _timed(lambda: visitor.save(of.sessions[:3]))
    statement, _took = _timed(lambda: _statement(visitor, of))
    read, read_took = _timed(lambda: visitor.look().status)
    return {
        "save": saved,
        "save s": save_took,
        "statement": statement and statement.status,
        "retry after": statement and statement.headers.get("retry-after"),
        "text kept": bool(statement and TYPED in statement.text),
        "read": read,
        "read s": read_took,
    }


def _statement(visitor: Visitor, of: site.Gathering) -> Any:
    form = [("csrf_token", visitor.csrf), ("theme_id", of.themes[0]), ("problem", TYPED), ("language", "de")]
    form += [("visibility", "anonymous"), ("receipt", os.urandom(8).hex()), ("revision", 0)]
    return visitor.ask("POST", f"/c/{of.slug}/me/submissions/new", form)  # type: ignore[arg-type]


def _timed(act: Callable[[], Any]) -> tuple[Any, float]:
    began = time.monotonic()
    try:
        return act(), round(time.monotonic() - began, 2)
    except OSError:
        return None, round(time.monotonic() - began, 2)


def _saves(visitor: Visitor, of: site.Gathering) -> bool:
    """Once, and then ten times without a refusal: no connection keeps the fault."""
    return _may(lambda: visitor.look().status == 200 and visitor.save(of.sessions[:2]) == 302) and all(
        visitor.save(of.sessions[: at % 5]) == 302 for at in range(10)
    )


def _may(act: Callable[[], Any]) -> bool:
    try:
        return bool(act())
    except OSError:
        return False


def _judged(row: dict[str, Any]) -> list[str]:
    kept = {
        "a save was not answered 503": row["save"] == 503,
        "a statement was not answered 503 with its text": row["statement"] == 503 and row["text kept"],
        "nothing says when to come back": bool(row["retry after"]),
        "reading stopped": row["read"] == 200,
        "somebody waited too long": row["save s"] <= PATIENCE and row["read s"] <= PATIENCE,
        "saving did not come back": row["saving again after s"] is not None,
        "the log was flooded": row["log lines"] <= LINES_A_MINUTE * max(1.0, row["seconds"] / 60),
    }
    return [f"round {row['round']}, {row['fault']}: {what}" for what, held in kept.items() if not held]
