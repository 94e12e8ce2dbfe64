"""Sheets of a spreadsheet (XLSX, XLSM, XLSB, XLS, ODS), after a look at how large it is when it is unpacked."""

import io
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from .limits import MOST_COLUMNS, MOST_EMPTY_ROWS, MOST_PARTS, MOST_ROWS, MOST_SHEETS, MOST_UNPACKED, Refused

ZIPPED, OLD = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
BLOCK = 64 * 1024
Sheet = tuple[str, list[tuple[int, list[str]]]]


def is_workbook(data: bytes) -> bool:
    return data.startswith((ZIPPED, OLD))


def sheets(data: bytes) -> list[Sheet]:
    """Visible sheets with their rows, each with its number. Raises Refused."""
    if data.startswith(ZIPPED):
        _measure(data)
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        shown = [
            each.name
            for each in book.sheets_metadata
            if each.visible is SheetVisibleEnum.Visible and each.typ is SheetTypeEnum.WorkSheet
        ]
        if len(shown) > MOST_SHEETS:
            raise Refused("sheets", most=MOST_SHEETS)
        return [(name, list(_rows(book.get_sheet_by_name(name), name))) for name in shown]
    except PasswordError as error:
        raise Refused("password") from error
    except (CalamineError, ValueError, OSError) as error:
        raise Refused("broken") from error


def _measure(data: bytes) -> None:
    """Unpack everything once without keeping it: what the archive says of its own sizes may be a lie."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS:
                raise Refused("bomb")
            if any(part.flag_bits & 1 for part in parts):
                raise Refused("password")
            left = MOST_UNPACKED
            for part in parts:
                left -= _unpacked(archive, part, left)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise Refused("broken") from error


def _unpacked(archive: zipfile.ZipFile, part: zipfile.ZipInfo, most: int) -> int:
    size = rows = 0
    with archive.open(part) as stream:
        while block := stream.read(BLOCK):
            size += len(block)
            rows += block.count(b"<row")
            if rows > MOST_EMPTY_ROWS or (size > most and rows > MOST_ROWS):
                raise Refused("rows", most=MOST_ROWS)  # before time is spent on them
            if size > most:
                raise Refused("bomb")
    return size


def _rows(sheet: Any, name: str) -> Iterator[tuple[int, list[str]]]:
    first, last = sheet.start, sheet.end  # the rows before the first one are handed out, too
    if first is None or last is None:
        return
    if last[1] - first[1] >= MOST_COLUMNS:
        raise Refused("columns", most=MOST_COLUMNS, sheet=name)
    found = 0
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells = [written(cell) for cell in row]
        if any(cell.strip() for cell in cells):
            found += 1
            yield number, cells
        if found > MOST_ROWS + 1:
            raise Refused("rows", most=MOST_ROWS, sheet=name)


def written(cell: Any) -> str:
    """A cell as people write it: 12 and not 12.0, days without midnight."""
    if isinstance(cell, bool):
        return "ja" if cell else "nein"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d" if cell.time() == time() else "%Y-%m-%d %H:%M")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return "" if cell is None or isinstance(cell, timedelta) else str(cell)
