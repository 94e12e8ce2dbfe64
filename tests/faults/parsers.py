"""FUZ-1: whatever stands in a file, whoever reads it says a sentence or takes it, and takes no two seconds."""

import copy
import io
import json
import random
import shutil
import tempfile
import time
import zipfile
from collections.abc import Callable
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from planner.demo.reading import DemonstrationError
from planner.demo.reading import read as read_folder
from planner.imports import reading
from planner.imports.batches import NOUNS
from planner.imports.columns import heading_of, lines, recognised
from planner.imports.reader import work
from planner.imports.reader.limits import Refused
from solver import ProblemError
from solver.formats import akplanning, named, stuhlkreis, wassign
from tests.campaigns.report import Report
from tests.faults.forms import NASTY, SLOW, shortened
from tests.planner.imports.files import HEAD, PEOPLE, changed, ods, xlsx
from tests.planner.imports.files import text as csv
from tests.solver.test_formats import small
from tests.solver.test_wassign import SMALL

PROMISE = "FUZ-1: no file makes a parser raise anything but its sentence, and none takes 2 s of processor."
REFUSED = (ProblemError, DemonstrationError, Refused, reading.Unreadable)
GO = "this one goes"
GONE = (0, 0, 0.001, 0.01, 0.3)
"""How much of a file goes where something is put in."""
VALUES = (None, -1, 0, 1.5, 10**30, True, "", "x", "9" * 400, [], {}, [[1]], {"a": 1}, "\ud800", float("inf"), GO)
PIECES = (*NASTY, "[", "]", "{", "}", '"', ",", ":", "=", ";", "\n", "\n\n", "[[", "'''", "NaN", "Infinity", "\ufeff")
PIECES = (*PIECES, "[" * 20_000, '"' + "x" * 140_000, "1e999", "\\u0000", "//", "-", "+", "(", ")")
Read = Callable[[str], object]


def run(count: int, seed: int, *, database: str, unguarded: bool, say: Callable[[str], None]) -> Report:
    """So many broken files for each parser; half of those of JSON are sound in form, with values that do not fit."""
    report = Report("parsers", PROMISE, control_arm=unguarded)
    with tempfile.TemporaryDirectory() as folder:
        for name, (text, read) in samples(Path(folder)).items():
            report.rows.append(_try(name, text, read, count, seed, () if unguarded else REFUSED, report.broken))
            say(f"{report.rows[-1]}")
            if unguarded and report.broken:
                break  # it was noticed
    report.figures = {"files": sum(row["files"] for row in report.rows)}
    return report


def samples(folder: Path) -> dict[str, tuple[str, Read]]:
    """By name of what reads it a file that is right."""
    instance = Path(__file__).resolve().parents[1] / "solver" / "instances" / "single60.json"
    ours, theirs, script = instance.read_text(), json.dumps(small()), SMALL
    asked = {name: kind.read(text) for name, kind, text in (("ak", akplanning, theirs), ("wassign", wassign, script))}
    plan = json.dumps({"input": small(), "scheduled_aks": [_scheduled()]})
    tables = 'Choice, Slot\n"a", "early"\n"d", "late"\n\nChooser, "early", "late"\n"x", "a", "d"\n"y", "a", "d"\n'
    duisburg = Path(str(files("planner.demo"))) / "duisburg"
    shutil.copytree(duisburg, folder / "duisburg")
    parts = ("conference.toml", "people.toml", "venue.toml", "participants.csv", "sessions/sprache.toml")
    loads = {
        f"planner load: {part}": ((duisburg / part).read_text(), partial(_load, folder / "duisburg", part))
        for part in parts
    }
    return {
        "stuhlkreis": (ours, stuhlkreis.read),
        "stuhlkreis, a plan": ('{"status": "feasible", "meetings": [], "seats": []}', partial(_ours, ours)),
        "AKPlanning": (theirs, akplanning.read),
        "AKPlanning, a schedule": (plan, partial(akplanning.read_solution, asked["ak"])),
        "wassign": (script, wassign.read),
        "wassign, tables": (tables, partial(wassign.read_solution, asked["wassign"])),
        "whatever it is": (theirs, lambda text: named("auto", text).read(text)),
        **loads,
        **lists(),
    }


