"""Thirty lists as they come from people's programs, and from somebody who wants to do harm: each with its answer."""

import io
import json
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import xlsxwriter

HEAD = ["Name", "Organisation", "E-Mail"]
PEOPLE = [
    ["Jürgen Müller", "Caritas Köln", "juergen@example.org"],
    ["Öznur Yıldız", "Größe e. V.", "oeznur@example.org"],
    ["Zoë O'Brien", "", ""],
]
GERMAN = [PEOPLE[0], ["Änne Groß", "Größe e. V.", "aenne@example.org"], PEOPLE[2]]


def text(rows: Iterable[Iterable[str]], separator: str = ";", end: str = "\r\n") -> str:
    return end.join(separator.join(row) for row in rows) + end


def quoted(rows: Iterable[Iterable[str]], separator: str = ",") -> str:
    return "\n".join(separator.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)


def xlsx(rows: Iterable[Iterable[Any]], at: int = 0, column: int = 0, **options: Any) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, options)
    sheet = book.add_worksheet("Teilnehmende")
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            sheet.write(at + number, column + place, cell)
    book.close()
    return target.getvalue()


def zipped(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return target.getvalue()


def changed(book: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same archive with one part that somebody has meddled with."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        parts = {each: archive.read(each) for each in archive.namelist()}
    return zipped({**parts, name: change(parts[name])})


def ods(rows: Iterable[Iterable[str]]) -> bytes:
    spaces = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{long}:1.0"'
        for short, long in (("office", "office"), ("table", "table"), ("text", "text"))
    )
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces} office:version="1.2"><office:body>'
        f'<office:spreadsheet><table:table table:name="Liste">{cells}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    manifest = (
        '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    )
    kind = b"application/vnd.oasis.opendocument.spreadsheet"
    return zipped({"mimetype": kind, "META-INF/manifest.xml": manifest.encode(), "content.xml": content.encode()})


def many(count: int, **broken: str) -> list[str]:
    lines = [";".join(HEAD)] + [f"Person {number};Verein;p{number}@example.org" for number in range(2, count + 1)]
    for line, instead in broken.items():
        lines[int(line.removeprefix("line")) - 1] = instead
    return lines


def formulas() -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet("Teilnehmende")
    sheet.write_row(0, 0, HEAD)
    sheet.write_formula(1, 0, '=HYPERLINK("http://example.org","x")&CONCAT("a","b")', value="Jürgen Müller")
    sheet.write_row(1, 1, PEOPLE[0][1:])
    sheet.write_string(2, 0, "=1+1")
    book.close()
    return target.getvalue()


def entities() -> bytes:
    laughs = '<!DOCTYPE l [<!ENTITY a "' + "ha" * 50 + '">'
    laughs += "".join(f'<!ENTITY {b} "{f"&{a};" * 20}">' for a, b in zip("abcdefg", "bcdefgh", strict=True)) + "]>"

    def change(part: bytes) -> bytes:
        return part.replace(b"<sst", laughs.encode() + b"<sst", 1).replace(b"<t>Name</t>", b"<t>&h;</t>")

    return changed(xlsx([HEAD, *PEOPLE]), "xl/sharedStrings.xml", change)


def corner() -> bytes:
    """A tiny file whose last cell is the last of all: 17 billion empty ones lie between."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    sheet = book.add_worksheet()
    sheet.write(0, 0, "Name")
    sheet.write(1048575, 150, "x")
    book.close()
    return target.getvalue()


def tall() -> bytes:
    rows = b"".join(b"<row><c><v>1</v></c></row>" for _ in range(20_000)) * 50
    book = xlsx([HEAD])
    return changed(book, "xl/worksheets/sheet1.xml", lambda part: part.replace(b"</sheetData>", rows + b"</sheetData>"))


@dataclass(frozen=True)
class File:
    """One of the thirty: how it is made, and the refusal's code with its line, or the first and last row."""

    name: str
    make: Callable[[], bytes]
    refused: str = ""
    line: int = 0
    first: list[str] = field(default_factory=lambda: HEAD)
    last: list[str] = field(default_factory=lambda: PEOPLE[2])
    at: int = 4  # the last row's line


