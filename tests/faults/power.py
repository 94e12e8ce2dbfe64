"""FLT-2: the power is cut; what SQLite's own writes and syncs leave on the disk has all that was acknowledged.

A child saves lists under strace. Its writes and syncs are replayed up to a cut: what was synced is there, what was
not is there in part, in any order, or torn within a write. The control arm saves with synchronous=NORMAL.
"""

import os
import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import permutations
from pathlib import Path
from typing import Any

from sqlalchemy import event

from planner import clock, create_app, preferences
from planner.config import ROOT
from planner.extensions import db, sqlite
from planner.models import Participant
from tests.campaigns.report import Report
from tests.conftest import settings
from tests.faults import site

PROMISE = "FLT-2: power cut (SQLite): unsynced writes dropped, reordered, torn; lost 0, corrupt 0."
PEOPLE = 4
SAVES = 400  # so that the log is written back into the file some times
SECTOR = 512
FILE = "planner.sqlite3"
WATCHED = (FILE, f"{FILE}-wal", "acknowledged")
CALL = re.compile(r"^\d+ +(pwrite64|write|fdatasync|fsync|ftruncate)\(\d+<([^>]*)>(?:, (.*))?\) += (\d+)")


@dataclass(frozen=True)
class Step:
    """One thing that a disk was asked to do, or a word to the person whose list was saved."""

    kind: str  # write, sync, truncate, acknowledged
    file: str
    at: int = 0
    data: bytes = b""


@dataclass
class Disk:
    """Files as they are for sure, and what was asked since and may be there or not."""

    files: dict[str, bytearray]
    pending: list[Step] = field(default_factory=list)

    def take(self, step: Step) -> None:
        if step.kind == "sync":
            for each in [each for each in self.pending if each.file == step.file]:
                _apply(self.files, each)
            self.pending = [each for each in self.pending if each.file != step.file]
        else:
            self.pending.append(step)

    def after_a_cut(self, dice: random.Random) -> dict[str, bytearray]:
        files = {name: bytearray(content) for name, content in self.files.items()}
        survivors = [step for step in self.pending if dice.random() < dice.choice((0.0, 0.5, 0.9))]
        dice.shuffle(survivors)
        for step in survivors:
            torn = step.kind == "write" and dice.random() < 0.3
            kept = dice.randrange(0, len(step.data) + 1, SECTOR) if torn else len(step.data)
            _apply(files, Step(step.kind, step.file, step.at, step.data[:kept]))
        return files


def _apply(files: dict[str, bytearray], step: Step) -> None:
    content = files.setdefault(step.file, bytearray())
    if step.kind == "truncate":
        del content[step.at :]
        return
    content.extend(b"\0" * (step.at - len(content)))
    content[step.at : step.at + len(step.data)] = step.data


def run(count: int, seed: int, *, database: str, unguarded: bool, say: Callable[[str], None]) -> Report:
    """So many cuts, spread over all that happened; `database` is not asked, this is about SQLite."""
    report, dice = Report("power", PROMISE, control_arm=unguarded), random.Random(seed)
    with site.folder() as place:
        before, steps, lists = _recorded(place, unguarded)
        cuts = sorted(dice.randrange(1, len(steps) + 1) for _ in range(count))
        disk, done, acknowledged = Disk(before), 0, 0
        lost = corrupt = 0
        for cut in cuts:
            for step in steps[done:cut]:
                if step.kind == "acknowledged":
                    acknowledged += 1
                else:
                    disk.take(step)
            done = cut
            fault = _fault(disk.after_a_cut(dice), lists, acknowledged)
            lost, corrupt = lost + (fault == "lost"), corrupt + (fault not in ("", "lost"))
            if fault:
                report.broken.append(f"cut after step {cut} of {len(steps)}, {acknowledged} acknowledged: {fault}")
    report.figures |= {"cuts": count, "steps": len(steps), "saves": acknowledged, "lost": lost, "corrupt": corrupt}
    return report


Lists = list[tuple[int, list[int]]]
"""Save by save whose list it was and what it said."""


