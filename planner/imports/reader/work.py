"""What the process does: takes the file, reads it within its limits, hands over tables or the code of a refusal."""

import json
import os
import sys
from typing import Any

from . import charset, delimited, objects, workbook
from .limits import LONGEST_CELL, MOST_CELLS, MOST_COLUMNS, MOST_TEXT, Refused, stay_small


def main() -> None:
    """Input: a line of JSON (the character set that was chosen, or ""), then the file. Output: one JSON object."""
    stay_small()
    wanted = json.loads(sys.stdin.buffer.readline())
    data = sys.stdin.buffer.read()
    try:
        answer = read(data, wanted["charset"])
    except Refused as refusal:
        answer = {"refused": refusal.code, "facts": refusal.facts}
    except (MemoryError, RecursionError):
        answer = {"refused": "bomb", "facts": {}}
    sys.stdout.write(json.dumps(answer))
    sys.stdout.flush()
    os._exit(0)  # nothing is to be tidied up, and a library's own ending may take longer than the reading


def read(data: bytes, wanted: str = "") -> dict[str, Any]:
    """Tables with their rows, as text; `charset` is empty where the file says itself. Raises Refused."""
    if not data.strip(b" \t\r\n\0"):
        raise Refused("empty")
    name = ""
    if workbook.is_workbook(data):
        found = workbook.sheets(data)
    elif data[:5] in {b"%PDF-", b"{\\rtf"} or data[:2] == b"\xff\xd8" or data[:4] == b"\x89PNG":
        raise Refused("no_list")
    else:
        text, name = charset.decoded(data, wanted)
        if text.lstrip()[:1] in {"{", "["}:
            found = objects.tables(text)
        elif text.lstrip()[:5].casefold() in {"<?xml", "<html", "<!doc"}:
            raise Refused("no_list")
        else:
            found = [("", delimited.rows(text))]
    named = [(_whole(each), rows) for each, rows in found if rows]
    kept = [(each, checked(rows, each)) for each, rows in named]
    if not kept:
        raise Refused("empty")
    if sum(len(cells) for _name, rows in kept for _line, cells in rows) > MOST_CELLS:
        raise Refused("cells", most=MOST_CELLS)
    if sum(len(cell) for _name, rows in kept for _line, cells in rows for cell in cells) > MOST_TEXT:
        raise Refused("text")
    tables = [{"name": each, "rows": rows} for each, rows in kept]
    return {"tables": tables, "charset": name}


def checked(rows: list[tuple[int, list[str]]], sheet: str) -> list[tuple[int, list[str]]]:
    """With no cell and no row too long, and without the empty columns at the end."""
    width = max((at for _line, cells in rows for at, cell in enumerate(cells, 1) if cell.strip()), default=0)
    if width > MOST_COLUMNS:
        raise Refused("columns", most=MOST_COLUMNS, sheet=sheet)
    for line, cells in rows:
        if max(map(len, cells), default=0) > LONGEST_CELL:
            raise Refused("long_cell", line=line, most=LONGEST_CELL)
    return [(line, [_whole(cell) for cell in cells[:width]]) for line, cells in rows]


def _whole(cell: str) -> str:
    """Without what no page can show and no database keeps: half characters and NUL."""
    return cell.encode("utf-8", "ignore").decode().replace("\0", "").strip()