FILES = (
    File("excel semicolons", lambda: text([HEAD, *GERMAN]).encode("cp1252")),
    File("utf-8", lambda: text([HEAD, *PEOPLE]).encode()),
    File("utf-8 with mark", lambda: text([HEAD, *PEOPLE]).encode("utf-8-sig")),
    File("unicode text of excel", lambda: text([HEAD, *PEOPLE], "\t").encode("utf-16")),
    File("utf-16 without mark", lambda: text([HEAD, *PEOPLE], "\t").encode("utf-16-be")),
    File("old macintosh", lambda: text([HEAD, *GERMAN], end="\r").encode("mac_roman")),
    File("dos", lambda: text([HEAD, *GERMAN]).encode("cp850")),
    File("turkish", lambda: text([HEAD, *PEOPLE]).encode("cp1254")),
    File(
        "cyrillic",
        lambda: text([["Name", "Ort"], ["Оксана Шевченко", "Київ"], ["Іван", "Одеса"]]).encode("cp1251"),
        first=["Name", "Ort"],
        last=["Іван", "Одеса"],
        at=3,
    ),
    File("commas and quotation marks", lambda: quoted([HEAD, *PEOPLE]).encode()),
    File("bars", lambda: text([HEAD, *PEOPLE], "|").encode()),
    File("sep= in the first line", lambda: b"sep=;\r\n" + text([HEAD, *PEOPLE]).encode(), at=5),
    File(
        "line breaks in cells",
        lambda: quoted([HEAD, ["A", "B\nC\nD", ""], PEOPLE[2]], ";").encode(),
        at=5,
    ),
    File(
        "doubled headers", lambda: text([[*HEAD, "Name"]]).encode(), first=[*HEAD, "Name"], last=[*HEAD, "Name"], at=1
    ),
    File("xlsx", lambda: xlsx([HEAD, *PEOPLE])),
    File("xlsx that begins further down", lambda: xlsx([HEAD, *PEOPLE], at=4), at=8),
    File("ods", lambda: ods([HEAD, *PEOPLE])),
    File("formulas", formulas, last=["=1+1", "", ""], at=3),
    File(
        "json",
        lambda: json.dumps({"participants": [dict(zip(HEAD, row, strict=True)) for row in PEOPLE]}).encode(),
        at=3,
    ),
    File("nothing", lambda: b"\xef\xbb\xbf \r\n\r\n", "empty"),
    File("quotes opened at line 900", lambda: "\n".join(many(1500, line900='"Person;V;')).encode(), "quotes", 900),
    File("quotes inside at line 900", lambda: "\n".join(many(950, line900='"A" B;V;')).encode(), "quotes", 900),
    File("quotes opened in the last line", lambda: "\n".join(many(40, line40='P;"V;')).encode(), "quotes", 40),
    File("a cell of a megabyte", lambda: "\n".join(many(9, line7="P;" + "x" * 10**6)).encode(), "long_cell", 7),
    File("half a million rows", lambda: b"a;b\n" * 500_000, "rows"),
    File("one million rows, unpacked from a small file", tall, "rows"),
    File("a zip bomb", lambda: changed(xlsx([HEAD]), "xl/styles.xml", lambda _: b" " * 90_000_000), "bomb"),
    File("entities that laugh", entities, "broken"),
    File("a cell in the last corner", corner, "bomb"),
    File("cut off", lambda: xlsx([HEAD, *PEOPLE])[:-900], "broken"),
    File("a piece is missing", lambda: xlsx([HEAD, *PEOPLE])[:100] + xlsx([HEAD, *PEOPLE])[160:], "broken"),
    File("a picture", lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 500, "no_list"),
    File("json that never ends", lambda: b"[" * 1_000_000, "broken"),
    File("too large", lambda: b"a;b;c\n" * 600_000, "bytes"),
)
