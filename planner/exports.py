"""Rows to CSV, XLSX, PDF, ICS: one writer each, safe against formulas; labels come from the caller."""

import csv
import io
import json
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

from flask import Response
from icalendar import Calendar
from icalendar import Event as CalendarEvent

PAPERS = Path(__file__).parent / "pdf"
NO_SUCH_LETTER = "could not be displayed with font"
ACTIVE = tuple("=+-@\t\r\n") + tuple("＝＋－＠")
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "ics": "text/calendar; charset=utf-8",
    "json": "application/json",
}
Cell = str | int | float


class ExportError(RuntimeError):
    """A paper could not be set without a warning."""


@dataclass(frozen=True)
class Table:
    """A title, the heads of the columns and rows of plain cells."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[Cell]]


@dataclass(frozen=True)
class Event:
    uid: str
    starts: datetime
    ends: datetime
    title: str
    place: str = ""


def harmless(cell: Cell) -> Cell:
    """A text that a spreadsheet would calculate gets an apostrophe in front; numbers stay numbers."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(ACTIVE) else cell


def to_csv(table: Table, dialect: Literal["excel", "plain"] = "excel") -> bytes:
    """`excel`: byte order mark, semicolons; `plain`: RFC 4180 with commas. Lines end with CRLF in both."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";" if dialect == "excel" else ",", lineterminator="\r\n")
    writer.writerow([harmless(head) for head in table.heads])
    writer.writerows([harmless(cell) for cell in row] for row in table.rows)
    return out.getvalue().encode("utf-8-sig" if dialect == "excel" else "utf-8")


def to_xlsx(table: Table, right_to_left: bool = False) -> bytes:
    """One sheet with frozen heads and a filter; every text is a text, whatever it begins with."""
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True, "bottom": 1})
        if right_to_left:
            sheet.right_to_left()
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.repeat_rows(0)
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, table.heads, bold)
        for number, row in enumerate(table.rows, start=1):
            sheet.write_row(number, 0, row)
        for column, head in enumerate(table.heads):
            longest = max([len(head), *(len(str(row[column])) for row in table.rows)])
            sheet.set_column(column, column, min(48, longest + 3))
        if table.rows:
            sheet.autofilter(0, 0, len(table.rows), len(table.heads) - 1)
        book.set_properties({"title": table.title})
    return out.getvalue()


def to_ics(events: Sequence[Event], name: str, now: datetime) -> bytes:
    """A calendar in UTC: one instant has one meaning wherever it is opened."""
    from datetime import UTC

    calendar = Calendar()
    calendar.add("prodid", "-//Stuhlkreis//")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    for event in events:
        entry = CalendarEvent()
        entry.add("uid", event.uid)
        entry.add("dtstamp", now.astimezone(UTC))
        entry.add("dtstart", event.starts.astimezone(UTC))
        entry.add("dtend", event.ends.astimezone(UTC))
        entry.add("summary", event.title)
        if event.place:
            entry.add("location", event.place)
        calendar.add_component(entry)
    return bytes(calendar.to_ical())


def to_pdf(paper: str, data: dict[str, Any], language: str) -> bytes:
    """Set planner/pdf/<paper>.typ with this data; tagged (PDF/UA-1), own fonts only, a warning is an error.

    A letter that none of the fonts has becomes an empty box; the paper then does not claim PDF/UA-1, but there is one.
    """
    try:
        return _set(paper, data, language, ["ua-1"])
    except ExportError as error:
        if NO_SUCH_LETTER not in str(error):
            raise
        return _set(paper, data, language, [])


def _set(paper: str, data: dict[str, Any], language: str, standards: list[str]) -> bytes:
    import typst

    try:
        compiler = typst.Compiler(
            root=str(PAPERS),
            font_paths=[str(PAPERS / "fonts")],
            ignore_system_fonts=True,
            sys_inputs={"data": json.dumps({**data, "language": language}, ensure_ascii=False)},
        )
        pages, warnings = compiler.compile_with_warnings(
            str(PAPERS / f"{paper}.typ"), format="pdf", pdf_standards=standards
        )
    except typst.TypstError as error:
        raise ExportError(f"{paper}: {error}") from error
    if warnings:
        raise ExportError(f"{paper}: {'; '.join(str(warning) for warning in warnings)}")
    return bytes(pages)


def direction_of(text: str) -> str:
    """Of the first letter that has one: names in a table keep their own."""
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        if kind in {"R", "AL"}:
            return "rtl"
        if kind == "L":
            return "ltr"
    return "ltr"


def download(content: bytes, parts: Sequence[str], ending: str) -> Response:
    """The file as an answer; its name in ASCII for old programs and in full for new ones."""
    name = "-".join(part for part in parts if part)
    safe = "".join(c if c.isalnum() and c.isascii() else "-" for c in unicodedata.normalize("NFKD", name))
    ascii_name = "-".join(part for part in safe.split("-") if part)[:80] or "download"
    full = quote(f"{name}.{ending}", safe="")
    headers = {"Content-Disposition": f"attachment; filename=\"{ascii_name}.{ending}\"; filename*=UTF-8''{full}"}
    return Response(content, mimetype=None, content_type=TYPES[ending], headers=headers)
