"""An uploaded list as tables of text, read in a process of its own with little memory and time."""

import json
import signal
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from planner.errors import PlannerError
from planner.imports.reader.limits import MOST_BYTES

PATIENCE = 9.0
"""Seconds until a reader is ended from outside; its own limit of processor time is shorter."""
AT_ONCE = threading.BoundedSemaphore(2)
"""Lists that are read at the same time; nobody waits for a place, for whoever waits holds one of the few threads."""
COMMAND = "import sys; sys.path.insert(0, sys.argv[1]); from reader.work import main; main()"
OUT_OF_TIME = {signal.SIGXCPU, signal.SIGKILL}
FOLDER = Path(__file__).parent

SENTENCES = {
    "empty": _l("There is nothing in this list. Does the sheet have rows?"),
    "rows": _l("The list has more than %(most)s rows. Please divide it, or delete the empty rows at its end."),
    "columns": _l("The list has more than %(most)s columns. Please delete those that you do not need."),
    "sheets": _l("The file has more than %(most)s sheets. Please save the one that you need as a file of its own."),
    "cells": _l(
        "The list has more than %(most)s cells; empty ones count, too. Please delete sheets and columns that you do "
        "not need."
    ),
    "text": _l("There is too much text in this list. Please delete the columns that you do not need."),
    "long_cell": _l("Line %(line)s: a cell has more than %(most)s characters. Is a quotation mark missing there?"),
    "quotes": _l(
        "Line %(line)s: the quotation marks do not match. One is opened and not closed, or stands inside a text. "
        "Please correct this line, and choose the file again."
    ),
    "json": _l("Line %(line)s: this is no complete JSON. Please export the file again."),
    "password": _l("The file is protected by a password. Please save it without one."),
    "broken": _l("The file is damaged or incomplete. Please open it in your program and save it again."),
    "no_list": _l("This is no list. Excel (XLSX), LibreOffice (ODS), CSV and JSON can be read, or paste your list."),
    "bomb": _l(
        "The file becomes far too large when it is unpacked. Please copy your list into a new, empty file: often "
        "something stands far below or far to the right of it."
    ),
    "slow": _l("Reading the file took too long. Please save the list as CSV, or copy it into a new, empty file."),
    "bytes": _l("The file is larger than %(most)s MB. Please delete what is not part of the list: pictures, sheets."),
}


class Unreadable(PlannerError):
    """A list that is not read; its sentence names the line where there is one."""

    def __init__(self, code: str, **facts: Any):
        super().__init__(LazyString(lambda: str(SENTENCES[code]) % facts), field="file")
        self.code, self.facts = code, facts


class Busy(PlannerError):
    """As many lists are being read as may be at once."""

    status = 503
    retry_after = 10
    sentence = _l(
        "Other lists are being read at the moment. Please send yours again in ten seconds. What you pasted is still "
        "here; please choose a file again."
    )


@dataclass(frozen=True)
class Table:
    """A sheet: its rows with the numbers of their lines, as the person's own program shows them."""

    name: str
    rows: list[tuple[int, list[str]]]


@dataclass(frozen=True)
class Read:
    tables: list[Table]
    charset: str  # empty where the file says itself


def read(data: bytes, charset: str = "") -> Read:
    """The list in these bytes. `charset` is what the person chose, or empty. Raises Unreadable, Busy.

    Whatever the bytes do, this process is not harmed: the reader may take 6 seconds of processor and 288 MB.
    """
    if len(data) > MOST_BYTES:
        raise Unreadable("bytes", most=MOST_BYTES // 1024 // 1024)
    answer = _answer(json.dumps({"charset": charset}).encode() + b"\n" + data)
    if "refused" in answer:
        raise Unreadable(answer["refused"], **answer["facts"])
    return Read(tables_of(answer["tables"]), answer["charset"])


def tables_of(plain: list[dict[str, Any]]) -> list[Table]:
    return [Table(each["name"], [(line, cells) for line, cells in each["rows"]]) for each in plain]


def _answer(sent: bytes) -> dict[str, Any]:
    if not AT_ONCE.acquire(blocking=False):
        raise Busy
    try:
        return _asked(sent)
    finally:
        AT_ONCE.release()


def _asked(sent: bytes) -> dict[str, Any]:
    try:
        done = subprocess.run(  # noqa: S603  (our own interpreter and our own words; the file goes in by the pipe)
            [sys.executable, "-I", "-c", COMMAND, str(FOLDER)],
            input=sent,
            capture_output=True,
            timeout=PATIENCE,
            env={},
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"refused": "slow", "facts": {}}
    if done.returncode or not done.stdout:
        return {"refused": "slow" if -done.returncode in OUT_OF_TIME else "bomb", "facts": {}}
    found: dict[str, Any] = json.loads(done.stdout)
    return found