def lists() -> dict[str, tuple[str, Read]]:
    """What organisers bring: of a spreadsheet the file, and its part with the cells, each broken by itself."""
    people = [HEAD, *PEOPLE]
    records = json.dumps([dict(zip(HEAD, row, strict=True)) for row in PEOPLE])
    books, found = {"XLSX": (xlsx(people), "xl/worksheets/sheet1.xml"), "ODS": (ods(people), "content.xml")}, {}
    for kind, (book, part) in books.items():
        with zipfile.ZipFile(io.BytesIO(book)) as archive:
            sheet = archive.read(part).decode()
        found[f"list: {kind}"] = (book.decode("latin-1"), lambda text: _sheets(text.encode("latin-1", "replace")))
        found[f"list: {kind}, its cells"] = (sheet, partial(_put_in, book, part))
    return {
        "list: CSV": (csv(people), lambda text: _listed(text.encode("utf-8", "surrogatepass"))),
        "list: pasted": (csv(people, "\t", "\n"), lambda text: _listed(text.encode("utf-8", "replace"), "utf-8")),
        "list: JSON": (records, lambda text: _listed(text.encode("utf-8", "surrogatepass"))),
        **found,
    }


def _put_in(book: bytes, part: str, text: str) -> object:
    return _sheets(changed(book, part, lambda _: text.encode("utf-8", "surrogatepass")))


def _sheets(data: bytes) -> object:
    """In the process that reads lists: the library goes round in circles for ever on some, and its limits end that."""
    return _previewed(reading.read(data).tables)


def _listed(data: bytes, charset: str = "") -> object:
    """As that process does, but here, because thousands of processes take long."""
    try:
        return _previewed(reading.tables_of(json.loads(json.dumps(work.read(data, charset)["tables"]))))
    except (MemoryError, RecursionError) as error:  # there its limits end it
        raise Refused("bomb") from error


def _previewed(tables: list[reading.Table]) -> object:
    """What the preview makes of it, for each kind of list."""
    for noun in NOUNS.values():
        layout = recognised(tables, noun.fields(), noun.called)
        table = tables[layout.table]
        heading_of(table, layout)
        for line in lines(table, layout):
            [line.all(field.key) for field in noun.fields()]
    return tables


def _scheduled() -> dict[str, Any]:
    return {"ak_id": 1, "room_id": 7, "timeslot_ids": [10], "participant_ids": [0, 1]}


def _ours(problem: str, text: str) -> object:
    return stuhlkreis.read_solution(stuhlkreis.read(problem), text)


def _load(folder: Path, part: str, text: str) -> object:
    """With everything else as it was."""
    right = (folder / part).read_bytes()
    try:
        (folder / part).write_text(text, encoding="utf-8", errors="surrogatepass", newline="")
        return read_folder(folder)
    finally:
        (folder / part).write_bytes(right)


def broken_file(text: str, dice: random.Random) -> str:
    """The file with one to three things wrong; every second one of JSON is sound in form."""
    many = dice.randint(1, 3)
    if text.startswith("{") and dice.random() < 0.5:
        return _swapped(text, many, dice)
    for _ in range(many):
        begin, gone = int(dice.random() * len(text)), int(dice.choice(GONE) * len(text))
        text = text[:begin] + dice.choice(PIECES) + text[begin + gone :]
    return text


def _swapped(text: str, many: int, dice: random.Random) -> str:
    data = json.loads(text)
    for _ in range(many):
        spots = list(_spots(data))
        if spots:
            inner, key = dice.choice(spots)
            value = copy.deepcopy(dice.choice(VALUES))
            if value == GO:
                del inner[key]
            else:
                inner[key] = value
    return json.dumps(data)


def _spots(data: Any) -> Any:
    for key, value in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        yield data, key
        yield from _spots(value)


def _try(
    name: str, text: str, read: Read, count: int, number: int, refused: tuple[type[Exception], ...], broken: list[str]
) -> dict[str, Any]:
    read(text)  # what is right is read
    outcome, slowest = {"read": 0, "refused": 0}, 0.0

    @seed(f"{number} {name}")
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.integers(0, 2**63))
    def example(dice: int) -> None:
        nonlocal slowest
        file = broken_file(text, random.Random(dice))
        began, error = time.thread_time(), ""
        try:
            read(file)
            outcome["read"] += 1
        except refused:
            outcome["refused"] += 1
        except Exception as wrong:
            error = repr(wrong)[:200]
        took = time.thread_time() - began
        slowest = max(slowest, took)
        if error or took > SLOW:
            broken.append(f"{name}: {error} after {took:.1f} s for {shortened([('file', [file[:3000]])])}")

    example()
    return {"parser": name, "files": sum(outcome.values()), **outcome, "slowest s": round(slowest, 2)}
