"""Rows to CSV, XLSX, PDF, ICS: one writer each, safe against formulas; labels come from the caller."""

import csv
import io
import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, cast
from urllib.parse import quote

from flask import Response
from icalendar import Calendar, vText
from icalendar import Event as CalendarEvent

from planner.texts import in_ascii

PAPERS = Path(__file__).parent / "pdf"
NO_SUCH_LETTER = "could not be displayed with font"
# Where a spreadsheet would begin to calculate: at the start of a cell, and after every character that starts another
# cell when the file is opened with another delimiter than it was written with. Quotes do not stop that, nor does what
# nobody sees: programs leave out controls, format characters and fillers before they look at a cell.
UNSEEN = (
    r"\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5"
    r"\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
    r"\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
STARTS = r"=+\-@＝＋－＠﹦﹢﹣﹫"
ACTIVE = re.compile(rf"""(^[\s{UNSEEN}]*|[,;|\t\r\n](?:[{UNSEEN}]|[^\S ])*)(?=['"{UNSEEN}]*[{STARTS}])""")
LONGEST_CELL = 32_767  # of a spreadsheet; XlsxWriter leaves longer texts out without a word
LONGEST_NAME = 80
WITHOUT_ISOLATES = dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069"))
"""Pages isolate names by invisible signs; papers turn each text themselves, and calendars may show a box."""
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
    text: str = ""
    cancelled: bool = False


def harmless(cell: Cell) -> Cell:
    """An apostrophe stands before what a spreadsheet would calculate; numbers stay numbers.

    An apostrophe that was there already gets a second one, so that what was typed can be told from what was added.
    """
    return ACTIVE.sub(r"\1'", cell) if isinstance(cell, str) else cell


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
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        plain = book.add_format({"text_wrap": True, "valign": "top"})
        for column, head in enumerate(table.heads):
            sheet.write_string(0, column, head, bold)
            longest = max([len(head), *(len(str(row[column])) for row in table.rows)])
            sheet.set_column(column, column, min(48, longest + 3))
        for number, row in enumerate(table.rows, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(number, column, cell[:LONGEST_CELL], plain)
                else:
                    sheet.write_number(number, column, cell, plain)
        _lay_out(sheet, table, right_to_left)
        book.set_properties({"title": table.title})
    return out.getvalue()


def _lay_out(sheet: Any, table: Table, right_to_left: bool) -> None:
    """On the screen the heads stay, on paper they are repeated on each page of the full width."""
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer("&C&P / &N")
    if right_to_left:
        sheet.right_to_left()
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.heads) - 1)


def to_ics(events: Sequence[Event], name: str, now: datetime) -> bytes:
    """A calendar in UTC: one instant has one meaning wherever it is opened."""
    calendar = Calendar()
    calendar.add("prodid", "-//Stuhlkreis//")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", vText(name))
    for event in events:
        entry = CalendarEvent()
        entry.add("uid", event.uid)
        entry.add("dtstamp", now.astimezone(UTC))
        entry.add("dtstart", event.starts.astimezone(UTC))
        entry.add("dtend", event.ends.astimezone(UTC))
        entry.add("summary", event.title)
        if event.place:
            entry.add("location", event.place)
        if event.text:
            entry.add("description", event.text.translate(WITHOUT_ISOLATES))
        if event.cancelled:
            entry.add("status", "CANCELLED")
        calendar.add_component(entry)
    return bytes(calendar.to_ical())


def to_pdf(paper: str, data: dict[str, Any], language: str) -> bytes:
    """Set planner/pdf/<paper>.typ with this data; tagged (PDF/UA-1), own fonts only, a warning is an error.

    A letter that none of the fonts has becomes an empty box; the paper then does not claim PDF/UA-1, but there is one.
    """
    try:
        return _set(paper, data, language, accessible=True)
    except ExportError as error:
        if NO_SUCH_LETTER not in str(error):
            raise
        return _set(paper, data, language, accessible=False)


def _set(paper: str, data: dict[str, Any], language: str, *, accessible: bool) -> bytes:
    import typst

    try:
        compiler = typst.Compiler(
            root=str(PAPERS),
            font_paths=[str(PAPERS / "fonts")],
            ignore_system_fonts=True,
            sys_inputs={
                "data": json.dumps({**data, "language": language}, ensure_ascii=False).translate(WITHOUT_ISOLATES)
            },
        )
        pages, warnings = compiler.compile_with_warnings(
            str(PAPERS / f"{paper}.typ"), format="pdf", pdf_standards="ua-1" if accessible else None
        )
    except typst.TypstError as error:
        raise ExportError(f"{paper}: {error}") from error
    if warnings:
        raise ExportError(f"{paper}: {'; '.join(str(warning) for warning in warnings)}")
    return cast(bytes, pages)


def download(content: bytes, parts: Sequence[str], ending: str) -> Response:
    """The file as an answer; its name in ASCII for old programs and in full for new ones."""
    return Response(content, content_type=TYPES[ending], headers={"Content-Disposition": attachment(parts, ending)})


def attachment(parts: Sequence[str], ending: str) -> str:
    """The header that names a file (RFC 6266): letters, marks and digits of any script, the rest as dashes."""
    name = _dashed("-".join(part for part in parts if part)) or "download"
    ascii_name = _dashed(in_ascii(name)) or "download"
    full = quote(f"{name}.{ending}", safe="")
    return f"attachment; filename=\"{ascii_name}.{ending}\"; filename*=UTF-8''{full}"


def _dashed(name: str) -> str:
    kept = "".join(letter if unicodedata.category(letter)[0] in "LMN" else "-" for letter in name)
    return re.sub("-+", "-", kept).strip("-")[:LONGEST_NAME].rstrip("-")