def _recorded(place: Path, unguarded: bool) -> tuple[dict[str, bytearray], list[Step], Lists]:
    of = site.prepared(place, "", PEOPLE, sessions=5)
    with closing(sqlite.connect(place / FILE)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = {name: bytearray((place / name).read_bytes()) for name in WATCHED[:2] if (place / name).exists()}
    trace = place / "trace"
    calls = "trace=pwrite64,write,fdatasync,fsync,ftruncate"
    words = [sys.executable, "-m", "tests.faults.power", str(place), "normal" if unguarded else "full"]
    words += [str(number) for number in (len(of.people), *of.people, *of.sessions)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run(
        ["strace", "-f", "-y", "-xx", "-s", "2000000", "-e", calls, "-o", str(trace), *words],
        check=True,
        cwd=ROOT,
        env=environment,
    )
    return before, list(_steps(trace)), list(_lists(of.people, of.sessions))


def _lists(people: list[int], sessions: list[int]) -> Iterator[tuple[int, list[int]]]:
    """Each differs from all others of the same person."""
    orders = [list(order) for order in permutations(sessions)]
    for number in range(SAVES):
        yield people[number % len(people)], orders[number // len(people) % len(orders)]


def _steps(trace: Path) -> Iterator[Step]:
    with trace.open() as lines:
        for line in lines:
            found = CALL.match(line)
            name = Path(_plain(found[2]).decode()).name if found else ""
            if not found or name not in WATCHED:
                continue
            kind, words = found[1], found[3] or ""
            if name == "acknowledged":
                yield Step("acknowledged", name)
            elif kind == "pwrite64":
                text, _length, at = words.rsplit(", ", 2)
                yield Step("write", name, int(at), _plain(text.strip('"')))
            elif kind == "ftruncate":
                yield Step("truncate", name, int(words))
            elif kind in ("fdatasync", "fsync"):
                yield Step("sync", name)
            else:
                raise ValueError("SQLite writes in a way that is not replayed")


def _plain(text: str) -> bytes:
    """strace writes every byte as two hexadecimal digits."""
    return bytes.fromhex(text.replace("\\x", "")) if text.startswith("\\x") else text.encode()


def _fault(files: dict[str, bytearray], lists: Lists, acknowledged: int) -> str:
    """Nothing, "lost", or what is corrupt; the list that was being saved may be there or not."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            (Path(folder) / name).write_bytes(content)
        try:
            with closing(sqlite.connect(Path(folder) / FILE)) as connection:
                said = connection.execute("PRAGMA integrity_check").fetchone()[0]
                rows = connection.execute(
                    "select participant_id, session_id from preference order by 1, rank"
                ).fetchall()
        except sqlite.DatabaseError as error:
            return str(error)
    if said != "ok":
        return str(said)
    stored: dict[int, list[int]] = {}
    for person, session in rows:
        stored.setdefault(person, []).append(session)
    return "" if stored in (_state(lists, acknowledged), _state(lists, acknowledged + 1)) else "lost"


def _state(lists: Lists, saves: int) -> dict[int, list[int]]:
    return dict(lists[:saves])


def save(place: Path, synchronous: str, people: list[int], sessions: list[int]) -> None:
    """The child: one save after the other, each acknowledged after its commit; it ends without a word."""
    app = create_app(settings(place))
    with app.app_context(), (place / "acknowledged").open("ab", buffering=0) as told:
        if synchronous == "normal":
            event.listen(db.engine, "checkout", lambda raw, *_: raw.execute("PRAGMA synchronous=NORMAL"))
        for id, ranking in _lists(people, sessions):
            person: Any = db.session.get_one(Participant, id)
            preferences.save_ranking(person, ranking, [], person.revision, clock.now)
            db.session.commit()
            told.write(b".")
        os._exit(0)


if __name__ == "__main__":
    place, synchronous, many, *numbers = sys.argv[1:]
    save(Path(place), synchronous, [int(n) for n in numbers[: int(many)]], [int(n) for n in numbers[int(many) :]])
